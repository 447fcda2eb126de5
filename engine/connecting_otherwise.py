"""What is read and sent otherwise than by IMAP and SMTP, and where copies of sent mail go."""

from __future__ import annotations

from pathlib import Path

from engine.connecting import imap_of, server_of
from engine.desk import Desk
from engine.sent_copies import Copier
from inbox.maildir import Maildir
from inbox.sent_folder import ImapSentFolder, MaildirSentFolder, SentFolder
from outbox.lmtp import Lmtp
from outbox.sendmail import Sendmail
from settings import Settings


def maildir_of(settings: Settings) -> Maildir:
    """The Maildir that the settings name."""
    most = settings.MAIL_LIMIT_MB * 2**20
    return Maildir(_place(settings), filed_folder=settings.IMAP_FILED_FOLDER, size_limit=most)


def transport_of(settings: Settings) -> Lmtp | Sendmail:
    """The program or the LMTP server that the settings name."""
    if settings.SENDMAIL:
        return Sendmail(settings.SENDMAIL)
    return Lmtp(**server_of(settings))


def sent_folder_of(settings: Settings) -> SentFolder:
    """Where copies of what left go."""
    if settings.MAILDIR:
        return MaildirSentFolder(_place(settings), settings.SENT_FOLDER)
    return ImapSentFolder(imap_of(settings).line, settings.SENT_FOLDER)


def copier_of(desk: Desk) -> Copier:
    """Who makes the copies of a mailbox."""
    return Copier(desk, sent_folder_of(desk.settings))


def _place(settings: Settings) -> Path:
    return Path(settings.MAILDIR).expanduser()
