"""Facts of cases: written with the mail that holds them, each value once; read for agents, and by number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, false, select
from sqlmodel import Session

from store import storable
from store.statements import Insert, Statement, upsert
from store.values import Fact
from store.writing import TABLES

_FACT = TABLES["fact"]
_COPIED = ("name", "value", "as_written", "found_in", "said_by", "mail_id", "removed")
_NEW = Insert(_FACT, ignore=True)
_COPY_ALL = Statement(
    lambda dialect: (
        upsert(_FACT, dialect)
        .from_select(
            ["case_number", *_COPIED],
            select(
                bindparam("into", type_=_FACT.c.case_number.type), *(_FACT.c[name] for name in _COPIED)
            ).where(_FACT.c.case_number == bindparam("number")),
        )
        .on_conflict_do_nothing()
    )
)
_OF_A_CASE = Statement(
    select(_FACT.c.name, _FACT.c.value, _FACT.c.as_written, _FACT.c.found_in, _FACT.c.removed)
    .where(_FACT.c.case_number == bindparam("number"))
    .order_by(_FACT.c.id)
)
AT_ONCE = 500
"""Cases of one query."""


@dataclass(frozen=True, slots=True)
class Known:
    """The facts of a case, the oldest first."""

    facts: tuple[Fact, ...] = ()
    removed: tuple[Fact, ...] = ()
    """What an agent said is none of the case's."""


def add(session: Session, number: int, found: Sequence[Fact], mail_id: int | None) -> None:
    """Write what a mail of the case holds; what is known already stays as it is."""
    rows = [_row(number, fact, mail_id) for fact in found]
    # In one order whatever the mail: two workers that wait for each other's rows would wait for ever.
    _NEW.add(session, *sorted(rows, key=lambda row: (row["name"], row["value"])))


def _row(number: int, fact: Fact, mail_id: int | None) -> dict[str, Any]:
    values = {"name": fact.name, "value": fact.value, "as_written": fact.as_written, "found_in": fact.where}
    return {**storable.row(values), "case_number": number, "mail_id": mail_id}


def copy_all(session: Session, number: int | None, into: int) -> None:
    """What is known of a case is known of the one that takes it in, too."""
    _COPY_ALL.run(session, number=number, into=into)


def of_case(session: Session, number: int) -> Known:
    """What is known of a case."""
    found = [(Fact(*row), removed) for *row, removed in _OF_A_CASE.rows(session, number=number)]
    return Known(
        tuple(fact for fact, removed in found if not removed),
        tuple(fact for fact, removed in found if removed),
    )


def of_cases(session: Session, numbers: Collection[int]) -> dict[int, dict[str, list[str]]]:
    """The values of each of these cases, by name."""
    known: dict[int, dict[str, list[str]]] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), AT_ONCE):
        part = _FACT.c.case_number.in_(ordered[start : start + AT_ONCE])
        wanted = select(_FACT.c.case_number, _FACT.c.name, _FACT.c.value).where(part)
        for number, name, value in session.execute(
            wanted.where(_FACT.c.removed == false()).order_by(_FACT.c.id)
        ):
            known.setdefault(number, {}).setdefault(name, []).append(value)
    return known
