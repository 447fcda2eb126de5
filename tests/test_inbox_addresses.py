"""Address fields: the grammar of RFC 5322, its obsolete forms, and what mail programs make of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.header.addresses import addresses
from tests.reading import mail, soon

ANN = ("Ann", "ann@x.example")
BO = ("Bo", "bo@y.example")
BARE = ("", "ann@x.example")


def _read(value: str | bytes, *hints: str) -> list[tuple[str, str]]:
    raw = value.encode() if isinstance(value, str) else value
    return [(one.name, one.address) for one in addresses(raw, hints)]


@pytest.mark.parametrize(
    "value",
    [
        "Ann <ann@x.example>",
        '"Ann" <ann@x.example>',
        "'Ann' <ann@x.example>",
        "\"'Ann'\" <ann@x.example>",
        '"Ann"<ann@x.example>',
        "Ann\r\n\t<ann@x.example>",
        "ann@x.example (Ann)",
        "(Ann) ann@x.example",
        "<ann@x.example> Ann",
        "ann@x.example Ann",
        "Ann ann@x.example",
        "Ann < ann@x.example >",
        "Ann <<ann@x.example>>",
        "Ann <ann@x.example",
        "Ann <ann@x.example>>",
        "Ann <ann @ x . example>",
        "Ann <ann@x.example.>",
        "Ann <mailto:ann@x.example>",
        "Ann [mailto:ann@x.example]",
        "Ann <@r.example,@s.example:ann@x.example>",
        "Ann <'ann@x.example'>",
        '"Ann <ann@x.example>',
        "Ann <ann@x.example> (at work)",
        "Friends: Ann <ann@x.example>;",
        "A: B: Ann <ann@x.example>;;",
        "Ann <ann＠x。example>",
        "\u202eAnn\u202c <\u200eann@x.example\u2069>",
        "Ann <ann@x.example>\x00",
        "=?utf-8?Q?Ann?= <ann@x.example>",
        '"=?utf-8?Q?Ann?=" <ann@x.example>',
        "ann@x.example (=?utf-8?Q?Ann?=)",
        "=?utf-8?Q?Ann_=3Cann=40x.example=3E?=",
        "=?utf-8?Q?=22Ann=22?= <ann@x.example>",
        ",, Ann <ann@x.example>,",
        "Ann <ann(at home)@x.example(the firm)>",
        "Ann ann@x . example",
        "Ann ann@x  .  example",
        "Ann: <ann@x.example>",
    ],
)
def test_one_person_is_read_however_she_is_written(value: str) -> None:
    assert _read(value) == [ANN]


@pytest.mark.parametrize(
    "value",
    [
        "Ann <ann@x.example>, Bo <bo@y.example>",
        "Ann <ann@x.example>; Bo <bo@y.example>",
        "Ann <ann@x.example> Bo <bo@y.example>",
        "Ann <ann@x.example, Bo <bo@y.example>",
        "Both: Ann <ann@x.example>, Bo <bo@y.example>;",
        "Both: Ann <ann@x.example>;, Bo <bo@y.example>",
        '"Ann <ann@x.example>, "Bo" <bo@y.example>',
        "ann@x.example (Ann),\r\n bo@y.example (Bo)",
        "Ann <ann@x.example>，Bo <bo@y.example>",
        "Ann <ann@x.example>، Bo <bo@y.example>",
    ],
)
def test_two_people_are_told_apart(value: str) -> None:
    assert _read(value) == [ANN, BO]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('"Bee, Ann"', "Bee, Ann"),
        ("Bee, Ann", "Bee, Ann"),
        ("=?utf-8?Q?Bee,_Ann?=", "Bee, Ann"),
        ("=?utf-8?Q?Bee, Ann?=", "Bee, Ann"),
        ('"Bee\\, \\"Ann\\""', 'Bee, "Ann"'),
        ('"Ann "the boss" Bee"', "Ann the boss Bee"),
        ("Ann (the boss)", "Ann (the boss)"),
        ("Ann <Smith>", "Ann Smith"),
        ("Contact: Ann", "Contact: Ann"),
        ("Ann :)", "Ann :)"),
        ("山田，太郎", "山田，太郎"),
        ('"bo@y.example"', "bo@y.example"),
        ("bo@y.example", "bo@y.example"),
        ("ann@x.example", ""),
        ("'ANN@x.example'", ""),
        ('""', ""),
        ("😀 Ann", "😀 Ann"),
        ("Ann =?utf-8?q?B=C3=A9?=", "Ann Bé"),
        ("=?utf-8?B?16k=?= =?utf-8?B?16o=?=", "שת"),
        ("=?windows-1255?Q?=F9=EC=E5=ED?=", "שלום"),
        ("می\u200cشود", "می\u200cشود"),
        ("\x1b$B%F%9%H\x1b(B", "テスト"),
    ],
)
def test_a_name_is_shown_as_people_read_it(value: str, name: str) -> None:
    assert _read(f"{value} <ann@x.example>") == [(name, "ann@x.example")]


@pytest.mark.parametrize(
    "address",
    [
        "o'neil@x.example",
        '"john doe"@x.example',
        "ann@[192.0.2.1]",
        "ann@[IPv6:2001:db8::1]",
        "אנ@דוגמה.example",
        "ann@xn--4dbrk0ce.example",
        "a@b@c.example",
        "ann+tag=1@x.example",
        "root",
    ],
)
def test_an_address_stays_as_it_was_written(address: str) -> None:
    assert _read(address) == [("", address)]
    assert _read(f"Ann <{address}>") == [("Ann", address)]


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "undisclosed-recipients:;",
        "Undisclosed recipients:;",
        "undisclosed-recipients",
        "Ann Bee",
        "<>",
        "Mailer <>",
        ",;:<>",
    ],
)
def test_a_field_without_an_address_has_none(value: str) -> None:
    assert _read(value) == []


def test_a_sender_without_a_domain_is_known_but_never_answered() -> None:
    read = mail("From: Cron <root>")
    assert (read.sender.address, read.no_auto_reply) == ("root", ("its sender's address has no domain",))


def test_bare_addresses_need_no_comma() -> None:
    assert _read("ann@x.example bo@y.example") == [BARE, ("", "bo@y.example")]
    assert _read("ann@x.example;bo@y.example,") == [BARE, ("", "bo@y.example")]
    assert _read("Unknown, <ann@x.example>") == [("Unknown", "ann@x.example")]


def test_a_name_in_raw_bytes_is_read_by_the_charsets_of_the_mail() -> None:
    assert _read("שלום <ann@x.example>".encode("cp1255"), "windows-1255") == [("שלום", "ann@x.example")]
    assert _read("Müller, Ann <ann@x.example>".encode("latin-1")) == [("Müller, Ann", "ann@x.example")]
    assert _read("Ünal =?utf-8?q?=C3=9C?= <ann@x.example>".encode("cp1254"), "windows-1254") == [
        ("Ünal Ü", "ann@x.example")
    ]
    assert _read("ソ表 <ann@x.example>".encode("cp932"), "shift_jis") == [("ソ表", "ann@x.example")]


def test_a_circular_of_five_hundred_is_read_whole() -> None:
    value = ", ".join(f'"Customer Number {n}" <customer.number.{n}@department.example>' for n in range(500))
    read = mail(f"To: {value}")
    assert (len(read.to), read.damage) == (500, ())
    assert read.to[499].name == "Customer Number 499"


BOMBS = [
    *(
        "<",
        '"',
        "(",
        ">",
        ")",
        "<<a@b",
        '\\"',
        '"\\',
        "@",
        "a@",
        "@[",
        "a@b ",
        "<a@b>",
        "<a@b> x ",
        ": ",
        "mailto:",
    ),
    *(
        "mailto ",
        "=?",
        "=?a?q?",
        "=?utf-8?q?x?=",
        " ",
        " .",
        ". ",
        "@ ",
        "'",
        "word ",
        "word, ",
        "(a",
        "a)",
        "[",
        ",",
    ),
    *(
        '"<a@b>,',
        '"<a@b>,"x',
        '<"',
        '<"a',
        "ש, ",
        "a@[b",
        "a:",
        "<a@b",
        '"a"@',
        'a"b<c@d>,',
        "<a@b>, ",
        '"B, A" <a@b>;',
    ),
]


@pytest.mark.parametrize("unit", BOMBS)
@pytest.mark.parametrize("around", ["{}", "x{}a@b.example", '"{}" <a@b.example>', "<{}@x>"])
def test_a_field_of_one_thing_over_and_over_is_read_in_linear_time(unit: str, around: str) -> None:
    value = around.format(unit * (60_000 // len(unit))).encode()
    with soon():
        addresses(value)


def test_fifty_thousand_recipients_are_read_in_linear_time() -> None:
    value = b"; ".join(b'"Last, %d" <user%d@x.example>' % (n, n) for n in range(50_000))
    with soon():
        assert len(addresses(value)) == 50_000


@given(st.one_of(st.binary(max_size=200), st.text('<>"(),;:@ab .=?\\[]\x1b', max_size=60).map(str.encode)))
def test_nothing_in_an_address_field_raises(value: bytes) -> None:
    for one in addresses(value):
        assert one.address == one.address.strip() != ""
        assert one.address.isprintable()
        f"{one.name}{one.address}".encode()
