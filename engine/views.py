"""What the command line shows: cases, events, the queue, one case, health."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from engine import money_views
from language.direction import printable
from store import facts, lists, queries
from store.models import Case, Event, Letter, LetterState, Mail
from store.values import MAIN

DRAFT_COMING = "draft coming, and late; see the worker's log"


def case_row(session: Session, case: Case) -> dict[str, Any]:
    """A case as `cases --json` gives it."""
    return case_rows(session, [case])[0]


def case_rows(session: Session, cases: list[Case]) -> list[dict[str, Any]]:
    """Cases as `cases --json` gives them."""
    numbers = [case.number for case in cases]
    ids, known = lists.message_ids(session, numbers), facts.of_cases(session, numbers)
    return [
        {
            "number": case.number,
            "status": case.status.value,
            "kind": case.kind.value,
            "category": case.category,
            "severity": case.severity.value,
            "fault": case.fault.value,
            "language": case.language,
            "channel": case.channel,
            "mailbox": case.mailbox or MAIN,
            "subject": case.subject,
            "customer": case.customer,
            "customer_name": case.customer_name,
            "assignee": case.assignee,
            "facts": known.get(case.number, {}),
            "message_ids": ids.get(case.number, []),
            "opened": iso(case.opened_at),
            "deadline": iso(case.deadline_at),
            "resolve_by": iso(case.resolve_by),
            "final_by": iso(case.final_by),
            "acknowledged": iso(case.acknowledged_at),
            "not_acknowledged_because": case.not_acknowledged_because,
            "answered": iso(case.answered_at),
            "resolved": iso(case.resolved_at),
            "closed": iso(case.closed_at),
            "erased": iso(case.erased_at),
            "score": case.score,
        }
        for case in cases
    ]


def event_rows(session: Session, events: list[Event]) -> list[dict[str, Any]]:
    """Events as `events --json` gives them."""
    mails = lists.mails_by_id(session, {event.mail_id for event in events if event.mail_id is not None})
    mailboxes = lists.further_mailboxes(session)
    return [
        _event_row(event, mails.get(event.mail_id or 0), mailboxes.get(event.case_number or 0, MAIN))
        for event in events
    ]


def _event_row(event: Event, mail: Mail | None, mailbox: str) -> dict[str, Any]:
    return {
        "at": iso(event.at),
        "case": event.case_number,
        "mailbox": mailbox if event.case_number is not None else "",
        "kind": event.kind.value,
        "message_id": mail.message_id if mail else "",
        "sender": mail.sender if mail else "",
        "actor": event.actor,
        "text": event.text,
        "data": event.data,
    }


def one_case(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    """A case, whole."""
    return case_row(session, case) | {
        "why": case.why,
        "confidence": case.confidence,
        "mentions": case.mentions,
        "participants": sorted(queries.participants(session, case.number)),
        "mails": [_mail_row(mail) for mail in queries.mails_of(session, case.number)],
        "letters": [_letter_row(letter) for letter in queries.letters_of(session, case.number)],
        "note": DRAFT_COMING if lists.late_drafts(session, now, case.number) else "",
        "drafts": [
            {
                "version": draft.version,
                "state": draft.state.value,
                "language": draft.language,
                "body": draft.body,
            }
            for draft in queries.drafts_of(session, case.number)
        ],
        "timers": [
            {"kind": timer.kind.value, "state": timer.state.value, "due": iso(timer.due_at)}
            for timer in queries.timers_of(session, case.number)
        ],
        "events": event_rows(session, queries.events_of(session, case.number)),
        **money_views.owed(session, case.number, now),
    }


def _mail_row(mail: Mail) -> dict[str, Any]:
    return {
        "received": iso(mail.received_at),
        "kind": mail.kind.value,
        "from": mail.sender,
        "subject": mail.subject,
        "words": mail.words,
        "signature": mail.signature,
        "attachments": mail.attachments,
        "damage": mail.damage,
        "message_id": mail.message_id,
    }


def _letter_row(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "kind": letter.kind.value,
        "to": letter.recipient,
        "subject": letter.subject,
        "state": letter.state.value,
        "in_doubt": letter.in_doubt and letter.state is not LetterState.SENT,
        "sent": iso(letter.sent_at),
        "message_id": letter.message_id,
        "note": reached(letter),
    }


def reached(letter: Letter) -> str:
    """What a person must know of a letter that may not have arrived; "" when all is well."""
    if letter.undelivered:
        return "it came back: the recipient did not get it"
    if letter.state is LetterState.FAILED:
        doubt = "; it may or may not have arrived before" if letter.in_doubt else ""
        return f"it did not leave: {letter.last_error}{doubt}"
    if letter.in_doubt and letter.state is not LetterState.SENT:
        return "it may or may not have arrived; it is being sent again"
    if letter.last_error and letter.state is not LetterState.SENT:
        return f"waiting for another attempt: {letter.last_error}"
    return ""


def iso(when: datetime | None) -> str | None:
    """A moment in ISO 8601."""
    return when.isoformat(timespec="seconds") if when else None


def where_several(rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a table of cases, with the mailbox where it is not the same for all."""
    named = any(row.get("mailbox") not in (None, "", MAIN) for row in rows)
    return (*columns, "mailbox") if named else columns


def table(rows: Iterable[dict[str, Any]], columns: tuple[str, ...]) -> str:
    """Rows as aligned columns for a terminal."""
    cells = [[cell(row.get(column)) for column in columns] for row in rows]
    widths = [
        max(len(name), *(len(line[i]) for line in cells)) if cells else len(name)
        for i, name in enumerate(columns)
    ]
    lines = [columns, *cells]
    return "\n".join(
        "  ".join(cell.ljust(widths[i]) for i, cell in enumerate(line)).rstrip() for line in lines
    )


def cell(value: object) -> str:
    """What stands in a column, on one line."""
    return "" if value is None else printable(str(value))
