"""The quiet mode: which drafts wait for a digest, when it is made, and what stands in it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from cases.agent_mail import draft_to_agent, transcript
from cases.decision import LetterRequest
from cases.digest import BEGINNING, MOST, Slot, Waiting, digest, is_held, key_of, last_slot
from cases.quiet import Quiet
from cases.rules.types import Agent
from cases.saying import Say
from store.models import LetterKind, Severity, TokenPurpose
from tests.facts_factory import AGENT, AGENTS, COLLEAGUE, case, facts, rulebook

QUIET = AGENTS.replace("languages: [en, fa]", "languages: [en, fa], digest: daily 09:00")
HOURLY = AGENTS.replace("languages: [en, fa]", "languages: [en, fa], digest: hourly")
RULES = rulebook(agents=QUIET)
CALENDAR = RULES.calendar
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SLOT = Slot(MONDAY.replace(hour=9), datetime(2026, 2, 27, 9, tzinfo=UTC))


def sara(rules: Any = RULES) -> Agent:
    found: Agent | None = rules.agent(AGENT)
    assert found
    return found


def a_draft(agent: Agent, headline: str = "new", **of: Any) -> LetterRequest:
    return draft_to_agent(facts(rulebook=RULES), case(**of), agent, headline=headline, version=1)


def waiting(hours: float = 1, **of: Any) -> Waiting:
    return Waiting(case(**of), "Where is it?", SLOT.at - timedelta(hours=hours), has_draft=True)


def test_a_draft_for_a_quiet_agent_waits_for_the_digest() -> None:
    assert is_held(a_draft(sara()), facts(rulebook=RULES))


def test_what_is_urgent_or_escalated_is_mailed_at_once() -> None:
    known = facts(rulebook=RULES)
    assert not is_held(a_draft(sara(), severity=Severity.URGENT), known)
    assert not is_held(a_draft(sara(), "escalated"), known)


def test_what_agents_bring_about_themselves_is_mailed_at_once() -> None:
    assert not is_held(a_draft(sara(), "taken"), facts(rulebook=RULES, agent=sara()))
    assert is_held(a_draft(sara(), "assigned"), facts(rulebook=RULES, agent=RULES.agent(COLLEAGUE)))


def test_other_letters_and_other_agents_are_not_held() -> None:
    known = facts(rulebook=RULES)
    told = transcript(known, case(), sara(), (Say("noted"),), version=1, draft_is_open=True)
    colleague = RULES.agent(COLLEAGUE)
    assert colleague
    assert not is_held(told, known)
    assert not is_held(a_draft(colleague), known)


@pytest.mark.parametrize(
    ("now", "at", "before"),
    [
        (MONDAY.replace(hour=12), SLOT.at, SLOT.before),
        (SLOT.at, SLOT.at, SLOT.before),
        # Before nine the last one is Friday's: nobody is written to on the weekend.
        (MONDAY.replace(hour=8), SLOT.before, SLOT.before - timedelta(days=1)),
    ],
)
def test_a_daily_digest_comes_on_working_days(now: datetime, at: datetime, before: datetime) -> None:
    assert last_slot(Quiet(daily_at=time(9)), now, CALENDAR) == Slot(at, before)


def test_an_hourly_digest_comes_while_the_firm_works() -> None:
    hourly = Quiet(hourly=True)
    friday_evening = datetime(2026, 2, 27, 17, tzinfo=UTC)
    assert last_slot(hourly, MONDAY.replace(hour=11, minute=59), CALENDAR) == Slot(
        MONDAY.replace(hour=11), MONDAY.replace(hour=10)
    )
    # What came over the weekend is new at nine.
    assert last_slot(hourly, MONDAY.replace(hour=9), CALENDAR) == Slot(MONDAY.replace(hour=9), friday_evening)


def test_hours_that_end_at_midnight_have_their_last_digest_before_it() -> None:
    late = rulebook(calendar="weekend: []\nworking_hours: 22:00-24:00\n").calendar
    slot = last_slot(Quiet(hourly=True), MONDAY.replace(hour=12), late)
    assert slot == Slot(MONDAY - timedelta(hours=1), MONDAY - timedelta(hours=2))


def test_who_wants_no_digest_gets_none() -> None:
    assert last_slot(Quiet(), MONDAY, CALENDAR) is None


def test_a_digest_lists_what_waits_in_the_order_given_with_a_reply_address_for_commands() -> None:
    letter = digest(facts(rulebook=RULES), sara(), SLOT, [waiting(number=8), waiting(80, number=7)])
    assert letter is not None
    assert (letter.kind, letter.key) == (LetterKind.DIGEST, f"digest/{AGENT}/20260302T0900")
    assert letter.reply_to is not None
    assert letter.reply_to.purpose is TokenPurpose.DESK
    rows = [(one["number"], one["new"], one["draft"]) for one in letter.variables["cases"]]
    assert rows == [(8, True, True), (7, False, True)]
    assert letter.key == key_of(sara(), SLOT)


def test_what_came_after_the_slot_waits_for_the_next_one() -> None:
    assert digest(facts(rulebook=RULES), sara(), SLOT, [waiting(-0.5)]) is None


def test_an_hourly_digest_is_sent_for_news_alone_and_a_daily_one_for_whatever_waits() -> None:
    hourly = sara(rulebook(agents=HOURLY))
    old, news = waiting(80, number=7), waiting(1, number=8)
    assert digest(facts(), hourly, SLOT, [old]) is None
    with_news = digest(facts(), hourly, SLOT, [old, news])
    assert with_news is not None
    assert len(with_news.variables["cases"]) == 2
    assert digest(facts(), sara(), SLOT, [old]) is not None
    assert digest(facts(), sara(), SLOT, []) is None


def test_a_long_digest_says_how_many_more_there_are() -> None:
    letter = digest(facts(), sara(), SLOT, [waiting(number=n) for n in range(1, MOST + 4)])
    assert letter is not None
    assert (len(letter.variables["cases"]), letter.variables["more"]) == (MOST, 3)


def test_only_the_beginning_of_long_words_stands_in_a_digest() -> None:
    letter = digest(facts(), sara(), SLOT, [replace(waiting(), words="word\n" * 200)])
    assert letter is not None
    (row,) = letter.variables["cases"]
    assert row["words"].endswith("word …")
    assert len(row["words"]) <= BEGINNING + 2
