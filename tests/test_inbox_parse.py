"""Reading whole mails: the odd ones under samples/, limits, fingerprints, and that nothing raises."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import parse as parsing
from inbox.mime import tree
from inbox.mime.bounds import Limits
from inbox.parse import as_json, parse, salvage
from store.models import MailKind
from tests.reading import SAMPLES, all_words, mail, read_mail

ODD_MAILS = sorted(SAMPLES.glob("*.eml"))
ALL_MAILS = sorted(SAMPLES.rglob("*.eml"))
PLAIN = "From: Ann <ann@customer.example>\nSubject: Late\nMessage-ID: <1@x.example>\n"


@pytest.mark.parametrize("file", ODD_MAILS, ids=lambda file: file.stem)
def test_an_odd_mail_is_understood_as_its_expectation_says(file: Path) -> None:
    understood = as_json(read_mail(file.read_bytes()))
    expected = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
    assert {key: understood[key] for key in expected} == expected


def test_what_is_read_of_any_mail_can_be_handed_to_another_process() -> None:
    read = [read_mail(file.read_bytes()) for file in ALL_MAILS]
    assert pickle.loads(pickle.dumps(read)) == read  # noqa: S301 - nobody else wrote it


def test_the_json_has_exactly_the_promised_keys() -> None:
    assert list(as_json(mail())) == [
        "message_id",
        "from",
        "reply_to",
        "to",
        "cc",
        "subject",
        "date",
        "language",
        "text",
        "reply_text",
        "attachments",
        "kind",
        "bounced_recipients",
    ]


def test_every_address_field_is_read_with_its_names() -> None:
    read = mail(
        "To: complaints@firm.example, Bo <bo@firm.example>",
        "Cc: c@x.example",
        "Reply-To: r@x.example",
        "Delivered-To: box@firm.example",
    )
    assert [(one.name, one.address) for one in read.to] == [
        ("", "complaints@firm.example"),
        ("Bo", "bo@firm.example"),
    ]
    assert (read.cc[0].address, read.reply_to[0].address) == ("c@x.example", "r@x.example")
    assert read.delivered_to == ("box@firm.example",)


def test_the_date_is_an_aware_one_in_utc() -> None:
    expected = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
    assert mail("Date: Mon, 02 Mar 2026 09:30:00 +0330").date == expected
    assert mail("Date: Mon, 2 Mar 2026 06:00:00").date == expected
    assert mail("Date: 2026-03-02T09:30:00+03:30").date == expected
    assert mail("Date: yesterday").date is None


def test_references_keep_their_order_and_brackets() -> None:
    read = mail("References: <a@x>\n <b@x> <a@x>", "In-Reply-To: <b@x>")
    assert (read.references, read.in_reply_to) == (("<a@x>", "<b@x>"), ("<b@x>",))


def test_a_message_id_without_brackets_gets_them() -> None:
    assert mail("Message-ID: bare@x.example").message_id == "<bare@x.example>"


def test_authentication_results_come_unfolded_and_topmost_first() -> None:
    read = mail(
        "Authentication-Results: mx.firm.example;\n dmarc=pass", "Authentication-Results: other; spf=pass"
    )
    assert read.authentication_results == ("mx.firm.example; dmarc=pass", "other; spf=pass")


def test_the_fingerprint_survives_line_ends_and_trace_fields() -> None:
    plain = PLAIN + "\nHello\nthere\n"
    traced = "Return-Path: <ann@customer.example>\nReceived: by mx; Mon\nDelivered-To: x@y.example\n" + plain
    marks = {
        read_mail(text).fingerprint for text in (plain, traced, plain.replace("\n", "\r\n"), plain + "\n")
    }
    assert len(marks) == 1


def test_the_fingerprint_does_not_depend_on_how_the_body_is_cut_into_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = (PLAIN + "\n" + "Hello\nthere\n\nyou\n" * 9).replace("\n", "\r\n").encode()
    whole = read_mail(raw).fingerprint
    for size in range(1, 9):
        monkeypatch.setattr("inbox.fingerprint._CHUNK", size)
        assert read_mail(raw).fingerprint == whole


def test_a_carriage_return_by_itself_counts_in_the_fingerprint() -> None:
    bare, ended, gone = (
        read_mail(f"{PLAIN}\nHello{sign}there\n{end}you").fingerprint
        for sign, end in (("\r", "\r\n"), ("\r", "\n"), ("", "\n"))
    )
    assert bare == ended
    assert ended != gone


@pytest.mark.parametrize("change", [("Hello", "Hullo"), ("Late", "Later"), ("<1@", "<2@"), ("Ann", "Anne")])
def test_the_fingerprint_changes_with_what_was_written(change: tuple[str, str]) -> None:
    plain = PLAIN + "\nHello\n"
    assert read_mail(plain).fingerprint != read_mail(plain.replace(*change)).fingerprint


def test_a_mail_of_nothing_is_still_a_message() -> None:
    read = read_mail(b"")
    assert (read.text, read.senders, read.kind) == ("", (), MailKind.CUSTOMER)
    assert read.no_auto_reply == ("it has no sender",)


def test_what_cannot_be_parsed_is_salvaged(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(parsing, "bound", broken)
    read = read_mail(PLAIN + "\nMy parcel is lost.\n")
    assert read.unparsed
    assert (read.sender.address, read.subject, read.message_id) == (
        "ann@customer.example",
        "Late",
        "<1@x.example>",
    )
    assert "My parcel is lost." in read.text
    assert read.damage == ("the mail could not be read (RecursionError)",)


@pytest.mark.parametrize(
    "raw", [(PLAIN + "\nWhere is it?\n").encode(), PLAIN.encode().replace(b"\n", b"\r"), b""]
)
def test_a_salvaged_mail_is_known_again_when_it_comes_anew(raw: bytes) -> None:
    traced = b"Received: from a by b\r\n" + raw.replace(b"\n", b"\r\n") if b"\n" in raw else raw
    assert salvage(raw, "the worker stopped").fingerprint == read_mail(traced).fingerprint


@pytest.mark.parametrize(
    "sign",
    [
        "Auto-Submitted: auto-replied",
        "auto-submitted : Auto-Generated",
        "X-Peygir-Loop: complaints@firm.example",
        "Return-Path: <>",
        "Precedence: bulk",
        "List-Id: News <news.firm.example>",
        "X-Auto-Response-Suppress: OOF",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; boundary=b",
        "From: mailer-daemon@firm.example",
        "Subject: Automatic reply: Late",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_mail_that_nobody_answers_is_not_answered_when_it_can_only_be_salvaged(
    sign: str, line_end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "bound", None)
    raw = (sign + "\n" + PLAIN + "\nx").replace("\n", line_end)
    read = read_mail(raw)
    assert read.unparsed
    assert read.no_auto_reply


def test_a_salvaged_mail_of_a_person_is_answered_even_when_it_talks_of_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parsing, "bound", None)
    read = read_mail(PLAIN + "\nPrecedence: bulk\nAuto-Submitted: auto-replied\n")
    assert (read.unparsed, read.no_auto_reply) == (True, ())


def test_a_salvaged_mail_whose_header_cannot_be_judged_is_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("inbox.kind.automatic.nature", None)
    read = read_mail(PLAIN + "\nWhere is it?\n")
    assert read.unparsed
    assert read.no_auto_reply == ("its header could not be read (TypeError)",)


def test_a_part_that_mail_parser_gives_up_on_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> None:
        raise TypeError

    monkeypatch.setattr("mailparser.parse_from_bytes", broken)
    monkeypatch.setattr(tree, "_remembered", tree._parsed)
    read = mail("Date: Mon, 02 Mar 2026 09:30:00 +0330")
    assert (read.text, read.unparsed) == ("Hello.", False)
    assert read.date is not None


def _nested(depth: int) -> bytes:
    parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return PLAIN.encode() + parts + b"\nhello\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"From: " + b'"' * 50_000 + b"\n\nhi", "the field From is too long and was cut"),
        (
            PLAIN.encode() + b"To: " + b"a@x.example, " * 9_000 + b"\n\nhi",
            "the field To is too long and was cut",
        ),
        (PLAIN.encode() + b"X: y\n" * 90_000 + b"\nhi", "only the first 256 kB of the headers were read"),
        (PLAIN.encode() + b"X: y\n" * 3_000 + b"\nhi", "only the first 2000 header fields were read"),
        (_nested(5_000), "what is nested deeper than 20 parts was not read"),
        (
            PLAIN.encode() + b"Content-Type: message/rfc822\n\n" * 3_000 + b"hi",
            "what is nested deeper than 20 parts was not read",
        ),
        (
            PLAIN.encode() + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000,
            "only the first 200 parts were read",
        ),
        (PLAIN.encode() + b"\n" + b"x" * 300_000, "only the first 200000 characters of the text are kept"),
        (PLAIN.encode() + b"\n" + b"x" * 3_000_000, "only the first 1024 kB of a text were read"),
        (
            b"Subject: " + b"=?utf-8?Q?=D7=A9?= " * 9_000 + b"\n\nhi",
            "the field Subject is too long and was cut",
        ),
    ],
)
def test_what_is_beyond_a_limit_is_cut_and_said(raw: bytes, said: str) -> None:
    read = read_mail(raw)
    assert not read.unparsed
    assert said in read.damage


def test_the_limits_can_be_set() -> None:
    read = parse(PLAIN.encode() + b"\nMy parcel is lost.", all_words(), replace(Limits(), text_characters=9))
    assert read.text == "My parcel"


def test_a_large_attachment_is_known_by_its_name_and_size() -> None:
    body = (
        "--b\n\nSee.\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    )
    body += ("A" * 76 + "\n") * 4_000 + "--b--\n"
    read = mail("Content-Type: multipart/mixed; boundary=b", body=body)
    assert [(one.filename, one.size) for one in read.attachments] == [("a.pdf", 4_000 * 57)]
    assert (read.text, read.damage) == ("See.", ())


def test_a_forged_size_changes_no_attachment() -> None:
    body = "--b\nContent-Type: application/pdf; name=a.pdf\nX-Peygir-Size: 5\n\n%PDF\n--b--\n"
    assert mail("Content-Type: multipart/mixed; boundary=b", body=body).attachments[0].size == 4


def test_the_text_is_in_composed_form_without_control_characters() -> None:
    assert mail(body="Cafe\u0301\r\nis\x07 closed\ttoday\ufeff").text == "Café\nis closed\ttoday"


def test_the_subject_and_names_stay_on_one_line() -> None:
    read = mail("Subject: =?utf-8?Q?Late=0D=0ABcc=3A_x?=", "From: =?utf-8?Q?A=0AB?= <a@x.example>")
    assert (read.subject, read.sender.name) == ("Late Bcc: x", "A B")


def test_a_short_reply_takes_the_language_of_its_subject() -> None:
    assert mail("Subject: سفارش من نرسیده است", body="4711\n").language == "fa"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ODD_MAILS), st.data())
def test_a_damaged_mail_never_raises_and_can_always_be_stored(file: Path, data: st.DataObject) -> None:
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 40))
        raw[place : place + length] = data.draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [b"\n", b"\r", b"\n\n", b"=?utf-8?B?", b'"', b"<", b"--b\n", b"charset=idna"]
                ),
            )
        )
    read = read_mail(bytes(raw))
    json.dumps(as_json(read), ensure_ascii=False).encode()
    assert not read.unparsed


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_raise(raw: bytes) -> None:
    assert not read_mail(raw).unparsed


def test_text_outside_the_parts_is_read_whatever_its_bytes_are() -> None:
    """The parser gives it with U+FFFD where it could not tell the charset."""
    read = read_mail(b"\x8e\n-- \nContent-")
    assert not read.unparsed
