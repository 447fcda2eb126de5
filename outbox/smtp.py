"""Send letters by SMTP, and say exactly what each failure means (promises 6 and 7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from outbox import smtp_envelope as envelope
from outbox.smtp_connection import Server, SmtpDown
from outbox.smtp_envelope import (
    GO_ON,
    GOODBYE,
    OF_THE_SETTINGS,
    STAGES,
    Meanwhile,
    Refusal,
    Sendable,
    Unsendable,
)
from outbox.smtp_wire import Reply, Wire, on_the_wire, plain

if TYPE_CHECKING:
    from access.tokens import Tokens

__all__ = ["Outcome", "Sendable", "Smtp", "SmtpDown"]

Result = Literal["sent", "later", "refused", "in-doubt"]
MayEnd = Callable[[], bool] | None

_PATIENCE_AFTER_THE_DOT = 10
"""Hanging up too early after the dot makes duplicates (RFC 1047), so wait this many time-outs."""
_KEPT_FOR = 120.0
"""Seconds after which a resting connection may have died unnoticed; a new one costs less than to find out."""
_AT_ONCE = 2**16
_IN_STEP = 0.03


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt to send."""

    result: Result
    code: int | None
    """The server's reply code; None when it gave none."""
    text: str
    reached: bool = True
    """False when nothing was tried: the server is away, or turns us away before any letter."""
    of_server: bool = False
    """True when other letters may well fare the same, whatever they are."""


class Smtp:
    """One connection to one SMTP server, kept between letters and used by one thread."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str,
        tls: str,
        ca_file: str = "",
        timeout: float = 30.0,
        local_hostname: str | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        self._server = Server(host, port, user, password, tls, ca_file, timeout, local_hostname, tokens)
        self._timeout = timeout
        self._wire: Wire | None = None
        self._rests_since = 0.0
        self.login_refused = False
        """The last time that the server was asked to let us in, it refused for good."""
        self._ahead: Sendable | None = None
        """The letter whose envelope the server has already, behind the end of the one before (RFC 2920)."""
        self._goes_ahead = True

    def send(
        self,
        letter: Sendable,
        *,
        following: Sendable | None = None,
        meanwhile: Meanwhile = None,
        may_end: MayEnd = None,
    ) -> Outcome:
        """Send one letter. Never raises for trouble of the network or the server.

        "sent": a 250 came after the data. "later": the letter did not leave. "refused": this
        letter never will. "in-doubt": all was given, no answer came (RFC 1047).

        `following` is the letter that is sent next, if that is known: its envelope goes ahead where
        the server allows it. `meanwhile` is done when the server lets us wait; it must not raise.
        `may_end` is asked before the letter is ended: where it says no, the letter does not leave.
        """
        ahead = self._ahead is letter
        self._let_go_if_unfit(letter)
        self._ahead = None
        try:
            wire = self._offered(letter, ahead, meanwhile)
            return self._given(wire, letter, following, meanwhile, may_end)
        except Refusal as refusal:
            return self._judged(refusal)
        except Unsendable as unsendable:
            return Outcome("refused", None, str(unsendable))
        except SmtpDown as down:
            return Outcome("later", down.code, str(down), reached=False, of_server=True)
        except OSError as error:
            self._drop()
            return Outcome("later", None, self._server.lost(error), of_server=True)

    def reach(self) -> str:
        """Connect and log in if need be; why that is not possible, or ""."""
        try:
            if self._wire is None:
                self._connect()
        except SmtpDown as down:
            return str(down)
        return ""

    def check(self) -> None:
        """Connect and log in. Raises SmtpDown with what to do."""
        self._drop()
        self._connect()

    @property
    def server(self) -> Server:
        """Where letters are given, for whoever looks at the connection itself."""
        return self._server

    def close(self) -> None:
        """Say goodbye if somebody listens; never raises."""
        wire, self._wire = self._wire, None
        if wire is not None and self._ahead is None:
            wire.quit(min(self._timeout, 2.0))
        elif wire is not None:
            wire.hang_up()
        self._ahead = None

    # -- the envelope

    def _offered(self, letter: Sendable, ahead: bool, meanwhile: Meanwhile) -> Wire:
        """Have the envelope taken. A kept connection that proves dead is replaced, once: no failure."""
        between = envelope.addresses(letter)
        if self._wire is not None:
            try:
                return self._offer(self._wire, letter, None if ahead else between, meanwhile)
            except Refusal as refusal:
                unfit = ahead and refusal.code in OF_THE_SETTINGS
                if refusal.code != GOODBYE and not unfit:
                    raise
                self._goes_ahead = self._goes_ahead and not unfit
            except OSError as error:
                # Nothing was given yet; the new connection will show what is wrong, if anything is.
                # A server that swallowed what went ahead is not asked to take such again.
                self._goes_ahead = self._goes_ahead and not (ahead and isinstance(error, TimeoutError))
            self._drop()
        if meanwhile is not None:
            meanwhile()  # connecting may take long
        return self._offer(self._connect(), letter, between, meanwhile)

    def _offer(
        self, wire: Wire, letter: Sendable, between: tuple[str, str] | None, meanwhile: Meanwhile
    ) -> Wire:
        """Offer the envelope; `between` is None when it went ahead."""
        if between is None:
            replies = envelope.answers(wire, self._timeout, meanwhile)
        else:
            lines = envelope.commands(wire, between, letter.data, self._server.where)
            replies = envelope.asked(wire, lines, self._timeout, meanwhile)
        if refusal := envelope.first_refusal(replies):
            if not envelope.leave_fit(wire, replies, self._timeout):
                self._drop()
            raise refusal
        if not wire.in_step:
            raise ConnectionError("the server says more than it is asked")
        return wire

    # -- the letter

    def _given(
        self,
        wire: Wire,
        letter: Sendable,
        following: Sendable | None,
        meanwhile: Meanwhile,
        may_end: MayEnd,
    ) -> Outcome:
        """Give the data. From the final dot on, silence means that the letter may have arrived."""
        body, end = on_the_wire(letter.data), b".\r\n" + self._beginning(wire, following)
        if len(body) > _AT_ONCE:
            if meanwhile is not None:
                meanwhile()  # this may take long
            wire.write(body)
        else:
            end = body + end
        del body
        if may_end is not None and not may_end():
            self._drop()
            return Outcome("later", None, "it is no longer this worker's to send")
        try:
            wire.write(end)
            reply = wire.reply(self._timeout * _PATIENCE_AFTER_THE_DOT, meanwhile)
        except OSError as error:
            self._drop()
            words = f"{self._server.lost(error)}, after the whole letter was given; it may have arrived"
            return Outcome("in-doubt", None, words, of_server=True)
        if self._ahead is None and not wire.in_step:
            self._drop()
        if not 200 <= reply.code < 600 or 300 <= reply.code < 400 or self._shifted(wire, reply):
            self._drop()
            words = f"{self._server.where} gave no proper answer: {plain(reply.text)}"
            return Outcome("in-doubt", reply.code, words, of_server=True)
        self._rests_since = time.monotonic()
        if not reply.good:
            raise Refusal("dot", reply)
        return Outcome("sent", reply.code, plain(reply.text))

    def _beginning(self, wire: Wire, following: Sendable | None) -> bytes:
        """The next letter's envelope, where it may go ahead."""
        if following is None or not self._goes_ahead or "pipelining" not in wire.offers:
            return b""
        try:
            between = envelope.addresses(following)
            lines = envelope.commands(wire, between, following.data, self._server.where)
        except Unsendable:
            return b""
        self._ahead = following
        return b"".join(lines)

    def _shifted(self, wire: Wire, reply: Reply) -> bool:
        """True when the answers to the envelope that went ahead show that this one's own never came.

        No letter is judged by another's reply. What is awaited here is needed next in any case; only
        where the letter was taken it must not be long, as that is not recorded yet.
        """
        if self._ahead is None or reply.code == GOODBYE:
            return False
        replies = wire.gather(len(STAGES), _IN_STEP)
        if len(replies) < len(STAGES) and not (reply.good and (not replies or replies[0].good)):
            # A refusal leaves nothing to think about: the others are here at once, or they never come.
            replies = wire.gather(len(STAGES), self._timeout)
            shifted = len(replies) == len(STAGES) - 1
        else:
            shifted = reply.good and [one.code for one in replies[1:2]] == [GO_ON]
        self._goes_ahead = self._goes_ahead and not shifted
        if len(replies) > len(STAGES):
            self._drop()
        return shifted

    def _judged(self, refusal: Refusal) -> Outcome:
        """Say what a refusal means."""
        misset = refusal.stage != "dot" and refusal.code in OF_THE_SETTINGS
        permanent = 500 <= refusal.code < 600 and not misset
        odd = not 400 <= refusal.code < 600
        if odd or misset or refusal.code == GOODBYE:
            self._drop()
        text = f"{refusal.stage}: {refusal.code} {refusal.text}"
        if misset:
            text += "; check SMTP_USER, SMTP_PASSWORD and SMTP_TLS"
        of_server = odd or misset or refusal.code == GOODBYE
        return Outcome("refused" if permanent else "later", refusal.code, text, of_server=of_server)

    # -- the connection

    def _connect(self) -> Wire:
        self.login_refused = False
        try:
            self._wire = self._server.connect()
        except SmtpDown as down:
            self.login_refused = down.login
            raise
        self._rests_since = time.monotonic()
        return self._wire

    def _let_go_if_unfit(self, letter: Sendable) -> None:
        """Drop a kept connection that awaits another letter, or has rested long enough to be dead."""
        if self._ahead is not None and self._ahead is not letter:
            self._drop()
        elif self._wire is not None and time.monotonic() - self._rests_since > _KEPT_FOR:
            self._wire.quit(0)
            self._drop()

    def _drop(self) -> None:
        wire, self._wire, self._ahead = self._wire, None, None
        if wire is not None:
            wire.hang_up()
