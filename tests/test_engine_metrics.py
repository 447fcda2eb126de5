"""Metrics, as a scraper asks for them; and who is answered."""

from __future__ import annotations

import errno
import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from engine import metrics
from engine.counters import Counters, Histogram
from engine.exposition import counter, gauge, histogram, text
from engine.metrics_server import CantListen, MetricsServer
from engine.version import VERSION
from engine.watched import watched
from tests.exposition import Metric, read
from tests.journeys import Journey, running

DOCS = Path(__file__).parent.parent / "docs" / "watching.md"
DEPLOY = Path(__file__).parent.parent / "deploy" / "prometheus-alerts.yaml"


def told(journey: Journey) -> dict[str, Metric]:
    return read(metrics.page(journey.worker.desk, "1.2.3"))


def test_it_counts_what_was_done(stored_journey: Journey) -> None:
    journey = stored_journey
    journey.customer_writes("My parcel has not come.")
    journey.customer_writes("I am away.", sender="b@example.com", headers={"Auto-Submitted": "auto-replied"})
    journey.work()
    found = told(journey)
    assert found["peygir_build_info"].samples and "1.2.3" in str(found["peygir_build_info"].samples)
    assert found["peygir_mails_taken_total"].value(kind="customer") == 1
    assert found["peygir_mails_taken_total"].value(kind="auto_reply") == 1
    assert found["peygir_letters_total"].value(kind="ack", result="sent") == 1
    assert found["peygir_letters_total"].value(kind="draft", result="sent") >= 1
    acknowledged = found["peygir_acknowledgement_seconds"]
    assert acknowledged.value("_count") == 1 and acknowledged.value("_sum") < 60
    assert found["peygir_database_up"].value() == 1
    assert found["peygir_letters"].value(state="queued") == 0
    assert found["peygir_cases_waiting"].value(status="new") == 1
    assert found["peygir_drafts_waiting"].value() == 1
    assert found["peygir_cases_overdue"].value() == 0
    assert found["peygir_workers"].value() == 1
    [(_, labels)] = found["peygir_mailbox_up"].samples
    assert found["peygir_mailbox_up"].value(**dict(labels)) == 1
    assert found["peygir_mailbox_last_poll_age_seconds"].value(**dict(labels)) < 60
    journey.clock.skip(days=20)
    assert told(journey)["peygir_cases_overdue"].value() == 1


def test_trouble_is_seen(quick_journey: Journey, tmp_path: Path) -> None:
    journey = quick_journey
    journey.host.behave(lambda stage, _: "421 closed" if stage == "connect" else None)
    journey.customer_writes("My parcel has not come.")
    journey.work()
    desk = journey.worker.desk
    desk.alerts.trouble("disk/a", "make room", journey.clock())
    desk.alerts.trouble("disk/b", "make room", journey.clock())
    desk.counters.trouble("reader")
    journey.worker.alerter.look()
    journey.clock.skip(hours=2)
    found = told(journey)
    assert list(found["peygir_sending_up"].samples.values()) == [0]
    assert found["peygir_letters"].value(state="queued") >= 1
    assert found["peygir_oldest_letter_age_seconds"].value() >= 2 * 3600
    assert found["peygir_letters_late"].value() >= 1
    assert found["peygir_alerts_active"].value(kind="disk") == 2
    assert found["peygir_alerts_active"].value(kind="mailbox") == 0
    assert found["peygir_reader_restarts_total"].value() == 1
    for file in tmp_path.glob("peygir.sqlite3*"):
        file.rename(file.with_suffix(".aside"))
    found = told(journey)
    assert found["peygir_database_up"].value() == 0
    assert "peygir_letters" not in found and "peygir_mails_taken_total" in found


def test_no_address_of_a_customer_is_in_it(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not come.", sender="planted-name@example.com")
    quick_journey.work()
    page = metrics.page(quick_journey.worker.desk, "1")
    assert "planted" not in page and "parcel" not in page


@contextmanager
def served(journey: Journey, **changes: object) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    journey.settings = journey.settings.model_copy(update={"METRICS_PORT": port, **changes})
    with running(journey) as worker, watched(worker.desk, {}):
        yield port
        worker.desk.end()


def asked(port: int, path: str, method: str = "GET") -> tuple[int, str, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    line.request(method, path)
    answer = line.getresponse()
    told = answer.status, answer.headers["Content-Type"], answer.read().decode()
    line.close()
    return told


def test_it_answers_on_loopback_and_to_nothing_but_its_two_pages(quick_journey: Journey) -> None:
    with served(quick_journey) as port:
        code, kind, page = asked(port, "/metrics?x=1")
        assert (code, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
        assert read(page)["peygir_threads_hung"].value() == 0
        assert asked(port, "/healthz") == (200, "text/plain; charset=utf-8", "all is well\n")
        assert asked(port, "/metrics", "HEAD")[0::2] == (200, "")
        assert asked(port, "/")[0] == 404
        assert asked(port, "/metrics", "POST")[0] == 405
        with pytest.raises(OSError):
            socket.create_connection((socket.gethostbyname(socket.gethostname()), port), 1).close()
            if socket.gethostbyname(socket.gethostname()).startswith("127."):
                raise OSError("this machine has no other address")


def test_who_says_nothing_or_nonsense_keeps_nobody_else_from_being_answered(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.metrics_server.PATIENCE", 0.3)
    with served(quick_journey) as port:
        for nonsense in (b"", b"\r\n\r\n", b"\x16\x03\x01\x02\x00" * 99, b"GET", b"x" * 100_000):
            line = socket.create_connection(("127.0.0.1", port), 5)
            with line:
                line.sendall(nonsense)
                assert asked(port, "/healthz")[0] == 200


def test_a_database_that_hangs_keeps_nobody_from_hearing_of_health(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.metrics_server.PATIENCE", 0.3)
    over = threading.Event()
    monkeypatch.setattr(metrics, "page", lambda *_: "page\n" if over.wait(10) else "late\n")
    with served(quick_journey) as port:
        first: list[tuple[int, str, str]] = []
        waiting = threading.Thread(target=lambda: first.append(asked(port, "/metrics")), daemon=True)
        waiting.start()
        assert asked(port, "/healthz")[0] == 200
        assert asked(port, "/metrics")[0] == 503
        over.set()
        waiting.join(5)
        assert first[0][2] == "page\n"


def test_a_question_that_can_not_be_taken_is_not_the_last(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, failed = socket.socket.accept, list[int]()

    def at_first_too_many(listening: socket.socket) -> object:
        if not failed:
            failed.append(1)
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(listening)

    monkeypatch.setattr(socket.socket, "accept", at_first_too_many)
    with served(quick_journey) as port:
        assert asked(port, "/healthz")[0] == 200
        assert failed


def test_health_is_about_this_worker_alone(quick_journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(quick_journey) as port:
        monkeypatch.setattr("engine.pulse.Pulse.hung", lambda _: ["sender-1"])
        assert asked(port, "/healthz") == (503, "text/plain; charset=utf-8", "hangs: sender-1\n")


def test_a_port_that_is_taken_is_said_plainly(quick_journey: Journey) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        desk = quick_journey.worker.desk
        taken = desk.settings.model_copy(update={"METRICS_PORT": port})
        object.__setattr__(desk, "settings", taken)
        with pytest.raises(CantListen, match=f"METRICS_PORT: 127.0.0.1:{port} can't be listened on"):
            MetricsServer(desk)


def test_what_is_written_is_what_a_scraper_reads() -> None:
    odd = 'a "quoted" \\ name\nof two lines'
    page = text(
        [
            counter("peygir_a_total", "Back\\slash\nline.", [({"name": odd}, 3)]),
            gauge("peygir_b", "A gauge.", 0.25),
            gauge("peygir_none", "Nothing to tell.", []),
            histogram("peygir_c_seconds", "Times.", (0.5, 1.0), [1, 0, 2], 12.5),
        ]
    )
    found = read(page)
    assert found["peygir_a_total"].value(name=odd) == 3
    assert found["peygir_b"].value() == 0.25 and "peygir_none" not in found
    assert found["peygir_c_seconds"].value("_bucket", le="1") == 1
    assert found["peygir_c_seconds"].value("_bucket", le="+Inf") == 3


def test_a_value_on_a_bound_is_within_it() -> None:
    took = Histogram((1.0, 2.0))
    for seconds in (-1.0, 1.0, 1.5, 2.0, 99.0):
        took.observe(seconds)
    assert (took.counts, took.total) == ([2, 2, 1], 103.5)


def test_counting_is_safe_between_threads() -> None:
    counters = Counters()

    def count() -> None:
        for _ in range(2000):
            counters.letter("ack", "sent", 0.2)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counters.letters["ack", "sent"] == 8000 == sum(counters.acknowledged.counts)


def test_every_metric_is_in_the_operators_page_and_every_rule_names_one(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not come.")
    quick_journey.work()
    known = set(told(quick_journey))
    page = DOCS.read_text("utf-8")
    documented = set(re.findall(r"^\| `(peygir_\w+)", page, re.MULTILINE))
    assert documented == known
    named = set(re.findall(r"peygir_[a-z_]+", DEPLOY.read_text("utf-8")))
    plain = {re.sub(r"_(bucket|count|sum)$", "", one) for one in named}
    assert plain <= known


def test_the_version_is_the_packages() -> None:
    pyproject = (Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8")
    assert f'\nversion = "{VERSION}"\n' in pyproject


def test_the_shipped_alert_rules_are_whole() -> None:
    [group] = yaml.safe_load(DEPLOY.read_text("utf-8"))["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(set(names)) == len(names) > 10
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["annotations"]["summary"] and rule["labels"]["severity"] in ("page", "ticket")
        assert rule["expr"].count("(") == rule["expr"].count(")")
