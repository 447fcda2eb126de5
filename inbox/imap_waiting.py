"""Waiting for news on an IMAP line: IDLE where the server has it, questions where it hasn't."""

from __future__ import annotations

import contextlib
import imaplib
import os
import select
import socket
import ssl
import time
import weakref
from typing import Any

from inbox.imap_connection import ImapConnection, words_of

RENEWAL = 4 * 60.0
"""Servers may hang up after 30 minutes (RFC 2177); routers forget a silent line after five."""
STEP = 5.0
LINGER = 2.0
"""Seconds after news in which the server is asked for more: some tell it in IDLE only half a second late."""
SOONEST = 0.02
"""Seconds between two such questions, at least."""
NEAR = 0.01
"""A server that never answered faster is far away: asking it often is no gain, and no courtesy."""
PATIENCE = 10.0
"""An answer to IDLE, DONE or NOOP that takes longer will not come: the line is dead."""


class Ear:
    """Hears of mail on a line, and of whoever wants the waiting to end."""

    def __init__(self, line: ImapConnection) -> None:
        self._line = line
        self._heard_at = -LINGER
        self._took = self._nearest = 0.0
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._bell, False)
        weakref.finalize(self, _close_pipe, self._ear, self._bell)

    def wake(self) -> None:
        """End the waiting soon; may be called from another thread."""
        # A full pipe has rung already.
        with contextlib.suppress(BlockingIOError):
            os.write(self._bell, b"!")

    def heard(self) -> None:
        """Mail has come; more may follow."""
        self._heard_at = time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Sleep until something may have come (True), or the time is up or `wake` was called (False)."""
        end = time.monotonic() + seconds
        while not self.announced():
            now = time.monotonic()
            if now >= end or self._sleep(now, end - now):
                return False
        return True

    def announced(self) -> bool:
        """Whether the server has said that the folder grew, since that was last forgotten."""
        return "EXISTS" in self._wire.untagged_responses

    def _sleep(self, now: float, left: float) -> bool:
        """Wait once, in the way that fits; True when the bell rang."""
        gap = between_questions(now - self._heard_at, self._took, self._nearest)
        if gap is not None:
            return self._ask(min(left, gap))
        if self._line.client.has_capability("IDLE"):
            return self._idle(min(left, RENEWAL))
        return self._ask(min(left, STEP))

    @property
    def _wire(self) -> Any:
        return self._line.wire

    def _ask(self, seconds: float) -> bool:
        if self._listen(seconds):
            return True
        begun = time.monotonic()
        with self._line.answered_within(PATIENCE):
            self._line.client.noop()
        self._took = time.monotonic() - begun
        self._nearest = min(self._nearest or self._took, self._took)
        return False

    def _idle(self, seconds: float) -> bool:
        with self._line.answered_within(PATIENCE):
            self._begin_idle()
        rung = False
        try:
            if not (self.announced() or self._buffered()):
                rung = self._listen(seconds, self._line.client.socket())
        finally:
            with self._line.answered_within(PATIENCE):
                self._line.client.idle_done()
        return rung

    def _begin_idle(self) -> None:
        """Start IDLE; news may come before the server agrees, which IMAPClient.idle takes for an error."""
        tag = self._line.client._idle_tag = self._wire._command("IDLE")
        while self._wire._get_response() is not None:
            if self._wire.tagged_commands.get(tag):
                kind, data = self._wire.tagged_commands.pop(tag)
                raise imaplib.IMAP4.error(f"IDLE answered {kind} {words_of(imaplib.IMAP4.error(data[0]))}")

    def _listen(self, seconds: float, line: socket.socket | None = None) -> bool:
        """Sleep until the line has something, the time is up (False) or the bell rings (True)."""
        poller = select.poll()
        poller.register(self._ear, select.POLLIN)
        if line is not None:
            poller.register(line, select.POLLIN)
        heard = [fd for fd, _ in poller.poll(seconds * 1000)]
        if self._ear not in heard:
            return False
        os.read(self._ear, 4096)
        return True

    def _buffered(self) -> bool:
        """Whether bytes were read ahead, by TLS or by the buffer, which poll() can't see."""
        line = self._line.client.socket()
        line.settimeout(0)
        try:
            return bool(self._wire.file.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            line.settimeout(self._line.timeout)


def between_questions(since_news: float, took: float, nearest: float) -> float | None:
    """Seconds until the next question to a server that told of mail so long ago; None: leave it to IDLE.

    `took` is how long the last answer took, `nearest` the quickest one. The more time has passed, the less
    is lost by asking later; a busy server is asked less often.
    """
    if since_news >= LINGER or nearest > NEAR:
        return None
    return max(SOONEST, since_news / 20, took * 2)


def _close_pipe(*ends: int) -> None:
    for end in ends:
        os.close(end)
