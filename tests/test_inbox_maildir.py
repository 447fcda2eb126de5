"""A Maildir as the mailbox: UIDs that last, nothing lost or written over, whoever else uses it."""

from __future__ import annotations

import os
import threading
import time
from itertools import count
from pathlib import Path

import pytest

from inbox.mailbox import MailboxDown, NotFiled
from inbox.maildir import Maildir
from inbox.maildir_uids import LIST, Uids

MAIL = b"From: Ann <ann@example.com>\nSubject: Late\nMessage-ID: <m%d@example.com>\n\nIt is late.\n"
_numbers = count(1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("tmp", "new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    return tmp_path / "Maildir"


def deliver(folder: Path, raw: bytes = b"", name: str = "") -> str:
    """As an MTA does: written whole in tmp, then renamed."""
    number = next(_numbers)
    name = name or f"{1_700_000_000 + number}.M{number}P1.host"
    (folder / "tmp" / name).write_bytes(raw or MAIL % number)
    (folder / "tmp" / name).rename(folder / "new" / name)
    return name


def opened(folder: Path, filed: str = "Peygir", limit: int = 2**20) -> Maildir:
    mailbox = Maildir(folder, filed_folder=filed, size_limit=limit)
    mailbox.open()
    return mailbox


def test_mails_have_uids_in_the_order_of_their_delivery_and_keep_them(folder: Path) -> None:
    deliver(folder), deliver(folder)
    mailbox = opened(folder)
    assert mailbox.uids() == [1, 2]
    deliver(folder)
    assert mailbox.uids(2) == [3]
    again = opened(folder)
    assert again.uids() == [1, 2, 3]
    assert again.open() == mailbox.open()
    assert [one.uid for one in again.fetch([1, 2, 3])] == [1, 2, 3]


def test_a_mail_comes_as_a_server_would_give_it(folder: Path) -> None:
    deliver(folder, b"From: a@example.com\n\nIt\r\nis\nlate.\n")
    mailbox = opened(folder)
    [mail] = mailbox.fetch(mailbox.uids())
    assert mail.raw == b"From: a@example.com\r\n\r\nIt\r\nis\r\nlate.\r\n"
    assert not mail.cut


def test_a_mail_that_a_mail_program_reads_meanwhile_keeps_its_uid(folder: Path) -> None:
    name = deliver(folder)
    mailbox = opened(folder)
    assert mailbox.uids() == [1]
    (folder / "new" / name).rename(folder / "cur" / f"{name}:2,")
    [mail] = mailbox.fetch([1])
    (folder / "cur" / f"{name}:2,").rename(folder / "cur" / f"{name}:2,RS")
    assert mailbox.uids() == [1]
    assert mailbox.senders([1]) == {1: "from: ann <ann@example.com>"}
    mailbox.file([1])
    assert [path.name for path in (folder / ".Peygir" / "cur").iterdir()] == [f"{name}:2,RS"]
    assert mail.raw.startswith(b"From: Ann")


def test_what_was_filed_is_read_no_more_and_filing_again_is_no_error(folder: Path) -> None:
    deliver(folder)
    mailbox = opened(folder)
    assert mailbox.uids() == [1]
    mailbox.file([1])
    mailbox.file([1, 99])
    assert mailbox.uids() == []
    assert list(mailbox.fetch([1])) == []
    assert (folder / ".Peygir" / "maildirfolder").exists()


def test_where_mail_is_not_moved_it_is_marked_as_read_and_keeps_its_uid(folder: Path) -> None:
    name = deliver(folder)
    mailbox = opened(folder, filed="")
    mailbox.uids()
    mailbox.file([1])
    mailbox.file([1])
    assert [path.name for path in (folder / "cur").iterdir()] == [f"{name}:2,S"]
    assert mailbox.uids() == [1]


def test_no_mail_is_written_over_by_another_of_its_name(folder: Path) -> None:
    name = deliver(folder)
    mailbox = opened(folder)
    mailbox.uids()
    (folder / ".Peygir" / "cur").mkdir(parents=True)
    (folder / ".Peygir" / "cur" / f"{name}:2,S").write_bytes(b"another mail")
    mailbox.file([1])
    kept = {path.read_bytes() for path in (folder / ".Peygir" / "cur").iterdir()}
    assert b"another mail" in kept
    assert len(kept) == 2


def test_a_worker_killed_while_it_moved_a_mail_leaves_one_mail(folder: Path) -> None:
    name = deliver(folder)
    mailbox = opened(folder)
    mailbox.uids()
    (folder / ".Peygir" / "cur").mkdir(parents=True)
    os.link(folder / "new" / name, folder / ".Peygir" / "cur" / f"{name}:2,S")
    again = opened(folder)
    assert again.uids() == [1]
    again.file([1])
    assert len(list((folder / ".Peygir" / "cur").iterdir())) == 1
    assert again.uids() == []


def test_a_uid_that_could_not_be_written_down_is_told_to_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(folder)
    mailbox = opened(folder)
    assert mailbox.uids() == [1]
    lost = deliver(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    for name in ("write", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, full)
            with pytest.raises(MailboxDown, match="No space left"):
                mailbox.uids()
        assert len((folder / LIST).read_bytes().splitlines()) == 2
    (folder / "new" / lost).rename(folder / "cur" / f"{lost}:2,")
    assert mailbox.uids() == [1, 2]
    deliver(folder)
    assert opened(folder).uids() == [1, 2, 3], "what was told is what stands on the disk"
    [second] = opened(folder).fetch([2])
    assert [one.raw for one in mailbox.fetch([2])] == [second.raw]


def test_a_file_without_a_name_of_its_own_is_no_mail(folder: Path) -> None:
    (folder / "cur" / ":2,S").write_bytes(MAIL % 0)
    deliver(folder)
    mailbox = opened(folder)
    assert mailbox.uids() == [1]
    assert opened(folder).open() == mailbox.open()


def test_a_list_that_was_cut_off_while_it_was_written_gives_no_uid_twice(folder: Path) -> None:
    first, second = deliver(folder), deliver(folder)
    mailbox = opened(folder)
    validity = mailbox.open()
    assert mailbox.uids() == [1, 2]
    text = (folder / LIST).read_bytes()
    # The third was never told to anybody.
    (folder / LIST).write_bytes(text + b"3 170000")
    again = opened(folder)
    assert again.open() == validity
    deliver(folder)
    assert again.uids() == [1, 2, 3]
    assert (first, second) == tuple(
        os.fsdecode(one) for one in Uids(folder).of([first.encode(), second.encode()])
    )


@pytest.mark.parametrize("data", [b"", b"nonsense\n", b"\0" * 50, b"peygir-uids 1 5 1\n2 b\n1 a\n"])
def test_a_list_that_is_damaged_begins_anew_under_another_validity(folder: Path, data: bytes) -> None:
    deliver(folder)
    before = opened(folder).open()
    (folder / LIST).write_bytes(data)
    mailbox = Maildir(folder, filed_folder="")
    assert mailbox.open() != before
    assert mailbox.uids() == [1]


def test_a_list_that_another_process_makes_anew_is_noticed(folder: Path) -> None:
    deliver(folder)
    mailbox = opened(folder)
    mailbox.uids()
    (folder / LIST).unlink()
    deliver(folder)
    with pytest.raises(MailboxDown, match="made anew"):
        mailbox.uids()
    mailbox.open()
    assert mailbox.uids() == [1, 2]


def test_two_processes_give_no_uid_to_two_mails(folder: Path) -> None:
    mailboxes = [opened(folder), opened(folder)]

    def look(mailbox: Maildir) -> None:
        for _ in range(20):
            deliver(folder)
            mailbox.uids()

    threads = [threading.Thread(target=look, args=(one,)) for one in mailboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = Uids(folder).of([path.name.encode() for path in (folder / "new").iterdir()])
    assert sorted(told.values()) == list(range(1, 41))
    assert mailboxes[0].uids() == mailboxes[1].uids()


def test_the_list_does_not_grow_for_ever(folder: Path) -> None:
    names = [deliver(folder) for _ in range(250)]
    mailbox = opened(folder)
    mailbox.uids()
    for name in names[:249]:
        (folder / "new" / name).unlink()
    mailbox.open()
    assert (folder / LIST).read_text().count("\n") == 2
    deliver(folder)
    assert mailbox.uids() == [250, 251]


def test_hostile_names_and_what_is_no_file_harm_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "new" / "link").symlink_to(tmp_path / "secret")
    (folder / "new" / "folder").mkdir()
    os.mkfifo(folder / "new" / "pipe")
    for name in ("a\nb", "1 2 %0A", "..x", "é", "b" * 200):
        deliver(folder, name=name)
    (folder / "new" / os.fsdecode(b"\xff\xfe")).write_bytes(MAIL % 9)
    mailbox = opened(folder)
    uids = mailbox.uids()
    assert len(uids) == 5, "a name that begins with a dot is none of a mail"
    assert len(list(mailbox.fetch(uids))) == 5
    assert opened(folder).uids() == uids
    mailbox.file(uids)
    assert mailbox.uids() == []
    assert not (folder / ".Peygir" / "cur" / "link:2,S").exists()


def test_of_a_mail_that_is_too_large_only_the_start_is_read(folder: Path) -> None:
    deliver(folder, b"Subject: big\n\n" + b"x" * 100_000)
    mailbox = opened(folder, limit=1000)
    [mail] = mailbox.fetch(mailbox.uids())
    assert (mail.cut, mail.size) == (True, 100_014)
    assert mail.raw.startswith(b"Subject: big\r\n\r\nxxx")


def test_a_folder_that_is_no_maildir_is_told(tmp_path: Path) -> None:
    with pytest.raises(MailboxDown, match="is no Maildir"):
        Maildir(tmp_path, filed_folder="").open()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_or_written_is_told(folder: Path) -> None:
    name = deliver(folder)
    (folder / "new" / name).chmod(0)
    mailbox = opened(folder)
    with pytest.raises(MailboxDown, match="let Peygir's user read it"):
        list(mailbox.fetch(mailbox.uids()))


def test_mail_that_can_not_be_put_away_is_told_and_stays(folder: Path) -> None:
    deliver(folder)
    (folder / ".Peygir").write_text("a file where the folder should be")
    mailbox = opened(folder)
    mailbox.uids()
    with pytest.raises(NotFiled, match="make room"):
        mailbox.file([1])
    assert mailbox.uids() == [1]


def test_waiting_ends_when_something_is_delivered_or_somebody_wakes_it(folder: Path) -> None:
    mailbox = opened(folder)
    threading.Timer(0.2, deliver, (folder,)).start()
    assert mailbox.wait(30)
    assert mailbox.uids() == [1]
    while mailbox.wait(0.01):
        mailbox.uids()
    threading.Timer(0.2, mailbox.wake).start()
    began = time.monotonic()
    while mailbox.wait(30):
        mailbox.uids()
    assert time.monotonic() - began < 20


def test_what_was_put_away_can_be_brought_back(folder: Path) -> None:
    names = [deliver(folder), deliver(folder)]
    mailbox = opened(folder)
    mailbox.file(mailbox.uids())
    told: list[tuple[str, int]] = []

    def wanted(mails: object) -> list[int]:
        told.extend((one.message_id, one.size) for one in mails)  # type: ignore[attr-defined]
        return [2]

    assert mailbox.bring_back(wanted) == 1
    assert len(told) == 2
    assert all(identifier.endswith("@example.com>") for identifier, _ in told)
    assert [path.name for path in (folder / "cur").iterdir()] == [f"{names[1]}:2,S"]
    assert len(mailbox.uids()) == 1
