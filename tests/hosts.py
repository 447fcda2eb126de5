"""Mail hosts for tests: one face for the embedded host and for a private Dovecot, and a line that fails."""

from __future__ import annotations

import asyncio
import contextlib
import grp
import itertools
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from demo.host import LOOPBACK, BackgroundLoop, MailHost, authenticated
from demo.smtp_server import Behaviour, Received, SmtpServer

DOMAIN = "peygir.example"
PASSWORD = "a-password"
AUTHSERV_ID = "mx.peygir.example"
DOVECOT = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
NO_DOVECOT = "Dovecot is not installed: apt install dovecot-imapd dovecot-lmtpd"

_numbers = itertools.count(1)


class Host(ABC):
    """A mail host as one test sees it: fresh accounts, and only the mail that left during the test."""

    kind: str
    imap_host = smtp_host = LOOPBACK
    imap_port: int
    smtp_port: int
    domain = DOMAIN
    password = PASSWORD
    authserv_id = AUTHSERV_ID
    address: str
    """This test's complaints address; it is also the name to log in with."""

    def __init__(self) -> None:
        self.address = self.account("complaints")

    @property
    def user(self) -> str:
        return self.address

    def account(self, name: str) -> str:
        """Make a new account, such as agent-7@peygir.example, with `password`."""
        address = f"{name}-{os.getpid()}-{next(_numbers)}@{DOMAIN}"
        self._add(address)
        return address

    @abstractmethod
    def deliver(
        self, raw: bytes, *, to: str = "", passes: bool | None = None, return_path: str = "writer@example.org"
    ) -> None:
        """Let a mail arrive at `to` (usually the complaints address; +anything is folded)."""

    @abstractmethod
    def sent(self) -> list[Received]:
        """What left by SMTP for people outside since this test began, oldest first."""

    @abstractmethod
    def inbox(self, user: str = "", folder: str = "INBOX") -> list[bytes]:
        """The mails of a local account (usually the complaints account), oldest first."""

    @abstractmethod
    def behave(self, behaviour: Behaviour | None) -> None:
        """Let SMTP misbehave; see demo.smtp_server.Behaviour."""

    @abstractmethod
    def _add(self, address: str) -> None: ...


class EmbeddedHost(Host):
    """The mail host of the demo."""

    kind = "embedded"

    def __init__(self, host: MailHost) -> None:
        self._host = host
        self.imap_port, self.smtp_port = host.imap_port, host.smtp_port
        self._before = len(host.outside)
        super().__init__()

    def deliver(
        self, raw: bytes, *, to: str = "", passes: bool | None = None, return_path: str = "writer@example.org"
    ) -> None:
        self._host.deliver(raw, to or self.address, passes=passes, return_path=return_path)

    def sent(self) -> list[Received]:
        return self._host.outside[self._before :]

    def inbox(self, user: str = "", folder: str = "INBOX") -> list[bytes]:
        return self._host.mails(user or self.address, folder)

    def behave(self, behaviour: Behaviour | None) -> None:
        self._host.smtp_behaviour = behaviour

    def _add(self, address: str) -> None:
        self._host.add_user(address, PASSWORD)


class DovecotHost(Host):
    """Dovecot for IMAP and LMTP, and beside it an SMTP server as the border."""

    kind = "dovecot"

    def __init__(self, dovecot: Dovecot, border: Border) -> None:
        self._dovecot, self._border = dovecot, border
        self.imap_port, self.smtp_port = dovecot.imap_port, border.smtp_port
        self._before = len(border.outside)
        super().__init__()

    def deliver(
        self, raw: bytes, *, to: str = "", passes: bool | None = None, return_path: str = "writer@example.org"
    ) -> None:
        mail = raw if passes is None else authenticated(raw, AUTHSERV_ID, passes)
        self._dovecot.deliver(mail, to or self.address, return_path)

    def sent(self) -> list[Received]:
        return self._border.outside[self._before :]

    def inbox(self, user: str = "", folder: str = "INBOX") -> list[bytes]:
        return self._dovecot.mails(user or self.address, folder)

    def behave(self, behaviour: Behaviour | None) -> None:
        self._border.server.behaviour = behaviour

    def _add(self, address: str) -> None:
        """Dovecot's configuration lets every name of the domain in."""


class Border:
    """An SMTP server that keeps what is for outside and gives the rest to Dovecot."""

    def __init__(self, dovecot: Dovecot) -> None:
        self.outside: list[Received] = []
        self.server = SmtpServer(keep=self._keep)
        self._dovecot = dovecot
        self._loop = BackgroundLoop("border")
        self._loop.start()
        self.smtp_port = self._loop.run(self.server.start(LOOPBACK, 0))

    async def _keep(self, sender: str, recipients: list[str], data: bytes) -> None:
        local = [each for each in recipients if each.lower().endswith("@" + DOMAIN)]
        for each in local:
            mail = authenticated(data, AUTHSERV_ID, passes=True)
            await asyncio.to_thread(self._dovecot.deliver, mail, each, sender)
        if outsiders := tuple(each for each in recipients if each not in local):
            self.outside.append(Received(sender, outsiders, data, datetime.now(UTC)))

    def stop(self) -> None:
        self._loop.run(self.server.stop())
        self._loop.stop()


class Dovecot:
    """A private Dovecot on loopback: its own configuration, folder and ports, no privileges."""

    def __init__(
        self,
        certificate: tuple[Path, Path] | None = None,
        *,
        introspection: str = "",
        namespace: str = "",
        more: Sequence[str] = (),
    ) -> None:
        """`introspection` is where access tokens are proved; `more` are lines of its configuration."""
        self._introspection, self._namespace, self._more = introspection, namespace, more
        self.imap_port, self.imaps_port, self.lmtp_port = free_ports(3)
        self._folder = Path(tempfile.mkdtemp(prefix="peygir-dovecot-"))
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        group = grp.getgrgid(account.pw_gid).gr_name
        (self._folder / "dovecot.conf").write_text(self._configuration(account, group, certificate))
        as_account: dict[str, object] = {}
        if os.geteuid() == 0:
            for path in (self._folder, *self._folder.iterdir()):
                os.chown(path, account.pw_uid, account.pw_gid)
            as_account = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self._process = subprocess.Popen(
            [str(DOVECOT), "-F", "-c", str(self._folder / "dovecot.conf")],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **as_account,  # type: ignore[call-overload]
        )
        self._await_ports()

    def _configuration(
        self, account: pwd.struct_passwd, group: str, certificate: tuple[Path, Path] | None
    ) -> str:
        lines = [
            f"base_dir = {self._folder}/run",
            f"state_dir = {self._folder}/state",
            f"log_path = {self._folder}/log",
            "protocols = imap lmtp",
            f"listen = {LOOPBACK}",
            f"default_internal_user = {account.pw_name}",
            f"default_internal_group = {group}",
            f"default_login_user = {account.pw_name}",
            "first_valid_uid = 1",
            "first_valid_gid = 1",
            "disable_plaintext_auth = no",
            "auth_mechanisms = plain login",
            "auth_username_format = %Lu",
            f"mail_location = maildir:{self._folder}/mail/%u",
            "mail_fsync = never",
            "mail_max_userip_connections = 100",
            f"postmaster_address = postmaster@{DOMAIN}",
            "recipient_delimiter = +",
            "lmtp_hdr_delivery_address = original",
            "lmtp_save_to_detail_mailbox = no",
            *self._token_lines(),
            f"passdb {{\n driver = static\n mechanisms = plain login\n args = password={PASSWORD}\n}}",
            f"userdb {{\n driver = static\n args = uid={account.pw_uid} gid={account.pw_gid} "
            f"home={self._folder}/home/%u allow_all_users=yes\n}}",
            f"namespace inbox {{\n inbox = yes\n{self._namespace}\n}}",
            *self._more,
            "auth_failure_delay = 0",
            "service anvil {\n chroot =\n unix_listener anvil-auth-penalty {\n mode = 0\n }\n}",
            "service stats {\n chroot =\n}",
            "service imap-login {\n chroot =",
            f" inet_listener imap {{\n port = {self.imap_port}\n }}",
            f" inet_listener imaps {{\n port = {self.imaps_port if certificate else 0}\n ssl = yes\n }}\n}}",
            f"service lmtp {{\n inet_listener lmtp {{\n port = {self.lmtp_port}\n }}\n}}",
        ]
        if certificate is None:
            return "\n".join([*lines, "ssl = no", ""])
        # Read here: the account Dovecot runs as may not look into the tests' folder.
        for name, path in zip(("cert", "key"), certificate, strict=True):
            (self._folder / f"{name}.pem").write_bytes(path.read_bytes())
            lines.append(f"ssl_{name} = <{self._folder}/{name}.pem")
        return "\n".join([*lines, "ssl = yes", ""])

    def _token_lines(self) -> list[str]:
        if not self._introspection:
            return []
        file = self._folder / "oauth2.conf.ext"
        file.write_text(
            f"introspection_mode = post\nintrospection_url = {self._introspection}\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        ways = "xoauth2 oauthbearer"
        return [
            f"auth_mechanisms = plain login {ways}",
            f"passdb {{\n driver = oauth2\n mechanisms = {ways}\n args = {file}\n}}",
            "auth_cache_size = 0",
        ]

    def _await_ports(self) -> None:
        for port in (self.imap_port, self.lmtp_port):
            if not until(lambda port=port: _answers(port)):  # type: ignore[misc]
                log = self._folder / "log"
                self.stop()
                raise RuntimeError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")

    def deliver(self, raw: bytes, to: str, return_path: str) -> None:
        with smtplib.LMTP(LOOPBACK, self.lmtp_port, local_hostname="mx.peygir.example") as wire:
            wire.sendmail(return_path, [to], raw)

    def mails(self, user: str, folder: str) -> list[bytes]:
        with self.client(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            answer = client.fetch(client.search(["ALL"]), ["BODY.PEEK[]"])
            return [answer[uid][b"BODY[]"] for uid in sorted(answer)]

    def client(self, user: str) -> IMAPClient:
        client = IMAPClient(LOOPBACK, self.imap_port, ssl=False, timeout=10)
        client.login(user, PASSWORD)
        return client

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(15)
        shutil.rmtree(self._folder, ignore_errors=True)


class Line:
    """A TCP line to a server that can be cut, or fall silent without a word."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._silent = False
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._spawn(self._accept)

    def cut(self) -> None:
        """End all connections; new ones are possible."""
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def fall_silent(self) -> None:
        """Swallow every byte from now on, as a router does that forgot the connection."""
        self._silent = True

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection((LOOPBACK, self._target))
                self._ends += [near, far]
                self._spawn(self._carry, near, far)
                self._spawn(self._carry, far, near)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if not self._silent:
                    target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()


def until(condition: Callable[[], object], seconds: float = 15.0) -> bool:
    """Wait for something that happens elsewhere; False when it did not in all that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on right now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def make_certificate(folder: Path) -> tuple[Path, Path] | None:
    """A certificate for 127.0.0.1 and its key; None where there is no openssl to make it."""
    if shutil.which("openssl") is None:
        return None
    cert, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(cert)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), 1) as line:
            return bool(line.recv(1))
    except OSError:
        return False
