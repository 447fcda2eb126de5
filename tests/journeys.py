"""A worker on a mail host, as the journeys need it: mail in, mail out, time that can be put forward."""

from __future__ import annotations

import email
import email.policy
import itertools
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from engine import rule_files, views
from engine.files import read_letters
from engine.memory import Memory
from engine.rule_files import answers_in, read_rules
from engine.running import Worker
from settings import Settings
from store import lists, queries
from store.database import Database, opened
from store.models import Case, Raw
from tests.hosts import Host

ROOT = Path(__file__).parent.parent
_numbers = itertools.count(1)


OPENS, LAST_HOUR, SATURDAY = 9, 16, 5
"""The shipped working hours, by which a test begins with some of the day left."""


class Clock:
    """The true time plus what was skipped. It begins while the firm is open, whenever the tests are run."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.skipped = _next_open(now) - now

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped

    def skip(self, **time: float) -> None:
        self.skipped += timedelta(**time)


def _next_open(now: datetime) -> datetime:
    """The moment itself, or the next morning on which the firm works."""
    while now.weekday() >= SATURDAY or not OPENS <= now.hour < LAST_HOUR:
        now = (now + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return now


def _linked(shipped: Path, folder: Path) -> None:
    """The shipped rules, in files that a test may edit and folders that it may not; to copy all is slow."""
    folder.mkdir()
    for path in shipped.iterdir():
        if path.is_dir():
            (folder / path.name).symlink_to(path)
        else:
            shutil.copy(path, folder / path.name)


class Journey:
    """One worker, one complaints address, two agents and an admin, on one mail host and one database."""

    def __init__(self, host: Host, database_url: str, folder: Path, **changes: Any) -> None:
        self.host, self.folder, self.clock = host, folder, Clock()
        self.sam, self.noa = host.account("sam"), host.account("noa")
        self.rules = folder / "rules"
        _linked(ROOT / "rules", self.rules)
        self._templates = folder / "templates"
        self._templates.symlink_to(ROOT / "templates")
        self.write_agents(
            {
                self.sam: "name: Sam, languages: [en, fa, ar], roles: [agent, admin]",
                self.noa: "name: Noa, languages: [he], roles: [agent]",
            }
        )
        values: dict[str, Any] = {
            "READ_APART": False,
            # It would begin a process wherever a test has many cases; those about learning switch it on.
            "LEARNING": False,
            "IMAP_HOST": host.imap_host,
            "IMAP_PORT": host.imap_port,
            "IMAP_USER": host.user,
            "IMAP_PASSWORD": host.password,
            "IMAP_TLS": "none",
            "SMTP_HOST": host.smtp_host,
            "SMTP_PORT": host.smtp_port,
            "SMTP_TLS": "none",
            "COMPLAINTS_ADDRESS": host.address,
            "FROM_NAME": "Example Shop",
            "DATABASE_URL": database_url,
            "RULES_DIR": self.rules,
            "TEMPLATES_DIR": self._templates,
            # What one process compiled is there for those of the tests after it.
            "CACHE_DIR": str(folder.parent / "compiled"),
            "TRUSTED_AUTHSERV_ID": host.authserv_id,
            "RETRY_SECONDS": 60,
            # One after another, so that "the newest mail" is the same in every run.
            "SENDERS": 1,
            # Answers leave at once, but where taking them back is what is shown.
            "UNDO_MINUTES": 0,
        }
        self.settings = Settings.model_validate(values | changes)
        self._worker: Worker | None = None
        self._laid: object = None

    @property
    def templates(self) -> Path:
        """The letters in a folder of the test's own, to be edited; until then they are the shipped ones."""
        if self._templates.is_symlink():
            self._templates.unlink()
            shutil.copytree(ROOT / "templates", self._templates)
        return self._templates

    def only_english(self) -> None:
        """Leave the English letters alone, for tests that do not look at others: all are slow to check."""
        for folder in self.templates.iterdir():
            if folder.is_dir() and folder.name != "en":
                shutil.rmtree(folder)

    def write_agents(self, listed: Mapping[str, str]) -> None:
        """Let the agents be these: by their addresses, what the file says of each."""
        lines = "".join(f"  - {{address: {address}, {rest}}}\n" for address, rest in listed.items())
        (self.rules / "agents.yaml").write_text(f"agents:\n{lines}", "utf-8")

    def edit_agents(self, old: str, new: str) -> None:
        """Change what the file says of agents; `old` must stand there."""
        path = self.rules / "agents.yaml"
        text = path.read_text("utf-8")
        assert old in text, text
        path.write_text(text.replace(old, new), "utf-8")

    def own_rules(self, name: str) -> Path:
        """A folder of the rules, to be edited by the test; until then it is the shipped one."""
        folder = self.rules / name
        folder.unlink()
        shutil.copytree(ROOT / "rules" / name, folder)
        return folder

    def lay_compiled(self) -> None:
        """Put what a process would compile where it looks for it first: this one has most of it already.

        Files that are wrong, and letters of the test's own, are left for the process.
        """
        files = [path for path in sorted(self.rules.rglob("*")) if path.is_file()]
        laid = [(path, path.stat().st_mtime_ns, path.stat().st_size) for path in files]
        if laid == self._laid or not self._templates.is_symlink():
            return
        self._laid, memory = laid, Memory.at(self.settings.CACHE_DIR)
        # What is in use here already was not kept there.
        rule_files._newest.clear()
        rulebook, _ = read_rules(self.rules, answers_in(self._templates), memory)
        if rulebook is not None:
            read_rules(self.rules, None, memory)
            zone, facts = ZoneInfo(rulebook.calendar.time_zone), frozenset(rulebook.extracting.names)
            read_letters(self._templates, zone, memory, facts)

    # -- the worker

    @property
    def worker(self) -> Worker:
        """The worker, started when it is first needed."""
        if self._worker is None:
            _lay(self.settings.DATABASE_URL)
            self._worker = Worker(self.settings, self.clock)
        return self._worker

    def work(self) -> None:
        """Let the worker read, decide and send what is there."""
        self.worker.once()

    def stop(self) -> None:
        """End the worker; the next use starts another on the same database."""
        if self._worker is not None:
            self._worker.__exit__(None, None, None)
            self._worker = None

    # -- people

    def customer_writes(
        self,
        text: str,
        *,
        sender: str = "Ann <ann@example.com>",
        subject: str = "A complaint",
        to: str = "",
        headers: dict[str, str] | None = None,
        passes: bool | None = None,
    ) -> str:
        """Deliver a customer's mail; its Message-ID."""
        mail = self.mail(text, sender=sender, subject=subject, to=to, headers=headers)
        self.host.deliver(mail.as_bytes(), to=to or self.host.address, passes=passes)
        return str(mail["Message-ID"])

    def mail(
        self,
        text: str,
        *,
        sender: str,
        subject: str,
        to: str = "",
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = sender, to or self.host.address, subject
        mail["Date"] = format_datetime(self.clock())
        mail["Message-ID"] = f"<mail-{next(_numbers)}-{id(self)}@example.com>"
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(text)
        return mail

    def reply(
        self,
        to: EmailMessage,
        words: str,
        *,
        sender: str,
        passes: bool | None = True,
        address: str = "",
        quote: bool = True,
    ) -> None:
        """Reply to a mail as a mail client does, with the mail quoted below."""
        target = address or addresses(str(to["Reply-To"] or to["From"]))
        quoted = "\n".join(f"> {line}" for line in text_of(to).splitlines())
        below = f"\n\nOn Mon, 23 Nov 2026 at 10:00, Example Shop <{self.host.address}> wrote:\n{quoted}\n"
        mail = self.mail(
            words + (below if quote else ""),
            sender=sender,
            subject=f"Re: {to['Subject']}",
            to=target,
            headers={"In-Reply-To": str(to["Message-ID"]), "References": str(to["Message-ID"])},
        )
        self.host.deliver(mail.as_bytes(), to=target, passes=passes)

    def agent_replies(self, words: str, *, agent: str = "", passes: bool | None = True) -> EmailMessage:
        """The agent replies to their newest mail; gives that mail. Then the worker works."""
        who = agent or self.sam
        newest = read(self.host.inbox(who)[-1])
        self.reply(newest, words, sender=f"Sam <{who}>", passes=passes)
        self.work()
        return newest

    # -- what came out

    def letters(self, address: str = "ann@example.com") -> list[EmailMessage]:
        """The letters that a customer got, oldest first."""
        return [read(one.data) for one in self.host.sent() if address in one.recipients]

    def mails_to(self, agent: str = "") -> list[EmailMessage]:
        """The mails that an agent got, oldest first."""
        return [read(raw) for raw in self.host.inbox(agent or self.sam)]

    # -- what is stored

    def _session_rows(self, look: Any) -> Any:
        if self._worker is not None:
            with self._worker.desk.database.read() as session:
                return look(session)
        database = Database(self.settings.DATABASE_URL)
        try:
            with database.read() as session:
                return look(session)
        finally:
            database.close()

    def cases(self) -> list[dict[str, Any]]:
        return list(self._session_rows(lambda s: views.case_rows(s, lists.cases(s))))

    def case(self, customer: str = "ann@example.com") -> dict[str, Any]:
        return next(case for case in reversed(self.cases()) if case["customer"] == customer)

    def case_of(self, number: int) -> dict[str, Any]:
        return next(case for case in self.cases() if case["number"] == number)

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        rows = self._session_rows(lambda s: views.event_rows(s, lists.events(s)))
        return [row for row in rows if not kind or row["kind"] == kind]

    def raws(self) -> list[bytes]:
        """Every whole mail that is stored, as it came or left."""
        ids = self._session_rows(lambda s: list(s.exec(select(Raw.id))))
        return [self._session_rows(lambda s, one=one: queries.raw(s, one)) for one in ids]

    def shown(self, number: int) -> dict[str, Any]:
        return dict(
            self._session_rows(lambda s: views.one_case(s, _known(queries.case(s, number)), self.clock()))
        )


@lru_cache(512)
def read(raw: bytes) -> EmailMessage:
    """A mail to look at. Tests look at the same ones again and again."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return part.get_content().replace("\r\n", "\n") if part else ""


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    return part.get_content() if part else ""


@cache
def _empty() -> bytes:
    """A SQLite database with all tables and nothing in them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.sqlite3"
        with opened(f"sqlite:///{path}"):
            pass
        return path.read_bytes()


def _lay(url: str) -> None:
    """Put an empty database where a worker will want to make one: that takes longer than most tests."""
    path = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not path.exists():
        path.touch(0o600)
        path.write_bytes(_empty())


def addresses(header: str) -> str:
    return header.rpartition("<")[2].rstrip(">")


def _known(case: Case | None) -> Case:
    assert case is not None
    return case


@contextmanager
def running(journey: Journey) -> Iterator[Worker]:
    """A worker of this process, with all its threads."""
    with Worker(journey.settings, journey.clock) as worker:
        worker.start()
        ticking = threading.Thread(target=worker.wait)
        ticking.start()
        try:
            yield worker
        finally:
            worker.stop()
            ticking.join(10)
