"""Send one letter by SMTP, and say exactly what each failure means (promises 6 and 7)."""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cases.sendable import sendable

Result = Literal["sent", "later", "refused", "in-doubt"]

_OF_THE_SETTINGS = frozenset({503, 530, 534, 535, 538})
"""Refusals of whoever sends (RFC 4954) or of the order of commands: no letter is to blame."""
_PATIENCE_AFTER_THE_DOT = 10
"""Hanging up too early after the dot makes duplicates (RFC 1047), so wait this many time-outs."""
_EOL = re.compile(rb"\r\n|\r|\n")
_LINE_DOT = re.compile(rb"^\.", re.MULTILINE)
_UNUSABLE = re.compile(r"[\x00-\x20\x7f<>]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt to send."""

    result: Result
    code: int | None
    """The server's reply code; None when it gave none."""
    text: str
    reached: bool = True
    """False when no letter can be sent now: the server is away, or the settings are wrong."""


class SmtpDown(Exception):
    """The server can't be used, whatever the letter. The message names it and says what to do."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class _Refusal(Exception):
    """A reply that was not the one hoped for."""

    def __init__(self, stage: str, code: int, text: str) -> None:
        super().__init__(text)
        self.stage, self.code, self.text = stage, code, text


class _Unsendable(Exception):
    """This server can't send this letter at all."""


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
    ) -> None:
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._tls, self._ca_file = tls, ca_file
        self._timeout = timeout
        self._local_hostname = local_hostname
        self._open: smtplib.SMTP | None = None

    def send(self, *, envelope_from: str, recipient: str, data: bytes) -> Outcome:
        """Send `data` to one recipient. Never raises for trouble of the network or the server.

        "sent": a 250 came after the data. "later": the letter did not leave. "refused": this
        letter never will. "in-doubt": all was given, no answer came (RFC 1047).
        """
        # A domain of another script in its ASCII form asks nothing of the server.
        envelope_from, recipient = (sendable(one) or one for one in (envelope_from, recipient))
        if any(_UNUSABLE.search(address) for address in (envelope_from, recipient)) or not recipient:
            return Outcome("refused", None, f"{recipient!r} or {envelope_from!r} is not an address")
        try:
            return self._transaction(envelope_from, recipient, data)
        except _Refusal as refusal:
            return self._judged(refusal)
        except _Unsendable as unsendable:
            return Outcome("refused", None, str(unsendable))
        except SmtpDown as down:
            return Outcome("later", down.code, str(down), reached=False)
        except OSError as error:
            self._drop()
            return Outcome("later", None, self._lost(error))

    def check(self) -> None:
        """Connect and log in. Raises SmtpDown with what to do."""
        self._drop()
        self._connect()

    def close(self) -> None:
        """Say goodbye if somebody listens; never raises."""
        wire, self._open = self._open, None
        if wire is None:
            return
        with contextlib.suppress(OSError, AttributeError):
            if wire.sock is not None:
                wire.sock.settimeout(min(self._timeout, 2.0))
            wire.quit()
        wire.close()

    # -- one letter

    def _transaction(self, envelope_from: str, recipient: str, data: bytes) -> Outcome:
        wire = self._begin(envelope_from, recipient, data)
        self._ask(wire, "RCPT", f"TO:<{recipient}>")
        self._ask(wire, "DATA", "", hoped=(354,))
        wire.send(_on_the_wire(data))
        return self._finish(wire)

    def _begin(self, envelope_from: str, recipient: str, data: bytes) -> smtplib.SMTP:
        """Say MAIL. A kept connection that proves dead is replaced once: that is no failure."""
        if self._open is not None:
            try:
                return self._mail(self._open, envelope_from, recipient, data)
            except _Refusal as refusal:
                if refusal.code != 421:
                    raise
            except OSError:
                # Nothing was sent yet; the new connection will show what is wrong, if anything is.
                pass
            self._drop()
        return self._mail(self._connect(), envelope_from, recipient, data)

    def _mail(self, wire: smtplib.SMTP, envelope_from: str, recipient: str, data: bytes) -> smtplib.SMTP:
        options = ""
        if wire.has_extn("size"):
            options += f" SIZE={len(data)}"
        if wire.has_extn("8bitmime") and not data.isascii():
            options += " BODY=8BITMIME"
        wire.command_encoding = "ascii"
        if not (envelope_from + recipient).isascii():
            if not wire.has_extn("smtputf8"):
                words = f"the SMTP server {self._host}:{self._port} offers no SMTPUTF8"
                raise _Unsendable(f"{words}, which the address {recipient} needs")
            wire.command_encoding = "utf-8"
            options += " SMTPUTF8"
        self._ask(wire, "MAIL", f"FROM:<{envelope_from}>{options}")
        return wire

    def _ask(self, wire: smtplib.SMTP, command: str, arguments: str, hoped: tuple[int, ...] = ()) -> None:
        code, text = wire.docmd(command, arguments)
        if code not in hoped and (hoped or not 200 <= code < 300):
            raise _Refusal(command, code, _plain(text))

    def _finish(self, wire: smtplib.SMTP) -> Outcome:
        """Send the final dot. From here on, silence means that the letter may have arrived."""
        try:
            if wire.sock is not None:
                wire.sock.settimeout(self._timeout * _PATIENCE_AFTER_THE_DOT)
            wire.send(b".\r\n")
            code, text = wire.getreply()
            if wire.sock is not None:
                wire.sock.settimeout(self._timeout)
        except OSError as error:
            self._drop()
            words = f"{self._lost(error)}, after the whole letter was given; it may have arrived"
            return Outcome("in-doubt", None, words)
        if 200 <= code < 300:
            return Outcome("sent", code, _plain(text))
        if 400 <= code < 600:
            raise _Refusal("dot", code, _plain(text))
        self._drop()
        return Outcome("in-doubt", code, f"{self._host}:{self._port} gave no proper answer: {_plain(text)}")

    def _judged(self, refusal: _Refusal) -> Outcome:
        """Say what a refusal means, and leave the connection fit for the next letter."""
        permanent = 500 <= refusal.code < 600
        misset = refusal.stage != "dot" and refusal.code in _OF_THE_SETTINGS
        if misset or refusal.code == 421 or not 400 <= refusal.code < 600:
            self._drop()
        elif refusal.stage != "dot":
            self._reset()
        text = f"{refusal.stage}: {refusal.code} {refusal.text}"
        if misset:
            text += "; check SMTP_USER, SMTP_PASSWORD and SMTP_TLS"
        result: Result = "refused" if permanent and not misset else "later"
        return Outcome(result, refusal.code, text, reached=not misset)

    def _reset(self) -> None:
        try:
            if self._open is not None and self._open.rset()[0] != 250:
                self._drop()
        except OSError:
            self._drop()

    # -- the connection

    def _connect(self) -> smtplib.SMTP:
        with self._plainly():
            wire = self._made()
            self._open = wire
            self._hoped(wire.connect(self._host, self._port), "greeting")
            if wire.sock is not None:
                wire.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._greet(wire)
            if self._tls == "starttls":
                self._start_tls(wire)
            if self._user:
                self._log_in(wire)
            return wire

    def _made(self) -> smtplib.SMTP:
        if self._tls == "tls":
            wire: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=self._local_hostname, timeout=self._timeout, context=self._context()
            )
        else:
            wire = smtplib.SMTP(local_hostname=self._local_hostname, timeout=self._timeout)
        # Asking for the own name may cost a slow look-up; once is enough.
        self._local_hostname = wire.local_hostname
        # smtplib sets the name that certificates are checked against only in its constructor.
        wire._host = self._host  # type: ignore[attr-defined]
        return wire

    def _greet(self, wire: smtplib.SMTP) -> None:
        code, text = wire.ehlo()
        if 500 <= code < 600:
            code, text = wire.helo()
        self._hoped((code, text), "EHLO")

    def _start_tls(self, wire: smtplib.SMTP) -> None:
        if not wire.has_extn("starttls"):
            raise self._down("offers no STARTTLS; set SMTP_TLS=tls (and its port), or ask its admin")
        self._hoped(wire.starttls(context=self._context()), "STARTTLS")
        self._greet(wire)

    def _log_in(self, wire: smtplib.SMTP) -> None:
        if not wire.has_extn("auth"):
            words = "offers no login on this connection"
            raise self._down(f"{words}; check SMTP_TLS and SMTP_PORT, or empty SMTP_USER")
        try:
            if (self._user + self._password).isascii():
                wire.login(self._user, self._password)
            else:
                secret = base64.b64encode(f"\0{self._user}\0{self._password}".encode()).decode()
                code, text = wire.docmd("AUTH", f"PLAIN {secret}")
                if code != 235:
                    raise smtplib.SMTPAuthenticationError(code, text)
        except smtplib.SMTPAuthenticationError as error:
            said = f"{error.smtp_code} {_plain(error.smtp_error)}"
            words = f"refused the login as {self._user}: {said}; check SMTP_USER and SMTP_PASSWORD"
            raise self._down(words, error.smtp_code) from error

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._ca_file or None)
        except (OSError, ssl.SSLError) as error:
            words = f"can't be verified: the file {self._ca_file!r} is no certificate authority in PEM form"
            raise self._down(f"{words} ({error}); check TLS_CA_FILE") from error

    def _hoped(self, reply: tuple[int, bytes], stage: str) -> None:
        code, text = reply
        if not 200 <= code < 300:
            advice = "" if 400 <= code < 500 else "; check SMTP_HOST, SMTP_PORT and SMTP_TLS"
            raise self._down(f"answered {stage} with {code} {_plain(text)}{advice}", code)

    # -- trouble

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except SmtpDown:
            self._drop()
            raise
        except ssl.SSLCertVerificationError as error:
            self._drop()
            words = f"shows a certificate that is not trusted: {error.verify_message}"
            raise self._down(f"{words}; check SMTP_HOST, or name your authority in TLS_CA_FILE") from error
        except smtplib.SMTPResponseException as error:
            self._drop()
            said = f"{error.smtp_code} {_plain(error.smtp_error)}"
            raise self._down(f"answered {said}; check SMTP_TLS and SMTP_PORT", error.smtp_code) from error
        except OSError as error:
            self._drop()
            if getattr(error, "reason", "") == "WRONG_VERSION_NUMBER":
                raise self._down("does not speak TLS there; check SMTP_TLS and SMTP_PORT") from error
            words = f"{self._lost(error)}; check SMTP_HOST and SMTP_PORT, and that the server runs"
            raise SmtpDown(words) from error

    def _down(self, words: str, code: int | None = None) -> SmtpDown:
        return SmtpDown(f"the SMTP server {self._host}:{self._port} {words}", code)

    def _lost(self, error: OSError) -> str:
        said = error.strerror or _plain(str(error))
        return f"trouble with the SMTP server {self._host}:{self._port}: {said}"

    def _drop(self) -> None:
        wire, self._open = self._open, None
        if wire is not None:
            with contextlib.suppress(OSError):
                wire.close()


def _on_the_wire(data: bytes) -> bytes:
    """Give the letter CRLF line ends, doubled leading dots (RFC 5321 4.5.2) and an ended last line."""
    lines = _LINE_DOT.sub(b"..", _EOL.sub(b"\r\n", data))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _plain(said: bytes | str) -> str:
    """What the server said, fit for one line of a log."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(visible.split())[:300]
