"""Copies of what customers were sent, in the mailbox's own folder: each once, and never in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.connecting_otherwise import sent_folder_of
from engine.sent_copies import MOST, Copier
from inbox.mailbox import MailboxDown
from inbox.sent_folder import MaildirSentFolder, SentFolder
from settings import WrongSettings, load
from tests.hosts import Host, until
from tests.journeys import Journey, read, running

Make = Callable[..., Journey]


@pytest.fixture
def make(mail_host: Host, tmp_path: Path) -> Iterator[Make]:
    made: list[Journey] = []

    def one(**changes: Any) -> Journey:
        url = f"sqlite:///{tmp_path / 'peygir.sqlite3'}"
        made.append(Journey(mail_host, url, tmp_path, **{"SENT_FOLDER": "Sent/Complaints"} | changes))
        return made[-1]

    yield one
    for each in made:
        each.stop()


def copies(journey: Journey) -> list[str]:
    """The Message-IDs of the copies, in whatever way the server writes a folder in a folder."""
    found = [*journey.host.inbox(folder="Sent/Complaints"), *journey.host.inbox(folder="Sent.Complaints")]
    return [str(read(raw)["Message-ID"]) for raw in found]


class Unsure:
    """A folder that fails before or after it has taken a copy."""

    def __init__(self, folder: SentFolder, *, takes: bool) -> None:
        self.folder, self.takes = folder, takes

    def keep(self, data: bytes, message_id: str, at: datetime, *, again: bool) -> None:
        if self.takes:
            self.folder.keep(data, message_id, at, again=again)
        raise MailboxDown("the line broke")

    def close(self) -> None:
        self.folder.close()


def test_customers_letters_are_copied_once_and_agents_are_not(make: Make) -> None:
    journey = make()
    journey.customer_writes("My parcel is late.")
    journey.work()
    journey.agent_replies("approve")
    journey.work()
    assert copies(journey) == [str(letter["Message-ID"]) for letter in journey.letters()]
    assert len(journey.letters()) == 2


def test_a_worker_that_runs_copies_too(make: Make) -> None:
    journey = make()
    journey.customer_writes("My parcel is late.")
    with running(journey):
        assert until(lambda: len(copies(journey)) == 1)


def test_a_copy_that_was_made_by_an_attempt_that_failed_is_not_made_again(make: Make) -> None:
    journey = make()
    journey.customer_writes("My parcel is late.")
    folder = sent_folder_of(journey.settings)
    journey.worker._copiers = lambda: [("", Copier(journey.worker.desk, Unsure(folder, takes=True)))]  # type: ignore[method-assign]
    journey.work()
    assert len(copies(journey)) == 1
    journey.stop()
    journey.work()
    journey.clock.skip(hours=1)
    journey.work()
    assert len(copies(journey)) == 1


def test_a_folder_that_takes_nothing_is_tried_so_often_and_holds_up_no_letter(make: Make) -> None:
    journey = make()
    tries: list[str] = []

    class Refusing(Unsure):
        def keep(self, data: bytes, message_id: str, at: datetime, *, again: bool) -> None:
            tries.append(message_id)
            super().keep(data, message_id, at, again=again)

    folder = sent_folder_of(journey.settings)
    desk = journey.worker.desk
    journey.worker._copiers = lambda: [("", Copier(desk, Refusing(folder, takes=False)))]  # type: ignore[method-assign]
    journey.customer_writes("My parcel is late.")
    for _ in range(MOST + 3):
        journey.work()
        journey.clock.skip(hours=3)
    assert len(journey.letters()) >= 1
    first = str(journey.letters()[0]["Message-ID"])
    assert tries.count(first) == MOST
    assert copies(journey) == []


def test_a_maildirs_copy_is_there_once_however_often_it_is_kept(tmp_path: Path) -> None:
    folder = MaildirSentFolder(tmp_path, "Sent/Complaints")
    moment = datetime(2026, 11, 23).astimezone()
    folder.keep(b"Subject: a\r\n\r\nb\r\n", "<1@example.com>", moment, again=False)
    (copy,) = (tmp_path / ".Sent.Complaints" / "cur").iterdir()
    copy.rename(copy.with_name(f"{copy.name}T"))  # a mail program changed a flag
    folder.keep(b"Subject: a\r\n\r\nb\r\n", "<1@example.com>", moment, again=True)
    folder.keep(b"Subject: b\r\n\r\nb\r\n", "<2@example.com>", moment, again=False)
    kept = list((tmp_path / ".Sent.Complaints" / "cur").iterdir())
    assert len(kept) == 2
    assert all(":2,S" in one.name for one in kept)
    assert kept[0].read_bytes().endswith(b"\n\nb\n")


def test_the_folder_that_is_read_takes_no_copies() -> None:
    needed = {"IMAP_HOST": "h", "IMAP_USER": "u", "SMTP_HOST": "s", "COMPLAINTS_ADDRESS": "c@example.com"}
    with pytest.raises(WrongSettings, match="name another"):
        load(needed | {"SENT_FOLDER": "inbox"}, Path("none"))
