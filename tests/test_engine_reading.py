"""The loop of a mailbox when the server, the folder or another worker gets in its way: nothing is lost,
nothing is answered twice, and it goes on by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from demo.host import LOOPBACK
from engine import alive
from engine.folder import grouped
from engine.health import health
from engine.reading import Reader
from engine.taking import Taking
from inbox.imap import ImapMailbox
from inbox.imap_connection import ImapConnection
from inbox.mailbox import Fetched, LoginRefused, MailboxDown, NotFiled
from store import looks, workers
from store.database import Database, StoreDown
from store.models import LetterState
from store.workers import Watch
from store.writing import TABLES
from tests.hosts import Dovecot, DovecotHost, Host, Line, until
from tests.journeys import ROOT, Journey

MAIL = (
    b"From: Ann <ann@example.com>\r\nTo: complaints@peygir.example\r\nSubject: late\r\n"
    b"Message-ID: <late-1@example.com>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\n\r\n"
    b"My parcel has not arrived.\r\n"
)


class Router(Line):
    """A line that can forget the connections it has, or let nobody through; new ones may be possible."""

    def __init__(self, port: int) -> None:
        self._forgotten: list[socket.socket] = []
        self.shut = False
        self.tried = 0
        super().__init__(port)

    def forget(self) -> None:
        self._forgotten += self._ends

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        if arguments and self.shut:
            self.tried += 1
            self.cut()
        super()._spawn(work, *arguments)

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source not in self._forgotten:
                    target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()


@pytest.fixture
def on_dovecot(dovecot: Dovecot, request: pytest.FixtureRequest) -> Host:
    return DovecotHost(dovecot, request.getfixturevalue("border"))


@pytest.fixture
def router(embedded_host: Host) -> Iterator[Router]:
    made = Router(embedded_host.imap_port)
    yield made
    made.stop()


Make = Callable[..., Journey]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make journeys with other settings, and end them afterwards."""
    made: list[Journey] = []

    def new(host: Host, **changes: Any) -> Journey:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(Journey(host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", folder, **changes))
        return made[-1]

    yield new
    for each in made:
        each.stop()


@contextlib.contextmanager
def reading(journey: Journey) -> Iterator[None]:
    """The loop of the worker's mailbox, in a thread of its own."""
    desk, mailbox = journey.worker.desk, journey.worker.mailbox
    thread = threading.Thread(target=Reader(desk, mailbox).run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        desk.stop.set()
        mailbox.wake()
        thread.join(15)
    assert not thread.is_alive()


def line_of(journey: Journey) -> ImapConnection:
    mailbox = journey.worker.mailbox
    assert isinstance(mailbox, ImapMailbox)
    return mailbox._line


def acks(journey: Journey) -> int:
    """How many acknowledgements were written, sent or not."""
    numbers = [case["number"] for case in journey.cases()]
    letters = [one for number in numbers for one in journey.shown(number)["letters"]]
    return sum(one["kind"] == "ack" for one in letters)


def has_cases(journey: Journey, count: int) -> bool:
    return len(journey.cases()) == count


def trouble_of(journey: Journey) -> str:
    def asked(session: Any) -> str:
        return "\n".join(health(session, journey.clock())["troubles"])

    return str(journey._session_rows(asked))


# -- the server


def test_a_server_that_is_away_is_said_once_and_shown_and_mail_is_read_when_it_is_back(
    make: Make, embedded_host: Host, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.FIRST_WAIT", 0.02)
    monkeypatch.setattr("engine.reading.LONGEST_WAIT", 0.1)
    journey = make(embedded_host, IMAP_PORT=router.port)
    line_of(journey).timeout = 2.0
    with capture_logs() as said, reading(journey):
        journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(journey.cases()) == 1)
        router.shut = True
        router.cut()
        assert until(lambda: router.tried >= 5)
        assert until(lambda: "127.0.0.1" in trouble_of(journey))
        journey.customer_writes("And it was a present.", sender="bob@example.com")
        router.shut = False
        assert until(lambda: len(journey.cases()) == 2)
        assert until(lambda: trouble_of(journey) == "")
    about = [line["event"] for line in said if "mailbox" in line["event"]]
    assert about == ["the mailbox can't be read", "the mailbox is read again"]


def test_mail_behind_a_line_that_died_without_a_word_is_read_over_a_new_one(
    make: Make, embedded_host: Host, router: Router, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.imap_waiting.PATIENCE", 0.5)
    monkeypatch.setattr("inbox.imap_waiting.LINGER", 0.0)
    journey = make(embedded_host, IMAP_PORT=router.port, POLL_SECONDS=0.5)
    line_of(journey).timeout = 5.0
    with reading(journey):
        journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(journey.cases()) == 1)
        router.forget()
        journey.customer_writes("And it was a present.", sender="bob@example.com")
        assert until(lambda: len(journey.cases()) == 2)
    assert acks(journey) == 2


def test_a_login_that_is_refused_for_a_while_ends_nothing(
    make: Make, embedded_host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.REFUSED_WAIT", 0.02)
    journey = make(embedded_host)
    line = line_of(journey)
    line._password, right = "wrong", line._password
    with reading(journey):
        journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: "was refused" in trouble_of(journey))
        line._password = right
        assert until(lambda: len(journey.cases()) == 1)
        assert until(lambda: trouble_of(journey) == "")


# -- the folder


def test_new_uids_for_the_same_mail_answer_nobody_twice(
    make: Make, on_dovecot: Host, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.FIRST_WAIT", 0.02)
    journey = make(on_dovecot, IMAP_FOLDER="Box", IMAP_FILED_FOLDER="")
    with dovecot.client(on_dovecot.user) as client:
        client.create_folder("Box")
        client.append("Box", MAIL)
        first = journey.worker.mailbox.open()
        with reading(journey):
            assert until(lambda: acks(journey) == 1)
            client.delete_folder("Box")
            assert until(lambda: "'Box'" in trouble_of(journey))
            client.create_folder("Box")
            client.append("Box", MAIL)
            assert until(lambda: journey.events("duplicate"))
            client.append("Box", MAIL.replace(b"ann", b"bob").replace(b"late-1", b"late-2"))
            assert until(lambda: acks(journey) == 2)
    assert journey.worker.mailbox.open() != first
    journey.worker.mailbox.close()
    assert {case["customer"] for case in journey.cases()} == {"ann@example.com", "bob@example.com"}


def test_a_folder_that_is_not_there_at_the_start_is_read_as_soon_as_it_is(
    make: Make, on_dovecot: Host, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.FIRST_WAIT", 0.02)
    journey = make(on_dovecot, IMAP_FOLDER="Later")
    with reading(journey), dovecot.client(on_dovecot.user) as client:
        assert until(lambda: "would not open the folder 'Later'" in trouble_of(journey))
        client.create_folder("Later")
        client.append("Later", MAIL)
        assert until(lambda: len(journey.cases()) == 1)


def test_the_whole_folder_is_looked_at_regularly_and_else_only_what_is_new(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = quick_journey.worker.mailbox
    reader = Reader(quick_journey.worker.desk, mailbox)
    assert reader._own()
    folder = reader._folder
    search = Mock(wraps=mailbox.uids)
    monkeypatch.setattr(mailbox, "uids", search)
    quick_journey.customer_writes("My parcel has not arrived.")
    folder.open(reader._mailbox_id)
    folder.look()
    quick_journey.customer_writes("And it was a present.", sender="bob@example.com")
    mailbox.wait(10)
    folder.look()
    monkeypatch.setattr("engine.folder.WHOLE", 0.0)
    folder.look()
    mailbox.close()
    assert len(quick_journey.cases()) == 2
    first, second, third = (call.args[0] for call in search.call_args_list)
    assert (first, third) == (0, 0)
    assert second > 0


def test_a_look_that_finds_nothing_writes_nothing(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(quick_journey.worker.desk, quick_journey.worker.mailbox)
    assert reader._own()
    reader._folder.open(reader._mailbox_id)
    reader._folder.look()
    monkeypatch.setattr(Database, "write", lambda self: pytest.fail("it wrote"))
    reader._folder.look()
    monkeypatch.undo()
    quick_journey.worker.mailbox.close()


def test_a_server_that_files_no_mail_delays_no_complaint(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(uids: object) -> None:
        raise NotFiled("there is no room in 'Peygir'")

    mailbox = quick_journey.worker.mailbox
    opened = Mock(wraps=mailbox.open)
    monkeypatch.setattr(mailbox, "open", opened)
    monkeypatch.setattr(mailbox, "file", full)
    with capture_logs() as said, reading(quick_journey):
        for count, name in enumerate(("ann", "bob", "cem"), 1):
            quick_journey.customer_writes("My parcel has not arrived.", sender=f"{name}@example.com")
            assert until(partial(has_cases, quick_journey, count))
        assert until(lambda: "no room" in trouble_of(quick_journey))
    assert opened.call_count == 1, "the connection was kept"
    assert sum("can't be filed" in line["event"] for line in said) == 1
    monkeypatch.setattr(mailbox, "file", type(mailbox).file.__get__(mailbox))
    quick_journey.worker.desk.stop.clear()
    quick_journey.work()
    assert quick_journey.host.inbox() == []


# -- a mail that breaks the line


def test_a_mail_that_dovecot_cannot_read_is_set_aside_and_the_others_are_read(
    make: Make, on_dovecot: Host, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.FIRST_WAIT", 0.02)
    monkeypatch.setattr("engine.backlog.FIRST_PAUSE", 0.05)
    journey = make(on_dovecot)
    journey.customer_writes("My parcel has not arrived.", sender="bad@example.com")
    place = dovecot._folder / "mail" / on_dovecot.user
    assert until(lambda: list(place.glob("new/*")))
    (bad,) = place.glob("new/*")
    bad.chmod(0)
    for name in ("ann", "bob"):
        journey.customer_writes("My parcel has not arrived.", sender=f"{name}@example.com")
    with reading(journey):
        assert until(lambda: len(journey.cases()) == 2)
        assert until(lambda: journey.events("set-aside"))
        journey.customer_writes("My parcel has not arrived.", sender="cem@example.com")
        assert until(lambda: len(journey.cases()) == 3)
        assert until(lambda: len(on_dovecot.inbox(folder="Peygir")) == 3)
    assert {case["customer"][:3] for case in journey.cases()} == {"ann", "bob", "cem"}
    (told,) = journey.events("set-aside")
    assert "the IMAP server broke off each time" in told["text"]
    left = [path for place in (place / "new", place / "cur") for path in place.iterdir()]
    assert len(left) == 1, "the bad one stays in the mailbox"


def test_a_group_of_mails_is_bounded_in_number_and_in_size() -> None:
    def mails(*sizes: int) -> list[Fetched]:
        return [Fetched(uid, b"x" * size, size, cut=False) for uid, size in enumerate(sizes)]

    assert [len(group) for group in grouped(mails(*[1] * 5), 2)] == [2, 2, 1]
    assert [len(group) for group in grouped(mails(3, 3, 9, 1), 50, most_bytes=6)] == [2, 1, 1]
    assert [len(group) for group in grouped(mails(*[1] * 8), 3, first=1)] == [1, 3, 3, 1]
    assert list(grouped([], 2)) == []


# -- other workers


def become_owner(url: str, name: str, worker_id: str = "another") -> None:
    """Let another worker take the mailbox, as when the owner was silent for too long."""
    database = Database(url)
    now = datetime.now(UTC)
    with database.write() as session:
        workers.register(session, worker_id=worker_id, host="elsewhere", pid=1, now=now)
        mailbox = TABLES["mailbox"]
        session.connection().execute(update(mailbox).where(mailbox.c.name == name).values(owner=worker_id))
    database.close()


def test_a_worker_that_lost_its_mailbox_while_it_read_a_mail_writes_nothing(
    stored_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_journey.customer_writes("My parcel has not arrived.")
    desk, mailbox = stored_journey.worker.desk, stored_journey.worker.mailbox
    read = Taking._answer

    def slow(self: Taking, group: Any) -> Any:
        become_owner(stored_journey.settings.DATABASE_URL, mailbox.name)
        return read(self, group)

    monkeypatch.setattr(Taking, "_answer", slow)
    with pytest.raises(MailboxDown, match="is being read by another worker"):
        Reader(desk, mailbox).once()
    assert stored_journey.cases() == []
    assert len(stored_journey.host.inbox()) == 1


def test_a_worker_that_lost_its_mailbox_takes_nothing_more_and_waits(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.reading.OWNER_WAIT", 0.02)
    with capture_logs() as said, reading(quick_journey):
        quick_journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(quick_journey.cases()) == 1)
        become_owner(quick_journey.settings.DATABASE_URL, quick_journey.worker.mailbox.name)
        quick_journey.customer_writes("And it was a present.", sender="bob@example.com")
        assert until(lambda: any("waiting for its end" in line["event"] for line in said))
        assert len(quick_journey.cases()) == 1
        database = quick_journey.worker.desk.database
        with database.write() as session:
            workers.leave(session, "another", quick_journey.clock())
        assert until(lambda: len(quick_journey.cases()) == 2)


@contextlib.contextmanager
def a_process(journey: Journey) -> Iterator[subprocess.Popen[bytes]]:
    """Another worker, in a process of its own, with the same settings."""
    journey.lay_compiled()
    given = journey.settings.model_dump(mode="json")
    environment = {name: str(given[name]) for name in given if given[name] not in ("", None)}
    environment |= {"PATH": os.environ["PATH"], "HOME": str(journey.folder)}
    environment |= {name: getattr(journey.settings, name) for name in ("IMAP_PASSWORD", "DATABASE_URL")}
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "worker.py"), "run"],
        cwd=journey.folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def holder_of(journey: Journey) -> int:
    """The process that reads the mailbox; 0 when none does."""
    name = f"{journey.settings.IMAP_USER}@{LOOPBACK}/INBOX"
    held = journey._session_rows(lambda session: looks.holder(session, name))
    return held.pid if held else 0


def sent(journey: Journey) -> int:
    """How many letters have left and are recorded so."""
    count = select(func.count()).where(TABLES["letter"].c.state == LetterState.SENT)
    return int(journey._session_rows(lambda session: session.connection().execute(count).scalar()))


def stop_at_rest(journey: Journey, group: int) -> None:
    """Stop a worker, but not in the middle of a write: with SQLite nobody else could write meanwhile."""

    def stopped() -> bool:
        os.killpg(group, signal.SIGSTOP)
        try:
            with contextlib.closing(Database(journey.settings.DATABASE_URL)) as database, database.write():
                return True
        except StoreDown:
            os.killpg(group, signal.SIGCONT)
            return False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("store.database.BUSY_SECONDS", 0.2)
        assert until(stopped)


def test_the_mailbox_of_a_worker_that_was_killed_is_read_by_the_next(stored_journey: Journey) -> None:
    stored_journey.clock.skipped = timedelta(0)  # the other process goes by the true time
    _ = stored_journey.worker
    with a_process(stored_journey) as first:
        assert until(lambda: holder_of(stored_journey) == first.pid, 60)
        with reading(stored_journey):
            stored_journey.customer_writes("My parcel has not arrived.")
            assert until(lambda: len(stored_journey.cases()) == 1)
            os.killpg(first.pid, signal.SIGKILL)
            first.wait(10)
            stored_journey.customer_writes("And it was a present.", sender="bob@example.com")
            assert until(lambda: len(stored_journey.cases()) == 2)
    assert acks(stored_journey) == 2


def test_a_worker_that_was_stopped_for_long_goes_on_without_the_mailbox(
    stored_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_journey.clock.skipped = timedelta(0)  # the other process goes by the true time
    desk = stored_journey.worker.desk
    with a_process(stored_journey) as first:
        assert until(lambda: holder_of(stored_journey) == first.pid, 60)
        stored_journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: sent(stored_journey) == 2)  # the acknowledgement, and the draft to its agent
        stop_at_rest(stored_journey, first.pid)
        silent = datetime.now(UTC) - workers.STALE_AFTER - timedelta(seconds=5)
        with desk.database.write() as session:
            worker = TABLES["worker"]
            was_silent = update(worker).where(worker.c.pid == first.pid).values(heartbeat_at=silent)
            session.connection().execute(was_silent)
        monkeypatch.setattr(alive, "WATCH", Watch())  # as a worker that only begins
        with reading(stored_journey):
            with desk.database.write() as session:
                alive.bury_the_dead(session, desk.clock())
            stored_journey.customer_writes("And it was a present.", sender="bob@example.com")
            assert until(lambda: len(stored_journey.cases()) == 2)
            os.killpg(first.pid, signal.SIGCONT)
            stored_journey.customer_writes("I am waiting.", sender="cem@example.com")
            assert until(lambda: len(stored_journey.cases()) == 3)
            assert until(lambda: stored_journey.host.inbox() == [])
            assert holder_of(stored_journey) == os.getpid()
    assert acks(stored_journey) == 3
    assert stored_journey.events("duplicate") == []


class _Refuses:
    """A mailbox that doesn't let us in, or whose server is away."""

    name = "u@h/INBOX"

    def __init__(self, *downs: MailboxDown) -> None:
        self.downs = list(downs)

    def open(self) -> int:
        raise self.downs.pop(0)

    def wake(self) -> None: ...

    def close(self) -> None: ...


def test_a_login_that_is_refused_is_tried_seldom_so_that_no_account_is_locked(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = quick_journey.worker.desk
    refused, away = LoginRefused("the login was refused"), MailboxDown("it is away")
    mailbox = _Refuses(away, away, *[refused] * 7, away)
    waits: list[float] = []

    def waited(seconds: float | None = None) -> bool:
        waits.append(seconds or 0.0)
        if not mailbox.downs:
            desk.stop.set()
        return desk.stop.is_set()

    monkeypatch.setattr(desk.stop, "wait", waited)
    Reader(desk, mailbox).run()  # type: ignore[arg-type]
    assert waits == [1, 2, 30, 60, 120, 240, 480, 900, 900, 60]
