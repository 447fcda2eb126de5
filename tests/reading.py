"""Helpers of the tests that read mail."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

import yaml

from inbox.parse import parse
from language.words import Words
from store.values import Message

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"


@cache
def all_words() -> tuple[Words, ...]:
    """The words of every shipped language."""
    files = sorted((HERE.parent / "rules" / "words").glob("*.yaml"))
    return tuple(Words.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)


def read_mail(raw: bytes | str) -> Message:
    """A mail, parsed with the shipped words."""
    return parse(raw.encode() if isinstance(raw, str) else raw, all_words())


def mail(*fields: str, body: str = "Hello.\n") -> Message:
    """A mail of these header fields, parsed."""
    named = {field.partition(":")[0].lower() for field in fields}
    usual = ("From: Ann <ann@customer.example>", "Subject: Late order", "Message-ID: <1@customer.example>")
    rest = [field for field in usual if field.partition(":")[0].lower() not in named]
    return read_mail("\n".join([*rest, *fields]) + "\n\n" + body)


LINEAR = 30.0
"""Seconds of CPU; linear work on the hostile inputs takes a tenth of them, quadratic work minutes."""


@contextmanager
def soon() -> Iterator[None]:
    """Ends work that would go on and on, so that a test fails where it would hang."""

    def ended(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"it did not come to an end within {LINEAR:.0f} s of CPU")

    before = signal.signal(signal.SIGVTALRM, ended)
    signal.setitimer(signal.ITIMER_VIRTUAL, LINEAR)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
