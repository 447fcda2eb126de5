"""Short ways to fill a database with what a worker would write."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import Session

from store import ledger, queries, queue, workers
from store.models import (
    ArrivalState,
    CaseKind,
    EventKind,
    Fault,
    LetterKind,
    Mail,
    MailKind,
    Severity,
    Status,
    TimerKind,
    TokenPurpose,
)
from store.queue import Claimed, Ended, Result
from store.values import (
    Address,
    CaseChange,
    Message,
    NewDraft,
    NewEvent,
    NewLetter,
    NewTimer,
    NewToken,
    Recording,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CUSTOMER = "sara@example.com"
AGENT = "agent@shop.example"


def message(name: str = "one", sender: str = CUSTOMER, **fields: Any) -> Message:
    given = Message(
        fingerprint=hashlib.sha256(name.encode()).hexdigest(),
        message_id=f"<{name}@example.com>",
        senders=(Address(sender, "Sara"),),
        subject="My parcel is late",
        reply_text="It should have come on Monday.",
        size=300,
        date=NOW,
    )
    return replace(given, **fields)


def letter(key: str, to: str = CUSTOMER, **fields: Any) -> NewLetter:
    kind = next(kind for kind in LetterKind if key.startswith(kind.value))
    given = NewLetter(
        kind=kind,
        key=key,
        to=to,
        envelope_from="",
        message_id=f"<{key.replace('/', '.')}@shop.example>",
        subject="Re: My parcel is late",
        data=f"letter {key}\r\n".encode(),
        priority=0 if kind is LetterKind.ACK else 5,
        due_at=NOW,
    )
    return replace(given, **fields)


def draft_token(sha256: str, version: int = 1) -> NewToken:
    return NewToken(
        sha256, TokenPurpose.DRAFT, agent=AGENT, draft_version=version, verbs=("approve", "edit", "reject")
    )


def event(kind: EventKind = EventKind.NOTED, text: str = "noted") -> NewEvent:
    return NewEvent(kind, text, "peygir")


def draft(version: int, body: str = "Dear Sara, …") -> NewDraft:
    return NewDraft(version, body, "late", "en", AGENT)


def complaint(number: int, **values: Any) -> Recording:
    """What a typical complaint writes: a case, its acknowledgement, a draft for an agent."""
    columns = {
        "status": Status.NEW,
        "kind": CaseKind.COMPLAINT,
        "category": "late",
        "severity": Severity.NORMAL,
        "fault": Fault.UNKNOWN,
        "language": "en",
        "customer": CUSTOMER,
        "reply_token": f"token{number}",
        "why": [{"rule": "late", "words": ["late"]}],
        "opened_at": NOW,
        "acknowledged_at": NOW,
        **values,
    }
    return Recording(
        case=CaseChange(number, None, columns, participants=(columns["customer"],)),
        events=(event(EventKind.OPENED), event(EventKind.ACKNOWLEDGED), event(EventKind.DRAFTED)),
        drafts=(draft(1),),
        letters=(
            letter(f"ack/{number}", columns["customer"]),
            letter(f"draft/{number}/1", AGENT, token=draft_token(f"hash{number}")),
        ),
        timers=(NewTimer(TimerKind.CLOSE, f"close/{number}", NOW + HOUR),),
    )


def change(number: int, expected: Status | None, **values: Any) -> CaseChange:
    return CaseChange(number, expected, values)


def a_case(session: Session, name: str = "one", sender: str = CUSTOMER, **values: Any) -> tuple[int, Mail]:
    """A mail that came and the case that it opened."""
    number = queries.next_number(session)
    mail = ledger.store_mail(
        session, message(name, sender), raw=b"raw " + name.encode(), kind=MailKind.CUSTOMER, now=NOW
    )
    ledger.record(session, complaint(number, **{"customer": sender, **values}), now=NOW, mail=mail)
    return number, mail


def ends(
    session: Session,
    one: Claimed,
    outcome: Result,
    *,
    worker_id: str = "w1",
    now: datetime = NOW,
    due_at: datetime | None = None,
    error: str = "",
) -> bool:
    """Say how the attempt on a letter ended; whether it was still that worker's."""
    return bool(queue.complete(session, [Ended(one, outcome, due_at, error)], worker_id, now=now))


def a_worker(session: Session, worker_id: str = "w1", *, pid: int = 1, now: datetime = NOW) -> str:
    workers.register(session, worker_id=worker_id, host="here", pid=pid, now=now)
    return worker_id


def a_mailbox(session: Session, worker_id: str = "w1") -> int:
    box = workers.own_mailbox(session, "complaints@shop.example/INBOX", a_worker(session, worker_id), NOW)
    assert box is not None
    assert box.id is not None
    return box.id


def stored(session: Session, mailbox_id: int, uid: int) -> None:
    """A UID of the mailbox that is safely in the database."""
    ledger.take(session, mailbox_id, 7, [uid], NOW)
    ledger.arrived(session, mailbox_id, 7, uid, mail_id=None, state=ArrivalState.STORED)
