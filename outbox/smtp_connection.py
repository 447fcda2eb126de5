"""Reaching an SMTP server: connect, greet, TLS, log in; whatever goes wrong is said in words that help."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from access import sasl, tls
from access.advice import advice
from access.trouble import NoAccess
from language.hiding import hidden
from outbox.smtp_wire import Wire, plain

if TYPE_CHECKING:
    from access.tokens import Tokens

_GO_ON, _LET_IN, _MORE, _FOR_GOOD = 220, 235, 334, 500
_NO_STARTTLS = "nothing is sent without TLS: set SMTP_TLS=tls and its port, or ask its admin"


class SmtpDown(Exception):
    """The server can't be used, whatever the letter. The message names it and says what to do."""

    def __init__(self, message: str, code: int | None = None, *, login: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.login = login
        """The login was refused for good. Trying it again and again could lock the account."""


class _TooOld(SmtpDown):
    """The server refused an access token that may simply have been too old."""


@dataclass(slots=True)
class Server:
    """An SMTP server as the settings name it."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: str
    ca_file: str
    timeout: float
    local_hostname: str | None
    tokens: Tokens | None = None
    _token: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """What to call it."""
        return f"the SMTP server {self.host}:{self.port}"

    def connect(self) -> Wire:
        """A connection that is ready for letters. Raises SmtpDown."""
        # Setting up is rare and smtplib knows every way to log in; letters go over the bare socket.
        try:
            return self._connected()
        except _TooOld:
            return self._connected()

    def _connected(self) -> Wire:
        # Before the connection: a server is not bothered while there is nothing to show it.
        self._token = self._access()
        with self._plainly():
            wire = self._made()
            try:
                return self._set_up(wire)
            except BaseException:
                with contextlib.suppress(OSError):
                    wire.close()
                raise

    def _access(self) -> str:
        if self.tokens is None:
            return ""
        try:
            return self.tokens.token("smtp")
        except NoAccess as why:
            # What a server said of the last token names it already.
            said = why.error == "refused"
            raise SmtpDown(str(why) if said else f"no login as {self.user} at {self.where}: {why}") from why

    def lost(self, error: OSError) -> str:
        """What became of the connection, in words."""
        said = error.strerror or plain(str(error))
        return self._hidden(f"trouble with {self.where}: {said}")

    def down(self, words: str, code: int | None = None, *, login: bool = False) -> SmtpDown:
        """The trouble that these words name."""
        return SmtpDown(self._hidden(f"{self.where} {words}"), code, login=login)

    def _hidden(self, words: str) -> str:
        """Some servers repeat what they were told, the line of the login too."""
        return hidden(words, (self.password, self._token), self.user)

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
        if line.family != socket.AF_UNIX:
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
            raise self.down(f"offers no STARTTLS; {_NO_STARTTLS}")
        reply = wire.docmd("STARTTLS")
        if reply[0] != _GO_ON:
            raise self.down(f"would not start TLS: {reply[0]} {plain(reply[1])}; {_NO_STARTTLS}", reply[0])
        if wire.sock is None:
            raise ConnectionResetError("the server hung up")
        if tls.spoken_early(wire.sock, wire.file, self.timeout):
            words = (
                "or somebody between us said something before TLS began, which would count as said under it"
            )
            raise self.down(f"{words}; {_NO_STARTTLS}")
        wire.sock = self._context().wrap_socket(wire.sock, server_hostname=self.host)
        # What was said before counts for nothing now (RFC 3207, 4.2).
        wire.file = wire.helo_resp = wire.ehlo_resp = None
        wire.esmtp_features, wire.does_esmtp = {}, False
        self._greet(wire)

    def _log_in(self, wire: smtplib.SMTP) -> None:
        if not wire.has_extn("auth"):
            words = "offers no login on this connection"
            raise self.down(f"{words}; check SMTP_TLS and SMTP_PORT, or empty SMTP_USER")
        if self.tokens is not None:
            self._log_in_by_token(wire, self.tokens)
            return
        try:
            if (self.user + self.password).isascii():
                wire.login(self.user, self.password)
            else:
                secret = sasl.encoded(f"\0{self.user}\0{self.password}".encode())
                code, text = wire.docmd("AUTH", f"PLAIN {secret}")
                if code != _LET_IN:
                    raise smtplib.SMTPAuthenticationError(code, text)
        except smtplib.SMTPAuthenticationError as error:
            said = f"{error.smtp_code} {plain(error.smtp_error)}"
            todo = advice(said, "check SMTP_USER and SMTP_PASSWORD")
            words = f"refused the login as {self.user}: {said}; {todo}"
            raise self.down(words, error.smtp_code, login=error.smtp_code >= 500) from error

    def _log_in_by_token(self, wire: smtplib.SMTP, tokens: Tokens) -> None:
        mechanism = sasl.mechanism(wire.esmtp_features.get("auth", "").split())
        if not mechanism:
            words = f"offers no login by OAuth ({' or '.join(sasl.MECHANISMS)})"
            raise self.down(f"{words}; check SMTP_HOST and SMTP_TLS, or set SMTP_AUTH=password")
        bearer = sasl.Bearer(mechanism, self.user, self._token, self.host, self.port)
        code, text = wire.docmd("AUTH", f"{mechanism} {sasl.encoded(bearer())}")
        if code == _MORE:
            # The reason for a refusal; the refusal itself comes after our answer.
            answer = bearer(sasl.decoded(text))
            code, text = wire.docmd(sasl.encoded(answer))
        if code != _LET_IN:
            raise self._refused(tokens, code, plain(text), bearer)
        tokens.accepted("smtp")

    def _refused(self, tokens: Tokens, code: int, text: str, bearer: sasl.Bearer) -> SmtpDown:
        said = bearer.told(f"{code} {text}")
        words = f"refused the login as {self.user}: {said}; {advice(said, '', by_token=True)}"
        if code < _FOR_GOOD:
            return self.down(words, code)
        # Its own pauses grow, and end at once with a new consent.
        again = tokens.refused("smtp", self._token, str(self.down(words)))
        return _TooOld(str(self.down(words)), code) if again else self.down(words, code)

    def _context(self) -> ssl.SSLContext:
        try:
            return tls.context(self.ca_file)
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
            raise self.down(f"{tls.distrust(error)} (SMTP_HOST)") from error
        except smtplib.SMTPResponseException as error:
            said = f"{error.smtp_code} {plain(error.smtp_error)}"
            raise self.down(f"answered {said}; check SMTP_TLS and SMTP_PORT", error.smtp_code) from error
        except UnicodeError as error:
            raise self.down("has a name that no host can have; check SMTP_HOST") from error
        except OSError as error:
            if misspoken := tls.misspoken(error):
                raise self.down(f"{misspoken}; check SMTP_TLS and SMTP_PORT") from error
            words = f"{self.lost(error)}; check SMTP_HOST and SMTP_PORT, and that the server runs"
            raise SmtpDown(words) from error
