"""What a mail says: parsed, and classified where that needs no history. Pure: any process can do it."""

from __future__ import annotations

from dataclasses import dataclass

from cases.classify import classify
from cases.own_lists import as_its_writers
from cases.rulebook import Rulebook
from inbox.mime.limits import Limits
from inbox.parse import parse
from store.models import MailKind
from store.values import Message, Verdict


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail as it is read, before anybody looks which case it belongs to."""

    message: Message
    verdict: Verdict | None = None
    """None for what is no customer's mail, and where only the customer's earlier cases tell the language."""


def understand(raw: bytes, rulebook: Rulebook, limits: Limits, ours: str) -> Understood:
    """Read a mail that came to our address."""
    message = parse(raw, rulebook.words, limits, rulebook.signs)
    message = as_its_writers(message, ours, rulebook.signs)
    if message.kind is not MailKind.CUSTOMER or not message.language:
        return Understood(message)
    return Understood(message, verdict_of(message, message.language, rulebook))


def verdict_of(message: Message, language: str, rulebook: Rulebook) -> Verdict:
    """What the rules say about a mail in a language."""
    return classify(
        subject=message.subject,
        text=message.reply_text or message.text,
        language=language,
        rulebook=rulebook,
        headers=message.headers,
        sender=message.sender.key,
    )
