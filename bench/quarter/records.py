"""What the worker wrote down: raw events and letters, read row by row with nothing of the product's own."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Happened:
    """An event."""

    id: int
    at: datetime
    kind: str
    case: int | None
    actor: str
    text: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, as it stands in the queue's table."""

    id: int
    kind: str
    key: str
    case: int | None
    recipient: str
    message_id: str
    state: str
    created_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Records:
    """Everything that was written down."""

    events: Sequence[Happened]
    letters: Sequence[Letter]
    of_case: Mapping[int, Sequence[Happened]]
    facts: Sequence[tuple[int, str, str]]
    signals: Sequence[Mapping[str, Any]]


def read(path: Path) -> Records:
    """All of a SQLite database."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        events = [_event(row) for row in database.execute("SELECT * FROM event ORDER BY id")]
        letters = [_letter(row) for row in database.execute("SELECT * FROM letter ORDER BY id")]
        facts = [tuple(row) for row in database.execute("SELECT case_number, name, value FROM fact")]
        signals = [_signal(row) for row in database.execute("SELECT * FROM signal ORDER BY id")]
    of_case: dict[int, list[Happened]] = defaultdict(list)
    for one in events:
        if one.case is not None:
            of_case[one.case].append(one)
    return Records(events, letters, of_case, facts, signals)


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written).replace(tzinfo=UTC) if written else None


def _at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _event(row: sqlite3.Row) -> Happened:
    data = json.loads(row["data"] or "{}")
    return Happened(
        row["id"], _at(row["at"]), row["kind"], row["case_number"], row["actor"], row["text"], data
    )


def _letter(row: sqlite3.Row) -> Letter:
    return Letter(
        id=row["id"],
        kind=row["kind"],
        key=row["key"],
        case=row["case_number"],
        recipient=row["recipient"],
        message_id=row["message_id"],
        state=row["state"],
        created_at=_at(row["created_at"]),
        sent_at=moment(row["sent_at"]),
    )


def _signal(row: sqlite3.Row) -> Mapping[str, Any]:
    read_as_json = {name: json.loads(row[name]) for name in ("fact", "terms", "cases")}
    return dict(row) | read_as_json | {"raised_at": _at(row["raised_at"])}
