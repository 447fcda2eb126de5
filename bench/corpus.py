"""The mails of the benchmarks, the same for the same numbers: what comes to a complaints address.

Of a hundred: 78 complaints (12 % of them with a file of 100 KB to 1 MB), 12 replies in a thread of somebody
else, 6 automatic replies, 4 bounces. Persian, Hebrew, Arabic and English, in usual charsets and encodings.
"""

from __future__ import annotations

import base64
import itertools
import quopri
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
FILE_SHARE = 0.12
CHARSETS = ("utf-8", "utf-8", "utf-8", "windows-1256", "windows-1255", "iso-8859-1")
_KINDS = {"complaint": 78, "reply": 12, "automatic": 6, "bounce": 4}
_AUTOMATIC = "Auto-Submitted: auto-replied\r\nPrecedence: bulk\r\n"


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail, and what is owed to its sender."""

    raw: bytes
    sender: str
    message_id: str
    owed: bool
    """Whether it is a complaint, which must be acknowledged."""


def samples(count: int, to: str, run: str, *, only_complaints: bool = False) -> Iterator[Sample]:
    """So many mails to an address; `run` keeps those of two runs apart."""
    all_texts = list(dict.fromkeys(text for _, text in zip(range(5000), texts(), strict=False)))
    for number in range(count):
        dice = random.Random(f"{number}")
        kind = "complaint" if only_complaints else dice.choices(list(_KINDS), list(_KINDS.values()))[0]
        yield _sample(kind, number, dice, dice.choice(all_texts), to, run)


def texts() -> Iterator[str]:
    """Short complaints in four languages, over and over."""
    labelled: Any = yaml.safe_load((ROOT / "tests" / "mails_by_cause.yaml").read_text("utf-8"))
    found = [text for group in labelled.values() for mails in group.values() for text in mails]
    return itertools.cycle(str(text) for text in found)


def encoded(text: str, number: int) -> tuple[str, str, bytes]:
    """A text's charset, transfer encoding and bytes; the mixture is that of usual mail."""
    charset = next(
        name for name in itertools.islice(itertools.cycle(CHARSETS), number % 6, None) if fits(text, name)
    )
    data = text.encode(charset)
    if data.isascii():
        return "us-ascii", "7bit", data
    if number % 3 == 0:
        return charset, "base64", base64.encodebytes(data)
    if number % 3 == 1:
        return charset, "quoted-printable", quopri.encodestring(data)
    return charset, "8bit", data


def fits(text: str, charset: str) -> bool:
    try:
        return bool(text.encode(charset))
    except UnicodeEncodeError:
        return False


def several(kind: str, parts: Sequence[bytes]) -> bytes:
    inner = b"".join(b"--=_b1\r\n" + one for one in parts)
    return f'Content-Type: multipart/{kind}; boundary="=_b1"\r\n\r\n'.encode() + inner + b"--=_b1--\r\n"


def page(text: str) -> str:
    paragraphs = "".join(f"<p class=MsoNormal>{line}</p>" for line in text.split("\n"))
    return f"<html><head><style>p {{margin:0}}</style></head><body><div>{paragraphs}</div></body></html>"


def _sample(kind: str, number: int, dice: random.Random, text: str, to: str, run: str) -> Sample:
    sender = f"customer-{run}-{number}@example.com"
    message_id = f"<{dice.getrandbits(64):016x}.{run}.{number}@example.com>"
    subject, extra, body = text[:50].split("\n", 1)[0], "", _body(dice, number, text)
    if kind == "reply":
        thread = f"<{run}.{number}@elsewhere.example.org>"
        extra = f"In-Reply-To: {thread}\r\nReferences: {thread}\r\n"
        quoted = "\n".join(f"> {line}" for line in text.split("\n"))
        said = f"{text}\n\nOn Mon, 23 Nov 2026 at 10:00, Care <{to}> wrote:\n{quoted}\n"
        subject, body = f"Re: {subject}", _part("plain", said, number)
    if kind == "automatic":
        subject, extra, body = f"Automatic reply: {subject}", _AUTOMATIC, _part("plain", text, number)
    if kind == "bounce":
        sender, subject, body = "mailer-daemon@example.com", "Undelivered Mail", _report(number, run)
    return Sample(
        _head(number, sender, to, subject, message_id, extra) + body, sender, message_id, kind == "complaint"
    )


def _head(number: int, sender: str, to: str, subject: str, message_id: str, extra: str) -> bytes:
    word = base64.b64encode(subject.encode()).decode()
    hops = "".join(
        f"Received: from mx{hop}.example.com ([192.0.2.{hop}]) by mail.example.org with ESMTPS id "
        f"{number:06x}{hop}\r\n\tfor <{to}>; Mon, 23 Nov 2026 10:00:0{hop} +0330\r\n"
        for hop in range(3)
    )
    return (
        f"{hops}From: Customer {number} <{sender}>\r\nTo: {to}\r\nSubject: =?utf-8?B?{word}?=\r\n"
        f"Date: Mon, 23 Nov 2026 09:59:59 +0330\r\nMessage-ID: {message_id}\r\n{extra}MIME-Version: 1.0\r\n"
    ).encode()


def _body(dice: random.Random, number: int, text: str) -> bytes:
    letter = _part("plain", text, number)
    if dice.random() < 0.4:
        letter = several("alternative", (letter, _part("html", page(text), number)))
    if dice.random() >= FILE_SHARE:
        return letter
    size = dice.randint(100_000, 1_000_000)
    fields = (
        b'Content-Type: image/jpeg; name="photo.jpg"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="photo.jpg"\r\n\r\n'
    )
    coded = base64.encodebytes(dice.randbytes(size)).replace(b"\n", b"\r\n")
    inner = b"".join(b"--=_b2\r\n" + one for one in (letter, fields + coded))
    return b'Content-Type: multipart/mixed; boundary="=_b2"\r\n\r\n' + inner + b"--=_b2--\r\n"


def _part(kind: str, text: str, number: int) -> bytes:
    charset, transfer, data = encoded(text, number)
    fields = f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n"
    return fields.encode() + data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"


def _report(number: int, run: str) -> bytes:
    status = (
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        b"Final-Recipient: rfc822; nobody-%d-%s@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    ) % (number, run.encode())
    inner = b"".join(b"--=_b3\r\n" + one for one in (_part("plain", "It could not be delivered.", 0), status))
    head = b'Content-Type: multipart/report; report-type=delivery-status; boundary="=_b3"\r\n\r\n'
    return head + inner + b"--=_b3--\r\n"
