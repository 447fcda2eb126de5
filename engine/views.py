"""What the command line shows: cases, events, the queue, one case, health."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from engine import learning_notes, money_views
from language.direction import printable
from store import facts, lists, queries, workers
from store.models import Case, Event, Letter, LetterState, Mail
from store.replays import Waiting
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
            "score": case.score,
        }
        for case in cases
    ]


def event_rows(session: Session, events: list[Event]) -> list[dict[str, Any]]:
    """Events as `events --json` gives them."""
    mails = lists.mails_by_id(session, {event.mail_id for event in events if event.mail_id is not None})
    return [_event_row(event, mails.get(event.mail_id or 0)) for event in events]


def _event_row(event: Event, mail: Mail | None) -> dict[str, Any]:
    return {
        "at": iso(event.at),
        "case": event.case_number,
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


def health(session: Session, now: datetime) -> dict[str, Any]:
    """Queue depths, the last poll of each mailbox, and what is wrong."""
    depths = lists.depths(session, now)
    return {
        "letters": {
            "queued": depths.queued,
            "sending": depths.sending,
            "failed": depths.failed,
            "in doubt": depths.in_doubt,
            "overdue": depths.overdue,
        },
        "oldest_queued": iso(depths.oldest_queued_at),
        "learning": learning_notes.in_short(session),
        "retaken": depths.retaken,
        "set_aside": depths.waiting.set_aside,
        "unread": depths.waiting.unread,
        "unsent": depths.waiting.unsent,
        "timers_due": depths.timers_due,
        "mailboxes": [
            {
                "name": box.name,
                "owner": box.owner,
                "last_poll": iso(box.last_poll_at),
                "error": box.last_error,
            }
            for box in depths.mailboxes
        ],
        "workers": [{"id": one.id, "heartbeat": iso(one.heartbeat_at)} for one in depths.workers],
        "troubles": _troubles(depths, now),
    }


def _troubles(depths: lists.Depths, now: datetime) -> list[str]:
    troubles = [f"{box.name}: {box.last_error}" for box in depths.mailboxes if box.last_error]
    troubles += [
        f"the worker {one.id} has given no sign of life since {iso(one.heartbeat_at)}; start it again"
        for one in depths.workers
        if now - one.heartbeat_at > workers.STALE_AFTER
    ]
    if depths.late:
        troubles.append(
            f"letters that have waited for more than an hour: {depths.late}; see the worker's log"
        )
    if depths.drafts_late:
        troubles.append(
            f"cases whose first draft has been coming for more than a minute: {depths.drafts_late}; "
            "see the worker's log"
        )
    troubles += _to_replay(depths.waiting)
    return troubles


def _to_replay(waiting: Waiting) -> list[str]:
    """What a person is to do about what was given up; worker.py queue names each."""
    told = (
        (
            waiting.set_aside,
            "mails set aside because they couldn't be recorded: {}; mend what worker.py queue says of them, "
            "then worker.py replay",
        ),
        (
            waiting.unread,
            "mails that couldn't be read: {}; handle their cases from the originals, or after a new version "
            "worker.py replay reads them again",
        ),
        (
            waiting.unsent,
            "letters refused or given up: {}; worker.py queue says why, worker.py replay --letters sends "
            "again what was given up",
        ),
    )
    return [text.format(count) for count, text in told if count]


def health_text(health: dict[str, Any]) -> str:
    """Health for a terminal."""
    lines = [f"{name:<16} {value}" for name, value in health.items() if not isinstance(value, list | dict)]
    lines += [f"{'letters ' + name:<16} {count}" for name, count in health["letters"].items()]
    lines += [
        f"{'mailbox':<16} {box['name']}, last read {box['last_poll'] or 'never'}"
        for box in health["mailboxes"]
    ]
    lines += [f"{'trouble':<16} {trouble}" for trouble in health["troubles"]] or ["all is well"]
    return "\n".join(lines)
