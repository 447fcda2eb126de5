"""ClamAV's daemon by its socket, in the protocol of clamd(8); every answer and every silence is bounded.

Bytes go to it as a stream (INSTREAM): it never opens a file of ours, and needs no right to.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

from language.trouble import Trouble

_CHUNK = 1 << 17
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"stream: (.{1,200}) FOUND", re.DOTALL)
_AGE = re.compile(r"ClamAV [^/]{1,60}/(\d{1,9})/(.{1,60})")
_TOO_LARGE = "size limit exceeded"
_NAME = re.compile(r"[^\w .:+()\[\]-]")


class ClamdDown(Trouble):
    """The scanner can't be asked; says what to do."""


class Place(NamedTuple):
    """Where the daemon listens: a path, or a host and its port."""

    path: str
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        return self.path or f"{self.host}:{self.port}"


class Answer(NamedTuple):
    """What became of one scan."""

    virus: str = ""
    """The name of what was found; "" when nothing was."""
    too_large: bool = False
    """More than the daemon takes (StreamMaxLength): it was not scanned."""


def place_of(written: str) -> Place:
    """unix:/path, or host:port, as settings write it."""
    if written.startswith("unix:"):
        return Place(written.removeprefix("unix:"))
    host, _, port = written.rpartition(":")
    return Place("", host.strip("[]"), int(port))


def scan(place: Place, data: bytes, seconds: float) -> Answer:
    """Have bytes scanned, within so many seconds; raises ClamdDown."""
    told = _asked(place, b"zINSTREAM\0", _chunks(data), seconds)
    if found := _FOUND.fullmatch(told):
        return Answer(_NAME.sub("_", found[1]))
    if told == "stream: OK":
        return Answer()
    if _TOO_LARGE in told.lower():
        return Answer(too_large=True)
    raise ClamdDown(_unexpected(place, told))


def ping(place: Place, seconds: float = 5.0) -> str:
    """The daemon's version and that of its signatures, as it tells them; raises ClamdDown."""
    if (told := _asked(place, b"zPING\0", (), seconds)) != "PONG":
        raise ClamdDown(_unexpected(place, told))
    return _asked(place, b"zVERSION\0", (), seconds)


def signatures(version: str) -> str:
    """When the signatures were made, as the version says; "" where it does not."""
    found = _AGE.fullmatch(version)
    return found[2] if found else ""


def _unexpected(place: Place, told: str) -> str:
    shown = _NAME.sub("_", told[:80])
    return f"the virus scanner at {place} answered “{shown}”; look at its log, and at CLAMAV"


def _chunks(data: bytes) -> Iterator[bytes]:
    view = memoryview(data)
    for at in range(0, len(view), _CHUNK):
        piece = view[at : at + _CHUNK]
        yield len(piece).to_bytes(4, "big")
        yield bytes(piece)
    yield b"\0\0\0\0"


def _asked(place: Place, command: bytes, stream: Iterator[bytes] | tuple[bytes, ...], seconds: float) -> str:
    end = time.monotonic() + seconds
    try:
        with closing(_connected(place, seconds)) as line:
            _send(line, command, stream, end)
            return _answer(line, end)
    except TimeoutError:
        raise ClamdDown(
            f"the virus scanner at {place} gave no answer for {seconds:g} s; look at its log"
        ) from None
    except (OSError, ValueError) as trouble:
        why = getattr(trouble, "strerror", "") or trouble
        raise ClamdDown(
            f"the virus scanner at {place} can't be asked ({why}); start clamd, or mend CLAMAV"
        ) from None


def _connected(place: Place, seconds: float) -> socket.socket:
    if not place.path:
        return socket.create_connection((place.host, place.port), seconds)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(seconds)
        line.connect(place.path)
    except BaseException:
        line.close()
        raise
    return line


def _send(
    line: socket.socket, command: bytes, stream: Iterator[bytes] | tuple[bytes, ...], end: float
) -> None:
    """Send it all; a daemon that has heard enough closes early, and its answer says why."""
    try:
        _set_time(line, end)
        line.sendall(command)
        for piece in stream:
            _set_time(line, end)
            line.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket, end: float) -> str:
    """One answer, up to its NUL or the end of the connection."""
    told = b""
    while b"\0" not in told:
        _set_time(line, end)
        piece = line.recv(_LONGEST_ANSWER)
        told += piece
        if not piece or len(told) > _LONGEST_ANSWER:
            break
    if not told:
        raise ConnectionResetError(0, "it closed the connection without an answer")
    return told.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _set_time(line: socket.socket, end: float) -> None:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
