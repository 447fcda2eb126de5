"""The files that came with a case's mails, for whoever runs the worker: also those that agents do not get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from cases.attached import sorted_out
from cases.rules.kept_files import KeptFiles
from cases.saying import Say
from engine.doing import NotDone
from inbox import clamd
from inbox.clamd import ClamdDown
from inbox.files import files_of
from inbox.mime.limits import Limits
from store import queries, threads
from store.attached import Attached
from store.packing import Damaged

MOST_MAILS = 500
MOST_BYTES = 200 * 2**20
KEPT = ".kept-out"
"""Behind the name of what may harm, so that a click starts nothing."""
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Listed:
    """One file of a case."""

    mail: int
    file: Attached
    why: Say | None
    """Why agents do not get it; None where they do."""

    @property
    def saved_as(self) -> str:
        """The name it is saved under: that of no other file of the case, and of no program."""
        return f"{self.mail}-{self.file.seen.name}{KEPT if self.why else ''}"


@dataclass(frozen=True, slots=True)
class Scanning:
    """Where the virus scanner is, if there is one."""

    place: str = ""
    seconds: float = 30


def of_case(
    session: Session, number: int, rules: KeptFiles, limits: Limits, scanning: Scanning
) -> list[Listed]:
    """The files of a case's mails, oldest first. Raises NotDone, or ClamdDown."""
    if queries.case(session, number) is None:
        raise NotDone(f"there is no case {number}; worker.py cases lists them")
    mails = reversed(threads.newest_mails(session, number, MOST_MAILS))
    return [
        one
        for mail in mails
        for one in _of_mail(mail.id or 0, _raw(session, mail.raw_id), rules, limits, scanning)
    ]


def _raw(session: Session, raw_id: int) -> bytes:
    try:
        return queries.raw(session, raw_id)
    except Damaged:
        return b""


def _of_mail(
    number: int, raw: bytes, rules: KeptFiles, limits: Limits, scanning: Scanning
) -> Iterator[Listed]:
    files = files_of(raw, limits, MOST_BYTES).files
    found = sorted_out(files, rules, _viruses(files, scanning))
    why = {id(one.file): one.why for one in found.kept}
    for file in files:
        yield Listed(number, file, why.get(id(file)))


def _viruses(files: Sequence[Attached], scanning: Scanning) -> dict[int, str]:
    if not scanning.place:
        return {}
    place = clamd.place_of(scanning.place)
    told = ((at, clamd.scan(place, one.data, scanning.seconds)) for at, one in enumerate(files) if one.data)
    return {at: answer.virus for at, answer in told if answer.virus}


def save(files: Sequence[Listed], folder: Path, *, kept_out: bool) -> list[Path]:
    """Write files for their owner alone, over no other one; those that may harm only if it is asked for."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for one in files:
        if one.file.data is not None and (kept_out or one.why is None):
            written.append(_write(folder, one.saved_as, one.file.data))
    return written


def _write(folder: Path, name: str, data: bytes) -> Path:
    for count in range(1, 1000):
        path = folder / (name if count == 1 else f"{count}-{name}")
        try:
            with path.open("xb") as out:
                path.chmod(OWNER_ONLY)
                out.write(data)
        except FileExistsError:
            continue
        return path
    raise NotDone(f"{folder} holds a thousand files of that name; name another folder")


__all__ = ["ClamdDown", "Listed", "Scanning", "of_case", "save"]
