"""What the agents' desk writes beside a case's own rows: promises, money, requests, absences, facts;
letters taken back before they leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

from sqlalchemy import bindparam, delete, false, select, update
from sqlmodel import Session

from store import corrections, storable
from store.models import LetterState
from store.statements import Insert, Statement
from store.trouble import Conflict
from store.values import DeskTable, NewRow, RowChange
from store.writing import TABLES

_CORRECTION = "correction"
_WRITTEN_HERE = [name for name in get_args(DeskTable) if name != _CORRECTION]
_LETTER, _RAW, _TOKEN = TABLES["letter"], TABLES["raw"], TABLES["token"]
# What is there already is no second one.
_NEW = {name: Insert(TABLES[name], ignore=name in ("fact", "concerned", "timer")) for name in _WRITTEN_HERE}
_RAW_OF = Statement(select(_LETTER.c.raw_id).where(_LETTER.c.key == bindparam("key")))
_UNSENT = Statement(
    delete(_LETTER).where(
        _LETTER.c.key == bindparam("key"),
        _LETTER.c.state == LetterState.QUEUED,
        _LETTER.c.in_doubt == false(),
    )
)
_NEWEST_COUNTS = {
    name: (key, Statement(delete(TABLES[name]).where(TABLES[name].c[key] == bindparam(key))))
    for name, key in (("absence", "agent"), ("opt_out", "address"))
}
"""Tables in which a person's newest word takes the place of the one before, and who says it."""
# The row stays: to delete it, a database looks through every mail and letter for one that points to it.
_FORGET = Statement(update(_RAW).where(_RAW.c.id == bindparam("raw")).values(data=b""))


def withdraw(session: Session, keys: Sequence[str]) -> None:
    """Take letters back before they leave: as if they had never been made, so their keys are free again.

    Raises Conflict when one of them is being sent, has left, or may have arrived.
    """
    for key in keys:
        raw_id = _RAW_OF.scalar(session, key=key)
        if not _UNSENT.run(session, key=key):
            raise Conflict(f"the letter {key} is on its way already")
        _FORGET.run(session, raw=raw_id)


def write(session: Session, rows: Sequence[NewRow], changes: Sequence[RowChange]) -> None:
    """Write new rows, and change others where they are as they were found. Raises Conflict elsewhere."""
    for row in rows:
        if row.table == _CORRECTION:
            corrections.correct(session, [row.values])
            continue
        values = storable.row(row.values)
        if row.table in _NEWEST_COUNTS:
            whose, forget = _NEWEST_COUNTS[row.table]
            forget.run(session, **{whose: values[whose]})
        _NEW[row.table].add(session, values)
    for change in changes:
        given = {f"to_{name}": value for name, value in storable.row(change.values).items()}
        where = {f"is_{name}": value for name, value in _where(change).items()}
        statement = _changing(change.table, tuple(sorted(change.values)), tuple(sorted(_where(change))))
        if not statement.run(session, **given, **where):
            raise Conflict(f"the {change.table} is no longer as it was")


def _where(change: RowChange) -> Mapping[str, Any]:
    return {**change.key, **change.expected}


@cache
def _changing(table: str, names: tuple[str, ...], where: tuple[str, ...]) -> Statement:
    columns = TABLES[table].c
    return Statement(
        update(TABLES[table])
        .where(*(columns[name] == bindparam(f"is_{name}") for name in where))
        .values({name: bindparam(f"to_{name}") for name in names})
    )
