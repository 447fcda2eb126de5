"""Reaching an SMTP server: connect, greet, TLS, log in; whatever goes wrong is said in words that help."""

from __future__ import annotations

import base64
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from outbox.smtp_wire import Wire, plain


class SmtpDown(Exception):
    """The server can't be used, whatever the letter. The message names it and says what to do."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Server:
    """An SMTP server as the settings name it."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    ca_file: str
    timeout: float
    local_hostname: str | None

    @property
    def where(self) -> str:
        """What to call it."""
        return f"the SMTP server {self.host}:{self.port}"

    def connect(self) -> Wire:
        """A connection that is ready for letters. Raises SmtpDown."""
        # Setting up is rare and smtplib knows every way to log in; letters go over the bare socket.
        with self._plainly():
            wire = self._made()
            try:
                return self._set_up(wire)
            except BaseException:
                with contextlib.suppress(OSError):
                    wire.close()
                raise

    def lost(self, error: OSError) -> str:
        """What became of the connection, in words."""
        said = error.strerror or plain(str(error))
        return f"trouble with {self.where}: {said}"

    def down(self, words: str, code: int | None = None) -> SmtpDown:
        """The trouble that these words name."""
        return SmtpDown(f"{self.where} {words}", code)

    def _made(self) -> smtplib.SMTP:
        if self.tls == "tls":
            wire: smtplib.SMTP = smtplib.SMTP_SSL(
                local_hostname=self.local_hostname, timeout=self.timeout, context=self._context()
            )
        else:
            wire = smtplib.SMTP(local_hostname=self.local_hostname, timeout=self.timeout)
        # Asking for the own name may cost a slow look-up; once is enough.
        self.local_hostname = wire.local_hostname
        # smtplib sets the name that certificates are checked against only in its constructor.
        wire._host = self.host  # type: ignore[attr-defined]
        return wire

    def _set_up(self, wire: smtplib.SMTP) -> Wire:
        self._hoped(wire.connect(self.host, self.port), "greeting")
        self._greet(wire)
        if self.tls == "starttls":
            self._start_tls(wire)
        if self.user:
            self._log_in(wire)
        line = wire.sock
        if line is None:
            raise ConnectionResetError("the server hung up")
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if wire.file is not None:
            # Else it would keep the socket open when that is closed.
            wire.file.close()
        return Wire(line, dict(wire.esmtp_features), self.timeout)

    def _greet(self, wire: smtplib.SMTP) -> None:
        code, text = wire.ehlo()
        if 500 <= code < 600:
            code, text = wire.helo()
        self._hoped((code, text), "EHLO")

    def _start_tls(self, wire: smtplib.SMTP) -> None:
        if not wire.has_extn("starttls"):
            raise self.down("offers no STARTTLS; set SMTP_TLS=tls (and its port), or ask its admin")
        self._hoped(wire.starttls(context=self._context()), "STARTTLS")
        self._greet(wire)

    def _log_in(self, wire: smtplib.SMTP) -> None:
        if not wire.has_extn("auth"):
            words = "offers no login on this connection"
            raise self.down(f"{words}; check SMTP_TLS and SMTP_PORT, or empty SMTP_USER")
        try:
            if (self.user + self.password).isascii():
                wire.login(self.user, self.password)
            else:
                secret = base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
                code, text = wire.docmd("AUTH", f"PLAIN {secret}")
                if code != 235:
                    raise smtplib.SMTPAuthenticationError(code, text)
        except smtplib.SMTPAuthenticationError as error:
            said = f"{error.smtp_code} {plain(error.smtp_error)}"
            words = f"refused the login as {self.user}: {said}; check SMTP_USER and SMTP_PASSWORD"
            raise self.down(words, error.smtp_code) from error

    def _context(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self.ca_file or None)
        except (OSError, ssl.SSLError) as error:
            words = f"can't be verified: the file {self.ca_file!r} is no certificate authority in PEM form"
            raise self.down(f"{words} ({error}); check TLS_CA_FILE") from error

    def _hoped(self, reply: tuple[int, bytes], stage: str) -> None:
        code, text = reply
        if not 200 <= code < 300:
            advice = "" if 400 <= code < 500 else "; check SMTP_HOST, SMTP_PORT and SMTP_TLS"
            raise self.down(f"answered {stage} with {code} {plain(text)}{advice}", code)

    @contextlib.contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLCertVerificationError as error:
            words = f"shows a certificate that is not trusted: {error.verify_message}"
            raise self.down(f"{words}; check SMTP_HOST, or name your authority in TLS_CA_FILE") from error
        except smtplib.SMTPResponseException as error:
            said = f"{error.smtp_code} {plain(error.smtp_error)}"
            raise self.down(f"answered {said}; check SMTP_TLS and SMTP_PORT", error.smtp_code) from error
        except OSError as error:
            if getattr(error, "reason", "") == "WRONG_VERSION_NUMBER":
                raise self.down("does not speak TLS there; check SMTP_TLS and SMTP_PORT") from error
            words = f"{self.lost(error)}; check SMTP_HOST and SMTP_PORT, and that the server runs"
            raise SmtpDown(words) from error
