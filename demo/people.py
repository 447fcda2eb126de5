"""The people of the demo: what customers write, and how an agent replies from an ordinary mail client."""

from __future__ import annotations

import email
import email.policy
import re
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

MAILS = Path(__file__).parent / "mails"
DATE = re.compile(rb"^From: ", re.MULTILINE)


def customers_mails(now: datetime) -> dict[str, bytes]:
    """The sample mails by name, dated now, as a mail server hands them over."""
    date = b"Date: " + format_datetime(now).encode() + b"\r\n"
    return {
        path.stem: DATE.sub(lambda m: date + m[0], _crlf(path.read_bytes()), count=1) for path in _samples()
    }


def _samples() -> list[Path]:
    return sorted(MAILS.glob("*.eml"))


def _crlf(raw: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)


def read(raw: bytes) -> EmailMessage:
    """A mail as a mail client shows it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    return part.get_content() if part else ""


def reply(mail: EmailMessage, sender: str, words: str, now: datetime) -> tuple[str, bytes]:
    """A reply as a mail client makes it, quote included; the address it goes to, and its bytes."""
    answer = EmailMessage(policy=email.policy.SMTP)
    to = str(mail["Reply-To"] or mail["From"])
    answer["From"], answer["To"] = sender, to
    answer["Subject"] = f"Re: {mail['Subject']}"
    answer["Date"] = format_datetime(now)
    answer["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    answer["In-Reply-To"] = str(mail["Message-ID"])
    answer["References"] = f"{mail['References'] or ''} {mail['Message-ID']}".strip()
    quoted = "\n".join(f"> {line}" for line in text_of(mail).splitlines())
    answer.set_content(f"{words}\n\nOn Monday, {mail['From'].addresses[0].addr_spec} wrote:\n{quoted}\n")
    return answer["To"].addresses[0].addr_spec, answer.as_bytes()
