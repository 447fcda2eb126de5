"""What a mail says: parsed, and classified where that needs no history. Pure: any process can do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.own_lists import as_its_writers
from cases.rules.classify import classify
from cases.rules.fold import fold
from cases.rules.past import Past
from cases.rules.rulebook import Rulebook
from inbox.forwarded import ForwardedMail, forwarded_mail
from inbox.mime.limits import Limits
from inbox.parse import parse
from store.models import MailKind
from store.values import Fact, Message, Verdict


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail as it is read, before anybody looks which case it belongs to."""

    message: Message
    verdict: Verdict | None = None
    """None for what is no customer's mail, and where only the customer's earlier cases tell the language."""
    carried: ForwardedMail | None = None
    """The mail that one of an agent's carries: read here, where a mail that takes too long harms nobody."""
    facts: tuple[Fact, ...] = ()
    """What the mail tells of its case: order numbers, amounts, dates."""


def understand(raw: bytes, rulebook: Rulebook, limits: Limits, ours: str) -> Understood:
    """Read a mail that came to our address."""
    message = parse(raw, rulebook.words, limits, rulebook.signs)
    message = as_its_writers(message, ours, rulebook.signs)
    if message.kind is not MailKind.CUSTOMER:
        return Understood(message)
    carried = None
    if rulebook.agent(message.sender.key):
        carried = forwarded_mail(raw, message, rulebook.words, limits, rulebook.signs)
    facts = found_in(message, message.language, rulebook)
    verdict = verdict_of(message, message.language, rulebook, facts) if message.language else None
    return Understood(message, verdict, carried, facts)


def found_in(message: Message, language: str, rulebook: Rulebook) -> tuple[Fact, ...]:
    """The facts in a mail: in its subject and what its sender newly wrote; numbers in the signature, too."""
    mail = fold(message.subject, message.reply_text or message.text)
    return rulebook.extracting.facts_in(mail, message.signature, language)


def verdict_of(
    message: Message,
    language: str,
    rulebook: Rulebook,
    facts: Sequence[Fact] = (),
    past: Past | None = None,
) -> Verdict:
    """What the rules say about a mail in a language; `past` are its sender's earlier cases, where known."""
    return classify(
        subject=message.subject,
        text=message.reply_text or message.text,
        language=language,
        rulebook=rulebook,
        headers=message.headers,
        sender=message.sender.key,
        attachments=message.attachments,
        facts=facts,
        past=past,
    )
