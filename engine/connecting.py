"""The mailbox and the way out that the settings name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from inbox.imap import ImapMailbox
from inbox.mailbox import Mailbox, MailboxDown
from outbox.smtp import Smtp, SmtpDown
from settings import Settings

if TYPE_CHECKING:
    from access.tokens import Tokens
    from outbox.sendmail import Sendmail

ACCOUNTS = "engine.accounts"
"""Where access tokens come from: loaded where somebody logs in by OAuth."""
OTHERWISE = "engine.connecting_otherwise"
"""What most never use: loaded where the settings name it."""


def mailbox_of(settings: Settings) -> Mailbox:
    """The mailbox that the settings name."""
    if settings.MAILDIR:
        found: Mailbox = import_module(OTHERWISE).maildir_of(settings)
        return found
    return imap_of(settings)


def imap_of(settings: Settings) -> ImapMailbox:
    """The mailbox on the IMAP server that the settings name."""
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
        tokens=_tokens(settings, settings.IMAP_AUTH),
    )


def transport_of(settings: Settings) -> Smtp | Sendmail:
    """The way out that the settings name."""
    if settings.SENDMAIL or settings.SMTP_PROTOCOL == "lmtp":
        found: Smtp | Sendmail = import_module(OTHERWISE).transport_of(settings)
        return found
    return Smtp(**server_of(settings))


def unreadable(mailbox: Mailbox) -> str:
    """Why nobody can log in to a mailbox and open its folder; "" when one can."""
    try:
        mailbox.open()
    except MailboxDown as down:
        return str(down)
    finally:
        mailbox.close()
    return ""


def unsendable(way: Smtp | Sendmail) -> str:
    """Why no letter could leave on this way; "" when one could."""
    try:
        way.check()
    except SmtpDown as down:
        return str(down)
    finally:
        way.close()
    return ""


def server_of(settings: Settings) -> dict[str, Any]:
    """The server that letters are given to, as the settings name it."""
    return {
        "host": settings.SMTP_HOST,
        "port": settings.SMTP_PORT,
        "user": settings.smtp_login,
        "password": settings.SMTP_PASSWORD,
        "tls": settings.SMTP_TLS,
        "ca_file": settings.TLS_CA_FILE,
        "tokens": _tokens(settings, settings.SMTP_AUTH),
    }


def _tokens(settings: Settings, way: str) -> Tokens | None:
    """Where access tokens come from, for a line that logs in in this way; None where it has a password."""
    if way != "oauth":
        return None
    found: Tokens = import_module(ACCOUNTS).tokens_of(settings)
    return found
