"""docs/security.md: every defence names its tests, and they are there; and what no other test looks at."""

from __future__ import annotations

import ast
import re
import socket
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.journeys import Journey, html_of, text_of

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ATTACKS = re.compile(r"^### (.+)$", re.MULTILINE)
MUST_BE_THERE = (
    "forged",
    "reply address",
    "header",
    "template",
    "log",
    "loop",
    "flood",
    "bomb",
    "pattern",
    "path",
    "script",
    "learning",
    "secret",
    "TLS",
    "backup",
    "erased",
    "fetch",
    "attachment",
    "supply",
)


@cache
def defined_in(file: str) -> frozenset[str]:
    """The tests that a file has."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def missing(page: str) -> list[str]:
    """What a page names and nobody has written."""
    return sorted(
        f"{file}::{name}"
        for file, name in NAMED.findall(page)
        if not (ROOT / file).is_file() or name not in defined_in(file)
    )


def sections() -> dict[str, str]:
    parts = ATTACKS.split(PAGE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_test_that_the_threat_model_names_exists() -> None:
    assert len(NAMED.findall(PAGE)) > 60
    assert missing(PAGE) == []


def test_a_test_that_is_not_there_is_found() -> None:
    here = "tests/test_security.py"
    assert missing(f"`{here}::test_a_test_that_is_not_there_is_found`") == []
    assert missing(f"`{here}::test_nothing_of_the_kind`") == [f"{here}::test_nothing_of_the_kind"]
    assert missing("`tests/test_none.py::test_x`") == ["tests/test_none.py::test_x"]


def test_every_attack_has_a_defence_with_a_test() -> None:
    assert [name for name, text in sections().items() if not NAMED.search(text)] == []


@pytest.mark.parametrize("word", MUST_BE_THERE)
def test_no_known_way_of_attack_is_passed_over(word: str) -> None:
    assert any(word.lower() in name.lower() for name in sections()), word


# Nothing is fetched


class Elsewhere(Exception):
    """Something would have asked another machine."""


@pytest.fixture
def no_other_machine(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Connections and look-ups of names that are not of this machine, each refused."""
    asked: list[object] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connecting(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host not in ("127.0.0.1", "::1", "localhost"):
            asked.append(address)
            raise Elsewhere(address)
        connect(self, address)  # type: ignore[arg-type]

    def looking(host: Any, *rest: Any, **more: Any) -> Any:
        if host not in (None, "127.0.0.1", "::1", "localhost", b"localhost"):
            asked.append(host)
            raise Elsewhere(host)
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", connecting)
    monkeypatch.setattr(socket, "getaddrinfo", looking)
    return asked


BEACONS = """<html><head><link rel="stylesheet" href="http://evil.example/a.css">
<base href="http://evil.example/"><meta http-equiv="refresh" content="0;url=http://evil.example/b"></head>
<body background="http://evil.example/c.png"><p>My parcel is late. See the photo.</p>
<img src="http://evil.example/d.gif?ann" width=1><iframe src="http://169.254.169.254/latest/meta-data/"></iframe>
<video poster="http://evil.example/e.jpg"></video><svg><image href="http://evil.example/f.svg"/></svg>
<script src="http://evil.example/g.js"></script><style>@import url(http://evil.example/h.css)</style>
</body></html>"""
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "http://evil.example/x">]><a>&b;</a>'


def beacon(journey: Journey) -> EmailMessage:
    mail = journey.mail("My parcel is late.", sender="Ann <ann@example.com>", subject="Late")
    del mail["Content-Type"], mail["Content-Transfer-Encoding"]
    mail.set_content(BEACONS, subtype="html")
    mail.add_attachment(ENTITIES, maintype="text", subtype="xml", filename="bill.xml")
    mail.add_attachment(b"", maintype="application", subtype="octet-stream", filename="later.bin")
    part = next(one for one in mail.walk() if one.get_filename() == "later.bin")
    part.replace_header("Content-Type", 'message/external-body; access-type=URL; URL="http://evil.example/y"')
    return mail


def test_nothing_that_a_mail_points_to_is_fetched(
    quick_journey: Journey, no_other_machine: list[object]
) -> None:
    quick_journey.host.deliver(beacon(quick_journey).as_bytes(), to=quick_journey.host.address)
    quick_journey.work()
    assert quick_journey.case()["number"]
    assert quick_journey.mails_to()
    assert no_other_machine == []


def test_nothing_that_a_mail_points_to_is_loaded_by_a_letter(quick_journey: Journey) -> None:
    quick_journey.host.deliver(beacon(quick_journey).as_bytes(), to=quick_journey.host.address)
    quick_journey.work()
    for mail in quick_journey.mails_to() + quick_journey.letters():
        shown = html_of(mail)
        loads = re.findall(r"(?i)<(?:img|iframe|script|link|video|base|meta http-equiv)[^>]*evil", shown)
        assert loads == []
        assert "url(" not in shown.lower() or "evil" not in shown
    assert "original.txt" in [
        str(one.get_filename()) for one in quick_journey.mails_to()[0].iter_attachments()
    ]


# Words of a mail in other places


LINE_BREAKERS = "Late\r\nBcc: eve@example.org\r\n\r\nX\x1b[2J\x07\u2028\x85level=critical"


def test_a_customers_words_write_no_line_of_the_log(
    quick_journey: Journey, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Secretly-Named-Person"
    quick_journey.customer_writes(
        f"My parcel is late. {LINE_BREAKERS}",
        subject="=?utf-8?q?Late=0D=0Alevel=3Dcritical=1B=5B2J?=",
        sender=f"{name} <ann-of-the-log@example.com>",
    )
    quick_journey.work()
    assert quick_journey.case("ann-of-the-log@example.com")
    logged = capsys.readouterr()
    both = logged.out + logged.err
    assert "level=critical" not in both
    assert "\x1b[2J" not in both
    assert "ann-of-the-log" not in both
    assert name not in both


def test_a_customers_subject_adds_no_field_to_any_mail(quick_journey: Journey) -> None:
    raw = (
        b"From: =?utf-8?q?Ann=0D=0ABcc=3A_eve=40example=2Eorg?= <ann@example.com>\r\n"
        b"Subject: =?utf-8?q?Late=0D=0ABcc=3A_eve=40example=2Eorg=0D=0A=0D=0Abody?=\r\n"
        b"Message-ID: <a@example.com>\r\n\r\nMy parcel is late.\r\n"
    )
    quick_journey.host.deliver(raw, to=quick_journey.host.address)
    quick_journey.work()
    mails = quick_journey.letters() + quick_journey.mails_to()
    assert len(mails) == 2
    assert [mail for mail in mails if mail["Bcc"]] == []
    assert all("eve@example.org" not in one.recipients for one in quick_journey.host.sent())
    assert all("body" not in text_of(mail).splitlines()[:1] for mail in mails)


def test_names_that_look_like_sql_are_names(stored_journey: Journey) -> None:
    words = '\'; DROP TABLE "case"; -- %s :name {0} %%'
    stored_journey.customer_writes(f"My parcel is late {words}", subject=f"Late {words}")
    stored_journey.work()
    case = stored_journey.case()
    assert words in stored_journey.shown(case["number"])["subject"]
