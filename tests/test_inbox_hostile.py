"""Whatever a mail holds, it is read: no exception, no long wait, and what was cut is said (promise 5).

The sizes here are small, so that the file takes seconds; bench/hostile.py reads every mail in full size.
"""

from __future__ import annotations

import json

import pytest

from inbox.parse import as_json
from tests.hostile import ALL, field
from tests.hostile_texts import PLAIN, part, several
from tests.reading import read_mail, soon

SCALE = 400
LEAST = 30
WINMAIL = "an attachment in Outlook's own format (winmail.dat) could not be read to its end"


@pytest.mark.parametrize("name", ALL)
def test_a_hostile_mail_is_read_without_an_exception_and_soon(name: str) -> None:
    one = ALL[name]
    raw = one.make(max(LEAST, one.full // SCALE))
    with soon():
        read = read_mail(raw)
    assert not read.unparsed, read.damage
    json.dumps(as_json(read), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("100,000 fields", "only the first 2000 header fields were read"),
        ("a field of 10 MB", "only the first 256 kB of the headers were read"),
        ("200,000 words in Subject", "the field Subject is too long and was cut"),
        ("200,000 words in From", "the field From is too long and was cut"),
        ("50,000 recipients", "the field To is too long and was cut"),
        ("a quote bomb of 50 kB", "the field From is too long and was cut"),
        ("100,000 references", "the field References is too long and was cut"),
        ("depth 5,000, multiparts", "what is nested deeper than 20 parts was not read"),
        ("depth 5,000, messages", "what is nested deeper than 20 parts was not read"),
        ("depth 5,000, in turn", "what is nested deeper than 20 parts was not read"),
        ("10,000 parts", "only the first 200 parts were read"),
        ("100,000 messages", "only the first 200 parts were read"),
        ("50 MB of text", "only the first 1024 kB of a text were read"),
        ("50 MB of one letter", "only the first 200000 characters of the text are kept"),
        ("50 MB of base64", "only the first 1024 kB of a text were read"),
        ("20 MB of >", "only the first 1024 kB of a text were read"),
        ("a page of 20 MB", "only the first 1024 kB of a text were read"),
        ("8 MB of b in eight pages", "only the first 1024 kB of the HTML were read"),
        ("S/MIME, 2 GB compressed", "only the first 5 MB of a compressed S/MIME part were read"),
        ("a status of recipients", "only the first 128 kB of a delivery status were read"),
        ("winmail.dat that lies", WINMAIL),
    ],
)  # fmt: skip
def test_what_was_cut_of_a_hostile_mail_is_said(name: str, said: str) -> None:
    assert said in read_mail(ALL[name].make(ALL[name].full // 5)).damage


@pytest.mark.parametrize("count", [30, 300])
@pytest.mark.parametrize(
    "name", ["all at once", "depth 5,000, multiparts", "10,000 parts", "50,000 recipients"]
)
def test_who_wrote_a_hostile_mail_is_known_all_the_same(name: str, count: int) -> None:
    assert read_mail(ALL[name].make(count)).sender.address == "ann@customer.example"


def test_a_mail_with_a_quote_bomb_keeps_its_words_and_its_subject() -> None:
    read = read_mail(field(b"From", b'"' * 50_000 + b" <ann@customer.example>"))
    assert (read.text, read.subject) == ("Hello.", "Late")


def test_a_run_of_carriage_returns_takes_no_time() -> None:
    raw = PLAIN + b"X: " + b"\r" * 200_000 + b"\n\nHello.\n"
    with soon():
        assert read_mail(raw).text == "Hello."


def test_a_carriage_return_before_a_field_still_ends_the_one_before_it() -> None:
    raw = b"From: Ann <ann@customer.example>\r\r\rSubject: Late\r\n\r\nHello.\r\n"
    assert read_mail(raw).subject == "Late"


def test_an_mbox_line_that_never_ends_takes_no_time() -> None:
    with soon():
        read_mail(b"From " + b"00:00 " * 100_000)


def test_an_mbox_line_before_the_header_is_passed_over() -> None:
    line = b"From ann@customer.example Mon Mar  2 09:30:00 2026 remote from mail.customer.example\n"
    assert read_mail(line + PLAIN + b"\nHello.\n").sender.address == "ann@customer.example"


def test_texts_beyond_what_is_read_of_all_of_them_are_cut_and_that_is_said() -> None:
    read = read_mail(several(part(b"text/plain", b"lost " * 200_000) for _ in range(6)))
    assert "only the first 4 MB of the texts were read" in read.damage
