"""Cases as signals count them: what changed since the last look, and what came within a time, by indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, case, cast, false, func, or_, select, update
from sqlmodel import Session

from store.models import CaseKind, EventKind, MailKind
from store.statements import Statement, upsert
from store.writing import TABLES

LOOKED, SWEPT = "signals looked", "signals swept"
"""Counters: up to which event it was looked, and the minute in which everything was looked at."""
MOST_AT_ONCE = 20_000
"""Events of one look; of more only the newest cases are looked at, as at the start."""
_MATTERS = (
    EventKind.OPENED,
    EventKind.CUSTOMER_WROTE,
    EventKind.CORRECTED,
    EventKind.CHANGED,
    EventKind.FACT,
    EventKind.NO_FACT,
    EventKind.SPLIT,
    EventKind.TOOK_IN,
    EventKind.REOPENED,
)
"""What can make a cause grow."""
_CASE, _EVENT, _FACT = TABLES["case"], TABLES["event"], TABLES["fact"]
_MAIL, _COUNTER = TABLES["mail"], TABLES["counter"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A case as it is counted."""

    number: int
    at: datetime
    category: str
    kind: CaseKind
    customer: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What the customer of a case wrote first."""

    number: int
    at: datetime
    customer: str
    category: str
    subject: str
    words: str


# -- since the last look

_NEWEST = Statement(select(func.max(_EVENT.c.id)).where(_EVENT.c.id >= bindparam("after")))
_COUNT = Statement(select(_COUNTER.c.value).where(_COUNTER.c.name == bindparam("name")))
_BEGIN = Statement(
    lambda dialect: (
        upsert(_COUNTER, dialect)
        .values(name=bindparam("name"), value=bindparam("value"))
        .on_conflict_do_nothing()
    )
)
_ADVANCE = Statement(
    update(_COUNTER)
    .where(_COUNTER.c.name == bindparam("called"), _COUNTER.c.value == bindparam("before"))
    .values(value=bindparam("to"))
)
_TOUCHED = Statement(
    select(_EVENT.c.case_number)
    .where(
        _EVENT.c.id > bindparam("after"),
        _EVENT.c.id <= bindparam("to"),
        or_(*(_EVENT.c.kind == kind for kind in _MATTERS)),
        _EVENT.c.case_number.is_not(None),
    )
    .distinct()
)


def newest_event(session: Session, after: int = 0) -> int:
    """The id of the newest event, looked for from one on; that one's where there is none."""
    return int(_NEWEST.scalar(session, after=after) or after)


def counter(session: Session, name: str) -> int | None:
    """How far a counter is; None while there is none."""
    found = _COUNT.scalar(session, name=name)
    return None if found is None else int(found)


def advance(session: Session, name: str, before: int | None, to: int) -> bool:
    """Put a counter forward, or make it; False where another worker has done so since."""
    if before is None:
        return bool(_BEGIN.run(session, name=name, value=to))
    return bool(_ADVANCE.run(session, called=name, before=before, to=to))


def touched(session: Session, after: int, to: int) -> list[int]:
    """The cases that may count for something since an event, the oldest first."""
    return sorted(_TOUCHED.scalars(session, after=after, to=to))


# -- cases

_COUNTED = (_CASE.c.number, _CASE.c.opened_at, _CASE.c.category, _CASE.c.kind, _CASE.c.customer)
_REAL = and_(_CASE.c.spam == false(), _CASE.c.merged_into.is_(None))
_SINCE = _CASE.c.opened_at >= bindparam("since")
_OF_CATEGORY = _CASE.c.category == bindparam("category")
_COMPLAINS = _CASE.c.kind == CaseKind.COMPLAINT
_NEWEST_FIRST = (_CASE.c.opened_at.desc(), _CASE.c.number.desc())
_HAS = (_FACT.c.name == bindparam("name"), _FACT.c.value == bindparam("value"), _FACT.c.removed == false())
_WITH_FACT = _CASE.join(_FACT, _FACT.c.case_number == _CASE.c.number)


def _window(*where: Any) -> Statement:
    newest = select(*_COUNTED).where(_REAL, _SINCE, *where).order_by(*_NEWEST_FIRST)
    return Statement(newest.limit(bindparam("most")))


_ONE = Statement(select(*_COUNTED).where(_REAL, _CASE.c.number == bindparam("number")))
_COMPLAINTS_SINCE = _window(_COMPLAINS)
_CATEGORY_SINCE = _window(_OF_CATEGORY)
_EVERYTHING_SINCE = _window()
_FACTS = Statement(
    select(_FACT.c.name, _FACT.c.value)
    .where(_FACT.c.case_number == bindparam("number"), _FACT.c.removed == false())
    .order_by(_FACT.c.id)
)
_FIRST_NUMBER = Statement(
    select(_CASE.c.number)
    .where(_SINCE, _CASE.c.number > 0)
    .order_by(_CASE.c.opened_at, _CASE.c.number)
    .limit(1)
)
_FACT_SINCE = Statement(
    select(*_COUNTED)
    .select_from(_WITH_FACT)
    .where(_REAL, *_HAS, _FACT.c.case_number >= bindparam("first"), _CASE.c.opened_at >= bindparam("since"))
)


def seen(session: Session, numbers: Iterable[int]) -> list[Counted]:
    """These cases with their facts, without spam and what was merged."""
    found = (row for number in numbers for row in _ONE.rows(session, number=number))
    return [_counted(session, row) for row in found]


def lately(session: Session, since: datetime, most: int) -> list[Counted]:
    """The newest cases of any cause since then, with their facts."""
    return [_counted(session, row) for row in _EVERYTHING_SINCE.rows(session, since=since, most=most)]


def window(
    session: Session, since: datetime, categories: Sequence[str], most: int, *, facts: bool
) -> list[Counted]:
    """The cases of these categories, or without any all complaints, opened since then; the newest of each."""
    if categories:
        given = [{"category": one, "since": since, "most": most} for one in categories]
        rows = _CATEGORY_SINCE.rows_of_each(session, given)
    else:
        rows = _COMPLAINTS_SINCE.rows(session, since=since, most=most)
    return [_counted(session, row) if facts else _plain(row) for row in rows]


def with_fact(session: Session, since: datetime, name: str, value: str) -> list[Counted]:
    """The cases since then that have a fact; that they do stands for their facts."""
    first = _FIRST_NUMBER.scalar(session, since=since)
    if first is None:
        return []
    rows = _FACT_SINCE.rows(session, first=_lowest(first), since=since, name=name, value=value)
    return [_plain(row, ((name, value),)) for row in rows]


def _lowest(first: int) -> int:
    """Numbers are given in the order of opening, but for those of workers that open at the same moment."""
    return first - 1000


def _counted(session: Session, row: Sequence[Any]) -> Counted:
    facts = _FACTS.rows(session, number=row[0])
    return _plain(row, tuple((name, value) for name, value in facts))


def _plain(row: Sequence[Any], facts: tuple[tuple[str, str], ...] = ()) -> Counted:
    number, at, category, kind, customer = row
    return Counted(number, at, category, kind, customer, facts)


# -- by days

_PERSON = case((_CASE.c.customer != "", _CASE.c.customer), else_=cast(_CASE.c.number, String))
_PEOPLE = select(func.count(_PERSON.distinct())).where(
    _REAL, _COMPLAINS, _SINCE, _CASE.c.opened_at < bindparam("until")
)
_PEOPLE_IN_ALL = Statement(_PEOPLE)
_PEOPLE_OF_CATEGORY = Statement(_PEOPLE.where(_OF_CATEGORY))


def people(session: Session, days: Iterable[tuple[datetime, datetime]], category: str = "") -> list[int]:
    """How many customers complained in each of these stretches of time: of one category, or of anything."""
    statement = _PEOPLE_OF_CATEGORY if category else _PEOPLE_IN_ALL
    more = {"category": category} if category else {}
    return [int(statement.scalar(session, since=since, until=until, **more)) for since, until in days]


_BY_CATEGORY = Statement(
    select(_CASE.c.category, func.count(_PERSON.distinct()))
    .where(_REAL, _COMPLAINS, _SINCE, _CASE.c.opened_at <= bindparam("until"))
    .group_by(_CASE.c.category)
)


def by_category(session: Session, since: datetime, until: datetime) -> dict[str, int]:
    """How many customers complained between two moments, by category."""
    return {str(name): int(count) for name, count in _BY_CATEGORY.rows(session, since=since, until=until)}


# -- what was written

_FIRST_WORDS = (
    select(_MAIL.c.words)
    .where(_MAIL.c.case_number == _CASE.c.number, _MAIL.c.kind == MailKind.CUSTOMER)
    .order_by(_MAIL.c.id)
    .limit(1)
    .scalar_subquery()
)
_WORDS = (
    _CASE.c.number,
    _CASE.c.opened_at,
    _CASE.c.customer,
    _CASE.c.category,
    _CASE.c.subject,
    case((_CASE.c.told != "", _CASE.c.told), else_=func.coalesce(_FIRST_WORDS, "")),
)
_BETWEEN = Statement(
    select(_CASE.c.number)
    .where(_REAL, _OF_CATEGORY, _SINCE, _CASE.c.opened_at < bindparam("until"))
    .where(_CASE.c.erased_at.is_(None))  # whoever remembers their words forgets them so
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("most"))
)
_TEXT = Statement(select(*_WORDS).where(_CASE.c.number == bindparam("number")))


def numbers_between(
    session: Session, categories: Iterable[str], since: datetime, until: datetime, most: int
) -> list[int]:
    """The newest cases of each of these categories that were opened since one moment and before another."""
    given = ({"category": one, "since": since, "until": until, "most": most} for one in categories)
    return [number for (number,) in _BETWEEN.rows_of_each(session, given)]


def words_of(session: Session, numbers: Iterable[int]) -> list[Words]:
    """What the customers of these cases wrote."""
    return [Words(*row) for number in numbers for row in _TEXT.rows(session, number=number)]
