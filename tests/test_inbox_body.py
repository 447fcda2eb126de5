"""Charsets, and what counts as the mail's text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.charsets.decoding import codec, decode
from inbox.content.flowed import unflowed
from inbox.header.encoded_words import text_of
from inbox.header.parameters import parameters
from tests.reading import mail

HEBREW = "שלום רב, ההזמנה שלי לא הגיעה עדיין"
ARABIC = "السلام عليكم لم يصل طلبي منذ أسبوع"
RUSSIAN = "Здравствуйте, мой заказ не пришёл. Прошу вернуть деньги"
JAPANESE = "注文した商品がまだ届いていません"
CHINESE = "您好，我的订单还没有收到，请尽快处理"
FRENCH = "Où est ma commande, déjà payée ?"


@pytest.mark.parametrize("declared", ["", "us-ascii", "utf-8", "x-unknown", "iso-8859-1"])
@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (HEBREW, "cp1255"),
        (ARABIC, "cp1256"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (FRENCH, "cp1252"),
        (JAPANESE, "cp932"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (HEBREW, "utf-8"),
    ],
)
def test_a_text_is_read_whatever_charset_it_claims(text: str, charset: str, declared: str) -> None:
    assert decode(text.encode(charset), declared)[0] == text


@pytest.mark.parametrize(
    ("declared", "charset", "text"),
    [
        ("ISO-8859-8-I", "iso8859-8", HEBREW),
        ("iso-8859-8-e", "iso8859-8", HEBREW),
        ("gb2312", "gbk", "朱镕基"),
        ("ks_c_5601-1987", "cp949", "똠방각하"),
        ("x-sjis", "cp932", "①"),
        ("unicode-1-1-utf-7", "utf-7", HEBREW),
        ("windows-1256", "cp1256", ARABIC),
    ],
)
def test_a_charset_is_known_by_its_other_names_and_by_what_is_sent_under_them(
    declared: str, charset: str, text: str
) -> None:
    assert decode(text.encode(charset), declared) == (text, "")


def test_a_charset_named_elsewhere_in_the_mail_decides_for_a_few_letters() -> None:
    assert decode("šč".encode("cp1250"), "", ["windows-1250"])[0] == "šč"


def test_what_was_guessed_is_said() -> None:
    assert decode(HEBREW.encode("cp1255"), "utf-8")[1] == "the charset utf-8 did not fit, read as cp1255"


def test_a_codec_that_is_no_charset_is_refused() -> None:
    assert [codec(name) for name in ("rot13", "base64", "idna", "undefined", "nonsense", "")] == [""] * 6


@given(
    st.binary(max_size=200), st.sampled_from(["", "utf-16", "utf-7", "hz", "gb2312", "punycode", "cp1255"])
)
def test_no_bytes_fail_to_become_text(data: bytes, declared: str) -> None:
    decode(data, declared, ["utf-16", "iso-2022-jp"])[0].encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"),
        ("=?windows-1255?B?+ezl7Q==?= Ann", "שלום Ann"),
        ("=?utf-8?B?16nXnNeV150?=", "שלום"),
        ("=?nonsense?Q?plain?=", "plain"),
        ("=?utf-8?X?x?=", "=?utf-8?X?x?="),
        ("Re: =?utf-8*he?Q?=D7=A9?= and  more", "Re: ש and more"),
    ],
)
def test_encoded_words_are_read_even_when_they_are_damaged(value: str, text: str) -> None:
    assert text_of(value.encode()) == text


def test_parameters_are_read_in_every_form() -> None:
    assert parameters(b'attachment; filename="a;b \\"c\\".pdf"; size=3') == {
        "filename": 'a;b "c".pdf',
        "size": "3",
    }
    assert parameters(b"attachment; filename=plain.pdf; filename*=utf-8''%D7%A9.pdf")["filename"] == "ש.pdf"
    assert parameters(b"attachment; filename*1=b.pdf; filename*0=a")["filename"] == "ab.pdf"
    assert parameters(b"attachment; filename==?utf-8?B?16k=?=.pdf")["filename"] == "ש.pdf"


def test_soft_line_breaks_are_joined_within_one_depth_of_quoting() -> None:
    assert unflowed("one \ntwo\n> a \n> b\nthree", joined=False) == "one two\n> a b\nthree"
    assert unflowed("日 \n本", joined=True) == "日本"
    assert unflowed("Ann \n-- \nphone", joined=False) == "Ann \n-- \nphone"


ALTERNATIVE = "Content-Type: multipart/alternative; boundary=b"
MIXED = "Content-Type: multipart/mixed; boundary=b"


def test_of_alternatives_the_plain_text_is_read_once() -> None:
    body = "--b\n\nplain words\n--b\nContent-Type: text/html\n\n<p>plain words</p>\n--b--\n"
    assert mail(ALTERNATIVE, body=body).text == "plain words"


def test_an_encrypted_mail_says_so() -> None:
    body = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n"
    read = mail("Content-Type: multipart/encrypted; boundary=b", body=body)
    assert read.damage == ("the mail is encrypted and could not be read",)


def test_an_attached_text_is_no_part_of_the_text() -> None:
    body = "--b\n\nSee.\n--b\nContent-Disposition: attachment; filename=l.txt\n\nlog\n--b--\n"
    read = mail(MIXED, body=body)
    assert (read.text, [one.filename for one in read.attachments]) == ("See.", ["l.txt"])


def test_an_attached_mail_without_a_name_is_called_by_its_subject() -> None:
    body = "--b\n\nSee.\n--b\nContent-Type: message/rfc822\n\nSubject: Offer\n\nBuy!\n--b--\n"
    read = mail(MIXED, body=body)
    assert (read.text, read.attachments[0].filename) == ("See.", "Offer.eml")


def test_an_inline_image_keeps_its_content_id() -> None:
    body = "--b\n\nSee.\n--b\nContent-Type: image/png; name=p.png\nContent-ID: <p@x>\n\nPNG\n--b--\n"
    assert mail(MIXED, body=body).attachments[0].content_id == "p@x"
