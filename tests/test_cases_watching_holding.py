"""When a customer who waits hears from us, and in which words: decided by values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.calendar import after
from cases.contact import Contact, Sent
from cases.facts import Facts
from cases.rules.durations import Duration
from cases.rules.rulebook import Rulebook
from cases.watching import holding
from cases.watching.step import Step
from store.models import Case, CaseKind, EventKind, LetterKind, Status
from tests.facts_factory import CATEGORIES, case, facts, rulebook

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UPDATES = "holding_updates: {after: 1 working day, every: 2 working days, at_most: 3}"


def rules(updates: str = UPDATES) -> Rulebook:
    lines = CATEGORIES.replace("    answer_template: late\n", f"    answer_template: late\n    {updates}\n")
    return rulebook(categories=lines)


def at(now: datetime, updates: str = UPDATES, contact: Contact | None = None) -> Facts:
    return facts(now=now, rulebook=rules(updates), contact=contact or Contact(wrote_at=MONDAY))


def waiting(**changes: Any) -> Case:
    """Opened and acknowledged on Monday at ten."""
    return case(**{"opened_at": MONDAY, "acknowledged_at": MONDAY, "deadline_at": None, **changes})


def sent(step: Step) -> list[str]:
    return [letter.key for letter in step.letters]


TUESDAY_CLOSING = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


def test_the_first_update_is_due_its_time_after_the_last_mail() -> None:
    assert holding.next_at(at(MONDAY), waiting()) == TUESDAY_CLOSING
    wrote = Contact(wrote_at=MONDAY + DAY)
    assert holding.next_at(at(MONDAY + DAY, contact=wrote), waiting()) == TUESDAY_CLOSING + DAY
    answered = Contact(letters=(Sent(LetterKind.ANSWER, "answer/7/1", MONDAY + DAY),))
    assert holding.next_at(at(MONDAY + DAY, contact=answered), waiting()) == TUESDAY_CLOSING + DAY


def test_before_its_time_nothing_is_sent_and_then_one_letter() -> None:
    assert holding.due(at(TUESDAY_CLOSING - HOUR), waiting()) == Step()
    step = holding.due(at(TUESDAY_CLOSING), waiting())
    [letter] = step.letters
    assert (letter.kind, letter.key, letter.template) == (LetterKind.HOLDING, "holding/7/1", "holding_first")
    assert letter.automatic
    assert letter.case_token == waiting().reply_token
    assert step.values == {"holdings": 1, "held_at": TUESDAY_CLOSING}
    assert [event.kind for event in step.events] == [EventKind.HOLDING_SENT]


def test_the_letter_names_the_day_of_the_next_one_and_the_last_one_the_deadline() -> None:
    thursday = TUESDAY_CLOSING + 2 * DAY
    [letter] = holding.due(at(TUESDAY_CLOSING), waiting()).letters
    assert letter.variables["next_update"] == thursday
    last = waiting(holdings=2, held_at=MONDAY - 7 * DAY, deadline_at=MONDAY + 9 * DAY)
    [letter] = holding.due(at(TUESDAY_CLOSING + 6 * DAY), last).letters
    assert letter.variables["next_update"] == MONDAY + 9 * DAY
    past = waiting(holdings=2, held_at=MONDAY - 7 * DAY, deadline_at=MONDAY)
    [letter] = holding.due(at(TUESDAY_CLOSING + 7 * DAY), past).letters
    assert letter.variables["next_update"] is None


def test_an_update_of_the_night_or_the_weekend_leaves_when_the_firm_opens() -> None:
    friday_evening = datetime(2026, 3, 6, 20, 0, tzinfo=UTC)
    case = waiting(opened_at=friday_evening, acknowledged_at=friday_evening)
    now = at(friday_evening, "holding_updates: {after: 12 hours}", Contact(wrote_at=friday_evening))
    assert holding.next_at(now, case) == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_after_a_stop_one_that_is_long_overdue_waits_for_the_firm_to_open() -> None:
    saturday = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    assert holding.due(at(saturday), waiting()) == Step()
    assert holding.next_at(at(saturday), waiting()) == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_after_a_stop_one_is_sent_for_all_that_were_due_and_the_case_says_so() -> None:
    step = holding.due(at(datetime(2026, 3, 23, 10, 0, tzinfo=UTC)), waiting())
    assert sent(step) == ["holding/7/1"]
    assert [(event.kind, event.text) for event in step.events][1:] == [
        (
            EventKind.TIMER_SKIPPED,
            "watch: 2 more holding updates were due in the meantime; the customer gets one for all of them",
        )
    ]


def test_who_has_heard_nothing_for_months_is_left_to_a_person() -> None:
    late = MONDAY + 61 * DAY
    assert holding.next_at(at(late), waiting()) is None
    step = holding.due(at(late), waiting())
    assert not step.letters
    assert "a person has to write" in step.events[0].text
    assert holding.due(at(late), waiting(**step.values)) == Step(), "it is said once"


@pytest.mark.parametrize(
    ("changes", "contact"),
    [
        ({"status": Status.ANSWERED}, {}),
        ({"status": Status.RESOLVED}, {}),
        ({"status": Status.OPEN, "answered_at": MONDAY + HOUR}, {"asked_at": MONDAY}),
        ({"kind": CaseKind.PRAISE}, {}),
        ({"kind": CaseKind.OTHER}, {}),
        ({"category": "praise"}, {}),
        ({"category": "unknown"}, {}),
        ({"spam": True}, {}),
        ({"customer": ""}, {}),
        ({"acknowledged_at": None}, {}),
        ({"holdings": 3}, {}),
        ({}, {"flooded_at": MONDAY}),
        ({}, {"letters": (Sent(LetterKind.ACK, "ack/7", MONDAY, failed=True),)}),
    ],
)
def test_these_get_none(changes: dict[str, Any], contact: dict[str, Any]) -> None:
    now = at(MONDAY + 9 * DAY, contact=Contact(**contact))
    assert holding.next_at(now, waiting(**changes)) is None
    assert holding.due(now, waiting(**changes)) == Step()


@pytest.mark.parametrize(
    ("changes", "contact"),
    [
        ({"status": Status.OPEN}, {}),
        ({"kind": CaseKind.QUESTION}, {}),
        ({"snoozed_until": MONDAY + 20 * DAY}, {}),
        (
            {"acknowledged_at": None, "first_answered_at": MONDAY, "answered_at": MONDAY},
            {"asked_at": MONDAY + HOUR},
        ),
        ({"answered_at": MONDAY + HOUR}, {"flooded_at": MONDAY, "asked_at": MONDAY + 2 * HOUR}),
        (
            {},
            {
                "letters": (Sent(LetterKind.ACK, "ack/7", MONDAY, failed=True),),
                "wrote_at": MONDAY + HOUR,
            },
        ),
    ],
)
def test_these_get_one_all_the_same(changes: dict[str, Any], contact: dict[str, Any]) -> None:
    now = at(datetime(2026, 3, 11, 10, 0, tzinfo=UTC), contact=Contact(**contact))
    assert sent(holding.due(now, waiting(**changes))) == ["holding/7/1"]


def test_without_a_further_time_there_is_one_alone() -> None:
    once = "holding_updates: {after: 1 working day}"
    assert holding.next_at(at(MONDAY, once), waiting(holdings=1, held_at=MONDAY)) is None


def test_the_first_one_after_an_answer_has_the_words_that_come_next() -> None:
    before = Contact(letters=(Sent(LetterKind.HOLDING, "holding/7/1", MONDAY - 20 * DAY),))
    [letter] = holding.due(at(TUESDAY_CLOSING, contact=before), waiting()).letters
    assert (letter.key, letter.template, letter.variables["turn"]) == ("holding/7/2", "holding_later", 2)


def test_who_has_just_been_told_of_a_promise_hears_nothing_more() -> None:
    told = Contact(letters=(Sent(LetterKind.HOLDING, "holding/7/promise-3", TUESDAY_CLOSING),))
    assert holding.due(at(TUESDAY_CLOSING, contact=told), waiting()) == Step()


def test_a_clock_that_was_ahead_delays_the_next_one_by_its_own_time_alone() -> None:
    held = waiting(holdings=1, held_at=MONDAY + 100 * DAY)
    ahead = Contact(letters=(Sent(LetterKind.HOLDING, "holding/7/1", MONDAY + 100 * DAY),))
    step = holding.due(at(TUESDAY_CLOSING, contact=ahead), held)
    assert step.values == {"held_at": TUESDAY_CLOSING}
    mended = waiting(holdings=1, held_at=TUESDAY_CLOSING)
    following = holding.next_at(at(TUESDAY_CLOSING, contact=ahead), mended)
    assert following == TUESDAY_CLOSING + 2 * DAY
    assert sent(holding.due(at(following, contact=ahead), mended)) == ["holding/7/2"]


# -- over random histories


class Story:
    """A case whose customer waits, writes and is answered at random; it is looked at when due, or late."""

    def __init__(self, updates: str) -> None:
        self.rules = rules(updates)
        self.now = MONDAY
        self.case = waiting(deadline_at=MONDAY + DAY)
        self.contact = Contact(wrote_at=MONDAY, letters=(Sent(LetterKind.ACK, "ack/7", MONDAY),))
        self.sent: list[tuple[datetime, str, int]] = []
        """When, which letter, which turn."""
        self.since_answer: list[int] = [0]

    @property
    def facts(self) -> Facts:
        return facts(now=self.now, rulebook=self.rules, contact=self.contact)

    def passes(self, hours: float) -> None:
        """The worker is there, and looks whenever it has said it would."""
        end = self.now + timedelta(hours=hours)
        while (due := holding.next_at(self.facts, self.case)) is not None and due <= end:
            self.now = max(self.now, due)
            assert self.looks(), "a look that was armed finds something to do"
        self.now = max(self.now, end)

    def stops(self, hours: float) -> None:
        """The worker is away, and looks once when it is back."""
        self.now += timedelta(hours=hours)
        self.looks()

    def looks(self) -> bool:
        step = holding.due(self.facts, self.case)
        self.case = self.case.model_copy(update=dict(step.values))
        for letter in step.letters:
            self.sent.append((self.now, letter.template, letter.variables["turn"]))
            new = Sent(letter.kind, letter.key, self.now)
            self.contact = replace(self.contact, letters=(new, *self.contact.letters))
            self.since_answer[-1] += 1
        after_it = holding.next_at(self.facts, self.case)
        assert after_it is None or after_it > self.now, "a look is never asked for twice"
        return bool(step.letters or step.values)

    def writes(self) -> None:
        self.contact = replace(self.contact, wrote_at=self.now)
        if self.case.status is Status.ANSWERED:
            self.case = self.case.model_copy(update={"status": Status.OPEN})

    def answered(self) -> None:
        new = Sent(LetterKind.ANSWER, f"answer/7/{len(self.contact.letters)}", self.now)
        self.contact = replace(self.contact, letters=(new, *self.contact.letters))
        values = {"status": Status.ANSWERED, "answered_at": self.now, "holdings": 0}
        self.case = self.case.model_copy(update=values)
        self.since_answer.append(0)


WAITS = st.sampled_from(["2 hours", "1 day", "3 days", "4 working hours", "1 working day", "3 working days"])
HAPPENS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["passes", "stops"]), st.floats(0.1, 600)),
        st.tuples(st.sampled_from(["writes", "answered"]), st.none()),
    ),
    max_size=25,
)


@given(WAITS, WAITS, st.integers(1, 4), HAPPENS)
def test_whatever_happens_updates_are_few_far_apart_and_never_the_same_twice_running(
    first: str, every: str, most: int, happens: list[tuple[str, float | None]]
) -> None:
    story = Story(f"holding_updates: {{after: {first}, every: {every}, at_most: {most}}}")
    for what, hours in happens:
        getattr(story, what)(*(() if hours is None else (hours,)))
    story.passes(2000)
    times = [at for at, *_ in story.sent]
    calendar = story.rules.calendar
    wait = Duration.parse(every)
    assert all(later >= after(earlier, wait, calendar) for earlier, later in pairwise(times))
    assert all(count <= most for count in story.since_answer)
    wordings = [(letter, turn % 3 if letter == "holding_later" else 0) for _, letter, turn in story.sent]
    assert all(one != other for one, other in pairwise(wordings))
