"""A letter that left, as whoever gets it sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bench.quarter.clockwork import Left

HEADER = re.compile(rb"^(Message-ID|Reply-To|In-Reply-To):[ \t]*((?:[^\r\n]|\r?\n[ \t])*)", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Got:
    """A letter that left, with what it is."""

    at: datetime
    recipient: str
    kind: str
    key: str
    case: int | None
    reply_to: str
    message_id: str
    answers: str


def headers(raw: bytes) -> dict[str, str]:
    """Those that replies need."""
    head = raw.partition(b"\r\n\r\n")[0]
    found = HEADER.findall(head)
    return {name.decode().lower(): b" ".join(value.split()).decode() for name, value in found}


def read_letter(left: Left, kinds: dict[str, tuple[str, str, int | None]]) -> Got:
    """What the letter table knows of a mail that left, and what stands in its head."""
    head = headers(left.raw)
    kind, key, case = kinds.get(head["message-id"], ("", "", None))
    reply_to = head.get("reply-to", "").rpartition("<")[2].rstrip(">")
    answers = head.get("in-reply-to", "")
    return Got(left.at, left.recipient, kind, key, case, reply_to, head["message-id"], answers)
