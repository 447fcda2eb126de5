"""What is kept of a person, found by their address: it is the person's with and without a +tag."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, not_, or_, select
from sqlmodel import Session

from store import storable
from store.models import FROM_CUSTOMERS, TO_CUSTOMERS
from store.values import canonical
from store.writing import TABLES

_CASE, _MAIL, _LETTER = TABLES["case"], TABLES["mail"], TABLES["letter"]
_PARTICIPANT, _OPT_OUT, _EVENT = TABLES["participant"], TABLES["opt_out"], TABLES["event"]
_COMPENSATION = TABLES["compensation"]


LONG_ENOUGH = 5
"""Characters of a name, or of a word of it, that may tell of somebody."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, and the cases that they have a part in."""

    address: str
    """The canonical one; "" for a case alone, whoever its customer is."""
    spellings: tuple[str, ...] = ()
    """Every way in which it stands in the database."""
    names: tuple[str, ...] = ()
    """What the person is called in them."""
    cases: tuple[int, ...] = ()
    """Theirs."""
    shared: tuple[int, ...] = ()
    """Others' cases in which they wrote, or may write."""

    only_theirs: tuple[str, ...] = ()
    """Words of these names that stand in nobody else's mails."""

    @property
    def needles(self) -> tuple[str, ...]:
        """What names this person and hardly anybody else: addresses, names of two words, rare words."""
        whole = (name for name in self.names if len(name.split()) > 1 and len(name) >= LONG_ENOUGH)
        return tuple(dict.fromkeys((*self.spellings, *whole, *self.only_theirs)))


def is_of(column: Any, address: str) -> Any:
    """A condition: a column of addresses in lower case has this canonical one, with any +tag."""
    local, at, domain = address.rpartition("@")
    tagged = f"{_literally(local)}+%{at}{_literally(domain)}"
    return or_(column == storable.key(address), column.like(tagged, escape="\\"))


def find(session: Session, address: str) -> Whose:
    """What there is of the person with this address."""
    wanted = canonical(storable.clean(address))
    cases = _numbers(session, select(_CASE.c.number).where(is_of(_CASE.c.customer, wanted)))
    joins = select(_PARTICIPANT.c.case_number).where(is_of(_PARTICIPANT.c.address, wanted))
    wrote = select(_MAIL.c.case_number).where(is_of(_MAIL.c.sender, wanted))
    got = select(_LETTER.c.case_number).where(*is_to(wanted))
    numbers = {number for one in (joins, wrote, got) for number in _numbers(session, one)}
    shared = tuple(sorted(numbers - {*cases} - {*_erased(session, numbers)}))
    names = _names(session, wanted)
    rare = _only_theirs(session, wanted, names)
    return Whose(wanted, _spellings(session, wanted), names, cases, shared, rare)


def of_case(session: Session, number: int) -> Whose:
    """A case by itself, and those that became part of it; whoever its customer is."""
    own = select(_CASE.c.number).where(or_(_CASE.c.number == number, _CASE.c.merged_into == number))
    return Whose("", cases=_numbers(session, own))


def is_to(address: str) -> tuple[Any, ...]:
    """Conditions: a letter to a customer with this canonical address."""
    return _LETTER.c.recipient_key == storable.key(address), _LETTER.c.kind.in_(TO_CUSTOMERS)


def unfinished(session: Session) -> list[int]:
    """Cases whose erasing was begun and came to no end."""
    begun = and_(_CASE.c.erased_at.is_not(None), _CASE.c.reply_token.not_like("erased/%"))
    return list(_numbers(session, select(_CASE.c.number).where(begun)))


def _erased(session: Session, numbers: Iterable[int]) -> tuple[int, ...]:
    """Those of these cases of which nothing is left but their frame."""
    gone = select(_CASE.c.number).where(_CASE.c.reply_token.like("erased/%"))
    return _numbers(session, gone.where(_CASE.c.number.in_(sorted(numbers))))


def _spellings(session: Session, address: str) -> tuple[str, ...]:
    columns = (
        _CASE.c.customer,
        _MAIL.c.sender,
        _PARTICIPANT.c.address,
        _OPT_OUT.c.address,
        _COMPENSATION.c.customer,
    )
    found = {address}
    for column in columns:
        found.update(session.execute(select(column).where(is_of(column, address)).distinct()).scalars())
    recipients = select(func.lower(_LETTER.c.recipient)).where(*is_to(address)).distinct()
    found.update(session.execute(recipients).scalars())
    return tuple(sorted(found))


def _names(session: Session, address: str) -> tuple[str, ...]:
    names = select(_MAIL.c.sender_name).where(is_of(_MAIL.c.sender, address)).distinct()
    called = select(_CASE.c.customer_name).where(is_of(_CASE.c.customer, address)).distinct()
    found = {name for one in (names, called) for name in session.execute(one).scalars()}
    return tuple(sorted(name for name in found if name.strip()))


def _only_theirs(session: Session, address: str, names: Iterable[str]) -> tuple[str, ...]:
    """Words of the names that nobody else has written or is called: no text means another by it."""
    said = [part for name in names for part in name.split() if "@" not in part]  # an address is no name
    words = {word.lower() for part in said for word in _WORD.findall(part) if len(word) >= LONG_ENOUGH}
    others = or_(_MAIL.c.case_number.is_(None), _MAIL.c.case_number.not_in(_theirs(address)))
    not_theirs = and_(not_(is_of(_MAIL.c.sender, address)), _MAIL.c.kind.in_(FROM_CUSTOMERS), others)
    texts = (_MAIL.c.words, _MAIL.c.subject, _MAIL.c.sender_name, _MAIL.c.sender)
    return tuple(
        word
        for word in sorted(words)
        if not session.execute(
            select(_MAIL.c.id)
            .where(not_theirs, or_(*(func.lower(text).contains(word, autoescape=True) for text in texts)))
            .limit(1)
        ).first()
    )


def _theirs(address: str) -> Any:
    return select(_CASE.c.number).where(is_of(_CASE.c.customer, address)).scalar_subquery()


def _numbers(session: Session, wanted: Any) -> tuple[int, ...]:
    found = session.execute(wanted.distinct()).scalars()
    return tuple(sorted(number for number in found if number is not None))


def _literally(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in text)
