"""A whole desk that sends through a program, or by LMTP, instead of SMTP."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hosts import DOVECOT, NO_DOVECOT, Dovecot, EmbeddedHost, Host
from tests.journeys import Journey, read

PROGRAM = """#!{python}
import pathlib, sys, uuid
place = pathlib.Path({place!r})
if (place / "full").exists():
    sys.exit(75)
if sys.argv[-1].startswith("unknown"):
    sys.exit(67)
(place / uuid.uuid4().hex).write_bytes(" ".join(sys.argv[1:]).encode() + b"\\n" + sys.stdin.buffer.read())
"""
Make = Callable[..., Journey]


@pytest.fixture
def make(embedded_host: Host, tmp_path: Path) -> Iterator[Make]:
    made: list[Journey] = []

    def one(**changes: Any) -> Journey:
        made.append(Journey(embedded_host, f"sqlite:///{tmp_path / 'x.sqlite3'}", tmp_path, **changes))
        return made[-1]

    yield one
    for each in made:
        each.stop()


def program(tmp_path: Path) -> tuple[str, Path]:
    place = tmp_path / "left"
    place.mkdir()
    path = tmp_path / "sendmail"
    path.write_text(PROGRAM.format(python=sys.executable, place=str(place)))
    path.chmod(0o700)
    return str(path), place


def left(place: Path) -> list[str]:
    """The arguments of every letter that left."""
    return sorted(
        one.read_bytes().partition(b"\n")[0].decode() for one in place.iterdir() if one.name != "full"
    )


def test_letters_leave_through_the_program_once_and_wait_while_it_takes_none(
    make: Make, tmp_path: Path
) -> None:
    path, place = program(tmp_path)
    journey = make(SENDMAIL=path, SMTP_HOST="")
    (place / "full").touch()
    journey.customer_writes("My parcel is late.")
    journey.work()
    assert left(place) == []
    (place / "full").unlink()
    journey.clock.skip(hours=1)
    journey.work()
    journey.work()
    assert left(place) == sorted(["-i -f <> -- ann@example.com", f"-i -f <> -- {journey.sam}"])


def test_a_recipient_that_the_program_does_not_know_is_told_and_never_tried_again(
    make: Make, tmp_path: Path
) -> None:
    path, place = program(tmp_path)
    journey = make(SENDMAIL=path, SMTP_HOST="")
    journey.customer_writes("My parcel is late.", sender="N <unknown@example.com>")
    journey.work()
    journey.clock.skip(hours=3)
    journey.work()
    refused = [one for one in journey.events("send-failed") if "unknown@example.com" in one["text"]]
    assert len(refused) == 1
    assert "there is no such recipient" in refused[0]["text"]
    assert not [one for one in left(place) if "unknown" in one]


@pytest.mark.skipif(DOVECOT is None, reason=NO_DOVECOT)
def test_letters_leave_by_lmtp(make: Make, dovecot: Dovecot) -> None:
    journey = make(SMTP_PROTOCOL="lmtp", SMTP_PORT=dovecot.lmtp_port)
    customer = f"customer-{journey.host.address}"
    journey.customer_writes("My parcel is late.", sender=f"Ann <{customer}>")
    journey.work()
    assert isinstance(journey.host, EmbeddedHost)
    [ack] = [read(raw) for raw in dovecot.mails(customer, "INBOX")]
    assert "Auto-Submitted" in ack
    assert len(dovecot.mails(journey.sam, "INBOX")) == 1
