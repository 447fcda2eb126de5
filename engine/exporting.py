"""Everything that is kept about a customer, in a ZIP or a folder: readable JSON, and mails as they came."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlmodel import Session

from engine.erasing_preview import NotThem
from store import exported, queries
from store.database import Database
from store.packing import Damaged
from store.whole_files import whole_file
from store.whose import Whose

README = """What is kept about {who}, as of {at}.

customer.json  everything that is known: cases with their mails and letters as they were read, drafts, facts,
               promises, compensations, the log, check-ins, and whether the customer wants to be asked
mails/         every mail that came, as it came (.eml: any mail program opens it)
letters/       every letter that was sent to the customer

{note}In "cases_of_others" stands only what the customer wrote there, or was written.
Before you hand it over: there are notes of agents in it, and perhaps mails of other people about the same
matter, whose privacy is to be kept too.
"""
_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
Write = Callable[[str, bytes], None]


def write_export(database: Database, of: Whose, to: Path, now: datetime) -> str | None:
    """Write it all; how much it is, or None where nothing is kept."""
    with database.read() as session:
        told: dict[str, Any] = {
            "made_at": now,
            "address": of.address,
            "also_written": [one for one in of.spellings if one != of.address],
            "called": of.names,
            "cases": list(exported.cases(session, of)),
            "cases_of_others": list(exported.cases_in_part(session, of)),
            "of_no_case": exported.of_no_case(session, of),
        }
        if not any((told["cases"], told["cases_of_others"], *told["of_no_case"].values())):
            return None
        with _opened(to) as write:
            gone = _mails(session, told, write)
            _last(write, of, told, now, gone)
    mails, letters = (sum(len(one[name]) for one in _parts(told)) for name in ("mail", "letter"))
    return f"{len(told['cases'])} cases, {mails} mails, {letters} letters"


def _last(write: Write, of: Whose, told: Mapping[str, Any], now: datetime, gone: int) -> None:
    write("customer.json", json.dumps(told, ensure_ascii=False, indent=1, default=_plain).encode())
    note = f"{gone} whole mails are no longer kept, only what was read of them.\n" if gone else ""
    who = of.address or f"the customer of case {of.cases[0]}"
    write("README.txt", README.format(who=who, at=f"{now:%Y-%m-%d %H:%M} UTC", note=note).encode())


def _parts(told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (*told["cases"], *told["cases_of_others"], told["of_no_case"])


def _mails(session: Session, told: Mapping[str, Any], write: Write) -> int:
    """Write every whole mail, and its file's name into its row; how many are no longer kept."""
    gone = 0
    for part in _parts(told):
        for name, folder in (("mail", "mails"), ("letter", "letters")):
            for row in part[name]:
                raw = _raw(session, row.pop("stored"))
                row["file"] = f"{folder}/{_name(row)}.eml" if raw else None
                gone += not raw
                if raw:
                    write(row["file"], raw)
    return gone


def _name(row: Mapping[str, Any]) -> str:
    """Made of numbers and codes of ours alone: what a mail says never becomes a path."""
    number = row["case_number"]
    kind = "".join(sign for sign in str(row["kind"].value).replace("_", "-") if sign in _SIGNS)
    return f"{number if number is not None else 'none'}-{row['id']}-{kind}"


def _raw(session: Session, raw_id: int) -> bytes:
    try:
        return queries.raw(session, raw_id)
    except Damaged:
        return b""


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple | set | frozenset) else str(value)


@contextmanager
def _opened(to: Path) -> Iterator[Write]:
    """Writes files by name into a new ZIP or folder, readable by its owner alone. Raises NotThem."""
    if to.exists():
        raise NotThem(f"{to} is there already; name another file or folder with --out")
    if not to.parent.is_dir():
        raise NotThem(f"there is no folder {to.parent}; make it, or name another place with --out")
    if to.suffix.lower() == ".zip":
        with whole_file(to) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            yield archive.writestr
        return
    to.mkdir(mode=0o700)

    def write(name: str, data: bytes) -> None:
        path = to / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(data)

    yield write
