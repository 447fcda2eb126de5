"""A list of cases as it is after the commands of the same mail, which it was looked up before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from cases import listing
from cases.facts import Listing
from cases.rules.rulebook import Rulebook
from cases.saying import Say
from cases.told_agents import name_of
from store.models import FOR_A_PERSON, Case

Row = tuple[str | Say, ...]


def afterwards(found: Listing, case: Case, rulebook: Rulebook, now: datetime, whose: str = "") -> Listing:
    """The list without the case where it does not wait any more, for `whose` if that is said; else with the
    case as it is now, also where it has only just become theirs."""
    waits = _waits(case, now) and whose in ("", case.assignee)
    rows = tuple(_rows(found.rows, case, rulebook, waits=waits))
    if whose and waits and not any(_is_of(row, case) for row in rows):
        rows = (listing.waiting(case, now), *rows)
    more = len(rows) - len(found.rows)
    counts: dict[str, Any] = {name: found.title.values[name] + more for name in ("count", "shown")}
    columns = found.columns or listing.WAITING_COLUMNS
    return replace(
        found, title=Say(found.title.code, {**found.title.values, **counts}), columns=columns, rows=rows
    )


def _waits(case: Case, now: datetime) -> bool:
    return case.status in FOR_A_PERSON and (case.snoozed_until is None or case.snoozed_until <= now)


def _rows(rows: tuple[Row, ...], case: Case, rulebook: Rulebook, *, waits: bool) -> Iterator[Row]:
    cells = {
        "cell-severity": Say("cell-severity", {"severity": case.severity.value}),
        "cell-agent": Say("cell-agent", {"agent": name_of(case.assignee, rulebook)}),
    }
    for row in rows:
        if not _is_of(row, case):
            yield row
        elif waits:
            yield tuple(cells.get(cell.code, cell) if isinstance(cell, Say) else cell for cell in row)


def _is_of(row: Row, case: Case) -> bool:
    return row[0] == Say("cell-number", {"number": case.number})
