"""A journey over many kinds of mails and troubles: no word or address of a customer is in the log at INFO."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from engine import logs
from engine.desk import Desk
from engine.log_events import EVENTS
from tests.journeys import Journey, addresses, read
from tests.test_engine_logs import levels_of

PLANTED = "zebrafinch"
"""Stands in every word, name, address, subject and file name of a customer."""
SECRET = "correct-horse-battery"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    before = structlog.get_config()
    stream = io.StringIO()
    yield stream
    structlog.configure(**before)


def a_bounce(journey: Journey, of: str) -> bytes:
    return (
        f"From: MAILER-DAEMON@peygir.example\r\nTo: {journey.host.address}\r\nSubject: Back {PLANTED}\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{PLANTED} is away\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {PLANTED}@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\n--b--\r\n"
    ).encode()


def odd_mails(journey: Journey) -> list[bytes]:
    """Mails that are broken in ways that reach every corner of reading."""
    who, to = f"{PLANTED.title()} <{PLANTED}@example.com>", journey.host.address
    head = f"From: {who}\r\nTo: {to}\r\nSubject: {PLANTED} %s {{x}}\r\n"
    return [
        f"{head}\r\n{PLANTED}\x00\x1b[31m {PLANTED}\r\n".encode(),
        f"{head}Content-Type: text/plain; charset=utf-7-{PLANTED}\r\n\r\n+A{PLANTED}-\r\n".encode(),
        f'{head}Content-Type: multipart/mixed; boundary="{PLANTED}"\r\n\r\n--{PLANTED}\r\n\r\nx'.encode(),
        f"{head}Content-Transfer-Encoding: base64\r\n\r\n{PLANTED}===\r\n".encode(),
        f"From: <{PLANTED}\r\nTo: {to}\r\n\r\n{PLANTED}".encode(),
        f"From: {PLANTED}@a.example, {PLANTED}@b.example\r\nTo: {to}\r\n\r\n{PLANTED}".encode(),
        f"Subject: {PLANTED}\r\n\r\n{PLANTED}".encode(),
        f"{PLANTED}".encode(),
        b"",
        f"{head}List-Id: <{PLANTED}.example.com>\r\nPrecedence: bulk\r\n\r\n{PLANTED}".encode(),
        f"{head}Auto-Submitted: auto-replied\r\n\r\n{PLANTED} is on holiday".encode(),
        f'{head}Content-Type: application/pdf; name="{PLANTED}.pdf"\r\n'
        f'Content-Disposition: attachment; filename="{PLANTED}.exe"\r\n\r\n%PDF-{PLANTED}'.encode(),
        head.encode() + b"\r\n" + f"{PLANTED} \xff\xfe ".encode("latin-1") * 40,
        f"{head}Content-Type: text/html\r\n\r\n<b onclick={PLANTED}>{PLANTED}".encode(),
    ]


def a_life(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Complaints, replies, commands good and bad, forgeries, bounces, refusals, lost lines, failing code."""
    sender = f"{PLANTED.title()} <{PLANTED}@example.com>"
    message_id = journey.customer_writes(f"My {PLANTED} has not come!", sender=sender, subject=PLANTED)
    for raw in odd_mails(journey):
        journey.host.deliver(raw)
    journey.work()
    journey.work()
    ack = read(next(one.data for one in journey.host.sent() if f"{PLANTED}@example.com" in one.recipients))
    journey.reply(
        ack, f"And now the other {PLANTED}.", sender=sender, address=addresses(str(ack["Reply-To"]))
    )
    journey.host.deliver(a_bounce(journey, str(ack["Message-ID"])))
    journey.customer_writes("again", sender=sender, headers={"References": message_id})
    for words in (f"note {PLANTED}", f"aprove {PLANTED}", f"assign {PLANTED}", "approve"):
        journey.agent_replies(words)
    journey.agent_replies(f"note {PLANTED}", passes=False)
    journey.host.behave(
        lambda stage, _: f"550 5.1.1 <{PLANTED}@example.com> unknown" if stage == "rcpt" else None
    )
    journey.customer_writes(f"{PLANTED}?", sender=f"other-{PLANTED}@example.com")
    journey.work()
    journey.host.behave(lambda stage, _: f"451 {PLANTED}@example.com later" if stage == "mail" else None)
    journey.customer_writes(f"{PLANTED}!", sender=f"third-{PLANTED}@example.com")
    for _ in range(3):
        journey.work()
        journey.clock.skip(minutes=10)
    journey.host.behave(lambda stage, _: "drop" if stage == "dot" else None)
    journey.work()
    journey.host.behave(None)
    fail_everywhere(journey, monkeypatch)
    journey.clock.skip(days=9)
    journey.work()


def fail_everywhere(journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code of ours that breaks, with the customer's words in what it raises, and in what raised that."""

    def broken(*_: Any, **__: Any) -> None:
        try:
            dict[str, str]()[f"{PLANTED}@example.com"]
        except KeyError as error:
            words = f"{PLANTED} {SECRET}"
            raise ValueError(f"no good: {words}") from error

    with monkeypatch.context() as patch:
        patch.setattr("engine.recording.on_mail", broken)
        patch.setattr("engine.firing._fire", broken, raising=False)
        patch.setattr("engine.sending_records.queries.case", broken)
        patch.setattr("engine.troubles.tell_admins", broken)
        journey.customer_writes(PLANTED, sender=f"fourth-{PLANTED}@example.com")
        for _ in range(6):
            journey.work()
            journey.clock.skip(hours=1)
    with monkeypatch.context() as patch:
        patch.setattr("outbox.smtp.Smtp._offered", broken)
        journey.customer_writes(PLANTED, sender=f"fifth-{PLANTED}@example.com")
        journey.work()
    journey.worker.desk.alerts.trouble("disk/x", f"550 {PLANTED}@example.com", journey.clock())


def configured(journey: Journey, level: str, stream: io.StringIO) -> None:
    settings = journey.settings
    logs.configure(level, "json", stream, secrets=[*settings.secrets, SECRET], ours=settings.own_names)


@pytest.fixture
def told(quick_journey: Journey) -> Journey:
    quick_journey.settings = quick_journey.settings.model_copy(
        update={"IMAP_PASSWORD": quick_journey.host.password}
    )
    return quick_journey


def test_a_whole_life_leaves_no_word_of_a_customer_in_the_log(
    told: Journey, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(told, "info", log)
    a_life(told, monkeypatch)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert len(lines) > 60
    names = {line["name"] for line in lines}
    assert {"mail-taken", "letter", "mail-not-recorded", "letter-failed"} <= names
    assert "other" not in names, [line for line in lines if line["name"] == "other"]
    assert PLANTED not in log.getvalue().lower(), [one for one in lines if PLANTED in str(one).lower()]
    assert "example.com" not in log.getvalue()
    assert SECRET not in log.getvalue() and told.host.password not in log.getvalue()
    broken = next(line for line in lines if line["name"] == "mail-not-recorded")
    assert broken["error"] == "ValueError after KeyError"
    assert "test_journey_log.py" in broken["at"] and "engine/recording.py" in broken["at"]


def test_no_secret_is_in_the_log_at_any_level(
    told: Journey, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(told, "debug", log)
    a_life(told, monkeypatch)
    said = log.getvalue()
    assert "no good" in said, "debug shows what went wrong in its own words"
    assert SECRET not in said and told.host.password not in said


def test_the_database_and_the_line_may_break_too(
    told: Journey, log: io.StringIO, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    configured(told, "info", log)
    told.customer_writes(PLANTED, sender=f"{PLANTED}@example.com")

    def broken(self: Desk, *_: Any) -> None:
        raise sqlite3.OperationalError(f"near {PLANTED}")

    with monkeypatch.context() as patch:
        patch.setattr("store.ledger.record_mail", broken)
        for _ in range(3):
            told.work()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(PLANTED, stacklevel=1)
    thread = threading.Thread(target=broken, args=(None,))
    with monkeypatch.context() as patch:
        patch.setattr("threading.excepthook", threading.excepthook)
        patch.setattr("sys.excepthook", lambda *_: None)
        logs.catch_all()
        thread.start()
        thread.join()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert PLANTED not in log.getvalue()
    assert [line for line in lines if line["name"] == "uncaught" and line["level"] == "critical"]
    assert not re.search(r"\\n", log.getvalue()), "one line an event"
    assert levels_of(lines) <= {"info", "warning", "error", "critical"}


def test_every_event_has_a_name_of_its_own() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)
