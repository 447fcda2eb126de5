"""Cases as agents read them: whole, and in lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cases import listing
from cases.facts import Listing
from cases.saying import Say
from cases.showing import LONGEST, MOST_MAILS, WholeCase, shown
from store.models import (
    DraftState,
    Event,
    EventKind,
    Letter,
    LetterState,
    Mail,
    MailKind,
    Promise,
    PromiseState,
    plain,
)
from store.values import SOFTWARE
from tests.extractors_factory import SHIPPED, extracting
from tests.facts_factory import AGENT, CUSTOMER, NOW, case, draft, rulebook


def mail(number: int, words: str = "", kind: MailKind = MailKind.CUSTOMER, **changes: Any) -> Mail:
    return Mail(
        id=number,
        fingerprint=f"{number}",
        raw_id=1,
        size=1,
        kind=kind,
        sender=CUSTOMER,
        words=words or f"words {number}",
        received_at=NOW,
        **changes,
    )


def show(**parts: Any) -> Listing:
    return shown(WholeCase(**({"case": case()} | parts)), rulebook(), NOW)


def said(found: Listing, code: str) -> list[Say]:
    return [part for part in found.parts if isinstance(part, Say) and part.code == code]


def test_a_customer_who_wants_no_check_ins_is_shown_as_such() -> None:
    (line,) = said(show(opted_out=NOW), "show-no-check-ins")
    assert line.values == {"since": NOW}
    assert said(show(), "show-no-check-ins") == []


def test_an_answer_to_the_check_in_is_shown_with_its_words() -> None:
    told = {"score": 4, "comment": "a little late"}
    event = Event(at=NOW, kind=EventKind.CHECK_IN_GOOD, text="4 of 5", actor=CUSTOMER, data=told)
    (line,) = said(show(events=[event]), "show-event")
    assert line.values["text"] == "4/5: a little late"


def test_the_customers_mails_are_numbered_as_they_came_and_commands_are_none_of_them() -> None:
    mails = [mail(1), mail(2, kind=MailKind.COMMAND), mail(3, kind=MailKind.CHECK_IN_ANSWER), mail(4)]
    found = show(mails=mails)
    assert [one.values["count"] for one in said(found, "show-mail")] == [1, 2, 3]
    assert [part for part in found.parts if isinstance(part, str)] == ["words 1", "words 3", "words 4"]


def test_of_a_very_long_case_the_newest_is_shown_under_its_own_number() -> None:
    found = show(mails=[mail(number) for number in range(1, MOST_MAILS + 3)])
    counts = [one.values["count"] for one in said(found, "show-mail")]
    assert (counts[0], counts[-1], len(counts)) == (3, MOST_MAILS + 2, MOST_MAILS)


def test_a_very_long_mail_is_cut_and_says_so() -> None:
    found = show(mails=[mail(1, "x" * (LONGEST + 5))])
    assert "x" * LONGEST in found.parts
    assert said(found, "show-cut") == [Say("show-cut", {"count": 5})]


def test_the_newest_draft_and_what_was_approved_is_shown() -> None:
    drafts = [
        draft(1, state=DraftState.APPROVED, body="one"),
        draft(2, state=DraftState.SUPERSEDED, body="two"),
        draft(3, body="three"),
    ]
    found = show(drafts=drafts)
    assert [one.values["version"] for one in said(found, "show-draft")] == [1, 3]
    assert "two" not in found.parts


def test_what_a_colleague_wrote_down_is_shown() -> None:
    found = show(case=case(channel="phone", told="It broke."))
    assert said(found, "show-told") == [Say("show-told", {"channel": "phone"})]
    assert "It broke." in found.parts


def test_an_absence_from_the_queue_that_is_over_is_not_shown() -> None:
    for until, told in ((NOW + timedelta(hours=1), NOW + timedelta(hours=1)), (NOW, None)):
        [status] = said(show(case=case(snoozed_until=until)), "show-status")
        assert status.values["snoozed"] == told


def test_promises_letters_and_events_are_told() -> None:
    promise = Promise(
        case_number=7, what="a new one", due_at=NOW, made_by=AGENT, state=PromiseState.OPEN, made_at=NOW
    )
    event = Event(at=NOW, kind=EventKind.NOTED, actor=AGENT, text="called", data={})
    found = show(promises=[promise], events=[event])
    assert said(found, "show-promise")[0].values["count"] == 1
    values = said(found, "show-event")[0].values
    assert (values["at"], values["kind"]) == (NOW, "noted")
    assert (values["actor"], values["text"]) == ("Sara Ahmadi", "called")


def happened(kind: EventKind, text: str = "", **data: Any) -> list[Say]:
    event = Event(at=NOW, kind=kind, actor=AGENT, text=text, data=data)
    return said(show(events=[event]), "show-event")


def test_what_happens_all_the_time_is_left_out_of_what_happened() -> None:
    for kind in (EventKind.SENT, EventKind.REFUSED, EventKind.LOOKED):
        assert happened(kind, "transcript left for sara@example.com") == []
    sent = Event(at=NOW, kind=EventKind.SENT, actor=AGENT, text="x", data={})
    assert said(show(events=[sent]), "show-events") == []


def test_what_happened_is_told_in_values_that_every_language_can_say() -> None:
    changed = {"what": "severity", "from": "normal", "to": "high"}
    [event] = happened(EventKind.CHANGED, "severity from normal to high", **changed)
    assert (event.values["what"], event.values["before"], event.values["after"]) == tuple(changed.values())
    assert event.values["text"] == ""
    [event] = happened(EventKind.SNOOZED, f"until {NOW.isoformat()}", until=NOW.isoformat())
    assert (event.values["until"], event.values["text"]) == (NOW, "")


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (EventKind.OPENED, "complaint, late, normal", ""),
        (EventKind.ASSIGNED, f"to {AGENT}", "Sara Ahmadi"),
        (EventKind.ASSIGNED, f"to {AGENT}: the others are away", "Sara Ahmadi"),
        (EventKind.ESCALATED, f"to {AGENT}: she is angry", "Sara Ahmadi: she is angry"),
        (EventKind.ESCALATED, f"to {AGENT}", "Sara Ahmadi"),
        (EventKind.PROMISED, "a new one, by friday, by 2026-03-06T17:00+00:00", "a new one, by friday"),
        (EventKind.MERGED, "into #1002", "#1002"),
        (EventKind.SPLIT, "#1003, from the mail “Late #7”", "#1003"),
        (EventKind.REJECTED, "version 2: too long", "too long"),
        (EventKind.NOTED, "version 2: of what she said", "version 2: of what she said"),
        (EventKind.REQUESTED, f"approve: asks {AGENT}", ""),
    ],
)
def test_of_an_events_text_only_peoples_words_names_and_numbers_are_told(
    kind: EventKind, text: str, told: str
) -> None:
    [event] = happened(kind, text)
    assert event.values["text"] == told


def test_who_did_it_is_told_by_name() -> None:
    for actor, name in (
        (AGENT, "Sara Ahmadi"),
        (CUSTOMER, "A name"),
        (SOFTWARE, Say("show-by-itself")),
        ("gone@example.com", "gone@example.com"),
    ):
        [event] = said(
            show(events=[Event(at=NOW, kind=EventKind.NOTED, actor=actor, text="", data={})]), "show-event"
        )
        assert event.values["actor"] == name


def test_each_day_of_the_firms_stands_above_what_happened_on_it() -> None:
    """Half an hour before midnight in London it is tomorrow in Tehran."""
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    times = (late - timedelta(hours=9), late, late + timedelta(hours=1))
    events = [Event(at=at, kind=EventKind.NOTED, actor=AGENT, text="", data={}) for at in times]
    for zone, days in (("UTC", [2, 3]), ("Asia/Tehran", [2, 3])):
        rules = rulebook()
        rules = replace(rules, calendar=replace(rules.calendar, time_zone=zone))
        found = shown(WholeCase(case=case(), events=events), rules, NOW)
        told = [one for one in found.parts if isinstance(one, Say) and one.code in ("show-day", "show-event")]
        assert [one.values["day"].day for one in told if one.code == "show-day"] == days
        second = [one.code for one in told].index("show-day", 1)
        assert second == (3 if zone == "UTC" else 2)


def test_a_draft_whose_place_another_took_is_left_out_even_where_that_one_is() -> None:
    found = show(drafts=[draft(1, state=DraftState.SUPERSEDED, body="one")])
    assert said(found, "show-draft") == []
    found = show(drafts=[draft(1, state=DraftState.REJECTED, body="one")])
    assert len(said(found, "show-draft")) == 1


def test_a_letter_that_came_back_is_told() -> None:
    given = {"subject": "Re: it", "recipient": CUSTOMER, "sent_at": NOW, "undelivered": True}
    letter = plain(Letter, given)
    assert said(show(letters=[letter]), "show-letter")[0].values["undelivered"] is True


def test_a_list_has_number_severity_customer_subject_deadline_and_who_has_it() -> None:
    others = case(number=8, assignee="", customer_name="", subject="", deadline_at=None)
    found = listing.queue([case(), others], 2, rulebook(), NOW)
    assert found.columns == ("number", "severity", "customer", "subject", "deadline", "assignee")
    first, second = found.rows
    assert [str(cell.values) if isinstance(cell, Say) else cell for cell in first] == [
        "{'number': 7}",
        "{'severity': 'normal'}",
        "A name",
        "Where is it?",
        str({"at": case().deadline_at, "overdue": False}),
        "{'agent': 'Sara Ahmadi'}",
    ]
    assert second[2:] == (
        CUSTOMER,
        listing.NOTHING,
        Say("cell-deadline", {"at": None, "overdue": False}),
        Say("cell-agent", {"agent": ""}),
    )


def test_a_deadline_that_has_passed_is_overdue_in_a_list() -> None:
    for deadline, overdue in ((NOW, False), (NOW - timedelta(minutes=1), True)):
        [row] = listing.queue([case(deadline_at=deadline)], 1, rulebook(), NOW).rows
        assert row[4] == Say("cell-deadline", {"at": deadline, "overdue": overdue})


def test_an_agents_own_list_does_not_say_whose_each_case_is() -> None:
    found = listing.mine([case()], 1, NOW)
    assert "assignee" not in found.columns
    assert [len(row) for row in found.rows] == [len(found.columns)]


def test_a_list_is_cut_and_says_how_many_there_are() -> None:
    cases = [case(number=number) for number in range(listing.MOST + 5)]
    found = listing.mine(cases, 70, NOW)
    assert (len(found.rows), found.title) == (listing.MOST, Say("mine", {"count": 70, "shown": listing.MOST}))


def test_nothing_found_is_an_answer_that_says_whether_all_was_looked_through() -> None:
    for complete in (True, False):
        found = listing.search("zebra", [], rulebook(), complete=complete)
        assert (found.rows, found.parts) == (
            (),
            (Say("nothing-found", {"words": "zebra", "complete": complete}),),
        )


def test_satisfaction_is_an_average_or_nothing() -> None:
    week = listing.Week((("late", 2),), 3, None, (5, 4, 4))
    assert listing.stats(week, NOW).parts[-1] == Say("stats-satisfied", {"average": 4.3, "count": 3})
    nobody = listing.Week((), 0, None, ())
    assert listing.stats(nobody, NOW).parts[-1] == Say("stats-satisfied", {"average": None, "count": 0})


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ({"state": LetterState.QUEUED, "attempts": 0}, {"refused": False, "due": NOW, "tried": False}),
        ({"state": LetterState.QUEUED, "attempts": 2}, {"refused": False, "due": NOW, "tried": True}),
        ({"state": LetterState.SENDING, "attempts": 1}, {"refused": False, "due": None, "tried": True}),
        ({"state": LetterState.FAILED, "attempts": 1}, {"refused": True, "due": None, "tried": True}),
    ],
)
def test_a_letter_that_waits_is_told_with_when_it_is_tried(of: dict[str, Any], told: dict[str, Any]) -> None:
    letter = plain(Letter, {"subject": "Re: it", "recipient": CUSTOMER, "due_at": NOW} | of)
    values = said(show(letters=[letter]), "show-letter")[0].values
    assert {name: values[name] for name in told} == told


def test_a_list_says_whom_nobody_can_mail() -> None:
    rows = listing.mine((case(customer="", customer_name="Old Man"), case()), 2, NOW).rows
    assert [row[2] for row in rows] == [Say("cell-no-address", {"name": "Old Man"}), "A name"]


def test_facts_are_told_in_the_order_of_the_rules_and_so_is_who_said_one() -> None:
    rules = replace(rulebook(), extracting=extracting(SHIPPED))
    said = [
        Event(at=NOW, kind=EventKind.FACT, actor=AGENT, data={"name": "amount", "values": ["20.00 EUR"]}),
        Event(
            at=NOW, kind=EventKind.NO_FACT, actor=AGENT, data={"name": "colour", "values": ["red", "blue"]}
        ),
    ]
    whole = WholeCase(case(), events=said, facts={"amount": ["20.00 EUR"], "order_number": ["A1", "A2"]})
    lines = shown(whole, rules, NOW).parts
    told = [one.values for one in lines if isinstance(one, Say) and one.code == "fact-known"]
    assert told == [
        {"name": "order_number", "kind": "number", "values": ("A1", "A2")},
        {"name": "amount", "kind": "amount", "values": ("20.00 EUR",)},
    ]
    events = [one.values["text"] for one in lines if isinstance(one, Say) and one.code == "show-event"]
    assert events == [
        Say("fact-known", {"name": "amount", "kind": "amount", "values": ("20.00 EUR",)}),
        Say("fact-known", {"name": "colour", "kind": "text", "values": ("red", "blue")}),
    ]
