"""engine.erasing_shared: a copy of what somebody else wrote, whatever stands in the mail."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from engine.erasing_shared import _copy
from inbox.mime.limits import Limits
from store import queries
from store.database import opened
from store.models import Mail, plain
from store.naming_them import Naming, drop_raws_naming
from store.packing import packed
from tests.plantings import NOW, row

HOSTILE = [
    {"sender": "用户@例子.example"},
    {"sender": "a@[1.2"},
    {"sender": "a@b\u200f"},
    {"message_id": "<>"},
    {"message_id": "<名@example.com>"},
    {"message_id": "<a@b>\r\nBcc: x@example.com"},
    {"sender_name": "Bob,\u202e <x@example.com>"},
    {"subject": "a\x85b\u2028c"},
]


def copied(raw: bytes, **values: Any) -> Any:
    given = {"sender": "bob@example.com", "message_id": "<m@example.com>", "sent_at": NOW, **values}
    read = {"sender_name": "Bob", "subject": "Chairs", "words": "Ann Lee is late.", "signature": "", **given}
    mail = plain(Mail, {name: given[name] for name in ("sender", "message_id", "sent_at")})
    naming = Naming(["Ann Lee"])
    left = {name: naming.without(value) for name, value in read.items()}
    return message_from_bytes(_copy(mail, left, raw, naming, Limits()), policy=policy.default)


@pytest.mark.parametrize("values", HOSTILE)
def test_no_header_keeps_somebody_from_being_erased(values: dict[str, str]) -> None:
    made = copied(b"Subject: x\r\n\r\nx", **values)
    assert made.get_content().strip() == "[…] is late."
    assert made["Bcc"] is None
    assert (made["Date"] is not None, "Subject" in made) == (True, True)


@pytest.mark.parametrize("kind", ["image/png", "odd", "名/x", "application/x-a; b=c"])
def test_a_file_of_any_type_goes_over(kind: str) -> None:
    head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    name = 'Content-Disposition: attachment; filename="Ann Lee.dat"'
    part = f"--b\r\nContent-Type: {kind}\r\n{name}\r\n\r\nSubject: y\r\n\r\ndata\r\n--b--\r\n"
    made = copied((head + part).encode())
    [file] = made.iter_attachments()
    assert file.get_filename().startswith("[…]")
    assert b"data" in file.get_payload(decode=True)


@dataclass
class Left:
    """A letter that has left."""

    raw_id: int


@pytest.mark.parametrize(
    "head",
    ["Content-Type: text/plain; charset=odd", "Message-ID: <>", "From: a@[1.2", "Subject: =?odd?b?x?="],
)
def test_an_imported_answer_that_python_can_not_read_keeps_nobody_from_being_erased(
    tmp_path: Path, head: str
) -> None:
    with opened(f"sqlite:///{tmp_path / 'x.sqlite3'}") as database, database.write() as session:
        raws = [packed(f"{head}\r\n\r\n{words}".encode()) for words in ("Dear Ann Lee", "Dear Bob")]
        theirs, others = (Left(row(session, "raw", data=raw)) for raw in raws)
        drop_raws_naming(session, [theirs, others], Naming(["Ann Lee"]))
        assert [bool(queries.raw(session, one.raw_id)) for one in (theirs, others)] == [False, True]
