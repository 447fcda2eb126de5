"""A Maildir on this machine: what an MTA delivers here is read without a server in between.

A mail lies in new/ or cur/ under a name that is its own; behind a colon in cur/ stand its flags, which a mail
program changes by renaming. So a mail is known by the name before the colon, and looked for again where it
has another one by now. Nothing is locked for anybody else, and nothing is ever written over.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import stat
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from inbox.header.identifiers import message_id
from inbox.mailbox import Fetched, Filed, MailboxDown, NotFiled
from inbox.maildir_uids import Uids

PACE = 0.5
"""Seconds between two glances at whether something was delivered."""
SETTLED = 1.0
"""Seconds after a change in which another may have the same time: after them there is one more look."""
_CUT_HEADERS, _CUT_TEXT, _FROM_BYTES = 256 * 2**10, 64 * 2**10, 500
_FROM = re.compile(rb"^from:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)
_ID = re.compile(rb"^message-id:([^\n]*(?:\n[ \t][^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n")
_TIME = re.compile(rb"\d{1,12}(?=\.)")


class Maildir:
    """One Maildir; see `Mailbox` for what each method promises."""

    def __init__(self, path: Path, *, filed_folder: str, size_limit: int = 25 * 2**20) -> None:
        """`filed_folder` is the folder in it for mail that was read, written with slashes."""
        self._root = path
        self.name = f"{socket.gethostname()}:{path}"
        self._filed = path / f".{filed_folder.replace('/', '.')}" if filed_folder else None
        self._size_limit = size_limit
        self._uids = Uids(path)
        self._there: dict[bytes, Path] = {}
        self._seen: tuple[int, ...] = ()
        self._seen_at = 0.0
        self._settled = False
        self._woken = threading.Event()

    def open(self) -> int:
        with self._plainly():
            for name in ("new", "cur"):
                if not (self._root / name).is_dir():
                    raise MailboxDown(
                        f"{self._root} is no Maildir: there is no folder {name} in it; check MAILDIR, or let "
                        "the mail server deliver there first"
                    )
            self._look()
            present = set(self._there)
            # A mail that is renamed while the folder is read may be missed: only what two looks miss is gone.
            self._look()
            self._uids.of([])
            self._uids.forget(present | set(self._there))
            return self._uids.validity

    def reopen(self) -> int:
        return self.open()

    def uids(self, above: int = 0) -> list[int]:
        with self._plainly():
            validity = self._uids.validity
            self._look()
            found = self._uids.of(sorted(self._there, key=_in_order))
            if self._uids.validity != validity:
                raise MailboxDown(f"{self._root}: its list of UIDs was made anew; it is opened again")
        return sorted(uid for uid in found.values() if uid > above)

    def senders(self, uids: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for uid, name in self._named(uids):
            head = self._read(name, _CUT_HEADERS)
            if head is not None:
                field = _FROM.search(_head_of(head[0]))
                found[uid] = (field[0] if field else b"")[:_FROM_BYTES].decode("latin-1").strip().lower()
        return found

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        for uid, name in self._named(uids):
            read = self._read(name, self._size_limit)
            if read is not None:
                raw, size = read
                cut = size > self._size_limit
                yield Fetched(uid, _crlf(_start(raw) if cut else raw), size, cut)

    def file(self, uids: Sequence[int]) -> None:
        try:
            if self._filed is not None:
                self._make(self._filed)
            for _, name in self._named(uids):
                self._put_away(name)
        except OSError as error:
            where = self._filed or self._root / "cur"
            raise NotFiled(
                f"mail can't be put away in {where}: {error.strerror or error}; mail is read all the same; "
                "make room, let Peygir's user write there, or check IMAP_FILED_FOLDER"
            ) from error

    def bring_back(self, wanted: Callable[[Sequence[Filed]], Collection[int]]) -> int:
        if self._filed is None or not self._filed.is_dir():
            return 0
        with self._plainly():
            paths = sorted(_files(self._filed).values())
            told = [one for number, path in enumerate(paths, 1) if (one := _filed(number, path))]
            back = sorted(wanted(told)) if told else []
            for number in back:
                _move(paths[number - 1], self._root / "cur" / paths[number - 1].name)
        return len(back)

    def wait(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not self._woken.is_set():
            if self._news():
                return True
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._woken.wait(min(PACE, left))
        self._woken.clear()
        return False

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        """Nothing is open."""

    # -- looking

    def _look(self) -> None:
        """Which mails there are. The times are taken before, so that what comes meanwhile is news."""
        times = self._times()
        if times != self._seen:
            self._seen, self._seen_at, self._settled = times, time.monotonic(), False
        self._there = _files(self._root)

    def _times(self) -> tuple[int, ...]:
        return tuple((self._root / name).stat().st_mtime_ns for name in ("new", "cur"))

    def _news(self) -> bool:
        with self._plainly():
            times = self._times()
        if times != self._seen:
            return True
        if self._settled or time.monotonic() - self._seen_at <= SETTLED:
            return False
        self._settled = True
        return True

    def _named(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        names = self._uids.names(uids)
        return ((uid, names[uid]) for uid in uids if uid in names)

    def _found(self, name: bytes) -> Path | None:
        """Where a mail is by now; None when it has gone."""
        path = self._there.get(name)
        if path is None or not path.exists():
            with self._plainly():
                self._there = _files(self._root)
            path = self._there.get(name)
        return path

    def _read(self, name: bytes, limit: int) -> tuple[bytes, int] | None:
        """A mail's bytes, of a longer one so many, and its size; None when it has gone."""
        for _ in range(3):  # a mail program may rename it at this very moment
            path = self._found(name)
            if path is None:
                return None
            try:
                return _bytes_of(path, limit)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise MailboxDown(
                    f"{self._root}: the mail {os.fsdecode(name)!a} can't be read "
                    f"({error.strerror or error}); let Peygir's user read it"
                ) from error
        return None

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise MailboxDown(
                f"{error.filename or self._root} can't be used: {error.strerror or error}; check MAILDIR, "
                "and let Peygir's user read and write there"
            ) from error

    # -- filing

    def _make(self, folder: Path) -> None:
        """A folder of the Maildir, as Maildir++ has them."""
        for name in ("tmp", "new", "cur"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "maildirfolder").touch(0o600)

    def _put_away(self, name: bytes) -> None:
        path = self._found(name)
        if path is None:
            return
        flags = _flags(path.name)
        into = (self._filed or self._root) / "cur"
        target = into / f"{os.fsdecode(name)}:2,{''.join(sorted({*flags, 'S'}))}"
        if target != path:
            with suppress(FileNotFoundError):
                _move(path, target)
        self._there.pop(name, None)


def _files(folder: Path) -> dict[bytes, Path]:
    """The mails of a folder by what is their own of their names; a link is none, wherever it leads."""
    found: dict[bytes, Path] = {}
    for name in ("new", "cur"):
        with os.scandir(folder / name) as entries:
            for entry in entries:
                own = entry.name.partition(":")[0]
                if own and not own.startswith(".") and entry.is_file(follow_symlinks=False):
                    found.setdefault(os.fsencode(own), Path(entry.path))
    return found


def _in_order(name: bytes) -> tuple[int, bytes]:
    """By the time that a name begins with."""
    moment = _TIME.match(name)
    return (int(moment[0]) if moment else 0, name)


def _bytes_of(path: Path, limit: int) -> tuple[bytes, int]:
    # Neither a link nor a pipe that somebody put there since it was looked at.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        return file.read(min(limit, about.st_size)), about.st_size


def _head_of(raw: bytes) -> bytes:
    end = _END.search(raw)
    return raw[: end.start()] if end else raw


def _start(raw: bytes) -> bytes:
    """Of a mail that is too large, its header and the start of its text."""
    end = _END.search(raw, 0, _CUT_HEADERS)
    head = end.end() if end else _CUT_HEADERS
    return raw[:head] + (b"" if end else b"\n\n") + raw[head : head + _CUT_TEXT]


def _crlf(raw: bytes) -> bytes:
    """As a server would give it."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _flags(name: str) -> str:
    return name.partition(":2,")[2]


def _filed(number: int, path: Path) -> Filed | None:
    try:
        raw, size = _bytes_of(path, 2**31)
    except OSError:
        return None
    found = _ID.search(_head_of(raw))
    identifier = message_id(found[1].strip()) if found else ""
    return Filed(number, identifier, len(_crlf(raw)) if len(raw) == size else size)


def _move(path: Path, target: Path) -> None:
    """Move a mail; one of the same name that is there already is never written over."""
    for count in range(100):
        place = target if not count else target.with_name(f"{count}-{target.name}")
        try:
            os.link(path, place, follow_symlinks=False)
        except FileExistsError:
            if not place.samefile(path):
                continue
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
                raise
            if place.exists():
                continue
            path.rename(place)  # where there are no links
            return
        path.unlink()
        return
    raise FileExistsError(errno.EEXIST, "there are too many mails of one name", str(target))
