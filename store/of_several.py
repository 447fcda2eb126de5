"""What one of several people said on a case: their mails, the letters to them, and what was made of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session

from store import erasing
from store.models import LetterState
from store.whose import is_of, is_to
from store.writing import TABLES

READ = ("sender_name", "subject", "words", "signature", "attachments", "damage")
"""What was read of a mail."""
_NO_LIMIT = 100_000
_MAIL, _LETTER, _EVENT = TABLES["mail"], TABLES["letter"], TABLES["event"]
_FACT, _PARTICIPANT = TABLES["fact"], TABLES["participant"]


def mails_by(session: Session, number: int, address: str) -> list[Any]:
    """The mails that an address wrote into a case."""
    by = (_MAIL.c.case_number == number, is_of(_MAIL.c.sender, address))
    return erasing.mails_where(session, *by, most=_NO_LIMIT)


def letters_to(session: Session, number: int, address: str) -> list[Any]:
    """The letters about a case to an address."""
    return erasing.letters_where(session, _LETTER.c.case_number == number, *is_to(address), most=_NO_LIMIT)


def letters_left(session: Session, number: int) -> list[Any]:
    """All others that have left."""
    sent = (_LETTER.c.case_number == number, _LETTER.c.state == LetterState.SENT)
    return erasing.letters_where(session, *sent, most=_NO_LIMIT)


def forget_words(
    session: Session, number: int, mails: Collection[int], address: str, agents: Collection[str]
) -> None:
    """Facts and events that came of these mails, and the right to write into the case."""
    session.execute(delete(_FACT).where(_FACT.c.case_number == number, _FACT.c.mail_id.in_(mails)))
    may = (_PARTICIPANT.c.case_number == number, is_of(_PARTICIPANT.c.address, address))
    session.execute(delete(_PARTICIPANT).where(*may))
    came = _EVENT.c.mail_id.in_(mails) | is_of(_EVENT.c.actor, address)
    after: int | None = 0
    while after is not None:
        after = erasing.blank_events(session, number, after, agents, came)


def write_read(session: Session, mail_id: int, values: Mapping[str, Any]) -> None:
    """Write what is left of what was read of a mail."""
    session.execute(update(_MAIL).where(_MAIL.c.id == mail_id).values(dict(values)))
