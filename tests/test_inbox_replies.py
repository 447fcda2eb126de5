"""Whole mails as clients send them, in every language: what is new comes out, and nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.reading import SAMPLES, read_mail

REPLIES = sorted((SAMPLES / "replies").glob("*.yaml"))
KEYS = {"name", "text", "html", "from", "new"}


@cache
def entries(file: Path) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(file.read_text(encoding="utf-8")) or ())


def every_reply() -> Iterator[object]:
    for file in REPLIES:
        for entry in entries(file):
            yield pytest.param(entry, id=f"{file.stem}: {entry['name']}")


def as_mail(entry: dict[str, Any]) -> bytes:
    """The mail that a client would send with this body, base64 so that no byte of it changes."""
    kind = "html" if "html" in entry else "plain"
    name = b64encode(entry.get("from", "").encode()).decode()
    fields = [
        f"From: =?utf-8?b?{name}?= <a.customer@customer.example>"
        if name
        else "From: a.customer@customer.example",
        "To: complaints@firm.example",
        "Subject: Re: Order",
        "Message-ID: <1@customer.example>",
        "MIME-Version: 1.0",
        f"Content-Type: text/{kind}; charset=utf-8",
        "Content-Transfer-Encoding: base64",
    ]
    body = b64encode(entry.get("html", entry.get("text", "")).replace("\n", "\r\n").encode())
    return "\r\n".join([*fields, "", ""]).encode() + body + b"\r\n"


@pytest.mark.parametrize("entry", list(every_reply()))
def test_what_the_sender_newly_wrote_comes_out_of_the_whole_mail(entry: dict[str, Any]) -> None:
    assert read_mail(as_mail(entry)).reply_text.strip() == entry["new"].strip()


@pytest.mark.parametrize("file", REPLIES, ids=lambda file: file.stem)
def test_the_samples_are_written_as_they_should_be(file: Path) -> None:
    names = [entry["name"] for entry in entries(file)]
    assert len(set(names)) == len(names), "two entries have one name"
    for entry in entries(file):
        assert entry.keys() <= KEYS, entry["name"]
        assert ("text" in entry) != ("html" in entry), entry["name"]
        assert isinstance(entry["new"], str), entry["name"]
