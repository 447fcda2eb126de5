"""A Maildir instead of IMAP: a real server delivers there, and a mail program looks at it meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts import DOVECOT, NO_DOVECOT, Border, Dovecot, DovecotHost, until
from tests.journeys import ROOT, Journey, running


@pytest.fixture
def local(dovecot: Dovecot, border: Border, tmp_path: Path) -> Iterator[Journey]:
    if DOVECOT is None:
        pytest.skip(NO_DOVECOT)
    host = DovecotHost(dovecot, border)
    # The server makes a Maildir with the first mail in it.
    host.deliver(b"From: mailer-daemon@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nhello\r\n")
    path = dovecot._folder / "mail" / host.address
    made = Journey(
        host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path, MAILDIR=str(path), IMAP_HOST=""
    )
    yield made
    made.stop()


def acknowledged(local: Journey) -> list[tuple[str, bytes]]:
    """Every letter that left for a customer, with its bytes."""
    return [(one.recipients[0], one.data) for one in local.host.sent() if one.recipients[0].startswith("ann")]


def test_a_complaint_is_answered_approved_and_filed(local: Journey) -> None:
    local.customer_writes("My parcel is late.")
    local.work()
    assert len(local.letters()) == 1
    local.agent_replies("approve")
    assert len(local.letters()) == 2
    assert local.case()["status"] == "answered"
    maildir = Path(local.settings.MAILDIR)
    assert list((maildir / "new").iterdir()) == []
    assert len(list((maildir / ".Peygir" / "cur").iterdir())) == 3
    assert (maildir / ".Peygir" / "maildirfolder").exists(), "so that mail programs show it"


def test_what_a_mail_program_has_looked_at_is_taken_in_once(local: Journey) -> None:
    local.customer_writes("My parcel is late.")
    client = local.host._dovecot.client(local.host.address)  # type: ignore[attr-defined]
    client.select_folder("INBOX")
    client.add_flags(client.search(["ALL"]), [b"\\Seen", b"\\Answered"])
    client.logout()
    local.work()
    local.stop()
    local.work()
    assert len(local.letters()) == 1
    assert len(local.cases()) == 1


def test_mail_that_is_delivered_while_the_worker_waits_is_seen(local: Journey) -> None:
    with running(local):
        assert until(lambda: any(one["kind"] == "ignored" for one in local.events()))
        local.customer_writes("My parcel is late.")
        assert until(lambda: len(local.letters()) == 1)


def test_a_worker_that_is_killed_goes_on_without_a_second_answer(local: Journey, tmp_path: Path) -> None:
    for number in range(12):
        local.customer_writes(f"My parcel {number} is late.", sender=f"Ann <ann{number}@example.com>")
    environment = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in local.settings.model_dump().items()
    }
    for wanted in (1, 5):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "worker.py"), "run"],
            env=os.environ | environment,
            cwd=tmp_path,
            stderr=subprocess.DEVNULL,
        )
        assert until(lambda count=wanted: len(acknowledged(local)) >= count, 60)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.wait()
    local.work()
    assert len(local.cases()) == 12
    assert len(set(acknowledged(local))) == 12, "the same bytes, if any went twice"
    assert list((Path(local.settings.MAILDIR) / "new").iterdir()) == []
