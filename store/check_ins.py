"""What the check-in asks before it asks a customer: whether they want it, and whether they ever answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session

from store import storable
from store.models import Letter, LetterState, OptOut
from store.statements import Select
from store.values import canonical
from store.writing import TABLES

_LETTER, _OPT_OUT = TABLES["letter"], TABLES["opt_out"]
_WORD = Select(OptOut, _OPT_OUT.c.address == bindparam("address"))
_LAST_LETTER = Select(
    Letter,
    _LETTER.c.case_number == bindparam("number"),
    _LETTER.c.recipient == bindparam("recipient"),
    order=[_LETTER.c.id.desc()],
    limit=1,
)


def opted_out(session: Session, address: str) -> datetime | None:
    """Since when a customer wants no check-ins; None while they may be asked, and for an empty address."""
    if not address:
        return None
    word = _WORD.one(session, address=storable.key(canonical(address)))
    return word.at if word and not word.asked_again else None


def is_unreached(session: Session, number: int, customer: str) -> bool:
    """Whether the last letter of a case to its customer came back or was refused."""
    letter = _LAST_LETTER.one(session, number=number, recipient=storable.key(customer))
    return letter is not None and (letter.undelivered or letter.state is LetterState.FAILED)
