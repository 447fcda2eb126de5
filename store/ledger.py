"""The one way in which mail is stored and a case changes, all or nothing in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from store import desk_rows, facts, issues, storable
from store.arrivals import Arrived, arrived, arrived_all, filed, store_mail, take
from store.lettering import add_letters
from store.models import Case, Mail, MailKind, TimerState
from store.settling import all_revoked, new_drafts, replace_tokens, revoke_tokens, settle_drafts, use_token
from store.statements import Insert, Statement, savepoint, upsert
from store.trouble import Conflict, assure, raise_plainly
from store.values import Beside, CaseChange, Message, NewEvent, NewTimer, Recording
from store.writing import TABLES, unique

__all__ = [
    "Arrived",
    "Conflict",
    "alone",
    "arrived",
    "arrived_all",
    "filed",
    "record",
    "record_mail",
    "store_mail",
    "take",
]

_CASE, _COUNTER = TABLES["case"], TABLES["counter"]
_LETTER, _MAIL, _PARTICIPANT = TABLES["letter"], TABLES["mail"], TABLES["participant"]
_TIMER = TABLES["timer"]
_CASE_KEYS = {"customer", "category", "assignee"}
_OPENED: Mapping[str, Any] = {"why": [], "mentions": [], "followed": {}}

_NEW_CASE, _NEW_TIMER = Insert(_CASE), Insert(_TIMER)
_NEW_EVENT, _JOIN_IN = Insert(TABLES["event"]), Insert(_PARTICIPANT, ignore=True)
_JOIN = Statement(update(_MAIL).where(_MAIL.c.id == bindparam("mail")).values(case_number=bindparam("case")))
_COUNT_UP = Statement(
    update(_COUNTER)
    .where(_COUNTER.c.name == "case", _COUNTER.c.value <= bindparam("number"))
    .values(value=bindparam("next"))
)
_CANCEL_TIMERS = Statement(
    update(_TIMER)
    .where(
        _TIMER.c.case_number == bindparam("number"),
        _TIMER.c.state == TimerState.WAITING,
        _TIMER.c.kind == bindparam("of_kind"),
    )
    .values(state=TimerState.CANCELLED, done_at=bindparam("now"))
)
_MOVE_MAIL = Statement(
    update(_MAIL)
    .where(_MAIL.c.id == bindparam("mail"), _MAIL.c.case_number == bindparam("number"))
    .values(case_number=bindparam("into"))
)
_MOVE_MAILS = Statement(
    update(_MAIL).where(_MAIL.c.case_number == bindparam("number")).values(case_number=bindparam("into"))
)
_JOIN_ALL = Statement(
    lambda dialect: (
        upsert(_PARTICIPANT, dialect)
        .from_select(
            ["case_number", "address"],
            select(bindparam("into", type_=_PARTICIPANT.c.case_number.type), _PARTICIPANT.c.address).where(
                _PARTICIPANT.c.case_number == bindparam("number")
            ),
        )
        .on_conflict_do_nothing()
    )
)
_UNDELIVERED = Statement(update(_LETTER).where(_LETTER.c.id == bindparam("letter")).values(undelivered=True))


@contextmanager
def alone(session: Session) -> Iterator[None]:
    """A savepoint: an exception in the block undoes what the block wrote and nothing else.

    Raises StoreDown when the trouble is the database's: whatever this transaction wrote before may be gone.
    """
    try:
        with savepoint(session):
            yield
    except Exception as error:
        assure(session)
        if isinstance(error, DBAPIError):
            raise_plainly(error, "The database")
        raise


def record(session: Session, recording: Recording, *, now: datetime, mail: Mail | None = None) -> None:
    """Write everything that one decision asks for: the one way in which a case changes.

    Raises Conflict when the facts it was made on no longer hold; nothing of it may be kept then, so roll
    back (see `alone`) and decide again.
    """
    number = recording.case.number if recording.case else recording.case_number
    if number is None and mail is not None:
        number = mail.case_number
    with unique("another worker has done this already"):
        _cases(session, recording, now)
        _follow(session, recording, number, mail, now)
    if mail is not None and number is not None and mail.case_number != number:
        _JOIN.run(session, mail=mail.id, case=number)
        mail.case_number = number


def record_mail(
    session: Session, message: Message, recording: Recording, *, raw: bytes, kind: MailKind, now: datetime
) -> Mail:
    """Store a mail together with everything that was decided on it. Raises Conflict as `record` does."""
    number = recording.case.number if recording.case else recording.case_number
    with unique("another worker has done this already"):
        _cases(session, recording, now)
        mail = store_mail(session, message, raw=raw, kind=kind, now=now, case_number=number)
        _follow(session, recording, number, mail, now)
    return mail


def _cases(session: Session, recording: Recording, now: datetime) -> None:
    """The case's own columns. A merged one takes along the mails that it has, not the one that merges it."""
    if recording.case is not None:
        _change(session, recording.case)
    if recording.beside:
        _beside(session, recording.case.number if recording.case else None, recording.beside)


def _follow(
    session: Session, recording: Recording, number: int | None, mail: Mail | None, now: datetime
) -> None:
    """What a recording writes beside the cases."""
    if recording.use_token is not None:
        use_token(session, recording.use_token, mail, now)
    desk_rows.withdraw(session, recording.withdraw)
    if number is not None:
        settle_drafts(session, recording, number, now)
        _timers(session, recording, number, now)
    if recording.beside:
        _follow_beside(session, recording.beside, mail, now)
    desk_rows.write(session, recording.rows, recording.changes)
    if number is not None and recording.facts:
        facts.add(session, number, recording.facts, mail.id if mail else None)
    if number is not None and not all_revoked(recording):
        replace_tokens(session, recording.letters, number, now)
    add_letters(session, recording.letters, number, mail, now)
    _events(session, recording.events, number, mail, now)
    _UNDELIVERED.each(session, [{"letter": letter_id} for letter_id in recording.undelivered])


def _change(session: Session, change: CaseChange) -> None:
    values = storable.row(change.values)
    values |= {name: storable.key(values[name]) for name in _CASE_KEYS & values.keys()}
    if unknown := values.keys() - Case.model_fields.keys():
        raise ValueError(f"a case has no {', '.join(sorted(unknown))}")
    if change.expected is None:
        _open(session, change.number, values)
    else:
        _compare_and_set(session, change, values)
    if change.participants:
        addresses = {storable.key(address.strip().lower()) for address in change.participants}
        _JOIN_IN.add(
            session, *({"case_number": change.number, "address": address} for address in sorted(addresses))
        )


def _beside(session: Session, number: int | None, beside: Beside) -> None:
    """The other case; without one of its own the recording takes nothing over."""
    other = beside.case.number
    _change(session, beside.case)
    if beside.takes_all:
        _MOVE_MAILS.run(session, number=number, into=other)
        _JOIN_ALL.run(session, number=number, into=other)
        facts.copy_all(session, number, other)
        issues.copy_all(session, number, other)
    _MOVE_MAIL.each(session, [{"mail": mail, "number": number, "into": other} for mail in beside.takes_mails])


def _follow_beside(session: Session, beside: Beside, mail: Mail | None, now: datetime) -> None:
    other = beside.case.number
    if beside.revokes_tokens:
        revoke_tokens(session, other, now)
    if beside.facts:
        facts.add(session, other, beside.facts, next(iter(beside.takes_mails), None))
    new_drafts(session, beside.drafts, other, now)
    _NEW_TIMER.add(session, *(_timer_row(timer, other) for timer in beside.timers))
    if not beside.revokes_tokens:
        replace_tokens(session, beside.letters, other, now)
    add_letters(session, beside.letters, other, None, now)
    _events(session, beside.events, other, mail, now)


def _open(session: Session, number: int, values: Mapping[str, Any]) -> None:
    _NEW_CASE.add(session, {**_OPENED, **values, "number": number})
    _COUNT_UP.run(session, number=number, next=number + 1)


def _compare_and_set(session: Session, change: CaseChange, values: Mapping[str, Any]) -> None:
    new = {"status": change.expected, **values}
    given = {f"to_{name}": value for name, value in new.items()}
    if not _setting(tuple(sorted(new))).run(session, number=change.number, still=change.expected, **given):
        raise Conflict(f"case {change.number} is no longer {change.expected}")


@cache
def _setting(names: tuple[str, ...]) -> Statement:
    """Set these columns of a case, if it still stands where the decision found it and was not erased."""
    still = (
        _CASE.c.number == bindparam("number"),
        _CASE.c.status == bindparam("still"),
        _CASE.c.erased_at.is_(None),
    )
    return Statement(update(_CASE).where(*still).values({name: bindparam(f"to_{name}") for name in names}))


def _timers(session: Session, recording: Recording, number: int, now: datetime) -> None:
    kinds = [{"of_kind": kind, "number": number, "now": now} for kind in recording.cancel_timers]
    _CANCEL_TIMERS.each(session, kinds)
    _NEW_TIMER.add(session, *(_timer_row(timer, number) for timer in recording.timers))


def _timer_row(timer: NewTimer, number: int) -> dict[str, Any]:
    return {
        "key": timer.key,
        "kind": timer.kind,
        "case_number": number,
        "state": TimerState.WAITING,
        "due_at": timer.due_at,
    }


def _events(
    session: Session, events: Sequence[NewEvent], number: int | None, mail: Mail | None, now: datetime
) -> None:
    about = {"at": now, "case_number": number, "mail_id": mail.id if mail else None}
    rows = [
        {
            **about,
            "kind": event.kind,
            "actor": storable.clean(event.actor),
            "text": storable.clean(event.text),
            "data": storable.clean(event.data),
        }
        for event in events
    ]
    _NEW_EVENT.add(session, *rows)
