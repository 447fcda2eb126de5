"""A true letter there and back: to an address that somebody names, and to a reply address of our own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid

from cases.tokens import reply_address
from engine.connecting import mailbox_of, transport_of
from engine.doctor.finding import Finding, note, right, wrong
from engine.doctor.sending import TOKEN
from inbox.imap import ImapMailbox
from inbox.imap_probe import Arrived, Looked
from settings import Settings

PATIENCE, STEP = 60.0, 2.0
"""Seconds that a letter may take to come back, and between two looks for it."""
WORDS = """This is a test letter of Peygir's doctor. Nobody needs to answer it.

To see whether letters like this one are believed to be genuine, save it with all its headers
("Show original" and "Download" in Gmail, "Save as" in Outlook and Thunderbird) as test.eml, and:

    worker.py doctor --mail test.eml
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A test letter for one address."""

    envelope_from: str
    recipient: str
    message_id: str
    data: bytes


def look(settings: Settings, to: str, now: datetime, patience: float = PATIENCE) -> Iterator[Finding]:
    """Send both, and wait for the one that comes back."""
    back = reply_address(settings.COMPLAINTS_ADDRESS, TOKEN, settings.REPLY_ADDRESS_FORM)
    transport = transport_of(settings)
    try:
        for recipient in (to, back):
            letter = _letter(settings, recipient, now)
            outcome = transport.send(letter)
            if outcome.result != "sent":
                yield wrong(f"a letter to {recipient} did not leave: {outcome.text}")
            elif recipient == to:
                yield right(
                    f"a letter left for {to} ({outcome.code or 'taken'}); see that it came, not as spam"
                )
            else:
                yield from _came(settings, letter, patience)
    finally:
        transport.close()


def _letter(settings: Settings, to: str, now: datetime) -> Letter:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((settings.FROM_NAME, settings.COMPLAINTS_ADDRESS))
    mail["To"], mail["Subject"] = to, "A test letter of Peygir's doctor"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id = make_msgid(domain=settings.domain)
    mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"] = "auto-generated", "All"
    mail.set_content(WORDS)
    return Letter(settings.COMPLAINTS_ADDRESS, to, message_id, mail.as_bytes())


def _came(settings: Settings, letter: Letter, patience: float) -> Iterator[Finding]:
    mailbox = mailbox_of(settings)
    if not isinstance(mailbox, ImapMailbox):
        yield note(f"a letter left for {letter.recipient}; see that it lies in the mailbox {mailbox.name}")
        return
    begun = time.monotonic()
    try:
        mailbox.open()
        looked = Looked(mailbox)
        folders = (settings.IMAP_FOLDER, looked.filed_folder()[0])
        found = _awaited(lambda: looked.find(letter.message_id, folders), patience)
    finally:
        mailbox.close()
    if found is None:
        yield wrong(
            f"a letter to {letter.recipient} left, but did not come into {settings.IMAP_FOLDER!r} in "
            f"{patience:.0f} s",
            "look for it in the spam folder, and for a bounce; if addresses with a tag are lost, let the "
            "mail server deliver them, or change REPLY_ADDRESS_FORM",
        )
        return
    took = time.monotonic() - begun
    yield right(
        f"reply addresses arrive: a letter to {letter.recipient} came back within {max(took, 1):.0f} s"
    )


def _awaited(look_for: Callable[[], Arrived | None], patience: float) -> Arrived | None:
    end = time.monotonic() + patience
    while (found := look_for()) is None and time.monotonic() < end:
        time.sleep(STEP)
    return found
