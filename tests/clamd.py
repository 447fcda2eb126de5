"""A daemon that speaks ClamAV's protocol (clamd(8)) as the real one does, and badly where a test wants it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

EICAR = b"".join((rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*"))
"""Every scanner finds it. It is put together here, so that none finds this file."""
NAME = "Eicar-Test-Signature"
MOST = 25 * 2**20


@dataclass
class Clamd:
    """One daemon on a free port of this machine, or at a path."""

    most: int = MOST
    """StreamMaxLength."""
    says: Callable[[bytes], bytes | None] | None = None
    """What it answers to a stream instead; None: nothing, it closes."""
    hangs: threading.Event | None = None
    """Where there is one, it answers only once this is set."""
    path: str = ""
    streams: list[bytes] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)
    setting: str = ""
    _socket: socket.socket | None = None

    def start_again(self, setting: str) -> None:
        """Listen where it listened before."""
        self.start(int(setting.rpartition(":")[2]))

    def start(self, port: int = 0) -> Clamd:
        listening = socket.socket(socket.AF_UNIX if self.path else socket.AF_INET)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(self.path or ("127.0.0.1", port))
        listening.listen(8)
        self._socket = listening
        self.setting = f"unix:{self.path}" if self.path else f"127.0.0.1:{listening.getsockname()[1]}"
        threading.Thread(target=self._serve, args=(listening,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._socket is not None:
            # A thread waits in accept(): only this wakes it.
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._socket = None

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as given:
            command = _until_nul(given.read)
            self.commands.append(command)
            if self.hangs is not None:
                self.hangs.wait(30)
            try:
                line.sendall(self._answer(command, given.read) or b"")
            except OSError:
                return

    def _answer(self, command: bytes, read: Callable[[int], bytes]) -> bytes | None:
        if command == b"zPING":
            return b"PONG\0"
        if command == b"zVERSION":
            return b"ClamAV 1.4.2/27500/Sun Nov 22 09:40:12 2026\0"
        if command != b"zINSTREAM":
            return b"UNKNOWN COMMAND\0"
        data = b""
        while size := int.from_bytes(read(4), "big"):
            data += read(size)
            if len(data) > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.streams.append(data)
        if self.says is not None:
            return self.says(data)
        return f"stream: {NAME} FOUND\0".encode() if EICAR in data else b"stream: OK\0"


def _until_nul(read: Callable[[int], bytes]) -> bytes:
    command = b""
    while (sign := read(1)) not in (b"", b"\0"):
        command += sign
    return command


@contextmanager
def clamd(**how: object) -> Iterator[Clamd]:
    """A daemon that listens while the test is in here."""
    made = Clamd(**how).start()  # type: ignore[arg-type]
    try:
        yield made
    finally:
        made.stop()
