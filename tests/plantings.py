"""A row in every table, with a secret in every column that may hold words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any, cast, get_origin

from sqlalchemy import Boolean, CursorResult, DateTime, Enum, Float, Integer, LargeBinary, insert
from sqlmodel import Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from store.database import Database
from store.fates import FATES, Kept, can_tell
from store.models import EventKind, LetterKind, LetterState
from store.packing import packed
from store.writing import TABLES

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECRET, ADDRESS = "zanzibarquux", "ann.lee@example.com"
WORDS = f"Ann {SECRET} {ADDRESS} is here"
NUMBER, OTHER = 1001, 1002
_serial = count(1)


def planted(database: Database) -> None:
    """A case of Ann's, and a row of hers in every table, whatever it is for."""
    with database.write() as session:
        for number, customer in ((NUMBER, ADDRESS), (OTHER, "bob@example.com")):
            row(session, "case", number=number, customer=customer, customer_name="", reply_token=f"t{number}")
        row(session, "case", plant=True, number=1003, customer=ADDRESS, customer_name=f"Ann {SECRET}")
        mail = row(session, "mail", plant=True, sender=ADDRESS, raw_id=_raw(session), case_number=NUMBER)
        for state in LetterState:
            row(session, "letter", plant=True, **_to_her(session), state=state)
        row(session, "mail", plant=True, sender=ADDRESS, raw_id=_raw(session), case_number=None)
        row(session, "event", plant=True, case_number=None, actor=ADDRESS)
        row(session, "event", plant=True, case_number=OTHER, kind=EventKind.NOTED)
        row(session, "correction", plant=True, key="given/1", case_number=None, mail_id=None)
        row(session, "opt_out", plant=True, address=ADDRESS)
        row(session, "signal", plant=True, cases=[NUMBER, OTHER])
        issue = row(session, "known_issue", plant=True)
        done = {"known_issue", "case", "mail", "letter", "opt_out", "signal", "raw", "tombstone"}
        for name, columns in FATES.items():
            if name not in done and any(not isinstance(fate, Kept) for fate in columns.values()):
                row(session, name, plant=True, case_number=NUMBER, mail_id=mail, issue_id=issue)


def _to_her(session: Session) -> dict[str, Any]:
    to_her = {"kind": LetterKind.ANSWER, "case_number": NUMBER, "recipient_key": ADDRESS}
    return {**to_her, "raw_id": _raw(session), "encloses_raw_id": None, "copy_at": None}


def _raw(session: Session) -> int:
    return int(_inserted(session, TABLES["raw"], {"data": packed(WORDS.encode())}))


def row(session: Session, name: str, *, plant: bool = False, **values: Any) -> Any:
    """A row with these values where the table has such columns, and something in every other one."""
    table, model = TABLES[name], _model(name)
    values_of_it = {
        column.name: _planted(column, model) if plant and _may_tell(name, column) else _some(column)
        for column in table.columns
        if column is not table.autoincrement_column and not column.foreign_keys
    }
    values_of_it |= {name: value for name, value in values.items() if name in table.c}
    if name == "known_issue":
        values_of_it["id"] = next(_serial)
    return _inserted(session, table, values_of_it)


def _inserted(session: Session, table: Any, values: dict[str, Any]) -> Any:
    made = cast(CursorResult[Any], session.execute(insert(table).values(values)))
    key = made.inserted_primary_key
    assert key is not None
    return key[0]


def _may_tell(table: str, column: Any) -> bool:
    # A fingerprint is a hash: it outlives its mail as a tombstone, and no word can be read of it.
    is_hash = column.name == "fingerprint"
    return can_tell(column) and not is_hash and not isinstance(FATES[table][column.name], Kept)


def _planted(column: Any, model: type[SQLModel]) -> Any:
    if isinstance(column.type, LargeBinary):
        return packed(WORDS.encode())
    kind = model.model_fields[column.name].annotation
    if column.name == "given":
        return [["note", WORDS]]
    if column.name == "why":
        return [{"rule": "a", "words": [WORDS], "says": "category late", "weight": 1}]
    if get_origin(kind) is dict:
        return {"en": WORDS}
    return [WORDS] if get_origin(kind) is list else f"{WORDS} {next(_serial)}"


def _some(column: Any) -> Any:
    if column.nullable or (column.default is not None and column.default.is_scalar):
        return column.default.arg if column.default is not None else None
    kinds: dict[type, Callable[[], Any]] = {
        Enum: lambda: column.type.enums and column.type.enum_class(column.type.enums[0]),
        Boolean: lambda: False,
        Integer: lambda: next(_serial),
        Float: lambda: 0.0,
        UTCDateTime: lambda: NOW,
        DateTime: lambda: NOW,
        LargeBinary: lambda: packed(b"nothing"),
    }
    for kind, made in kinds.items():
        if isinstance(column.type, kind):
            return made()
    return [] if column.type.__class__.__name__ == "JSON" else f"something {next(_serial)}"


def _model(name: str) -> type[SQLModel]:
    return next(
        one.class_ for one in SQLModel._sa_registry.mappers if cast(Any, one.local_table).name == name
    )
