"""A mail as a plain text file: for people who are not to get it as it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inbox.mime.carried import carried_mails
from inbox.mime.limits import Limits
from inbox.parse import parse
from language.signs import Signs
from language.words import Words
from store.values import Message

_LINE = "-" * 60
_DEEPEST = 3


def as_text(raw: bytes, words: Sequence[Words], limits: Limits, signs: Signs) -> bytes:
    """What a mail says, and what the mails in it say: who, when, about what, and every word. UTF-8."""
    text = f"\n\n{_LINE}\n".join(_texts(raw, words, limits, signs, 0))
    return ("\ufeff" + text.replace("\n", "\r\n") + "\r\n").encode("utf-8", "replace")


def _texts(raw: bytes, words: Sequence[Words], limits: Limits, signs: Signs, depth: int) -> Iterator[str]:
    yield _told(parse(raw, words, limits, signs))
    if depth < _DEEPEST:
        for one in carried_mails(raw, limits):
            yield from _texts(one, words, limits, signs, depth + 1)


def _told(message: Message) -> str:
    head = [
        ("From", ", ".join(map(str, message.senders))),
        ("To", ", ".join(map(str, message.to))),
        ("Cc", ", ".join(map(str, message.cc))),
        ("Date", f"{message.date:%Y-%m-%d %H:%M %z}" if message.date else ""),
        ("Subject", message.subject),
    ]
    lines = [f"{name}: {value}" for name, value in head if value]
    return "\n".join([*lines, "", message.text])
