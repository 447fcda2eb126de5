"""`worker.py export --all`: every mail as an mbox, and all that is known as lists, a JSON object a line."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlmodel import Session

from language.trouble import Trouble
from store import all_rows, inventories, tables
from store.all_rows import Stored
from store.database import Database
from store.packing import Damaged
from store.whole_files import on_disk

MBOX, ABOUT = "mail.mbox", "about.json"
_FROM_LINE = re.compile(rb"(?m)^(>*From )")
_NO_SENDER = "MAILER-DAEMON"
_UNFIT = re.compile(r"[^!-~]")
Step = Callable[[int, int], None]


class NotWritten(Trouble):
    """Nothing was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a folder has."""

    counts: dict[str, int]
    """By file: mails, or lines."""
    damaged: tuple[str, ...] = ()
    """Mails whose stored bytes are damaged, so that they are left out."""


def write_all(database: Database, folder: Path, now: datetime, step: Step) -> Written:
    """Write everything into a new folder, as it is at one moment; what it has.

    The folder is there whole or not at all. Raises NotWritten.
    """
    with _whole_folder(folder) as part, inventories.unchanging(database) as session:
        total = inventories.of(session).mails
        written, damaged = _write_mbox(session, part / MBOX, lambda done: step(done, total))
        counts = {MBOX: written}
        for name in all_rows.OF_FILES:
            counts[f"{name}.jsonl"] = _write_list(session, name, part / f"{name}.jsonl")
        made_at = now.isoformat(timespec="seconds")
        about = {"made_at": made_at, "tables": tables.newest(), "files": counts, "damaged": damaged}
        _made(part / ABOUT).write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    return Written(counts, damaged)


@contextmanager
def _whole_folder(folder: Path) -> Iterator[Path]:
    """A folder beside to write into, which gets its name at the end."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotWritten(f"{folder} is there already; name another folder")
    if not folder.absolute().parent.is_dir():
        raise NotWritten(f"there is no folder {folder.absolute().parent}; make it first")
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        yield part
        for file in part.iterdir():
            on_disk(file)
        on_disk(part)
        with suppress(FileNotFoundError):
            folder.rmdir()
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    on_disk(folder.absolute().parent)


def _made(path: Path) -> Path:
    path.touch(0o600, exist_ok=False)
    return path


def _write_list(session: Session, name: str, path: Path) -> int:
    count = 0
    with _made(path).open("w", encoding="utf-8") as file:
        for row in all_rows.rows(session, name):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def _write_mbox(session: Session, path: Path, step: Callable[[int], None]) -> tuple[int, tuple[str, ...]]:
    """mboxrd: what is written comes back as it was, but for the line ends, which are LF here."""
    count, damaged = 0, list[str]()
    with _made(path).open("wb") as file:
        for one in all_rows.mails(session):
            try:
                count += _write_mail(file, one, all_rows.whole_mail(session, one))
            except Damaged as error:
                damaged.append(f"{'mail' if one.came else 'letter'} {one.id}: {error}")
            step(count)
    return count, tuple(damaged)


def _write_mail(file: BinaryIO, one: Stored, raw: bytes) -> int:
    if not raw:
        return 0
    sender = _UNFIT.sub("", one.sender) or _NO_SENDER
    text = _FROM_LINE.sub(rb">\1", raw.replace(b"\r\n", b"\n"))
    file.write(f"From {sender} {one.at:%a %b %e %H:%M:%S %Y}\n".encode("ascii", "replace"))
    file.write(text if text.endswith(b"\n") else text + b"\n")
    file.write(b"\n")
    return 1
