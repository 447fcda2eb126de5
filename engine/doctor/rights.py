"""Who may read and write our files: nobody but their owner, where they hold mail, secrets or decisions."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.doctor.finding import Finding, note, right, wrong

FOR_ONE_SERVICE = (Path("/run/secrets"), Path("/run/credentials"))
"""Where containers and systemd put secrets: nobody else sees that folder, whatever the modes say."""
OTHERS, GROUP = 0o007, 0o070
_WRITE = 0o022


@dataclass(frozen=True, slots=True)
class Private:
    """A file or folder for its owner alone."""

    what: str
    path: Path


def private(places: Iterable[Private]) -> Iterator[Finding]:
    """Each place that somebody else could read, with what mends it; one finding where there is none."""
    tried = [one for one in places if one.path.exists()]
    told = [found for one in tried if (found := _told(one)) is not None]
    yield from told
    if tried and not told:
        yield right(f"for their owner alone: {', '.join(dict.fromkeys(one.what for one in tried))}")


def _told(one: Private) -> Finding | None:
    mode = stat.S_IMODE(one.path.stat().st_mode)
    wanted = "700" if one.path.is_dir() else "600"
    owner = one.path.stat().st_uid
    if any(one.path.is_relative_to(place) for place in FOR_ONE_SERVICE):
        return None
    if owner not in (os.geteuid(), 0):
        words = f"{one.what} {one.path} belongs to another user ({_name(owner)})"
        return note(words, f"run the worker as that user, or: chown {_name(os.geteuid())} '{one.path}'")
    if mode & OTHERS:
        words = f"{one.what} {one.path} is open to every user of this machine (mode {mode:o})"
        return wrong(words, f"chmod {wanted} '{one.path}'")
    if mode & GROUP:
        words = f"{one.what} {one.path} is open to its group {_group(one.path)} (mode {mode:o})"
        return note(words, f"unless you mean that: chmod {wanted} '{one.path}'")
    return None


def decided_by_others(what: str, folder: Path) -> Iterator[Finding]:
    """Whether every user could change what is in a folder of rules or letters."""
    if not folder.is_dir():
        return
    paths = [folder, *(each for each in folder.rglob("*") if not each.is_symlink())]
    everybody = [each for each in paths if each.stat().st_mode & _WRITE & OTHERS]
    groups = [each for each in paths if each.stat().st_mode & _WRITE & GROUP]
    if everybody:
        words = f"every user of this machine can change {what}: {_some(everybody)}"
        yield wrong(words, f"chmod -R o-w '{folder}'; they decide what customers are told")
    elif groups:
        words = f"the group {_group(groups[0])} can change {what}: {_some(groups)}"
        yield note(words, f"unless you mean that: chmod -R g-w '{folder}'")
    else:
        yield right(f"{what} in {folder} can be changed by their owner alone")


def _some(paths: list[Path]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{paths[0]}{more}"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group(path: Path) -> str:
    try:
        return path.group()
    except (KeyError, OSError):
        return str(path.stat().st_gid)
