"""Every figure for programs: a CSV file a table, or all of them as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from reports.figures import Figures
from reports.tables import Table

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: Table) -> str:
    """The table with a line of names on top. What a spreadsheet would take for a formula is text (')."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(table.keys)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return lines.getvalue()


def as_json(figures: Figures, tables: Mapping[str, Table]) -> str:
    """What the report is about, and each table as a list of rows."""
    days, before = figures.days, figures.before
    told = {
        "made_at": figures.made_at.isoformat(),
        "time_zone": days.zone.key,
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "before_from": before.first.isoformat(),
        "before_to": before.last.isoformat(),
        "parts": figures.bins.unit.value,
        "by_agent": figures.agents is not None,
        "tables": {
            name: [dict(zip(table.keys, map(_plain, row), strict=True)) for row in table.rows]
            for name, table in tables.items()
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        value = "; ".join(f"{name}={each}" for name, each in value.items())
    elif isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULAS) else value
    return "" if value is None else _plain(value)
