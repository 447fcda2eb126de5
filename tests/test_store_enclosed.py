"""Letters that carry a stored mail: put together the same way each time, without a second copy of it."""

from __future__ import annotations

import base64
import random

import pytest
from sqlmodel import select

from store import ledger, queue
from store.database import opened
from store.enclosed import encoded, whole
from store.models import Letter, MailKind, Raw
from store.values import Enclosed, Recording
from tests.store_samples import MINUTE, NOW, a_worker, complaint, ends, letter, message

ORIGINAL = b"Subject: late\r\n\r\nIt came\nlate.\r\n"


def test_plain_lines_get_crlf_ends_and_no_other_change() -> None:
    assert encoded(b"a\nb\r\nc", "7bit") == b"a\r\nb\r\nc"
    assert encoded(b"a\r\nb\r\n", "7bit") == b"a\r\nb\r\n"
    assert encoded(b"", "7bit") == b""


@pytest.mark.parametrize("size", [0, 1, 57, 57 * 4096 - 1, 57 * 4096, 57 * 4096 + 1, 500_000])
def test_base64_of_any_size_is_that_of_the_whole_in_short_lines(size: int) -> None:
    given = random.Random(size).randbytes(size)
    made = encoded(given, "base64")
    assert made == base64.encodebytes(given).replace(b"\n", b"\r\n")


def test_an_encoding_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="no encoding 'rot13'"):
        encoded(b"x", "rot13")  # type: ignore[arg-type]


def test_the_mail_stands_where_the_letter_says() -> None:
    assert whole(b"head tail", 5, "7bit", b"x\n") == b"head x\r\ntail"
    assert whole(b"head", 4, "base64", b"x") == b"headeA==\r\n"


@pytest.mark.parametrize("how", ["7bit", "base64"])
def test_a_letter_leaves_with_the_mail_that_is_stored_once(database_url: str, how: str) -> None:
    around = letter("draft/1001/1", data=b"before after", encloses=Enclosed(7, how, None))  # type: ignore[arg-type]
    with opened(database_url) as database:
        with database.write() as session:
            a_worker(session)
            decided = Recording(case=complaint(1001).case, letters=(around,))
            ledger.record_mail(session, message(), decided, raw=ORIGINAL, kind=MailKind.CUSTOMER, now=NOW)
            assert len(session.exec(select(Raw)).all()) == 2
        with database.write() as session:
            [first] = queue.claim(session, worker_id="w1", now=NOW, limit=9)
            ends(session, first, "later", due_at=NOW + MINUTE)
        with database.write() as session:
            [again] = queue.claim(session, worker_id="w1", now=NOW + MINUTE, limit=9)
        assert first.data == b"before " + encoded(ORIGINAL, how) + b"after"  # type: ignore[arg-type]
        assert again.data == first.data


def test_a_letter_may_enclose_a_mail_that_came_before(database_url: str) -> None:
    with opened(database_url) as database, database.write() as session:
        a_worker(session)
        mail = ledger.store_mail(session, message(), raw=ORIGINAL, kind=MailKind.CUSTOMER, now=NOW)
        given = letter("transcript/1", data=b"||", encloses=Enclosed(1, "7bit", mail.raw_id))
        ledger.record(session, Recording(letters=(given,)), now=NOW)
        [claimed] = queue.claim(session, worker_id="w1", now=NOW, limit=9)
        assert claimed.data == b"|" + encoded(ORIGINAL, "7bit") + b"|"


def test_a_letter_can_not_enclose_a_mail_that_nobody_records(database_url: str) -> None:
    with opened(database_url) as database:
        given = letter("draft/1/1", encloses=Enclosed(1, "7bit", None))
        with (
            pytest.raises(ValueError, match="draft/1/1 encloses the mail that is being recorded"),
            database.write() as session,
        ):
            ledger.record(session, Recording(letters=(given,)), now=NOW)
        with database.read() as session:
            assert session.exec(select(Letter)).all() == []
