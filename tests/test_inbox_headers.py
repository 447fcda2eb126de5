"""Header blocks, encoded words and parameters, well written and otherwise."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.header import dates
from inbox.header.block import in_single_bytes, split_head
from inbox.header.encoded_words import on_one_line, text_of, unbased
from inbox.header.identifiers import message_id, message_ids
from inbox.header.parameters import media_type, parameters
from tests.reading import mail, read_mail, soon


def _head(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """The fields of a mail's start, and what follows them."""
    head = split_head(raw, 0, 256 * 1024, top=True)
    return [(one.name, one.value) for one in head.fields], raw[head.end :]


A_AND_B = [("from", b"a"), ("to", b"b")]


@pytest.mark.parametrize(
    "raw",
    [
        b"From: a\nTo: b\n\nbody",
        b"From: a\r\nTo: b\r\n\r\nbody",
        b"From: a\r\r\nTo: b\r\r\n\r\r\nbody",
        b"from:a\nTO :b\n\nbody",
        b"From: a\nTo\t: b\n\t\nbody",
        b"\xef\xbb\xbfFrom: a\nTo: b\n\nbody",
        b"\r\n\r\nFrom: a\nTo: b\n\nbody",
        b"From a@x.example Mon Mar  2 06:00:00 2026\nFrom: a\nTo: b\n\nbody",
        b">From a@x.example Mon Mar  2 06:00:00 2026\nFrom: a\nTo: b\n\nbody",
        b"some junk here\nFrom: a\nTo: b\n\nbody",
        b"From: a\n: nameless\nTo: b\n\nbody",
        b"From: a\nT\x00o: b\n\nbody",
        b"From: a\rTo: b\n\nbody",
        b"From: a\nTo: b\nbody",
    ],
)
def test_fields_are_found_whatever_stands_around_them(raw: bytes) -> None:
    assert _head(raw) == (A_AND_B, b"body")


def test_damaged_folding_and_a_missing_colon_lose_no_field() -> None:
    assert _head(b"Subject: long\nfolded badly\nTo: b\n\n")[0] == [
        ("subject", b"long\nfolded badly"),
        ("to", b"b"),
    ]
    assert _head(b"From: a\nSubject My order\nTo: b\n\n")[0] == [
        ("from", b"a"),
        ("subject", b"My order"),
        ("to", b"b"),
    ]
    assert _head("From: a\nSüb: x\nTo: b\n\n".encode())[0] == [("from", b"a"), ("süb", b"x"), ("to", b"b")]


def test_a_line_of_white_space_ends_the_fields_only_once_the_sender_is_known() -> None:
    assert _head(b"Subject: x\n \nFrom: a\nTo: b\n\nbody") == ([("subject", b"x"), *A_AND_B], b"body")
    assert _head(b"From: a\nTo: b\n \nTo: whom it concerns\n") == (A_AND_B, b"To: whom it concerns\n")


def test_words_with_a_colon_after_the_body_has_begun_are_no_fields() -> None:
    assert _head(b"From: a\nTo: b\n\nDate: tomorrow\n") == (A_AND_B, b"Date: tomorrow\n")


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-8"])
def test_a_mail_saved_as_utf_16_is_read(charset: str) -> None:
    raw = "From: Ann <ann@x.example>\r\nSubject: שלום\r\n\r\nמה נשמע\r\n".encode(charset)
    assert in_single_bytes(b"plain") == b"plain"
    assert (read_mail(raw).subject, read_mail(raw).text.strip()) == ("שלום", "מה נשמע")


def test_of_several_subjects_and_dates_the_first_counts_and_every_sender_is_kept() -> None:
    read = read_mail(
        "From: a@x.example\nSubject: one\nMessage-ID: <1@x>\nDate: Mon, 2 Mar 2026 06:00:00 +0000\n"
        "From: b@x.example\nSubject: two\nMessage-ID: <2@x>\nDate: Tue, 3 Mar 2026 06:00:00 +0000\n\nx\n"
    )
    assert (read.subject, read.message_id) == ("one", "<1@x>")
    assert read.date == datetime(2026, 3, 2, 6, tzinfo=UTC)
    assert [one.address for one in read.senders] == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?Q?caf=C3?= =?UTF8?B?qQ==?=", "café"),
        ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        ("x=?utf-8?Q?a?=y", "xay"),
        ("a =?utf-8?q?b?= c =?utf-8?q?d?=\r\n =?utf-8?q?_e?=", "a b c d e"),
        ("=?utf-8?Q?Where is it??=", "Where is it?"),
        ("=?utf-8?Q?what?=20now?=", "what? now"),
        ("=?utf-8?Q?Hello there\r\n my friend?=", "Hello there my friend"),
        ("=?utf-8?q?caf=C3\r\n =A9?=", "café"),
        ("=? utf-8 ?Q? a?=", "a"),
        ("=?utf-8?Q?caf=C3=A9", "café"),
        ("=?utf-8?B?16nXnNeV150=", "שלום"),
        ("=?utf-8?B?16k= =?utf-8?B?16o=?=", "שת"),
        ("=?utf-8?B?16k=16o=?=", "שת"),
        ("=?utf-8?B?=D7=A9=D7=9C?=", "של"),
        ("=?utf-8?Q?=?utf-8?B?16k=?=?=", "ש"),
        ("=?utf-8?Q?=3D=3Futf-8=3FB=3F16k=3D=3F=3D?=", "ש"),
        ("=?utf-8?Q??=", ""),
        ("=?utf-8*he?Q?=D7=A9?=", "ש"),
        ("=?x-unknown?Q?=F9=EC=E5=ED_=F8=E1?=", "שלום רב"),
        ("=?us-ascii?Q?caf=E9?=", "café"),
        ("=?iso-8859-1?Q?caf\xe9?=", "café"),
        ("=?utf-8?Q?x=?=", "x"),
        ("=?utf-8?X?x?=", "=?utf-8?X?x?="),
        ("2 =? 3", "2 =? 3"),
        ("\x1b$B%F%9%H\x1b(B", "テスト"),
        ("  a\t\r\n  b  ", "a b"),
        (" \t", ""),
    ],
)
def test_encoded_words_are_read_however_they_are_written(value: str, text: str) -> None:
    assert text_of(value.encode("latin-1")) == text


def test_words_of_one_japanese_character_each_are_joined() -> None:
    words = [f"=?ISO-2022-JP?B?{b64encode(letter.encode('iso2022_jp')).decode()}?=" for letter in "返金依頼"]
    assert text_of("\r\n ".join(words).encode()) == "返金依頼"


def test_direction_changing_characters_are_not_shown_but_marks_and_joiners_are() -> None:
    assert on_one_line("a\u202eb\u2066c\u2069\x07d\x85") == "abcd"
    assert on_one_line("می\u200cشود \u200fא\u200e\u200d") == "می\u200cشود \u200fא\u200e\u200d"
    assert mail("Subject: =?utf-8?Q?=E2=80=AEexe.fdp?=").subject == "exe.fdp"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('"a;b \\"c\\".pdf"', 'a;b "c".pdf'),
        ("report; final.pdf", "report; final.pdf"),
        ("my report (1).pdf; size=10", "my report (1).pdf"),
        ('"a "b" c.pdf"; size=1', 'a "b" c.pdf'),
        ('"abc.pdf; size=3', "abc.pdf"),
        ('"C:\\Users\\a.pdf"', "C:\\Users\\a.pdf"),
        ("%D7%A9%D7%9C.pdf", "של.pdf"),
        ("100%25.pdf", "100%25.pdf"),
        ("utf-8''%D7%A9.pdf", "ש.pdf"),
        ('"=?utf-8?Q?a?=\r\n =?utf-8?Q?b.pdf?="', "ab.pdf"),
        ("=?utf-8?B?16k=?=.pdf", "ש.pdf"),
        ("plain.pdf; filename*=utf-8''%D7%A9.pdf", "ש.pdf"),
        ("plain.pdf; filename*=", "plain.pdf"),
        ('"a.pdf" (a comment); size=3', "a.pdf"),
        ('"\u202efdp.exe"', "fdp.exe"),
        ("", ""),
    ],
)
def test_a_file_name_is_read_however_it_is_written(value: str, name: str) -> None:
    assert parameters(b"attachment; filename=" + value.encode())["filename"] == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ("filename*1*=%D7%A9.pdf", "ש.pdf"),
        ("filename*0*=utf-8''%D7; filename*1*=%A9; filename*2=\".pdf\"", "ש.pdf"),
        ("filename*=''%D7%A9.pdf", "ש.pdf"),
        ("filename*=utf-8'%D7%A9.pdf", "ש.pdf"),
        ("filename*=%D7%A9.pdf", "ש.pdf"),
        ("filename*=utf-8'en'it%27s.pdf", "it's.pdf"),
        ("filename*=windows-1255''%F9%EC.pdf", "של.pdf"),
        ("filename*=utf-8''ש.pdf", "ש.pdf"),
        ("filename*=utf-8''50%zz.pdf", "50%zz.pdf"),
        ("filename*==?utf-8?B?16k=?=", "ש"),
        ("; ".join(f"filename*{n}=x" for n in reversed(range(300))), "x" * 300),
    ],
)
def test_pieces_and_extended_values_are_joined_and_mended(value: str, name: str) -> None:
    assert parameters(f"attachment; {value}".encode())["filename"] == name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/plain charset=utf-8", {"charset": "utf-8"}),
        ('text/html; charset="utf-8" boundary="x"', {"charset": "utf-8", "boundary": "x"}),
        ("text/plain; charset=utf-8 (Unicode); format=flowed", {"charset": "utf-8", "format": "flowed"}),
        ("text/plain; charset = utf-8 ;;", {"charset": "utf-8"}),
        ('multipart/mixed;\r\n\tboundary="a=b;c"', {"boundary": "a=b;c"}),
        ("multipart/mixed; boundary==_x", {"boundary": "=_x"}),
        ("text/plain; charset=a; charset=b", {"charset": "a"}),
        ("filename=x.pdf", {"filename": "x.pdf"}),
        ("attachment", {}),
        ("", {}),
    ],
)
def test_parameters_are_told_apart_without_their_semicolons(value: str, expected: dict[str, str]) -> None:
    assert parameters(value.encode()) == expected


def test_a_backslash_inside_a_double_byte_character_escapes_nothing() -> None:
    name = "ソース表.txt"
    assert parameters(f'attachment; filename="{name}"'.encode("cp932"), ["shift_jis"])["filename"] == name
    assert media_type(b' "Text/HTML; x') == "text/html"


BOMBS = [
    *(
        b"=?utf-8?Q?=D7=A9?= ",
        b"=?utf-8?Q?",
        b"=?",
        b"?=",
        b"=?a?q?x?=",
        b"a:b\n",
        b" \n",
        b"a: b\nbad\n",
        b"\r A",
    ),
    *(
        b'"a',
        b" ;",
        b";x=y",
        b"; filename*1=x",
        b"\\",
        b"(a)",
        b"x ",
        b"a'",
        b";b",
        b"<a",
        b"a@",
        b"<a@b> ",
        b"1 ",
    ),
]


@pytest.mark.parametrize("unit", BOMBS)
@pytest.mark.parametrize(
    "read",
    [
        text_of,
        parameters,
        message_id,
        lambda data: parameters(b"attachment; filename=" + data),
        lambda data: parameters(b'attachment; filename="' + data),
        lambda data: text_of(b"=?utf-8?q?" + data),
        lambda data: message_ids([data]),
        lambda data: split_head(b"From: x\n" + data, 0, 1 << 20, top=True),
        lambda data: dates.read(data.decode("latin-1")),
    ],
)
def test_a_field_of_one_thing_over_and_over_is_read_in_linear_time(
    read: Callable[[bytes], object], unit: bytes
) -> None:
    with soon():
        read(unit * (300_000 // len(unit)))


@given(st.binary(max_size=300))
def test_nothing_in_a_field_raises(value: bytes) -> None:
    text_of(value).encode()
    text_of(b"=?utf-8?q?" + value).encode()
    text_of(b"=?utf-16?b?" + value).encode()
    for text in parameters(b"attachment; filename*=" + value).values():
        text.encode()
    parameters(b'a/b; name="' + value)
    message_id(value)
    unbased(value)
    dates.read(value.decode("latin-1"))
    split_head(value, 0, 1000, top=True)
