"""The heartbeat: a real datagram socket, a worker whose threads hang, and one that waits with good reason."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import heart as heart_module
from engine.heart import Heart, Notifier
from engine.pulse import Pulse
from tests.hosts import until
from tests.journeys import Journey, running


class Systemd:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, where: str) -> None:
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(f"\0{where[1:]}" if where.startswith("@") else where)
        self._line.settimeout(5)
        self.where = where

    def heard(self) -> str:
        return self._line.recv(4096).decode()

    def silence(self, seconds: float) -> bool:
        """Whether no sign of life comes for so long."""
        self._line.settimeout(seconds)
        try:
            while "WATCHDOG=1" not in self.heard():
                pass
        except TimeoutError:
            return True
        finally:
            self._line.settimeout(5)
        return False

    def forget(self) -> None:
        """Take no notice of what was said so far."""
        self._line.setblocking(False)
        try:
            while True:
                self._line.recv(4096)
        except BlockingIOError:
            self._line.settimeout(5)

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(str(tmp_path / "notify"))
    yield made
    made.close()


@contextmanager
def beating(journey: Journey, systemd: Systemd) -> Iterator[Heart]:
    with running(journey) as worker:
        heart = Heart(worker.desk, Notifier(systemd.where, 0.1))
        heart.start()
        yield heart
    heart.end()


def test_a_worker_says_when_it_is_ready_lives_and_stops(quick_journey: Journey, systemd: Systemd) -> None:
    with beating(quick_journey, systemd):
        assert systemd.heard() == "READY=1\nSTATUS=all is well"
        assert [systemd.heard() for _ in range(3)] == ["WATCHDOG=1"] * 3
    said = systemd.heard()
    while said == "WATCHDOG=1":
        said = systemd.heard()
    assert said == "STOPPING=1\nSTATUS=finishing what is in hand"


def test_trouble_is_in_the_status_and_stops_no_heart(quick_journey: Journey, systemd: Systemd) -> None:
    with beating(quick_journey, systemd) as heart:
        heart._desk.alerts.trouble("disk/here", "make room", quick_journey.clock())
        assert until(lambda: systemd.heard() == "WATCHDOG=1\nSTATUS=in trouble: disk/here")


@pytest.mark.parametrize("who", ["sender", "reader"])
def test_one_hung_thread_stops_the_heart_and_is_told(
    quick_journey: Journey, systemd: Systemd, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    journey, release, stuck = quick_journey, threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> None:
        stuck.set()
        release.wait(30)
        raise OSError("the line broke")

    journey.settings = journey.settings.model_copy(update={"POLL_SECONDS": 0.3})
    for name in ("engine.pulse.ALLOWED", "engine.sending.A_LETTER", "engine.alerting.A_LETTER"):
        monkeypatch.setattr(name, 2.0)
    with beating(journey, systemd) as heart:
        if who == "sender":
            monkeypatch.setattr("outbox.smtp.Smtp.send", hang)
        else:
            monkeypatch.setattr("inbox.imap.ImapMailbox.uids", hang)
        journey.customer_writes("My parcel has not come.")
        assert stuck.wait(20)
        assert until(lambda: any(key.startswith(f"hung/{who}") for key in heart._desk.alerts.wrong()), 20)
        systemd.forget()
        assert systemd.silence(1.0), "one hung thread is enough"
        monkeypatch.undo()
        release.set()
        assert until(lambda: not heart._desk.alerts.wrong(), 20)
        systemd.forget()
        assert not systemd.silence(5.0), "it beats again"


def test_a_legitimate_long_wait_stops_no_heart(
    quick_journey: Journey, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.pulse.ALLOWED", 1.5)
    monkeypatch.setattr("engine.sending.A_LETTER", 7.0)
    monkeypatch.setattr("engine.alerting.A_LETTER", 1.5)
    quick_journey.settings = quick_journey.settings.model_copy(update={"POLL_SECONDS": 3600.0})
    with beating(quick_journey, systemd) as heart:
        heart._desk.stop.wait(3)
        assert heart._desk.pulse.hung() == []
        systemd.forget()
        assert not systemd.silence(1.0)


def test_a_loop_that_died_is_not_heard_of() -> None:
    pulse = Pulse()
    thread = threading.Thread(target=lambda: pulse.beat(allowed=-1.0), name="reader")
    thread.start()
    thread.join()
    pulse.beat(within=60)
    assert pulse.hung() == ["reader"]
    pulse.end()

    def begins_and_ends() -> None:
        pulse.beat(allowed=-1.0)
        pulse.end()

    ended = threading.Thread(target=begins_and_ends, name="sender-1")
    ended.start()
    ended.join()
    assert pulse.hung() == ["reader"]


def test_the_environment_says_where_and_how_often() -> None:
    of = Notifier.of
    assert of({}) == Notifier("", 0.0)
    given = {"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "7"}
    assert of(given, 7) == Notifier("/run/notify", 60.0)
    assert of(given, 8) == Notifier("/run/notify", 0.0), "it is another process that is watched"
    assert of(given | {"WATCHDOG_USEC": "soon"}, 7).every == 0.0


def test_nobody_who_listens_is_no_trouble(tmp_path: Path) -> None:
    assert not Notifier().say("READY=1")
    assert not Notifier(str(tmp_path / "gone")).say("READY=1")
    assert not Notifier("relative").say("READY=1")


def test_a_name_in_no_file_system_is_reached(tmp_path: Path) -> None:
    systemd = Systemd(f"@peygir-test-{tmp_path.name}")
    assert Notifier(systemd.where).say("READY=1", "STATUS=well")
    assert systemd.heard() == "READY=1\nSTATUS=well"
    systemd.close()


def test_it_looks_at_least_every_ten_seconds() -> None:
    assert heart_module.LOOK <= 10
