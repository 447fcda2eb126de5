"""The limits of reading are settings (promise 5)."""

from __future__ import annotations

import pytest

from engine.limits import READING, limits_of
from inbox.mime.limits import Limits
from inbox.parse import parse
from settings import Settings
from tests.reading import all_words

FIELDS = {name: field for name, field in Settings.model_fields.items() if name in READING}
DEFAULTS = {name: field.default for name, field in FIELDS.items()}
HIGHEST = {
    name: next(one.le for one in field.metadata if hasattr(one, "le")) for name, field in FIELDS.items()
}
LOWEST = {
    name: next(one.ge for one in field.metadata if hasattr(one, "ge")) for name, field in FIELDS.items()
}
NEEDED = {
    "IMAP_HOST": "h",
    "IMAP_USER": "u",
    "SMTP_HOST": "h",
    "COMPLAINTS_ADDRESS": "complaints@example.com",
}
HEAD = b"From: Ann <ann@customer.example>\nSubject: Late\nMessage-ID: <1@customer.example>\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"


def test_without_settings_the_limits_are_the_usual_ones() -> None:
    assert limits_of(DEFAULTS) == Limits()
    assert limits_of(Settings.model_validate(NEEDED).model_dump()) == Limits()


LONG_SUBJECT = HEAD.replace(b"Late", b"late " * 300)


@pytest.mark.parametrize(
    ("name", "value", "raw", "said"),
    [
        ("HEADER_LIMIT_KB", 16, HEAD + b"X: b\n" * 4000, "only the first 16 kB of the headers were read"),
        ("FIELD_LIMIT_KB", 1, LONG_SUBJECT, "the field Subject is too long and was cut"),
        (
            "DEPTH_LIMIT",
            3,
            HEAD + b"Content-Type: message/rfc822\n\n" * 4,
            "what is nested deeper than 3 parts was not read",
        ),
        ("PARTS_LIMIT", 10, MULTIPART + b"--b\n\nx\n" * 11, "only the first 10 parts were read"),
        (
            "TEXT_LIMIT_KB",
            10,
            HEAD + b"\n" + b"Late. " * 2000,
            "only the first 10000 characters of the text are kept",
        ),
    ],
)
def test_each_setting_cuts_what_it_names_and_that_is_said(
    name: str, value: int, raw: bytes, said: str
) -> None:
    usual = parse(raw, all_words(), limits_of(DEFAULTS))
    cut = parse(raw, all_words(), limits_of({**DEFAULTS, name: value}))
    assert said in cut.damage
    assert said not in usual.damage
    assert not cut.unparsed


@pytest.mark.parametrize("given", [LOWEST, HIGHEST], ids=["lowest", "highest"])
def test_a_mail_is_read_at_either_end_of_every_limit(given: dict[str, int]) -> None:
    limits = limits_of(given)
    nested = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (one, one) for one in range(200))
    depth = HEAD + b"".join(nested) + b"\nHi.\n"
    messages = HEAD + b"Content-Type: message/rfc822\n\n" * 200 + b"Hi.\n"
    for raw in (depth, messages, MULTIPART + b"--b\n\nHi.\n" * 3000, HEAD + b"\n" + b"<p>Hi.</p>" * 200_000):
        read = parse(raw, all_words(), limits)
        assert not read.unparsed
        assert len(read.text) <= limits.text_characters
        assert read.damage


def test_more_letters_may_be_kept_than_are_usually_read() -> None:
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8\n\n" + "ش".encode() * 600_000
    assert len(parse(raw, all_words(), limits_of({**DEFAULTS, "TEXT_LIMIT_KB": 400})).text) == 400_000
