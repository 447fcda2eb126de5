"""The heartbeat for whoever watches the process (sd_notify): only while every loop makes progress."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from engine.desk import Desk

log = structlog.get_logger()

LOOK = 10.0
"""Seconds between two looks at the loops."""
LONGEST_STATUS = 200


@dataclass(frozen=True, slots=True)
class Notifier:
    """Speaks to systemd over its datagram socket; to nobody where there is none."""

    address: str = ""
    every: float = 0.0
    """Seconds between two signs of life; 0: nobody waits for them."""

    @classmethod
    def of(cls, environment: Mapping[str, str], pid: int | None = None) -> Notifier:
        """As systemd says it (sd_notify(3), sd_watchdog_enabled(3))."""
        address = environment.get("NOTIFY_SOCKET", "")
        meant = environment.get("WATCHDOG_PID", "") in ("", str(os.getpid() if pid is None else pid))
        microseconds = environment.get("WATCHDOG_USEC", "")
        waits = meant and microseconds.isascii() and microseconds.isdigit()
        return cls(address, int(microseconds) / 2e6 if waits else 0.0)

    def say(self, *lines: str) -> bool:
        """Tell it; whether somebody listens."""
        if not self.address.startswith(("/", "@")):
            return False
        # A name that begins with @ lies in no file system: there it begins with a zero.
        where = f"\0{self.address[1:]}" if self.address.startswith("@") else self.address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.settimeout(1.0)
            line.sendto("\n".join(lines).encode(), where)
            return True
        return False


class Heart:
    """Beats in a thread of its own until the desk stops."""

    def __init__(self, desk: Desk, notifier: Notifier) -> None:
        self._desk, self._notifier = desk, notifier
        self._hung: list[str] = []
        self._status = ""
        self._thread = threading.Thread(target=self.run, name="heart", daemon=True)

    def start(self) -> None:
        """Say that the worker is ready, and begin to beat."""
        self._status = self._told()
        self._notifier.say("READY=1", self._status)
        self._thread.start()

    def end(self) -> None:
        """Wait for the last beat; the desk stops."""
        self._thread.join(2.0)

    def run(self) -> None:
        """Beat until the desk stops, and say that it does."""
        pause = min(self._notifier.every or LOOK, LOOK)
        while not self._desk.stop.wait(pause):
            self.beat()
        self._notifier.say("STOPPING=1", "STATUS=finishing what is in hand")

    def beat(self) -> None:
        """One look at the loops, and a sign of life if all make progress."""
        hung = self._desk.pulse.hung()
        self._note(hung)
        status = self._told()
        if not hung and self._notifier.every:
            self._notifier.say("WATCHDOG=1", *([status] if status != self._status else []))
        elif status != self._status:
            self._notifier.say(status)
        self._status = status

    def _note(self, hung: list[str]) -> None:
        desk, now = self._desk, self._desk.clock()
        for name in hung:
            if name not in self._hung:
                log.error("a part of the worker hangs", thread=name)
                desk.alerts.trouble(self._key(name), _WORDS, now)
        for name in self._hung:
            if name not in hung:
                log.info("a part of the worker goes on", thread=name)
                desk.alerts.recovered(self._key(name), now)
        self._hung = hung

    def _key(self, name: str) -> str:
        return f"hung/{name} of {self._desk.worker_id}"

    def _told(self) -> str:
        wrong = self._desk.alerts.wrong()
        text = f"in trouble: {', '.join(wrong)}" if wrong else "all is well"
        return f"STATUS={text[:LONGEST_STATUS]}"


_WORDS = (
    "it has shown no sign of life for minutes; start the worker again if nobody does it by itself "
    "(under systemd WatchdogSec does)"
)
