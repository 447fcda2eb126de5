"""Cases as agents read them: whole, and in lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cases import listing
from cases.facts import Listing
from cases.saying import Say
from cases.showing import LONGEST, MOST_MAILS, WholeCase, shown
from store.models import DraftState, Event, EventKind, Letter, Mail, MailKind, Promise, PromiseState, plain
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
    [event] = happened(EventKind.ASSIGNED, f"to {AGENT}")
    assert event.values["text"] == "Sara Ahmadi"
    [event] = happened(EventKind.OPENED, "complaint, late, normal")
    assert event.values["text"] == ""


def test_a_letter_that_came_back_is_told() -> None:
    given = {"subject": "Re: it", "recipient": CUSTOMER, "sent_at": NOW, "undelivered": True}
    letter = plain(Letter, given)
    assert said(show(letters=[letter]), "show-letter")[0].values["undelivered"] is True


def test_a_list_has_number_severity_customer_subject_deadline_and_who_has_it() -> None:
    found = listing.queue([case(), case(number=8, assignee="", customer_name="")], 2, rulebook())
    assert found.columns == ("number", "severity", "customer", "subject", "deadline", "assignee")
    first, second = found.rows
    assert [str(cell.values) if isinstance(cell, Say) else cell for cell in first] == [
        "{'number': 7}",
        "{'severity': 'normal'}",
        "A name",
        "Where is it?",
        str({"at": case().deadline_at}),
        "{'agent': 'Sara Ahmadi'}",
    ]
    assert second[2] == CUSTOMER
    assert second[5] == Say("cell-agent", {"agent": ""})


def test_a_list_is_cut_and_says_how_many_there_are() -> None:
    cases = [case(number=number) for number in range(listing.MOST + 5)]
    found = listing.mine(cases, 70, rulebook())
    assert (len(found.rows), found.title) == (listing.MOST, Say("mine", {"count": 70, "shown": listing.MOST}))


def test_satisfaction_is_an_average_or_nothing() -> None:
    week = listing.Week((("late", 2),), 3, None, (5, 4, 4))
    assert listing.stats(week, NOW).parts[-1] == Say("stats-satisfied", {"average": 4.3, "count": 3})
    nobody = listing.Week((), 0, None, ())
    assert listing.stats(nobody, NOW).parts[-1] == Say("stats-satisfied", {"average": None, "count": 0})
