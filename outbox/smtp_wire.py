"""One open SMTP connection: bytes go out whole, replies come in one by one, in their order."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SOON = 0.005
"""Seconds in which a server nearby has answered; after them there is time for something else."""
_AT_ONCE = 2**18
_LONGEST_REPLY = 2**16
_NO_REPLY = -1
_EOL = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said; the code is -1 when it was no reply at all."""

    code: int
    text: bytes

    @property
    def good(self) -> bool:
        """Whether the command was carried out."""
        return 200 <= self.code < 300


class Wire:
    """A connection that is ready for letters."""

    def __init__(self, line: socket.socket, offers: Mapping[str, str], timeout: float) -> None:
        self.offers = offers
        """The server's extensions, by their names in lower case."""
        self._line, self._timeout = line, timeout
        self._unread = bytearray()
        self._ready: deque[Reply] = deque()

    @property
    def line(self) -> socket.socket:
        """The connection itself, for its TLS."""
        return self._line

    def write(self, block: bytes) -> None:
        """Give all of it. The server may take its time as long as it goes on taking."""
        self._line.settimeout(self._timeout)
        rest = memoryview(block)
        while rest:
            rest = rest[self._line.send(rest[:_AT_ONCE]) :]

    def reply(self, patience: float, meanwhile: Callable[[], None] | None = None) -> Reply:
        """The next reply; raises OSError when none comes. `meanwhile` is done if there is time for it."""
        if meanwhile is not None:
            self.gather(1, SOON)
            if not self._ready:
                meanwhile()
        end = time.monotonic() + patience
        while not self._ready:
            self._receive(end - time.monotonic())
        return self._ready.popleft()

    def gather(self, count: int, seconds: float) -> list[Reply]:
        """The replies that are here, as soon as they are so many, or after so long; they stay here."""
        end = time.monotonic() + seconds
        # Whatever is wrong with the connection, whoever needs the next reply learns of it.
        with contextlib.suppress(OSError):
            while len(self._ready) < count:
                self._receive(end - time.monotonic())
        return list(self._ready)

    @property
    def in_step(self) -> bool:
        """False when the server has said more than it was asked for."""
        return not self._ready and not self._unread

    def quit(self, patience: float) -> None:
        """Say goodbye if somebody listens, and hang up; never raises."""
        with contextlib.suppress(OSError):
            self.write(b"QUIT\r\n")
            self.reply(patience)
        self.hang_up()

    def hang_up(self) -> None:
        """Close without a word; what was begun is not finished."""
        with contextlib.suppress(OSError):
            self._line.close()

    def _receive(self, seconds: float) -> None:
        # What is here already is taken even when there is no time to wait for more.
        self._line.settimeout(max(seconds, 0.0005))
        block = self._line.recv(_AT_ONCE)
        if not block:
            raise ConnectionResetError("the server hung up")
        self._unread += block
        while (reply := self._whole()) is not None:
            self._ready.append(reply)
        if len(self._unread) > _LONGEST_REPLY:
            self._ready.append(Reply(_NO_REPLY, bytes(self._unread[:300])))
            self._unread.clear()

    def _whole(self) -> Reply | None:
        """Take a reply off what was received; None when it is not all here."""
        lines: list[bytes] = []
        start = 0
        while (end := self._unread.find(b"\n", start)) >= 0:
            line = bytes(self._unread[start:end])
            start = end + 1
            known = line[:3].isdigit()
            lines.append(line[4:] if known else line)
            if not known or line[3:4] != b"-":
                del self._unread[:start]
                return Reply(int(line[:3]) if known else _NO_REPLY, b" ".join(lines))
        return None


def on_the_wire(data: bytes) -> bytes:
    """Give the letter CRLF line ends, doubled leading dots (RFC 5321 4.5.2) and an ended last line."""
    # Counting is many times faster than rewriting, and finished letters are in order.
    ends = data.count(b"\r\n")
    if data.count(b"\n") != ends or data.count(b"\r") != ends:
        data = _EOL.sub(b"\r\n", data)
    if data.startswith(b".") or b"\n." in data:
        data = (b"." if data.startswith(b".") else b"") + data.replace(b"\n.", b"\n..")
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def plain(said: bytes | str) -> str:
    """What the server said, fit for one line of a log."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(visible.split())[:300]
