"""What the benchmarks of the whole worker share: a mail host, deliveries, and what a process cost."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from bench.corpus import Sample
from tests.hosts import DOVECOT, NO_DOVECOT, PASSWORD, Dovecot

ROOT = Path(__file__).parent.parent
ADDRESS = "complaints@peygir.example"
LOOPBACK = "127.0.0.1"
_TICKS = os.sysconf("SC_CLK_TCK")


class Lmtp:
    """Delivers over one connection, three commands at a time."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection((LOOPBACK, port), timeout=60)
        self._answers: IO[bytes] = self._line.makefile("rb")
        self._expect(b"220")
        self._line.sendall(b"LHLO bench.example\r\n")
        self._expect(b"250")

    def _expect(self, code: bytes) -> None:
        while (line := self._answers.readline())[3:4] == b"-":
            pass
        if not line.startswith(code):
            raise RuntimeError(f"LMTP answered {line!r}")

    def deliver(self, mail: Sample) -> float:
        """Deliver one mail; when it was accepted (CLOCK_MONOTONIC)."""
        data = mail.raw.replace(b"\r\n.", b"\r\n..")
        commands = f"MAIL FROM:<{mail.sender}>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\n"
        self._line.sendall(commands.encode())
        for code in (b"250", b"250", b"354"):
            self._expect(code)
        self._line.sendall(data + (b"" if data.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        self._expect(b"250")
        return time.monotonic()


class Sink:
    """A sink in a process of its own, and what it has taken so far."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        folder.mkdir(parents=True)
        self._log = folder / "letters.jsonl"
        command = [sys.executable, "-m", "bench.sink", str(folder), *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None  # noqa: S101
        self.port = int(self.process.stdout.readline())
        self._read = 0

    def letters(self) -> Iterator[dict[str, Any]]:
        """The letters since this was last asked."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            *lines, rest = log.read().split(b"\n")
            self._read = log.tell() - len(rest)
        return map(json.loads, lines)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@dataclass(frozen=True, slots=True)
class MailHost:
    """Where a worker reads and sends."""

    dovecot: Dovecot
    sink: Sink

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """A worker's settings."""
        return {
            "PATH": os.environ["PATH"],
            "IMAP_HOST": LOOPBACK,
            "IMAP_PORT": str(self.dovecot.imap_port),
            "IMAP_USER": ADDRESS,
            "IMAP_PASSWORD": PASSWORD,
            "IMAP_TLS": "none",
            "SMTP_HOST": LOOPBACK,
            "SMTP_PORT": str(self.sink.port),
            "SMTP_TLS": "none",
            "COMPLAINTS_ADDRESS": ADDRESS,
            "TOKEN_ONLY_COMMANDS": "true",
            "ACKS_IN_ALL_PER_HOUR": "1000000",
            "DATABASE_URL": database,
            **more,
        }

    def deliver(self, mails: Iterable[Sample]) -> list[Sample]:
        """Deliver mails in order."""
        line, given = Lmtp(self.dovecot.lmtp_port), []
        for mail in mails:
            line.deliver(mail)
            given.append(mail)
        return given

    def empty(self) -> None:
        """Take every mail away."""
        with self.dovecot.client(ADDRESS) as client:
            for _, _, name in client.list_folders():
                client.select_folder(name)
                if uids := client.search(["ALL"]):
                    client.delete_messages(uids, silent=True)
                    client.expunge()
                client.unselect_folder()


@contextmanager
def mail_host(folder: Path, *sink_arguments: str) -> Iterator[MailHost]:
    """A private Dovecot and a sink, stopped at the end."""
    if DOVECOT is None:
        raise SystemExit(NO_DOVECOT)
    dovecot = Dovecot()
    try:
        sink = Sink(folder / "sink", *sink_arguments)
        try:
            yield MailHost(dovecot, sink)
        finally:
            sink.stop()
    finally:
        dovecot.stop()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and its children have used."""

    cpu: float
    """Seconds."""
    memory: float
    """The most MiB that it held, pages shared by several processes counted once."""


class Meter:
    """Watches a process and its children from now on."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._begun = pid, 0.0, cpu_of(pid)
        self._last = self._begun
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            pids = family(self._pid)
            self._peak = max(self._peak, sum(map(_memory_of, pids)))
            self._last = max(self._last, cpu_of(self._pid))

    def stop(self) -> Cost:
        self._ended.set()
        self._thread.join()
        return Cost(self._last - self._begun, self._peak)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit() and (stat := _stat(int(path.name))):
            children.setdefault(int(stat[1]), []).append(int(path.name))
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and all that descend from it, the ended ones too."""
    stats = filter(None, map(_stat, family(pid)))
    return sum(sum(map(int, stat[11:15])) for stat in stats) / _TICKS


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _memory_of(pid: int) -> float:
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(said.partition("Pss:")[2].split()[0]) / 1024
