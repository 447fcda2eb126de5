"""How much is kept of a person: what a preview of erasing shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session

from store.erasing import ERASED
from store.models import (
    FROM_CUSTOMERS,
    CommitmentState,
    CompensationState,
    LetterState,
    PromiseState,
    Status,
)
from store.naming_them import Naming, named_in
from store.whose import Whose, is_of, is_to
from store.writing import TABLES

_CASE, _MAIL, _LETTER = TABLES["case"], TABLES["mail"], TABLES["letter"]
_OPT_OUT = TABLES["opt_out"]
_BESIDE = {
    "drafts": "draft",
    "facts": "fact",
    "promises": "promise",
    "compensations": "compensation",
    "commitments": "commitment",
    "requests": "request",
    "lines of the log": "event",
}
_OWED = {
    "promise": PromiseState.OPEN,
    "compensation": CompensationState.OFFERED,
    "commitment": CommitmentState.OPEN,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How much there is."""

    rows: Mapping[str, int]
    """By what it is."""
    unsent: int = 0
    still_open: Sequence[int] = ()
    owed: Sequence[int] = ()
    """Cases on which something was promised or offered and is not done."""
    also_wrote: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """Who else wrote in cases of theirs."""
    opted_out: bool = False
    named: int = 0
    named_by_others: int = 0
    anything: bool = True


def counted(session: Session, of: Whose) -> Counted:
    """Count it."""
    left = select(_CASE.c.number).where(
        _CASE.c.number.in_(of.cases), _CASE.c.reply_token.not_like(f"{ERASED}%")
    )
    cases = list(session.execute(left).scalars())
    mails, letters = _mails(of), _letters(of)
    rows = {"mails": _count(session, "mail", mails), "letters": _count(session, "letter", letters)}
    for name, table in _BESIDE.items():
        rows[name] = _count(session, table, TABLES[table].c.case_number.in_(cases))
    naming = Naming(of.needles)
    opted_out = bool(of.address) and _count(session, "opt_out", is_of(_OPT_OUT.c.address, of.address)) > 0
    named = sum(len(keys) for _, keys in named_in(session, naming, of.cases)) if naming.needles else 0
    anything = bool(cases or of.shared or opted_out or named or rows["mails"] or rows["letters"])
    return Counted(
        rows={name: many for name, many in rows.items() if many},
        unsent=_count(session, "letter", and_(letters, _LETTER.c.state != LetterState.SENT)),
        still_open=_open(session, cases),
        owed=sorted({number for one in _OWED for number in _owed(session, one, cases)}),
        also_wrote=_also_wrote(session, of, cases),
        opted_out=opted_out,
        named=named,
        named_by_others=_named_by_others(session, of, naming),
        anything=anything,
    )


def _mails(of: Whose) -> Any:
    theirs = is_of(_MAIL.c.sender, of.address) if of.address else _MAIL.c.id.is_(None)
    return and_(or_(_MAIL.c.case_number.in_(of.cases), theirs), _MAIL.c.fingerprint.not_like(f"{ERASED}%"))


def _letters(of: Whose) -> Any:
    theirs = and_(*is_to(of.address)) if of.address else _LETTER.c.id.is_(None)
    return and_(or_(_LETTER.c.case_number.in_(of.cases), theirs), _LETTER.c.message_id.not_like(f"{ERASED}%"))


def _open(session: Session, cases: Sequence[int]) -> list[int]:
    still = (_CASE.c.number.in_(cases), _CASE.c.status != Status.CLOSED)
    return sorted(session.execute(select(_CASE.c.number).where(*still)).scalars())


def _owed(session: Session, table: str, cases: Sequence[int]) -> list[int]:
    columns = TABLES[table].c
    waits = (columns.case_number.in_(cases), columns.state == _OWED[table])
    return list(session.execute(select(columns.case_number).where(*waits)).scalars())


def _also_wrote(session: Session, of: Whose, cases: Sequence[int]) -> dict[int, list[str]]:
    wrote = select(_MAIL.c.case_number, _MAIL.c.sender).distinct().order_by(_MAIL.c.case_number)
    theirs = wrote.where(_MAIL.c.case_number.in_(cases), _MAIL.c.kind.in_(FROM_CUSTOMERS))
    others = theirs.where(_MAIL.c.sender.not_in(("", *of.spellings)))
    found: dict[int, list[str]] = {}
    for number, sender in session.execute(others) if of.address else ():
        found.setdefault(number, []).append(sender)
    return found


def _named_by_others(session: Session, of: Whose, naming: Naming) -> int:
    if not naming.needles:
        return 0
    said = or_(naming.in_column(_MAIL.c.words), naming.in_column(_MAIL.c.subject))
    others = and_(_MAIL.c.sender.not_in(of.spellings), ~_in(_MAIL.c.case_number, of.cases))
    return _count(session, "mail", and_(said, others, ~_in(_MAIL.c.case_number, of.shared)))


def _in(column: Any, numbers: Sequence[int]) -> Any:
    return func.coalesce(column, 0).in_(numbers)


def _count(session: Session, table: str, *conditions: Any) -> int:
    return int(
        session.execute(select(func.count()).select_from(TABLES[table]).where(*conditions)).scalar() or 0
    )
