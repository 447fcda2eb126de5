"""Lists for people and probes: cases, the audit log, what waits, how deep the queues are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from store import replays, storable
from store.models import (
    FOR_A_PERSON,
    Arrival,
    ArrivalState,
    Case,
    Event,
    Letter,
    LetterState,
    Mail,
    Mailbox,
    Severity,
    Status,
    Timer,
    TimerKind,
    TimerState,
    Token,
    TokenPurpose,
    Worker,
)
from store.replays import Waiting

LATE = timedelta(hours=1)
DRAFT_LATE = timedelta(minutes=1)
_URGENCY = {Severity.URGENT: 0, Severity.HIGH: 1, Severity.NORMAL: 2, Severity.LOW: 3}


@dataclass(frozen=True, slots=True)
class Depths:
    """How much of everything waits, at one moment."""

    queued: int
    sending: int
    failed: int
    in_doubt: int
    """Letters that may have arrived although nobody said so, and wait to be sent again."""
    oldest_queued_at: datetime | None
    overdue: int
    """Letters whose time to leave has come."""
    late: int
    """Letters that have waited for an hour, and not because they were held back."""
    retaken: int
    """Mails that were begun more than once and are not stored yet."""
    waiting: Waiting
    """What was given up and waits for a person to replay it."""
    timers_due: int
    drafts_late: int
    """Cases whose first draft should have been made long ago."""
    mailboxes: tuple[Mailbox, ...]
    workers: tuple[Worker, ...]


def cases(
    session: Session,
    *,
    status: Status | None = None,
    customer: str = "",
    assignee: str = "",
    after: int = 0,
    limit: int | None = None,
) -> list[Case]:
    """Cases by number, those after a given one; every filter that is named must hold."""
    statement = select(Case).where(col(Case.number) > after).order_by(col(Case.number)).limit(limit)
    if status is not None:
        statement = statement.where(Case.status == status)
    if customer:
        statement = statement.where(Case.customer == storable.key(customer))
    if assignee:
        statement = statement.where(Case.assignee == storable.key(assignee))
    return list(session.exec(statement))


def message_ids(session: Session, numbers: Sequence[int]) -> dict[int, list[str]]:
    """The Message-IDs of the mails of each of these cases, as they came."""
    found: dict[int, list[str]] = {number: [] for number in numbers}
    ordered = sorted(found)
    for start in range(0, len(ordered), 500):
        part = col(Mail.case_number).in_(ordered[start : start + 500])
        mails = select(Mail.case_number, Mail.message_id).where(part).order_by(col(Mail.id))
        for number, message_id in session.exec(mails):
            if number is not None and message_id:
                found[number].append(message_id)
    return found


def mails_by_id(session: Session, ids: Collection[int]) -> dict[int, Mail]:
    """Mails by their ids."""
    found: dict[int, Mail] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), 500):
        statement = select(Mail).where(col(Mail.id).in_(ordered[start : start + 500]))
        found |= {mail.id: mail for mail in session.exec(statement) if mail.id is not None}
    return found


def versions_shown(session: Session, number: int, agent: str) -> set[int]:
    """The versions of a case's draft that stood in mails to the agent."""
    theirs = (Token.case_number == number, Token.agent == storable.key(agent))
    found = select(Token.draft_version).where(*theirs, Token.purpose == TokenPurpose.DRAFT)
    return {version for version in session.exec(found) if version}


def newest_mails(session: Session, most: int) -> list[Mail]:
    """The mails that came last, newest first."""
    return list(session.exec(select(Mail).order_by(col(Mail.id).desc()).limit(most)))


def events(session: Session, after_id: int = 0, limit: int | None = None) -> list[Event]:
    """The audit log in order, from after an id on."""
    return list(
        session.exec(select(Event).where(col(Event.id) > after_id).order_by(col(Event.id)).limit(limit))
    )


def last_events(session: Session, number: int) -> list[Event]:
    """The newest of the audit log, oldest first."""
    newest = select(Event).order_by(col(Event.id).desc()).limit(number)
    return list(session.exec(newest))[::-1]


def queue_of_cases(
    session: Session, now: datetime, limit: int | None = None, *, assignee: str = ""
) -> list[Case]:
    """What waits for a person, in the order to take it (D19).

    Unassigned first, then what nobody has opened, then by severity, then by the nearest deadline; what
    has none is taken as due now once it is older. What an agent put off is not in it until then.
    """
    statement = (
        select(Case)
        .where(*_in_queue(now, assignee))
        .order_by(
            _first_those(col(Case.assignee) == ""),
            _first_those(col(Case.seen_at).is_(None)),
            sql_case(_URGENCY, value=col(Case.severity), else_=len(_URGENCY)),
            func.coalesce(col(Case.deadline_at), now),
            col(Case.number),
        )
        .limit(limit)
    )
    return list(session.exec(statement))


def queue_length(session: Session, now: datetime, *, assignee: str = "") -> int:
    """How many cases wait for a person, or for one agent."""
    return _count(session, Case, *_in_queue(now, assignee))


def _in_queue(now: datetime, assignee: str) -> tuple[Any, ...]:
    awake = or_(col(Case.snoozed_until).is_(None), col(Case.snoozed_until) <= now)
    waits = (col(Case.status).in_(FOR_A_PERSON), awake)
    return (*waits, Case.assignee == storable.key(assignee)) if assignee else waits


def depths(session: Session, now: datetime) -> Depths:
    """How much of everything waits, for `status` and for probes."""
    letters = _letters(session)
    queued = Letter.state == LetterState.QUEUED
    overdue = (queued, col(Letter.due_at) <= now)
    due = (Timer.state == TimerState.WAITING, col(Timer.due_at) <= now)
    in_hand = col(Arrival.filed).is_(False)
    retaken = (in_hand, Arrival.state == ArrivalState.TAKEN, col(Arrival.attempts) > 1)
    return Depths(
        queued=letters.get(LetterState.QUEUED, 0),
        sending=letters.get(LetterState.SENDING, 0),
        failed=letters.get(LetterState.FAILED, 0),
        in_doubt=_count(session, Letter, queued, col(Letter.in_doubt).is_(True)),
        oldest_queued_at=session.exec(select(func.min(Letter.created_at)).where(queued)).one(),
        overdue=_count(session, Letter, *overdue),
        late=_count(session, Letter, *_late(now)),
        retaken=_count(session, Arrival, *retaken),
        waiting=replays.waiting(session),
        timers_due=_count(session, Timer, *due),
        drafts_late=len(late_drafts(session, now)),
        mailboxes=tuple(session.exec(select(Mailbox).order_by(col(Mailbox.name)))),
        workers=tuple(session.exec(select(Worker).order_by(col(Worker.started_at)))),
    )


def late_drafts(session: Session, now: datetime, number: int | None = None) -> set[int]:
    """The cases, or the one, whose first draft should have been made by now.

    By when the case was opened: a timer that fails is put off each time.
    """
    waits = (Timer.state == TimerState.WAITING, Timer.kind == TimerKind.DRAFT)
    late = select(Timer.case_number).join(Case).where(*waits, col(Case.opened_at) <= now - DRAFT_LATE)
    return set(session.exec(late if number is None else late.where(Timer.case_number == number)))


def _first_those(condition: Any) -> Any:
    return sql_case((condition, 0), else_=1)


def _late(now: datetime) -> tuple[Any, ...]:
    begun = (col(Letter.attempts) > col(Letter.unsent)) & (col(Letter.created_at) <= now - LATE)
    return Letter.state == LetterState.QUEUED, begun | (col(Letter.due_at) <= now - LATE)


def _letters(session: Session) -> dict[LetterState, int]:
    unsent = col(Letter.state).in_((LetterState.QUEUED, LetterState.SENDING, LetterState.FAILED))
    counted = select(Letter.state, func.count()).where(unsent).group_by(col(Letter.state))
    return {LetterState(state): number for state, number in session.exec(counted)}


def _count(session: Session, table: type[Any], *conditions: Any) -> int:
    return session.exec(select(func.count()).select_from(table).where(*conditions)).one()


def further_mailboxes(session: Session) -> dict[int, str]:
    """The mailbox of each case that is not the main one's, by its number."""
    wanted = select(Case.number, Case.mailbox).where(Case.mailbox != "")
    return dict(session.exec(wanted).all())
