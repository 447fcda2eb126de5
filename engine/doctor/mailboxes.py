"""Each mailbox: the connection and the login, what its server can do, how full it is, and its clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from engine.connecting import mailbox_of
from engine.doctor import secured
from engine.doctor.finding import Finding, note, right, wrong
from engine.doctor.machine import size
from inbox.imap import ImapMailbox
from inbox.imap_probe import Looked
from settings import Settings

Now = Callable[[], datetime]
CLOSE, FAR = timedelta(seconds=5), timedelta(minutes=2)
"""Clocks that differ by more are told, and by still more they are wrong: the order of mails suffers."""
NEARLY_FULL, FULL = 0.85, 0.97


def look(settings: Settings, now: Now) -> Iterator[Finding]:
    """Everything about one mailbox. Raises MailboxDown where it can't be opened."""
    mailbox = mailbox_of(settings)
    try:
        mailbox.open()
        if isinstance(mailbox, ImapMailbox):
            yield right(f"logged in as {settings.IMAP_USER} at {settings.IMAP_HOST}:{settings.IMAP_PORT}")
            yield from _imap(Looked(mailbox), settings, now)
        else:
            yield right(f"the mailbox {mailbox.name} can be read: {len(mailbox.uids())} mails lie in it")
    finally:
        mailbox.close()


def _imap(looked: Looked, settings: Settings, now: Now) -> Iterator[Finding]:
    yield from secured.told(looked.line, settings.IMAP_HOST, "IMAP_TLS", now())
    yield right(f"the folder {settings.IMAP_FOLDER!r} can be read: {looked.mails()} mails wait in it")
    yield from _offers(looked, settings)
    yield from _filing(looked, settings, now)
    yield from _room(looked)


def _offers(looked: Looked, settings: Settings) -> Iterator[Finding]:
    offers = looked.offers
    if "IDLE" in offers:
        yield right("it tells of new mail at once (IDLE)")
    else:
        yield note(
            f"it does not tell of new mail (no IDLE): it is asked every few seconds, and every "
            f"{settings.POLL_SECONDS:g} s at the latest",
            "nothing to do; a server with IDLE answers customers a few seconds sooner",
        )
    if "MOVE" in offers:
        yield right("mail that was read is moved (MOVE)")
    elif looked.keeps_keyword or not settings.IMAP_FILED_FOLDER:
        yield note(
            "it can't move mail (no MOVE): what was read stays in its folder and is marked as read",
            "nothing to do, or empty the folder yourself now and then, of mails older than a month",
        )
    else:
        yield note(
            "it can't move mail (no MOVE) nor keep a mark of ours: what was read stays, marked as read only",
            "nothing to do: the database knows what was read",
        )
    if "UIDPLUS" not in offers:
        yield note("it has no UIDPLUS, so that its clock can't be compared with ours", "nothing to do")


def _filing(looked: Looked, settings: Settings, now: Now) -> Iterator[Finding]:
    folder, why_not = looked.filed_folder()
    if why_not:
        yield wrong(
            f"the folder {folder!r} for mail that was read is not there and can't be made: {why_not}",
            "make it in a mail program, or name another one in IMAP_FILED_FOLDER",
        )
    elif folder:
        yield right(f"the folder {folder!r} for mail that was read is there")
    ahead = looked.ahead(folder or settings.IMAP_FOLDER, now) if not why_not and folder else None
    if ahead is None:
        return
    words = f"the mail server's clock and this machine's differ by {abs(ahead).total_seconds():.0f} s"
    todo = "set this machine's clock by the network (timedatectl set-ntp true), or tell the server's admin"
    if abs(ahead) > FAR:
        yield wrong(words, todo)
    elif abs(ahead) > CLOSE:
        yield note(words, todo)
    else:
        yield right("the mail server's clock and this machine's agree")


def _room(looked: Looked) -> Iterator[Finding]:
    quota = looked.quota()
    if quota is None:
        return
    full = quota.used / quota.limit
    words = f"the mailbox is {full:.0%} full ({size(quota.used * 1024)} of {size(quota.limit * 1024)})"
    if full >= FULL:
        yield wrong(
            words, "make room: a full mailbox turns customers' mail away; move old filed mail elsewhere"
        )
    elif full >= NEARLY_FULL:
        yield note(words, "make room soon: a full mailbox turns customers' mail away")
    else:
        yield right(words)


def place_of(settings: Settings) -> Path | None:
    """The folder of a mailbox that is one on this disk."""
    return Path(settings.MAILDIR).expanduser() if settings.MAILDIR else None
