"""Mails read in a process of its own: on another core, and where a mail that kills or hangs its reader harms
nobody else (promises 4 and 5).

The worker asks for one group of mails at a time and meanwhile records the group before.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.allocation import collected_later
from engine.memory import Memory
from inbox.mime.limits import Limits

if TYPE_CHECKING:
    # Whoever begins the process early has not loaded these yet.
    from cases.rules.rulebook import Rulebook
    from engine.learned import Learned
    from engine.understanding import Understood

PATIENCE = 20.0
"""Seconds that a group of mails may take; each mail is bounded, so only a fault takes longer."""
START = 120.0
"""Seconds that the process may take to read the rules."""

SERVING = "engine.serving"
"""What the process does. It begins before the worker has loaded what only that needs: two processes on two
cores then load what they need at the same time, and neither holds what only the other needs."""

ENDED = "the process that reads mails ended"

Ours = str | tuple[str, ...]
"""Our address, or all of them."""
Read = Callable[[bytes, "Rulebook", Limits, Ours], "Understood"]


class ReaderLost(Exception):
    """The process ended, or hung, over the mails that it was asked for."""


class ReaderProcess:
    """A process that understands mails; when it is lost, the next question begins a new one.

    Each `ask` is followed by one `answer`; neither waits for ever. Used by one thread; only `end` may be
    called from another.
    """

    def __init__(
        self,
        rules: Path,
        templates: Path,
        limits: Limits,
        ours: Ours,
        *,
        base: Path | None = None,
        mailbox: str = "",
        memory: Memory | None = None,
        patience: float = PATIENCE,
        read: Read | None = None,
    ) -> None:
        """`read` is what the process does with each mail, to understand it where none is given: a function of
        a module, so that it can be named.

        `base` has the rule files that the folder lacks, where it may lack some; `mailbox` is the name of the
        one that the mails come to.

        Rules that the memory knows are soon there again after a mail that ended the process.
        """
        self._about = ((rules, base), templates, memory, limits, ours, mailbox, read)
        self._patience = patience
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._ready = self._over = False
        self._taught = ""
        self._why = ENDED
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Load what both processes need before they part: it is loaded once, and lies in memory once."""
        (rules, base), templates, memory, *_ = self._about
        with collected_later():
            import_module(SERVING).prepare(rules, base, templates, memory)

    def start(self) -> None:
        """Begin: before there are threads as a copy of this process, later as a new one."""
        with self._lock:
            if not self._over:
                self._begin()

    def _begin(self) -> None:
        forks = threading.active_count() == 1
        context = multiprocessing.get_context("fork") if forks else multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # A fork inherits our end too; while it holds that it would never see us go.
        inherited = ours if forks else None
        self._process = context.Process(
            target=_serve, args=(theirs, inherited, self._patience, *self._about), daemon=True
        )
        self._process.start()
        theirs.close()
        self._line, self._ready, self._taught = ours, False, ""

    def ask(self, version: str, mails: Sequence[bytes], learned: Learned | None = None) -> None:
        """Have mails read by the rules of this version and this model; where that fails, `answer` says so."""
        if self._line is None:
            self.start()
        if self._line is None:
            return  # it was ended for good
        patience = self._patience if self._ready else START
        self._why = ENDED
        try:
            _wait_at_most(patience, self._line)
            self._line.send((version, len(mails), self._news(learned)))
            for mail in mails:
                self._line.send_bytes(mail)
        except BlockingIOError:
            self._why = f"the process that reads mails took no mail for {patience:.0f} s"
            self.stop()
        except OSError:
            self.stop()

    def _news(self, learned: Learned | None) -> bytes | None:
        """The model, where the process has another one; empty: it is to have none. None: it has this one."""
        version = learned.version if learned else ""
        if version == self._taught:
            return None
        self._taught = version
        return learned.data if learned else b""

    def answer(self) -> list[Understood] | None:
        """What was asked for, in order; None where the process does not have those rules.

        Raises ReaderLost.
        """
        if self._line is None:
            raise ReaderLost(self._why)
        if not self._ready:
            self._ready = self._received(START)
        answer: list[Understood] | None = self._received(self._patience)
        return answer

    def _received(self, patience: float) -> Any:
        assert self._line is not None  # noqa: S101 - asked for above
        try:
            if self._line.poll(patience):
                return self._line.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise ReaderLost(ENDED) from error
        self.stop()
        raise ReaderLost(f"the process that reads mails gave no answer for {patience:.0f} s")

    def end(self) -> None:
        """End it for good, whatever the thread that uses it is doing; that one gets no answer any more."""
        with self._lock:
            self._over = True
            process = self._process
        # The line is that thread's: it learns of this by its end, and closes it.
        _kill(process)

    def stop(self) -> None:
        """End it; the next question begins a new one."""
        line, process = self._line, self._process
        self._line = self._process = None
        if line is not None:
            line.close()
        _kill(process)


def _wait_at_most(seconds: float, line: Connection) -> None:
    """Let whoever writes to a line that nobody reads from fail after this time, with BlockingIOError."""
    with socket.socket(fileno=os.dup(line.fileno())) as same:
        time = struct.pack("@ll", int(seconds), int(seconds % 1 * 1e6))
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, time)


def _kill(process: BaseProcess | None) -> None:
    if process is not None:
        process.kill()
        process.join()


def _serve(line: Connection, inherited: Connection | None, *given: Any) -> None:
    # The worker decides when this ends: by closing the line, or by dying.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if inherited is not None:
        inherited.close()
    gc.disable()  # until all is loaded that stays
    import_module(SERVING).serve(line, *given)
