"""What people said that mails are about, with the words of those mails: what is learned from.

The words of a corrected case are those of the mail that opened it: they are stored once, and whoever erases
the mail erases them here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, exists, func, not_, select
from sqlmodel import Session

from store import storable
from store.models import DraftState, EventKind
from store.statements import Statement, upsert
from store.values import of_case
from store.writing import TABLES

_CASE, _CORRECTION = TABLES["case"], TABLES["correction"]
_DRAFT, _EVENT, _MAIL = TABLES["draft"], TABLES["event"], TABLES["mail"]


@dataclass(frozen=True, slots=True)
class Said:
    """A mail, and what somebody said that it is about; "" where nobody has."""

    key: str
    subject: str
    text: str
    language: str
    sender: str
    category: str
    kind: str
    case_number: int | None = None
    actor: str = ""


def _said(dialect: str) -> Any:
    new = upsert(_CORRECTION, dialect).values({one.name: bindparam(one.name) for one in _CORRECTION.columns})
    rest = [one.name for one in _CORRECTION.columns if one.name != "key"]
    return new.on_conflict_do_update(
        index_elements=[_CORRECTION.c.key], set_={name: new.excluded[name] for name in rest}
    )


_SAY = Statement(_said)
_BLANK = {one.name: None if one.nullable else "" for one in _CORRECTION.columns}


def correct(session: Session, corrections: Iterable[Mapping[str, Any]]) -> None:
    """Write corrections down; of those with the same key the last word counts."""
    _SAY.each(session, [{**_BLANK, **storable.row(one)} for one in corrections])


def given(name: object) -> str:
    """The key of a correction that was given from outside, by its id."""
    return storable.key(f"given/{name}")


_WORDS = (
    _MAIL.c.subject,
    case((_CASE.c.told != "", _CASE.c.told), else_=func.coalesce(_MAIL.c.words, "")),
    _MAIL.c.language,
    _MAIL.c.sender,
    _CASE.c.category,
    _CASE.c.kind,
    _CASE.c.number,
    _CASE.c.subject,
    _CASE.c.language,
)
_OPENED = and_(_EVENT.c.case_number == _CASE.c.number, _EVENT.c.kind == EventKind.OPENED)
_SAYS_SOMETHING = _CASE.c.erased_at.is_(None)
_CASES = _CASE.join(_EVENT, _OPENED).join(
    _MAIL, _MAIL.c.id == _EVENT.c.mail_id, isouter=True
)  # one told by telephone has no mail
_NEWEST_FIRST = _CASE.c.number.desc()
_IS_CORRECTED = exists().where(_CORRECTION.c.case_number == _CASE.c.number)
_IS_APPROVED = exists().where(_DRAFT.c.case_number == _CASE.c.number, _DRAFT.c.state == DraftState.APPROVED)


def _of_cases(*where: Any) -> Select[Any]:
    newest = select(*_WORDS).select_from(_CASES).where(_SAYS_SOMETHING, *where).order_by(_NEWEST_FIRST)
    return newest.limit(bindparam("most"))


_GIVEN = Statement(
    select(
        _CORRECTION.c.key,
        _CORRECTION.c.subject,
        _CORRECTION.c.text,
        _CORRECTION.c.language,
        _CORRECTION.c.category,
        _CORRECTION.c.kind,
        _CORRECTION.c.actor,
    )
    .where(_CORRECTION.c.case_number.is_(None))
    .order_by(_CORRECTION.c.at, _CORRECTION.c.key)
)
_CORRECTED = Statement(
    select(*_WORDS, _CORRECTION.c.category, _CORRECTION.c.kind, _CORRECTION.c.actor)
    .select_from(_CASES.join(_CORRECTION, _CORRECTION.c.case_number == _CASE.c.number))
    .order_by(_NEWEST_FIRST)
)
_APPROVED = Statement(_of_cases(_IS_APPROVED, not_(_IS_CORRECTED), _CASE.c.spam.is_(False)))
_OTHERS = Statement(_of_cases(not_(_IS_APPROVED), not_(_IS_CORRECTED)))


def corrections(session: Session) -> list[Said]:
    """What people said, with the words that they said it of. A case's are those that it began with."""
    outside = [
        Said(key, subject, text, language, "", category, kind, actor=actor)
        for key, subject, text, language, category, kind, actor in _GIVEN.rows(session)
    ]
    of_cases = (
        (_of_row(row[:-3]), category, kind, actor)
        for row in _CORRECTED.rows(session)
        for category, kind, actor in [row[-3:]]
    )
    return outside + [
        Said(one.key, one.subject, one.text, one.language, one.sender, category, kind, one.case_number, actor)
        for one, category, kind, actor in of_cases
    ]


def approvals(session: Session, most: int) -> list[Said]:
    """The newest cases whose answer a person approved without another word on what they are about."""
    return [_of_row(row) for row in _APPROVED.rows(session, most=most)]


def others(session: Session, most: int) -> list[Said]:
    """The newest of all other cases: nobody has said what they are about."""
    found = [_of_row(row) for row in _OTHERS.rows(session, most=most)]
    return [
        Said(one.key, one.subject, one.text, one.language, one.sender, "", "", one.case_number)
        for one in found
    ]


def _of_row(row: Sequence[Any]) -> Said:
    subject, words, language, sender, category, kind, number, case_subject, case_language = row
    return Said(
        of_case(number),
        case_subject if subject is None else subject,
        words,
        language or case_language,
        sender or "",
        category,
        str(kind),
        number,
    )
