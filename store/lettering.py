"""Letters as they are recorded: finished bytes, reply addresses, how many were made (promises 6, 8, 12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from store import storable
from store.models import EventKind, LetterKind, LetterState, Mail
from store.statements import Insert, Statement, upsert
from store.values import SOFTWARE, NewLetter, NewToken, canonical
from store.writing import TABLES, store_raw

KEPT = timedelta(days=1)
"""How long it is known how many letters were made in a minute."""
_LETTER, _TALLY = TABLES["letter"], TABLES["tally"]
_NEW_LETTER, _NEW_TOKEN, _NEW_EVENT = Insert(_LETTER), Insert(TABLES["token"]), Insert(TABLES["event"])
_IS_THERE = Statement(select(_LETTER.c.id).where(_LETTER.c.key == bindparam("key")))
_FORGET = Statement(
    delete(_TALLY).where(_TALLY.c.kind == bindparam("kind"), _TALLY.c.minute < bindparam("before"))
)


def _counting(dialect: str) -> Any:
    named: dict[str, Any] = {name: bindparam(f"the_{name}") for name in ("kind", "minute", "made")}
    new = upsert(_TALLY, dialect).values(named)
    sum_of_both = {"made": _TALLY.c.made + new.excluded.made}
    return new.on_conflict_do_update(index_elements=["kind", "minute"], set_=sum_of_both).returning(
        _TALLY.c.made
    )


_COUNT = Statement(_counting)


def add_letters(
    session: Session, letters: Sequence[NewLetter], number: int | None, mail: Mail | None, now: datetime
) -> None:
    """Queue letters about a case. `mail` is the one that they may enclose without naming it."""
    new = [letter for letter in letters if not _told(session, letter)]
    if not new:
        return
    rows = [
        _letter_row(letter, store_raw(session, letter.data), number, now) | _enclosing(letter, mail)
        for letter in new
    ]
    _NEW_LETTER.add(session, *rows)
    if kept := [_kept_back(letter, number, now) for letter in new if letter.kept_back]:
        _NEW_EVENT.add(session, *kept)
    _NEW_TOKEN.add(session, *(_token_row(letter.token, number, now) for letter in new if letter.token))
    _count_acks(session, sum(letter.kind is LetterKind.ACK and not letter.left for letter in new), now)


def minute_of(moment: datetime) -> datetime:
    """The minute under which a letter is counted."""
    return moment.replace(second=0, microsecond=0)


def _count_acks(session: Session, made: int, now: datetime) -> None:
    """Only these have a limit in all (promise 12). Their letters are not counted: there may be too many."""
    if not made:
        return
    counted = {"the_kind": LetterKind.ACK, "the_minute": minute_of(now), "the_made": made}
    if _COUNT.scalar(session, **counted) == made:
        _FORGET.run(session, kind=LetterKind.ACK, before=now - KEPT)


def _told(session: Session, letter: NewLetter) -> bool:
    # An alert's key says "once is enough"; any other letter that is there already means old facts.
    return letter.kind is LetterKind.ALERT and _IS_THERE.first(session, key=letter.key) is not None


def _letter_row(letter: NewLetter, raw_id: int, number: int | None, now: datetime) -> dict[str, Any]:
    return {
        "kind": letter.kind,
        "key": letter.key,
        "case_number": number,
        "mailbox": letter.mailbox,
        "copy_at": now if letter.copied else None,
        "recipient": storable.clean(letter.to),
        "recipient_key": storable.key(canonical(letter.to)),
        "envelope_from": letter.envelope_from,
        "message_id": letter.message_id,
        "subject": storable.clean(letter.subject),
        "raw_id": raw_id,
        "state": _state(letter),
        "sent_at": letter.left,
        "last_error": letter.kept_back,
        "priority": letter.priority,
        "created_at": now,
        "due_at": letter.due_at,
    }


def _state(letter: NewLetter) -> LetterState:
    if letter.left:
        return LetterState.SENT
    return LetterState.FAILED if letter.kept_back else LetterState.QUEUED


def _kept_back(letter: NewLetter, number: int | None, now: datetime) -> dict[str, Any]:
    return {
        "at": now,
        "kind": EventKind.KEPT_BACK,
        "case_number": number,
        "actor": SOFTWARE,
        "mail_id": None,
        "text": storable.clean(f"{letter.kind} to {letter.to} is {letter.kept_back}"),
        "data": {"letter": letter.key},
    }


def _enclosing(letter: NewLetter, mail: Mail | None) -> dict[str, Any]:
    enclosed = letter.encloses
    if enclosed is None:
        return {}
    raw_id = enclosed.raw_id if enclosed.raw_id is not None else (mail and mail.raw_id)
    if raw_id is None:
        raise ValueError(f"{letter.key} encloses the mail that is being recorded, and there is none")
    return {"encloses_at": enclosed.at, "encloses_how": enclosed.how, "encloses_raw_id": raw_id}


def _token_row(token: NewToken, number: int | None, now: datetime) -> dict[str, Any]:
    return {
        "sha256": token.sha256,
        "purpose": token.purpose,
        "case_number": number,
        "draft_version": token.draft_version,
        "agent": token.agent,
        "verbs": list(token.verbs),
        "check_in": token.check_in,
        "request_key": token.request_key,
        "created_at": now,
        "expires_at": token.expires_at,
    }
