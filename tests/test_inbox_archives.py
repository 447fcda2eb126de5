"""Old mail in files: every mail of an mbox by itself, whoever wrote it and whatever stands in its text."""

from __future__ import annotations

import gzip
import mailbox
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from inbox.archives import mbox
from inbox.archives.places import Archives, NoArchive

LIMIT = 25 * 2**20
FROM = b"From ann@example.com Mon Mar  2 09:30:00 2026\n"
HEAD = b"From: Ann <ann@example.com>\nSubject: one\nMessage-ID: <1@example.com>\n\n"


def raws(path: Path) -> list[bytes]:
    with Archives() as archives:
        return [piece.fetched(0, LIMIT).raw for piece in archives.pieces(path)]


def split(tmp_path: Path, content: bytes) -> list[bytes]:
    path = tmp_path / "old.mbox"
    path.write_bytes(content)
    return raws(path)


def mail(number: int, text: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = (
        "ann@example.com",
        f"{number}",
        f"<{number}@example.com>",
    )
    made.set_content(text)
    return made


def test_what_the_standard_library_wrote_is_split_as_it_reads_it(tmp_path: Path) -> None:
    texts = ["From here on it went wrong.\n", "a\n\nFrom Sam: yes\n", ">From quoted\n", "", "\n\n\nx\n"]
    made = mailbox.mbox(tmp_path / "old.mbox")
    for number, text in enumerate(texts):
        made.add(mail(number, text))
    made.close()
    found = raws(tmp_path / "old.mbox")
    assert [one.count(b"Message-ID") for one in found] == [1] * len(texts)
    assert found[0].endswith(b"\n\nFrom here on it went wrong.\n")
    assert b"\n\nFrom Sam: yes\n" in found[1]


@pytest.mark.parametrize(
    "text",
    [
        b"From here on nothing worked.\n",
        b"\nFrom here on nothing worked.\n",
        b"\nFrom: Sam\nSubject: quoted\n",
        b"\nFrom Sam I heard on Monday at 10:00 in 2026\n\nthat it left\n",
        b"\nFrom 2026-03-01 10:00 to 2026-03-02 11:00\nclosed: yes\n",
        b"\nFrom Mon Mar  2 09:30:00 2026 on\nit was broken\n",
        b"\nFrom bob@example.com\nyou will hear: soon\n",
        b"text\nFrom ann@example.com Mon Mar  2 09:30:00 2026\nnote: this is text\n",
    ],
)
def test_a_line_of_text_that_begins_with_from_is_no_beginning(tmp_path: Path, text: bytes) -> None:
    assert split(tmp_path, FROM + HEAD + text + b"\n" + FROM + HEAD + b"two\n") == [
        HEAD + text,
        HEAD + b"two\n",
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"From ann@example.com Mon Mar  2 09:30:00 2026\n",
        b"From - Mon Mar 02 09:30:00 2026\n",
        b"From 1234567890@xxx Mon Mar 02 09:30:00 +0000 2026\n",
        b"From ann@example.com Mon Mar  2 09:30:00 CET 2026\n",
        b"From ann@example.com Mon Mar  2 09:30 2026\n",
        b'From "Ann B"@example.com Mon Mar  2 09:30:00 2026\n',
        b"From ann@example.com Mon, 2 Mar 2026 09:30:00 +0100\n",
        b"From MAILER-DAEMON Mon Mar  2 09:30:00 2026\r\n",
        b"From ann@example.com  Mon Mar  2 09:30:00 2026 remote from shop\n",
        b"From ann@example.com\n",
    ],
)
def test_each_programs_from_line_is_a_beginning(tmp_path: Path, line: bytes) -> None:
    assert split(tmp_path, line + HEAD + b"a\n\n" + line + HEAD + b"b\n") == [HEAD + b"a\n", HEAD + b"b\n"]


def test_a_mail_that_says_how_long_it_is_may_hold_a_whole_mbox(tmp_path: Path) -> None:
    inner = FROM + HEAD + b"quoted whole\n\n" + FROM + HEAD + b"and another\n"
    head = HEAD[:-1] + b"Content-Length: %d\n\n" % len(inner)
    found = split(tmp_path, FROM + head + inner + b"\n" + FROM + HEAD + b"two\n")
    assert found == [head + inner, HEAD + b"two\n"]


@pytest.mark.parametrize("length", [b"0", b"3", b"99999999", b"x"])
def test_a_length_that_is_wrong_is_not_believed(tmp_path: Path, length: bytes) -> None:
    head = HEAD[:-1] + b"Content-Length: " + length + b"\n\n"
    found = split(tmp_path, FROM + head + b"one, and more\n\n" + FROM + HEAD + b"two\n")
    assert found == [head + b"one, and more\n", HEAD + b"two\n"]


def test_lines_that_were_escaped_come_back_as_they_were(tmp_path: Path) -> None:
    [found] = split(tmp_path, FROM + HEAD + b">From a\n>>From b\n> From c\nx >From d\n")
    assert found == HEAD + b"From a\n>From b\n> From c\nx >From d\n"


def test_crlf_blank_lines_before_and_a_last_line_without_an_end_do_no_harm(tmp_path: Path) -> None:
    crlf = (FROM + HEAD + b"a\n\n" + FROM + HEAD + b"b").replace(b"\n", b"\r\n")
    assert [one.replace(b"\r", b"") for one in split(tmp_path, b"\n\n" + crlf)] == [
        HEAD + b"a\n",
        HEAD + b"b",
    ]


def test_an_mbox_is_split_the_same_however_its_blocks_fall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"".join(FROM + HEAD + b"text %d\n" % n + b"x" * n + b"\n\n" for n in range(40))
    whole = split(tmp_path, content)
    assert len(whole) == 40
    for block in (1, 2, 5, 6, 7, 64, 211):
        monkeypatch.setattr(mbox, "BLOCK", block)
        assert split(tmp_path, content) == whole


def test_nothing_but_rubbish_is_one_piece_and_an_empty_file_none(tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(os.urandom(5000))
    assert len(raws(tmp_path / "x.eml")) == 1
    assert split(tmp_path, b"") == []
    assert len(split(tmp_path, FROM + os.urandom(5000))) <= 1


def test_a_maildir_with_its_folders_and_a_folder_of_files_are_read_whole(tmp_path: Path) -> None:
    made = mailbox.Maildir(tmp_path / "Maildir")
    made.add(mail(1, "one"))
    made.add_folder("Sent").add(mail(2, "two"))
    (tmp_path / "Maildir" / "tmp" / "half").write_bytes(b"half a mail")
    folder = tmp_path / "folder" / "2019"
    folder.mkdir(parents=True)
    (folder / "a.eml").write_bytes(mail(3, "three").as_bytes())
    (folder / "notes.txt").write_text("no mail")
    with gzip.open(folder / "b.mbox.gz", "wb") as packed:
        packed.write(FROM + mail(4, "four").as_bytes())
    (folder / "loop").symlink_to(tmp_path)
    found = raws(tmp_path / "Maildir") + raws(tmp_path / "folder")
    assert sorted(one.partition(b"Subject: ")[2][:1] for one in found) == [b"1", b"2", b"3", b"4"]


def test_what_is_no_archive_says_what_would_be(tmp_path: Path) -> None:
    with pytest.raises(NoArchive, match="there is no"):
        raws(tmp_path / "missing")
    with pytest.raises(NoArchive, match="holds no mail; name an mbox, a Maildir"):
        raws(tmp_path)
    (tmp_path / "cut.mbox.gz").write_bytes(gzip.compress(FROM + HEAD)[:-9])
    with pytest.raises(NoArchive, match="can't be unpacked"):
        raws(tmp_path / "cut.mbox.gz")
    damaged = gzip.compress(FROM + HEAD, mtime=0)
    (tmp_path / "damaged.mbox.gz").write_bytes(damaged[:10] + b"\xff" * 20 + damaged[30:])
    with pytest.raises(NoArchive, match="can't be unpacked"):
        raws(tmp_path / "damaged.mbox.gz")


def test_of_a_mail_over_the_limit_only_the_start_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.mbox"
    path.write_bytes(FROM + HEAD + b"x" * 3_000_000)
    with Archives() as archives:
        [piece] = archives.pieces(path)
        fetched = piece.fetched(7, 2**20)
    assert (fetched.cut, fetched.size, fetched.uid) == (True, len(HEAD) + 3_000_000, 7)
    assert len(fetched.raw) < 2**20
