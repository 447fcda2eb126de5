"""A line to an IMAP server that is cut at random bytes, and that tells what passes."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable

from tests.hosts import Line

TOLD = (
    ("login", False, b"LOGIN "),
    ("fetch", False, b"BODY.PEEK[]"),
    ("fetched", True, b" FETCH ("),
    ("filing", False, b"MOVE "),
    ("filed", True, b"COPYUID"),
)
"""What is told: its name, whether the server says it, and the bytes to know it by."""


class ShakyLine(Line):
    """Every other connection is cut somewhere in the server's words, until `calm` is set."""

    def __init__(self, port: int, rng: random.Random, tell: Callable[[str], None]) -> None:
        self.calm = False
        self.cuts = 0
        self._rng, self._tell = rng, tell
        super().__init__(port)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        from_server = source.getpeername()[1] == self._target
        left = self._rng.randrange(300, 4_000) if from_server and self._rng.random() < 0.5 else None
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                for name, by_server, mark in TOLD:
                    if by_server is from_server and mark in data:
                        self._tell(name)
                if left is not None and not self.calm and (left := left - len(data)) <= 0:
                    target.sendall(data[:left])
                    self.cuts += 1
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()
