"""The one way in which mail is stored and a case changes. The caller's transaction makes it all or nothing.

Rows are written directly, not through the session's objects: this is on the way of every mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, literal, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from store import storable
from store.arrivals import arrived, filed, store_mail, take
from store.models import Case, DraftState, LetterKind, LetterState, Mail, TimerState, TokenPurpose
from store.trouble import Conflict, assure, raise_plainly
from store.values import (
    CaseChange,
    Merge,
    NewDraft,
    NewEvent,
    NewLetter,
    NewTimer,
    NewToken,
    Recording,
    canonical,
)
from store.writing import TABLES, insert_row, store_raw, unique, upsert

__all__ = ["Conflict", "alone", "arrived", "filed", "record", "store_mail", "take"]

_CASE, _COUNTER, _DRAFT = TABLES["case"], TABLES["counter"], TABLES["draft"]
_LETTER, _MAIL, _PARTICIPANT = TABLES["letter"], TABLES["mail"], TABLES["participant"]
_TIMER, _TOKEN = TABLES["timer"], TABLES["token"]
_CASE_KEYS = {"customer", "category", "assignee"}
_JOIN = update(_MAIL).where(_MAIL.c.id == bindparam("mail")).values(case_number=bindparam("case"))
_COUNT_UP = (
    update(_COUNTER)
    .where(_COUNTER.c.name == "case", _COUNTER.c.value <= bindparam("number"))
    .values(value=bindparam("next"))
)
_OPENED: Mapping[str, Any] = {"why": [], "mentions": []}


@contextmanager
def alone(session: Session) -> Iterator[None]:
    """A savepoint: an exception in the block undoes what the block wrote and nothing else.

    Raises StoreDown when the trouble is the database's: whatever this transaction wrote before may be gone.
    """
    try:
        with session.begin_nested():
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
    connection = session.connection()
    with unique("another worker has done this already"):
        if recording.use_token is not None:
            _use_token(connection, recording.use_token, mail, now)
        if recording.case:
            _change(connection, recording.case)
        if recording.merge and recording.case:
            _merge(connection, recording.case.number, recording.merge, now)
        if number is not None:
            _settle_drafts(connection, recording, number, now)
            _timers(connection, recording, number, now)
        _letters(connection, recording.letters, number, now)
        _events(connection, recording.events, number, mail, now)
        if recording.undelivered:
            delivered_not = _LETTER.c.id.in_(recording.undelivered)
            connection.execute(update(_LETTER).where(delivered_not).values(undelivered=True))
    if mail is not None and number is not None and mail.case_number != number:
        connection.execute(_JOIN, {"mail": mail.id, "case": number})
        mail.case_number = number


def _use_token(connection: Connection, token_id: int, mail: Mail | None, now: datetime) -> None:
    used = connection.execute(
        update(_TOKEN)
        .where(_TOKEN.c.id == token_id, _TOKEN.c.used_at.is_(None), _TOKEN.c.revoked_at.is_(None))
        .values(used_at=now, used_by=mail.id if mail else None)
    )
    if not used.rowcount:
        raise Conflict("the reply address has been used or withdrawn in the meantime")


def _change(connection: Connection, change: CaseChange) -> None:
    values = storable.row(change.values)
    values |= {name: storable.key(values[name]) for name in _CASE_KEYS & values.keys()}
    if unknown := values.keys() - Case.model_fields.keys():
        raise ValueError(f"a case has no {', '.join(sorted(unknown))}")
    if change.expected is None:
        _open(connection, change.number, values)
    else:
        _compare_and_set(connection, change, values)
    if change.participants:
        addresses = {storable.key(address.strip().lower()) for address in change.participants}
        joining = upsert(connection, _PARTICIPANT).on_conflict_do_nothing()
        rows = [{"case_number": change.number, "address": address} for address in sorted(addresses)]
        connection.execute(joining, rows)


def _merge(connection: Connection, number: int, merge: Merge, now: datetime) -> None:
    into = merge.into.number
    _change(connection, merge.into)
    connection.execute(update(_MAIL).where(_MAIL.c.case_number == number).values(case_number=into))
    theirs = select(literal(into), _PARTICIPANT.c.address).where(_PARTICIPANT.c.case_number == number)
    joining = upsert(connection, _PARTICIPANT).from_select(["case_number", "address"], theirs)
    connection.execute(joining.on_conflict_do_nothing())
    _events(connection, (merge.event,), into, None, now)
    _revoke_tokens(connection, number, now)


def _open(connection: Connection, number: int, values: Mapping[str, Any]) -> None:
    connection.execute(insert(_CASE), {**_OPENED, **values, "number": number})
    connection.execute(_COUNT_UP, {"number": number, "next": number + 1})


def _compare_and_set(connection: Connection, change: CaseChange, values: Mapping[str, Any]) -> None:
    still = (_CASE.c.number == change.number, _CASE.c.status == change.expected)
    changed = connection.execute(update(_CASE).where(*still).values({"status": change.expected, **values}))
    if not changed.rowcount:
        raise Conflict(f"case {change.number} is no longer {change.expected}")


def _settle_drafts(connection: Connection, recording: Recording, number: int, now: datetime) -> None:
    # In this order a rejected draft can be followed by a new one, and an edited one be approved at once.
    opens = recording.case is not None and recording.case.expected is None
    if recording.reject_draft:
        _end_draft(connection, number, DraftState.REJECTED)
    for draft in recording.drafts:
        if not opens:
            _supersede(connection, number)
        insert_row(connection, _DRAFT, _draft_row(draft, number, now))
    if recording.approve_draft:
        _end_draft(connection, number, DraftState.APPROVED)
    if not opens and (recording.drafts or recording.approve_draft or recording.reject_draft):
        _revoke_tokens(connection, number, now)


def _end_draft(connection: Connection, number: int, state: DraftState) -> None:
    if not _set_open_draft(connection, number, state):
        raise Conflict(f"case {number} has no open draft any more")


def _supersede(connection: Connection, number: int) -> None:
    _set_open_draft(connection, number, DraftState.SUPERSEDED)


def _set_open_draft(connection: Connection, number: int, state: DraftState) -> int:
    is_open = (_DRAFT.c.case_number == number, _DRAFT.c.state == DraftState.OPEN)
    return connection.execute(update(_DRAFT).where(*is_open).values(state=state)).rowcount


def _draft_row(draft: NewDraft, number: int, now: datetime) -> dict[str, Any]:
    return storable.row(
        {
            "case_number": number,
            "version": draft.version,
            "state": DraftState.OPEN,
            "body": draft.body,
            "template": draft.template,
            "language": draft.language,
            "agent": draft.agent,
            "created_at": now,
        }
    )


def _revoke_tokens(connection: Connection, number: int, now: datetime) -> None:
    # Before this recording's own letters bring their tokens.
    connection.execute(
        update(_TOKEN)
        .where(
            _TOKEN.c.case_number == number,
            _TOKEN.c.purpose == TokenPurpose.DRAFT,
            _TOKEN.c.used_at.is_(None),
            _TOKEN.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _timers(connection: Connection, recording: Recording, number: int, now: datetime) -> None:
    if recording.cancel_timers:
        connection.execute(
            update(_TIMER)
            .where(
                _TIMER.c.case_number == number,
                _TIMER.c.state == TimerState.WAITING,
                _TIMER.c.kind.in_(recording.cancel_timers),
            )
            .values(state=TimerState.CANCELLED, done_at=now)
        )
    if recording.timers:
        connection.execute(insert(_TIMER), [_timer_row(timer, number) for timer in recording.timers])


def _timer_row(timer: NewTimer, number: int) -> dict[str, Any]:
    return {
        "key": timer.key,
        "kind": timer.kind,
        "case_number": number,
        "state": TimerState.WAITING,
        "due_at": timer.due_at,
    }


def _letters(connection: Connection, letters: Sequence[NewLetter], number: int | None, now: datetime) -> None:
    new = [letter for letter in letters if not _told(connection, letter)]
    if not new:
        return
    rows = [_letter_row(letter, store_raw(connection, letter.data), number, now) for letter in new]
    connection.execute(insert(_LETTER), rows)
    if tokens := [_token_row(letter.token, number, now) for letter in new if letter.token]:
        connection.execute(insert(_TOKEN), tokens)


def _told(connection: Connection, letter: NewLetter) -> bool:
    # An alert's key says "once is enough"; any other letter that is there already means old facts.
    if letter.kind is not LetterKind.ALERT:
        return False
    return connection.execute(select(_LETTER.c.id).where(_LETTER.c.key == letter.key)).first() is not None


def _letter_row(letter: NewLetter, raw_id: int, number: int | None, now: datetime) -> dict[str, Any]:
    return {
        "kind": letter.kind,
        "key": letter.key,
        "case_number": number,
        "recipient": storable.clean(letter.to),
        "recipient_key": storable.key(canonical(letter.to)),
        "envelope_from": letter.envelope_from,
        "message_id": letter.message_id,
        "subject": storable.clean(letter.subject),
        "raw_id": raw_id,
        "state": LetterState.QUEUED,
        "priority": letter.priority,
        "created_at": now,
        "due_at": letter.due_at,
    }


def _token_row(token: NewToken, number: int | None, now: datetime) -> dict[str, Any]:
    return {
        "sha256": token.sha256,
        "purpose": token.purpose,
        "case_number": number,
        "draft_version": token.draft_version,
        "agent": token.agent,
        "verbs": list(token.verbs),
        "check_in": token.check_in,
        "created_at": now,
        "expires_at": token.expires_at,
    }


def _events(
    connection: Connection, events: Sequence[NewEvent], number: int | None, mail: Mail | None, now: datetime
) -> None:
    if not events:
        return
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
    connection.execute(insert(TABLES["event"]), rows)
