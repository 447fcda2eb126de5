"""`worker.py run` as systemd and Prometheus see it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from tests.exposition import read
from tests.hosts import until
from tests.journeys import Journey
from tests.test_engine_heart import Systemd
from tests.test_worker import Running


class Listening(Systemd):
    """Reads at once what is said: the system keeps only a few datagrams."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.all: list[str] = []
        self._ends = False
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        self._line.settimeout(0.2)
        while not self._ends:
            with contextlib.suppress(TimeoutError):
                self.all.append(self.heard())

    def stop(self) -> None:
        self._ends = True
        self._thread.join()
        self.close()


def asked(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def test_a_process_says_that_it_is_ready_lives_and_stops(
    quick_journey: Journey, tmp_path: Path, free_port: int, request: pytest.FixtureRequest
) -> None:
    systemd = Listening(str(tmp_path / "notify"))
    request.addfinalizer(systemd.stop)
    with Running(
        quick_journey,
        NOTIFY_SOCKET=systemd.where,
        WATCHDOG_USEC="1000000",
        METRICS_PORT=str(free_port),
        LOG_FORMAT="json",
    ) as running:
        assert until(lambda: any(one.startswith("READY=1\nSTATUS=") for one in systemd.all), 60)
        assert until(lambda: any(one.startswith("WATCHDOG=1") for one in systemd.all), 20)
        quick_journey.customer_writes("My parcel has not come.")
        assert until(lambda: len(quick_journey.letters()) == 1, 30)
        assert until(
            lambda: 'peygir_letters_total{kind="ack",result="sent"} 1' in asked(free_port, "/metrics"), 20
        )
        read(asked(free_port, "/metrics"))
        assert asked(free_port, "/healthz") == "all is well\n"
        running.end()
    assert until(lambda: systemd.all[-1].startswith("STOPPING=1"), 5), systemd.all
    lines = [json.loads(line) for line in running.log.read_text("utf-8").splitlines()]
    assert {"reading", "mail-taken", "letter"} <= {line["name"] for line in lines}


def test_a_port_that_is_taken_ends_the_worker_in_plain_words(quick_journey: Journey) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with Running(quick_journey, METRICS_PORT=str(port)) as running:
            assert running.process.wait(60) == 1
    said = running.log.read_text("utf-8")
    assert f"METRICS_PORT: 127.0.0.1:{port} can't be listened on" in said
    assert "Traceback" not in said
