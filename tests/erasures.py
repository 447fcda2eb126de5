"""Whether a word stands anywhere: in every table, and in every file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session

from store.fates import can_tell
from store.packing import unpacked
from store.writing import TABLES


def tables_with(session: Session, *words: str) -> dict[str, list[str]]:
    """The tables and columns that hold one of the words, whole mails too, with what they hold."""
    found: dict[str, list[str]] = {}
    for name, table in TABLES.items():
        for column in table.columns:
            if not can_tell(column):
                continue
            for value in session.execute(select(column)).scalars():
                text = _text(name, value)
                if any(word.lower() in text for word in words):
                    found.setdefault(f"{name}.{column.name}", []).append(text[:300])
    return found


def _text(name: str, value: object) -> str:
    if isinstance(value, bytes):
        value = unpacked(value) if name in ("raw", "learned_model") else value
        return value.decode("utf-8", "replace").lower() if isinstance(value, bytes) else str(value)
    return str(value).lower()


def files_with(folder: Path, *parts: bytes) -> list[Path]:
    """The files below a folder that hold one of these bytes."""
    return [path for path in _files(folder) if any(part in path.read_bytes() for part in parts)]


def _files(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
