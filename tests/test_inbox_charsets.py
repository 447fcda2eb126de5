"""Charsets by their many names, wrong and missing claims, and texts in more charsets than one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from inbox.charsets.decoding import decode
from inbox.charsets.guess import of_language
from inbox.charsets.names import codec
from tests.reading import HERE, read_mail, soon

HEBREW = "שלום רב, ההזמנה שלי 4711 לא הגיעה עדיין"
GERMAN = "Schöne Grüße aus Köln, für die Rückzahlung"
# Short lines for which the bytes alone can't decide: all capitals, or one letter that tells.
UNDECIDED = {
    ("ar", "iso8859-6", "استرداد المبلغ"),
    ("ru", "cp1251", "ПРЕТЕНЗИЯ"),
    ("ru", "koi8-r", "ПРЕТЕНЗИЯ"),
    ("ru", "iso8859-5", "ПРЕТЕНЗИЯ"),
    ("ru", "cp866", "ПРЕТЕНЗИЯ"),
    ("tr", "cp1254", "İade talebi"),
}


@cache
def _sentences() -> dict[str, Any]:
    file: Path = HERE / "sentences_by_language.yaml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def _encoded() -> list[tuple[str, str, str, bytes]]:
    """Every sentence that its language's charsets can hold."""
    found = []
    for language, told in _sentences().items():
        for charset in told["charsets"]:
            for text in (*told["short"], told["long"]):
                data = text.encode(charset, "ignore")
                if data.decode(charset) == text and (charset == "iso2022_jp" or not data.isascii()):
                    found.append((language, charset, text, data))
    return found


@pytest.mark.parametrize(
    "declared", ["", "us-ascii", "utf-8", "x-unknown", "unknown-8bit", "default", "iso-2022-jp"]
)
def test_text_that_nothing_explains_is_read_by_what_it_looks_like(declared: str) -> None:
    wrong = {
        (language, charset, text)
        for language, charset, text, data in _encoded()
        if charset != "iso8859-16" and decode(data, declared)[0] != text
    }
    assert wrong <= UNDECIDED


def test_text_is_read_as_declared_when_the_claim_is_right() -> None:
    wrong = [(charset, text) for _, charset, text, data in _encoded() if decode(data, charset) != (text, "")]
    assert wrong == []


@pytest.mark.parametrize(
    "declared",
    ["iso-8859-1", "windows-1255", "koi8-r", "iso-8859-8", "gb2312", "big5", "shift_jis", "euc-kr", "utf-16"],
)
def test_utf_8_is_read_against_any_claim(declared: str) -> None:
    texts = [text for told in _sentences().values() for text in (*told["short"], told["long"])]
    assert [text for text in texts if decode(text.encode(), declared)[0] != text] == []


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("utf8", "utf-8"),
        ("UTF_8", "utf-8"),
        ("utf-8;format=flowed", "utf-8"),
        ('charset="charset=utf-8"', "utf-8"),
        ("en_US.UTF-8", "utf-8"),
        ("cp65001", "utf-8"),
        ("utf-8*en", "utf-8"),
        ('iso-8859-1"', "cp1252"),
        ("ISO_8859-1:1987", "cp1252"),
        ("windows-1252http-equivcontent-type", "cp1252"),
        ("iso-8859-1-windows-3.1-latin-1", "cp1252"),
        ("iso88592", "iso8859-2"),
        ("iso8859_15", "iso8859-15"),
        ("l9", "iso8859-15"),
        ("iso-8859-11", "cp874"),
        ("cp-850", "cp850"),
        ("ibm850", "cp850"),
        ("x-cp1250", "cp1250"),
        ("win-1251", "cp1251"),
        ("1251", "cp1251"),
        ("koi8-ru", "koi8-u"),
        ("ISO-8859-6-I", "iso8859-6"),
        ("dos-862", "cp862"),
        ("iso-10646-ucs-2", "utf-16"),
        ("GB_2312-80", "gb18030"),
        ("x-mac-cyrillic", "mac_cyrillic"),
        ("eucjp-ms", "euc_jp"),
        ("ms936", "gb18030"),
        ("unknown-8bit", ""),
        ("default", ""),
        ("x-user-defined", ""),
        ("iso-8859-12", ""),
        ("rot13", ""),
        ("hex", ""),
        ("x" * 100_000, ""),
    ],
)
def test_a_charset_is_known_by_any_name_that_mailers_give_it(declared: str, expected: str) -> None:
    assert codec(declared) == expected


@pytest.mark.parametrize(
    ("declared", "data", "text"),
    [
        ("utf-16", HEBREW.encode("utf-16-le"), HEBREW),
        ("utf-16", HEBREW.encode("utf-16-be"), HEBREW),
        ("utf-16", HEBREW.encode("utf-16"), HEBREW),
        ("utf-16", b"Late order", "Late order"),
        ("utf-16", HEBREW.encode(), HEBREW),
        ("utf-16le", "返金".encode("utf-16-le"), "返金"),
        ("", HEBREW.encode("utf-16-le"), HEBREW),
        ("utf-32", "Späť".encode("utf-32-le"), "Späť"),
        ("utf-7", HEBREW.encode("utf-7"), HEBREW),
        ("", b"+BekF3AXVBd0-", "+BekF3AXVBd0-"),
        ("iso-2022-kr", "환불 요청".encode("iso2022_kr"), "환불 요청"),
        ("iso-2022-jp-2", "你好 返金".encode("iso2022_jp_2"), "你好 返金"),
        ("iso-2022-cn", b"\x1b$)A\x0eDz:C\x0f, 4711", "您好, 4711"),
        ("hz-gb-2312", b"~{Dz:C~} 4711 ~~", "您好 4711 ~"),
        ("gb2312", b"~{Dz:C~}", "您好"),
        ("iso-2022-jp", b"\x1b$B-!3t<02q<R\x1b(B OK", "①株式会社 OK"),
        ("iso-2022-jp", b"\x1b(I1234\x1b(B", "ｱｲｳｴ"),
        ("iso-2022-jp", b"\x1b$BJV6b$N$*4", "返金のお�"),
        ("shift_jis", "ｱｲｳ①㈱髙".encode("cp932"), "ｱｲｳ①㈱髙"),
        ("euc-jp", b"\xad\xa1\xad\xea \xb3\xf4", "①㈱ 株"),
        ("gb2312", "朱镕基".encode("gbk"), "朱镕基"),
        ("gb2312", "㐂".encode("gb18030"), "㐂"),
        ("big5", "嘅嘢".encode("big5hkscs"), "嘅嘢"),
        ("johab", "똠방각하".encode("johab"), "똠방각하"),
        ("iso-8859-1", b"\x93Ten\x94 \x80", "“Ten” €"),
        ("iso-8859-2", "„Část“ – š".encode("cp1250"), "„Část“ – š"),
        (
            "iso-8859-1",
            "Siparişim gelmedi, müşteri hizmetleri".encode("cp1254"),
            "Siparişim gelmedi, müşteri hizmetleri",
        ),
        ("windows-1251", "Здравствуйте, где мой заказ".encode("koi8-r"), "Здравствуйте, где мой заказ"),
        ("cesu-8", b"\xed\xa0\xbd\xed\xb8\x80 \xd7\xa9\xd7\x9c", "😀 של"),
        ("utf-8", HEBREW.encode()[:-1], HEBREW[:-1]),
        ("utf-8", b"caf\xe9", "café"),
        ("utf-8", "Grüße ".encode() + "Köln".encode("cp1252"), "Grüße Köln"),
        ("utf-8", "Grüße – it".encode() + b"\x92s Jos\xe9", "Grüße – it’s José"),
        ("utf-8", HEBREW.encode() + b"\xd7 ok", f"{HEBREW}\ufffd ok"),
        ("utf-8", HEBREW.encode() + b" \xff " + HEBREW.encode(), f"{HEBREW} � {HEBREW}"),
        ("tis-620", "สวัสดี".encode("cp874"), "สวัสดี"),
    ],
)
def test_each_way_of_writing_a_charset_is_read(declared: str, data: bytes, text: str) -> None:
    assert decode(data, declared)[0] == text


def test_a_footer_in_another_charset_is_read_beside_the_text() -> None:
    footer = "משרד ראשי בתל אביב"
    mixed = f"{GERMAN}\n".encode("cp1252") * 2 + f"{footer}\n".encode()
    assert decode(mixed, "iso-8859-1")[0] == f"{GERMAN}\n{GERMAN}\n{footer}\n"
    mixed = f"{footer}\n".encode() * 3 + f"{GERMAN}\n".encode("cp1252")
    assert decode(mixed, "utf-8")[0] == f"{footer}\n" * 3 + f"{GERMAN}\n"


def test_hebrew_in_visual_order_is_turned_into_reading_order() -> None:
    text = "שלום רב, הזמנה 4711 לא הגיעה עדיין מאתר firm.example"
    seen = "firm.example רתאמ ןיידע העיגה אל 4711 הנמזה ,בר םולש"
    assert decode(seen.encode("iso8859-8"), "iso-8859-8")[0] == text
    assert decode(text.encode("iso8859-8"), "iso-8859-8")[0] == text
    assert decode("הנמזה".encode("iso8859-8"), "visual")[0] == "הזמנה"
    assert decode("הזמנה".encode("iso8859-8"), "iso-8859-8")[0] == "הזמנה"


def test_the_language_of_the_body_decides_over_a_subject_of_one_word() -> None:
    raw = b"From: a@x.example\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n"
    body = "Здравствуйте, мой заказ не пришёл. Прошу вернуть деньги."
    assert read_mail(raw % ("ПРЕТЕНЗИЯ".encode("cp1251"), body.encode())).subject == "ПРЕТЕНЗИЯ"
    assert of_language("xx") == ()


@pytest.mark.parametrize(
    "unit",
    [b"\xe9\xe8\xe7 ", b"\xff\n", b"\xd7\xa9 \xff\n", b"\xed\xa0\x80", b"\x00\xff", b"\x1b$B", b"\x0e"],
)
@pytest.mark.parametrize(
    "declared", ["", "utf-8", "iso-8859-1", "windows-1255", "gb2312", "utf-16", "iso-2022-jp", "euc-jp"]
)
def test_a_megabyte_of_anything_is_read_in_linear_time(unit: bytes, declared: str) -> None:
    with soon():
        decode(unit * (1_000_000 // len(unit)), declared, ["windows-1255", "iso-2022-jp"])
