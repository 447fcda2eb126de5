"""The machine: Python, the clock, and room on the disks."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from engine.doctor.finding import Finding, note, right, wrong

OLDEST_PYTHON = (3, 11)
LITTLE, TOO_LITTLE = 2 * 2**30, 500 * 2**20
"""Bytes free on a disk."""
FEW, TOO_FEW = 0.10, 0.02
"""Of all the files that a disk has room for."""
RELEASED = 2026
"""No clock that is right shows an earlier year."""
SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
TIMESYNC = SYNCHRONISED.parent


def python() -> Iterator[Finding]:
    """Whether this Python is new enough."""
    version = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        yield wrong(f"Python {version} is too old", "install Python 3.11 or newer, and run make again")
    else:
        yield right(f"Python {version}")


def clock(now: datetime) -> Iterator[Finding]:
    """What can be seen of the clock without asking anybody; the mail servers' clocks say the rest."""
    local = now.astimezone()
    shown = f"this machine's clock says {local:%Y-%m-%d %H:%M:%S} ({local.tzname() or 'UTC'})"
    if now.year < RELEASED:
        yield wrong(shown, "set the clock, and let it be kept right: timedatectl set-ntp true")
    elif TIMESYNC.is_dir() and not SYNCHRONISED.exists():
        yield note(
            f"{shown}; nobody has set it by the network yet", "switch that on: timedatectl set-ntp true"
        )
    else:
        yield right(shown)


def disks(places: Iterable[tuple[str, Path]]) -> Iterator[Finding]:
    """Room where the database, the cache and temporary files are; each disk once."""
    temporary = ("temporary files", Path(tempfile.gettempdir()))
    yield from (found for _, found in rooms((*places, temporary)))


def rooms(places: Iterable[tuple[str, Path]]) -> Iterator[tuple[Path, Finding]]:
    """Each disk that the places are on, once, with how much room it has."""
    seen: dict[int, list[str]] = {}
    paths: dict[int, Path] = {}
    for name, place in places:
        here = nearest(place)
        device = here.stat().st_dev
        seen.setdefault(device, []).append(name)
        paths.setdefault(device, here)
    for device, names in seen.items():
        yield paths[device], _room(", ".join(dict.fromkeys(names)), paths[device])


def nearest(place: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    absolute = place.expanduser().absolute()
    return next(each for each in (absolute, *absolute.parents) if each.exists())


def _room(what: str, place: Path) -> Finding:
    disk = os.statvfs(place)
    free = disk.f_bavail * disk.f_frsize
    files = disk.f_favail / disk.f_files if disk.f_files else 1.0
    words = f"disk of {what} ({place}): {size(free)} free"
    if free < TOO_LITTLE:
        return wrong(words, "make room now: without it no mail is taken in and nothing is sent")
    if disk.f_files and files < TOO_FEW:
        return wrong(
            f"disk of {what} ({place}): room for only {disk.f_favail} more files",
            "delete files that nobody needs (df -i shows how many there are), or make the disk larger",
        )
    if free < LITTLE:
        return note(words, "make room soon, or make the disk larger")
    if files < FEW:
        return note(f"{words}, but room for only {disk.f_favail} more files", "df -i shows what there is")
    return right(words)


def size(amount: float) -> str:
    """Bytes, for people."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TB"
