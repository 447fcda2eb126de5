"""The mailbox and the way out that the settings name."""

from __future__ import annotations

from engine.accounts import imap_tokens, smtp_tokens, smtp_user
from inbox.imap import ImapMailbox
from outbox.smtp import Smtp
from settings import Settings


def mailbox_of(settings: Settings) -> ImapMailbox:
    """The mailbox that the settings name."""
    return ImapMailbox(
        host=settings.IMAP_HOST,
        port=settings.IMAP_PORT,
        user=settings.IMAP_USER,
        password=settings.IMAP_PASSWORD,
        tls=settings.IMAP_TLS,
        folder=settings.IMAP_FOLDER,
        filed_folder=settings.IMAP_FILED_FOLDER,
        ca_file=settings.TLS_CA_FILE,
        size_limit=settings.MAIL_LIMIT_MB * 2**20,
        tokens=imap_tokens(settings),
    )


def transport_of(settings: Settings) -> Smtp:
    """The way out that the settings name."""
    return Smtp(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        user=smtp_user(settings),
        password=settings.SMTP_PASSWORD,
        tls=settings.SMTP_TLS,
        ca_file=settings.TLS_CA_FILE,
        tokens=smtp_tokens(settings),
    )
