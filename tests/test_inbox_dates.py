"""Dates and Message-IDs in the forms that mailers give them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from inbox.header import dates
from inbox.header.identifiers import message_id, message_ids
from tests.reading import mail


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 02 Mar 2026 09:30:00 +0330",
        "3/2/2026 6:00:00 AM",
        "3/2/2026, 9:30 AM +0330",
        "Tue, 2 Mar 2026 09:30:00 +0330",
        "02 Mar 26 06:00 GMT",
        "2 Mar 126 06:00:00 UT",
        "Mon, 2 Mar 2026 01:00:00 EST",
        "Mon, 02 Mar 2026 06:00:00",
        "Mon, 02 Mar 2026 06:00:00 -0000",
        "Mon, 02 Mar 2026 06:00:00 +9900",
        "Mon Mar 02 2026 09:30:00 GMT+0330 (Iran Standard Time)",
        "Mon Mar  2 06:00:00 2026",
        "Sun Mar  1 22:00:00 PST 2026",
        "Mo, 02 Mrz 2026 07:00:00 +0100 (MEZ)",
        "lun., 02 mars 2026 07:00:00 +0100",
        "lunes, 2 de marzo de 2026 07:00 +0100",
        "Пн, 02 марта 2026 09:00:00 +0300",
        "Monday, March 2, 2026 6:00 AM",
        "02-Mar-2026 06:00:00",
        "2026-03-02T09:30:00+03:30",
        "2026-03-02 06:00:00Z",
        "2026/03/02 06:00:00",
        "20260302T060000Z",
        "2026年3月2日 6:00",
        "۲ مارس ۲۰۲۶ ۰۶:۰۰",
    ],
)
def test_a_date_is_read_in_every_form(value: str) -> None:
    assert dates.read(value) == datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "yesterday",
        "Mon, 30 Feb 2026 09:30:00 +0000",
        "2 Foo 2026 09:30:00",
        "3/2/2026 09:30:00",
        "31/31/2026 09:30:00",
        "Fri, 31 Dec 9999 23:59:59 -1100",
    ],
)
def test_an_impossible_date_is_none(value: str) -> None:
    assert mail(f"Date: {value}").date is None


def test_the_first_and_last_years_are_dates() -> None:
    assert dates.read("Mon, 01 Jan 1900 00:00:00 +0000") == datetime(1900, 1, 1, tzinfo=UTC)
    assert dates.read("Wed, 30 Jun 9999 12:00:00 +0000") == datetime(9999, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@b>", "<a@b>"),
        ("a@b", "<a@b>"),
        ("<a@b", "<a@b>"),
        ("<a@b> (added by mx) <c@d>", "<a@b>"),
        ("a@b (added by mx)", "<a@b>"),
        ("<long-\r\n id@b>", "<long-id@b>"),
        ('<"a b"@c>', '<"a b"@c>'),
        ("<" + "a" * 3000 + ">", "<" + "a" * 900 + ">"),
        ("<>", ""),
        ("", ""),
    ],
)
def test_a_message_id_has_brackets_and_no_more(value: str, expected: str) -> None:
    assert message_id(value.encode()) == expected


@pytest.mark.parametrize(
    "value",
    [
        "<a@b> <c@d>",
        "<a@b>,<c@d>",
        "<a@b>\r\n\t(x)\r\n\t<c@d>",
        "a@b c@d",
        "<a@b <c@d>",
        "<a@\r\n b><c@d><a@b>",
    ],
)
def test_references_are_read_whatever_stands_between_them(value: str) -> None:
    assert message_ids([value.encode()]) == ("<a@b>", "<c@d>")


def test_of_ten_thousand_references_the_first_and_the_last_are_kept() -> None:
    ids = message_ids([b" ".join(b"<%d@x>" % n for n in range(10_000))])
    assert (len(ids), ids[0], ids[-1]) == (200, "<0@x>", "<9999@x>")
