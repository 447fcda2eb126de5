"""How the operation is, for people and for probes."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import worker as program
from engine.health import EXIT, UNREAD_FOR, health, health_text
from inbox.mailbox import MailboxDown
from tests.journeys import Journey


def of(journey: Journey) -> dict[str, Any]:
    with journey.worker.desk.database.read() as session:
        return health(session, journey.clock())


def probe(url: str, *options: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    monkeypatch.setenv("DATABASE_URL", url)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = program.main(["status", *options])
    return code, out.getvalue(), err.getvalue()


def test_a_worker_that_works_is_fine(stored_journey: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    stored_journey.customer_writes("My parcel has not come.")
    stored_journey.work()
    found = of(stored_journey)
    assert (found["state"], found["running"], found["troubles"]) == ("fine", True, [])
    assert (found["cases_new"], found["drafts_waiting"]) == (1, 1)
    assert "all is well" in health_text(found)
    url = stored_journey.settings.DATABASE_URL
    code, said, _ = probe(url, "--json", monkeypatch=monkeypatch)
    assert (code, json.loads(said)["state"]) == (0, "fine")


def test_an_alert_is_a_trouble_and_its_mailbox_is_not_told_twice(
    quick_journey: Journey, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = quick_journey
    journey.work()
    journey.stop()
    journey.settings = journey.settings.model_copy(update={"IMAP_PORT": free_port})
    with pytest.raises(MailboxDown):
        journey.work()
    found = of(journey)
    [trouble] = found["troubles"]
    assert trouble.startswith(f"mailbox/{journey.host.user}") and "since" in trouble
    [alert] = found["alerts"]
    assert alert["told"] is None, "nobody was told yet: it may pass by itself"
    code, said, _ = probe(journey.settings.DATABASE_URL, monkeypatch=monkeypatch)
    assert code == 1 and "trouble" in said


def test_a_worker_that_was_stopped_is_said_and_after_a_while_it_is_trouble(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.work()
    journey.stop()
    database = journey.worker.desk.database
    with database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM worker")
    found = of(journey)
    assert (found["running"], found["troubles"]) == (False, [])
    assert "no worker is running" in health_text(found)
    with database.read() as session:
        later = health(session, journey.clock() + UNREAD_FOR + timedelta(minutes=1))
    [trouble] = later["troubles"]
    assert "no worker is running" in trouble and "worker.py run" in trouble


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_database_that_cant_be_looked_at_is_neither_fine_nor_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    url = f"sqlite:///{tmp_path / 'not-there.sqlite3'}"
    code, out, err = probe(url, *options, monkeypatch=monkeypatch)
    assert code == 3
    assert "not there yet" in (out if options else err)
    assert not list(tmp_path.iterdir()), "a probe makes nothing"
    if options:
        assert json.loads(out)["state"] == "unknown"


def test_a_setting_that_is_wrong_is_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = probe("mysql://here", monkeypatch=monkeypatch)
    assert code == 3 and "DATABASE_URL" in err


def test_the_codes_of_a_probe_stay() -> None:
    assert EXIT == {"fine": 0, "trouble": 1, "unknown": 3}
