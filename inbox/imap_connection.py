"""One IMAP connection: TLS, login, and every failure as MailboxDown in plain words."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError

from access import sasl, tls
from access.advice import advice
from access.trouble import NoAccess
from inbox.mailbox import LoginRefused, MailboxDown, NotFiled
from language.hiding import hidden

if TYPE_CHECKING:
    from access.tokens import Tokens

_MAY_PASS = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.IGNORECASE)
"""Response codes of RFC 5530 for a refusal that may pass by itself."""

_BYE = re.compile(r"\* BYE\b *(?P<why>.*)", re.IGNORECASE)
"""A server that wants no connection now, or none from us (RFC 9051, 7.1.5)."""


_NO_STARTTLS = "nothing is said without TLS: set IMAP_TLS=tls and its port, or ask its admin"


class _TooOld(MailboxDown):
    """The server refused an access token that may simply have been too old."""


class ImapConnection:
    """Where and how to log in, and the connection while there is one."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str,
        tls: str,
        ca_file: str,
        timeout: float,
        tokens: Tokens | None = None,
    ) -> None:
        self.timeout = timeout
        self._host, self._port = host, port
        self._user, self._password = user, password
        self._tls, self._ca_file = tls, ca_file
        self.tokens, self._token = tokens, ""
        self._client: Any = None

    def open(self) -> None:
        """Connect and log in. Raises MailboxDown."""
        self.close()
        try:
            self._enter()
        except _TooOld:
            self._enter()

    def _enter(self) -> None:
        # Before the connection: a server is not bothered while there is nothing to show it.
        self._token = self._access()
        self._connect()
        if self.wire.state != "NONAUTH":
            self.hang_up()
            words = "lets us in before any login (PREAUTH), so nobody knows whose mailbox that is"
            raise self.down(f"{words}; check IMAP_HOST and IMAP_PORT, or ask its admin", permanent=True)
        if self._tls == "starttls":
            self._start_tls()
        self._log_in()

    def _access(self) -> str:
        if self.tokens is None:
            return ""
        try:
            return self.tokens.token("imap")
        except NoAccess as why:
            # What a server said of the last token names it already.
            words = str(why) if why.error == "refused" else f"no login as {self._user}: {why}"
            raise MailboxDown(words, permanent=why.lasting) from why

    def close(self) -> None:
        """Log out, but don't wait long for it; never raises."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.socket().settimeout(min(self.timeout, 2.0))
            client.logout()
        except (OSError, imaplib.IMAP4.error, ValueError):
            _shut(client)

    def hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            _shut(client)

    @property
    def client(self) -> Any:
        if self._client is None:
            raise self.down("is not connected")
        return self._client

    @property
    def wire(self) -> Any:
        """The imaplib object under imapclient."""
        return self.client._imap

    @property
    def address(self) -> str:
        return f"{self._host}:{self._port}"

    def down(self, words: str, permanent: bool = False) -> MailboxDown:
        # Some servers repeat what they were told, the line of the login too.
        words = hidden(words, (self._password, self._token), self._user)
        return MailboxDown(f"the IMAP server {self.address} {words}", permanent=permanent)

    @contextlib.contextmanager
    def answered_within(self, seconds: float) -> Iterator[None]:
        """Wait less long than usual for the answers in the block."""
        line = self.client.socket()
        line.settimeout(min(seconds, self.timeout))
        yield
        line.settimeout(self.timeout)

    @contextlib.contextmanager
    def plainly(self, what: str, todo: str = "", refused: str = "") -> Iterator[None]:
        """Turn every failure into MailboxDown and hang up, for what the line holds is unknown then.

        `refused` is said instead of `what` when the server answered, with a no.
        """
        try:
            yield
        except NotFiled:
            raise
        except MailboxDown:
            self.hang_up()
            raise
        except ssl.SSLCertVerificationError as error:
            self.hang_up()
            raise self.down(f"{tls.distrust(error)} (IMAP_HOST)", permanent=True) from error
        except (OSError, imaplib.IMAP4.error, ValueError) as error:
            self.hang_up()
            if misspoken := tls.misspoken(error):
                raise self.down(f"{misspoken}; check IMAP_TLS and IMAP_PORT", True) from error
            words = refused if refused and is_refusal(error) else what
            raise self.down(f"{words}: {words_of(error)}{todo}") from error

    def _connect(self) -> None:
        with self.plainly("can't be reached", "; check IMAP_HOST and IMAP_PORT, and that the server runs"):
            self._client = self._greeted()
            # At its debug level imaplib makes a repr of every mail, several times its size.
            self.wire.debug = 0
            _tune(self.client.socket())

    def _greeted(self) -> IMAPClient:
        secure = self._tls == "tls"
        context = self._context() if secure else None
        try:
            return IMAPClient(self._host, self._port, ssl=secure, ssl_context=context, timeout=self.timeout)
        except imaplib.IMAP4.error as error:
            if bye := _BYE.match(words_of(error)):
                words = f"hung up at once, saying: {bye['why'] or 'nothing'}"
                raise self.down(f"{words}; a running worker tries again by itself") from error
            raise

    def _start_tls(self) -> None:
        with self.plainly("failed to start TLS", f"; {_NO_STARTTLS}", refused="would not start TLS"):
            if not self.client.has_capability("STARTTLS"):
                raise self.down(f"offers no STARTTLS; {_NO_STARTTLS}", True)
            self.client.starttls(_Listening(self))
            # What was said before counts for nothing now (RFC 9051, 6.2.1).
            self.wire.untagged_responses.clear()

    def secured(self, line: socket.socket, host: str) -> ssl.SSLSocket:
        """The line under TLS, once the server agreed; it must not have said more than that."""
        if tls.spoken_early(line, self.wire.file, self.timeout):
            words = (
                "or somebody between us said something before TLS began, which would count as said under it"
            )
            raise self.down(f"{words}; set IMAP_TLS=tls and its port, or ask its admin", True)
        return self._context().wrap_socket(line, server_hostname=host)

    def _context(self) -> ssl.SSLContext:
        try:
            return tls.context(self._ca_file)
        except OSError as error:
            found = f"can't be verified: {self._ca_file!r} is no certificate authority in PEM form"
            raise self.down(f"{found} ({words_of(error)}); check TLS_CA_FILE", True) from error

    def _log_in(self) -> None:
        with self.plainly("hung up during the login"):
            if self.tokens is not None:
                self._log_in_by_token(self.tokens)
            else:
                self._log_in_by_password()
            # Servers tell it with the login, and SELECT would forget it.
            self.client.capabilities()

    def _log_in_by_password(self) -> None:
        if self.client.has_capability("LOGINDISABLED"):
            words = "takes no login on this connection (LOGINDISABLED)"
            raise self.down(f"{words}; set IMAP_TLS=starttls, or tls and its port", True)
        try:
            if (self._user + self._password).isascii():
                self.client.login(self._user, self._password)
            else:
                self.client.plain_login(self._user, self._password)
        except CapabilityError as error:
            raise self.down("takes only ASCII in user name and password; change them", True) from error
        except imaplib.IMAP4.error as error:
            raise self._refused(error, "check IMAP_USER and IMAP_PASSWORD") from error

    def _log_in_by_token(self, tokens: Tokens) -> None:
        offered = [one.decode("ascii", "replace").upper() for one in self.client.capabilities()]
        ways = [one.removeprefix("AUTH=") for one in offered if one.startswith("AUTH=")]
        if not (mechanism := sasl.mechanism(ways)):
            words = f"offers no login by OAuth ({' or '.join(sasl.MECHANISMS)})"
            raise self.down(f"{words}; check IMAP_HOST and IMAP_TLS, or set IMAP_AUTH=password", True)
        bearer = sasl.Bearer(mechanism, self._user, self._token, self._host, self._port)
        try:
            self.client.sasl_login(mechanism, bearer)
        except imaplib.IMAP4.error as error:
            raise self._refused(error, "", bearer) from error
        tokens.accepted("imap")

    def _refused(self, error: Exception, usual: str, bearer: sasl.Bearer | None = None) -> Exception:
        """Tell a wrong password from a server that hung up; imapclient makes a LoginError of both."""
        cause = error.__context__ if isinstance(error, LoginError) else error
        if isinstance(cause, imaplib.IMAP4.abort):
            return cause
        said = words_of(cause or error)
        if bearer is not None:
            said = bearer.told(said)
        said = hidden(said, (self._password, self._token), self._user)
        todo = advice(said, usual, by_token=bearer is not None)
        words = f"IMAP login as {self._user} at {self.address} was refused: {said}; {todo}"
        if not lasting(said):
            return MailboxDown(words)
        if self.tokens is None:
            return LoginRefused(words)
        # Its own pauses grow, and end at once with a new consent.
        again = self.tokens.refused("imap", self._token, words)
        return _TooOld(words) if again else MailboxDown(words, permanent=True)


class _Listening:
    """What imaplib takes for an SSLContext, to look at the line at the moment between the two."""

    def __init__(self, line: ImapConnection) -> None:
        self._line = line

    def wrap_socket(self, line: socket.socket, server_hostname: str) -> ssl.SSLSocket:
        return self._line.secured(line, server_hostname)


def is_refusal(error: BaseException) -> bool:
    """Whether the server answered, with a NO or a BAD; the line itself is in order then."""
    return isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)


def lasting(said: str) -> bool:
    """Whether a refusal stands until somebody changes something."""
    return not _MAY_PASS.search(said)


def words_of(error: BaseException) -> str:
    """What the server or the system said, fit for one line of a log."""
    said = error.args[0] if error.args else ""
    if isinstance(said, bytes):
        said = said.decode("utf-8", "replace")
    elif isinstance(error, OSError):
        said = error.strerror or str(error)
    visible = "".join(letter if letter.isprintable() else " " for letter in str(said))
    return " ".join(visible.split())[:300] or type(error).__name__


def _tune(line: socket.socket) -> None:
    """Send small commands at once, and notice a peer that is gone."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 15), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, option):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _shut(client: Any) -> None:
    with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
        client.shutdown()
