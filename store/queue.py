"""Outgoing mail: claim what is due, complete it once, try again later (promises 6 to 9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, literal, or_, select, update
from sqlmodel import Session

from store import storable
from store.binding import Row
from store.enclosed import whole
from store.lanes import ALL, Lane
from store.models import EventKind, LetterKind, LetterState
from store.packing import Damaged, unpacked
from store.statements import Insert, Statement
from store.timers import next_timer
from store.values import SOFTWARE
from store.writing import TABLES

CLOCKS_DIFFER = timedelta(minutes=1)
"""Between two machines; a letter that was made later than that was made by a clock that was ahead."""
BYTES_AT_ONCE = 4_000_000
"""A claim takes no further letter once it holds so much: letters may be large, and are held in memory."""
Result = Literal["sent", "later", "refused", "in-doubt"]

_LETTER, _RAW, _WORKER = TABLES["letter"], TABLES["raw"], TABLES["worker"]
_QUEUED = _LETTER.c.state == LetterState.QUEUED
_MINE = (
    _LETTER.c.id == bindparam("letter"),
    _LETTER.c.attempts == bindparam("attempt"),
    _LETTER.c.owner == bindparam("worker"),
    _LETTER.c.state == LetterState.SENDING,
)
_TELLING = (_LETTER.c.case_number, _LETTER.c.kind, _LETTER.c.recipient, _LETTER.c.key)

_BYTES = Statement(select(_RAW.c.data).where(_RAW.c.id == bindparam("raw")))
_TAKE = Statement(
    update(_LETTER)
    .where(_LETTER.c.id == bindparam("letter"))
    .values(state=LetterState.SENDING, owner=bindparam("worker"), attempts=_LETTER.c.attempts + 1)
)
_ENDED = update(_LETTER).where(*_MINE).values(owner=None, last_error=bindparam("error")).returning(*_TELLING)
_END: Mapping[Result, Statement] = {
    "sent": Statement(_ENDED.values(state=LetterState.SENT, sent_at=bindparam("now"), in_doubt=False)),
    "refused": Statement(_ENDED.values(state=LetterState.FAILED)),
    "later": Statement(_ENDED.values(state=LetterState.QUEUED, due_at=bindparam("due"))),
    "in-doubt": Statement(_ENDED.values(state=LetterState.QUEUED, due_at=bindparam("due"), in_doubt=True)),
}
_RELEASE = Statement(
    update(_LETTER)
    .where(*_MINE)
    .values(state=LetterState.QUEUED, owner=None, due_at=bindparam("due"), unsent=_LETTER.c.unsent + 1)
)
_HASTEN = Statement(
    update(_LETTER)
    .where(_LETTER.c.id == bindparam("letter"), _QUEUED, _LETTER.c.due_at > bindparam("now"))
    .values(due_at=bindparam("now"))
)
_OF_THE_FUTURE = Statement(
    update(_LETTER)
    .where(
        _LETTER.c.kind.in_([literal(kind, _LETTER.c.kind.type) for kind in LetterKind]),
        _LETTER.c.created_at > bindparam("soon"),
        _QUEUED,
        _LETTER.c.due_at > bindparam("now"),
        or_(_LETTER.c.due_at <= _LETTER.c.created_at, _LETTER.c.attempts > 0),
    )
    .values(due_at=bindparam("now"))
)
_PUT_BACK = Statement(
    update(_LETTER)
    .where(_LETTER.c.state == LetterState.SENDING, _LETTER.c.owner.not_in(select(_WORKER.c.id)))
    .values(
        state=LetterState.QUEUED,
        due_at=bindparam("now"),
        in_doubt=True,
        owner=None,
        last_error="the worker stopped",
    )
    .returning(*_TELLING)
)
_NEW_EVENT = Insert(TABLES["event"])
_TOLD: Mapping[Result, tuple[EventKind, str]] = {
    "sent": (EventKind.SENT, "{kind} left for {recipient}"),
    "refused": (EventKind.SEND_FAILED, "{kind} to {recipient} was refused and is not sent again: {error}"),
    "in-doubt": (
        EventKind.IN_DOUBT,
        "{kind} may or may not have reached {recipient}; it is sent again: {error}",
    ),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in this worker's hands: send these bytes, then complete this attempt."""

    id: int
    kind: LetterKind
    key: str
    case_number: int | None
    recipient: str
    envelope_from: str
    message_id: str
    subject: str
    data: bytes
    attempt: int
    """The fence: whoever completes must name it."""
    in_doubt: bool
    created_at: datetime
    unsent: int = 0
    """How many of the attempts were given back before anything was sent: `back_off` leaves them out."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the attempt on a letter ended."""

    letter: Claimed
    outcome: Result
    due_at: datetime | None = None
    """When it is tried again; `later` and `in-doubt` need it."""
    error: str = ""


def claim(
    session: Session,
    *,
    worker_id: str,
    now: datetime,
    limit: int,
    only_acks: bool = False,
    lane: Lane = ALL,
) -> list[Claimed]:
    """Take letters of a lane that are due, the most pressing first; no other worker gets them.

    Fewer than the limit when they are large. Acknowledgements go before all others (promise 9): `only_acks`
    takes those alone.

    Commit before connecting: a letter that is `sending` when its worker dies is in doubt. One whose stored
    bytes are damaged ends as refused, so that it keeps no other waiting.
    """
    taken: list[Claimed] = []
    size = 0
    for row in lane.due(session, now, limit):
        if only_acks and row[1] is not LetterKind.ACK:
            break
        try:
            letter = _claimed(session, row)
        except Damaged as damaged:
            _give_up(session, row, worker_id, now, str(damaged))
            continue
        taken.append(letter)
        size += len(letter.data)
        if size >= BYTES_AT_ONCE:
            break
    _TAKE.each(session, [{"letter": letter.id, "worker": worker_id} for letter in taken])
    return taken


def complete(session: Session, ended: Sequence[Ended], worker_id: str, *, now: datetime) -> set[int]:
    """Say how attempts ended; the ids of the letters that were still this worker's.

    Each is fenced by itself: one that was not this worker's any more changes nothing and hinders no other.
    """
    told = []
    mine = set()
    for one in ended:
        fence = (one.letter.id, one.letter.attempt, worker_id)
        row = _end(session, fence, one.outcome, now, one.due_at, one.error)
        if row is not None:
            mine.add(one.letter.id)
            told.append((row, one.outcome, one.error))
    _tell(session, told, now)
    return mine


def release(
    session: Session,
    letters: Sequence[Claimed],
    worker_id: str,
    now: datetime,
    due_at: datetime | None = None,
) -> int:
    """Give back letters of which nothing was sent; how many were still this worker's.

    They are due again at once, or from `due_at` on, so that others may go before them. It does not count as
    an attempt for `back_off`; the fence has moved on all the same.
    """
    due = due_at or now
    fences = [{"letter": one.id, "attempt": one.attempt, "worker": worker_id, "due": due} for one in letters]
    return sum(_RELEASE.run(session, **fence) for fence in fences)


def hasten(session: Session, letter_ids: Collection[int], now: datetime) -> None:
    """Let letters that wait for another attempt be due now."""
    _HASTEN.each(session, [{"letter": letter_id, "now": now} for letter_id in letter_ids])


def put_back(session: Session, *, now: datetime) -> int:
    """Queue again, in doubt, what a worker was sending that is no longer registered; how many."""
    rows = _PUT_BACK.rows(session, now=now)
    _tell(session, [(row, "in-doubt", "the worker stopped while sending it") for row in rows], now)
    return len(rows)


def after_a_jump(session: Session, now: datetime) -> int:
    """Let letters leave that a clock which was ahead, and is put back, made to be sent at once; how many."""
    return _OF_THE_FUTURE.run(session, soon=now + CLOCKS_DIFFER, now=now)


def next_due(session: Session, lane: Lane = ALL) -> datetime | None:
    """When the next letter of a lane, or the next timer, is due; None when nothing waits."""
    dates = (lane.next_due(session), next_timer(session))
    return min((date for date in dates if date is not None), default=None)


def is_due(session: Session, priority: int, now: datetime, lane: Lane = ALL) -> bool:
    """Whether a letter of this priority could leave now and nobody has taken it."""
    due = lane.next_of(session, priority)
    return due is not None and due <= now


def _claimed(session: Session, row: Row) -> Claimed:
    letter_id, kind, key, case_number, recipient, envelope_from, message_id, subject, *rest = row
    attempts, unsent, in_doubt, created_at, raw_id, at, how, encloses = rest
    data = _bytes(session, raw_id)
    if encloses is not None:
        data = whole(data, at, how, _bytes(session, encloses))
    return Claimed(
        id=letter_id,
        kind=kind,
        key=key,
        case_number=case_number,
        recipient=recipient,
        envelope_from=envelope_from,
        message_id=message_id,
        subject=subject,
        data=data,
        attempt=attempts + 1,
        in_doubt=in_doubt,
        created_at=created_at,
        unsent=unsent,
    )


def _give_up(session: Session, row: Row, worker_id: str, now: datetime, error: str) -> None:
    letter_id, attempts = row[0], row[8]
    _TAKE.each(session, [{"letter": letter_id, "worker": worker_id}])
    if ended := _end(session, (letter_id, attempts + 1, worker_id), "refused", now, None, error):
        _tell(session, [(ended, "refused", error)], now)


def _bytes(session: Session, raw_id: int) -> bytes:
    return unpacked(_BYTES.scalar(session, raw=raw_id))


def _end(
    session: Session,
    fence: tuple[int, int, str],
    outcome: Result,
    now: datetime,
    due_at: datetime | None,
    error: str,
) -> Row | None:
    if outcome in ("later", "in-doubt") and due_at is None:
        raise ValueError(f"a letter that ends as {outcome!r} needs due_at, the time of its next attempt")
    letter, attempt, worker = fence
    values = {"letter": letter, "attempt": attempt, "worker": worker, "now": now, "due": due_at}
    return _END[outcome].first(session, **values, error=storable.clean(error))


def _tell(session: Session, ended: Sequence[tuple[Row, Result, str]], now: datetime) -> None:
    _NEW_EVENT.add(session, *(_event(*one, now) for one in ended if one[1] in _TOLD))


def _event(row: Row, outcome: Result, error: str, now: datetime) -> dict[str, Any]:
    case_number, letter_kind, recipient, key = row
    kind, text = _TOLD[outcome]
    return {
        "at": now,
        "kind": kind,
        "case_number": case_number,
        "actor": SOFTWARE,
        "mail_id": None,
        "text": storable.clean(text.format(kind=letter_kind, recipient=recipient, error=error)),
        "data": {"letter": key},
    }
