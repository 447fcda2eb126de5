"""What a mail says: parsed, and classified where that needs no history. Pure: any process can do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cases.own_lists import Ours, as_its_writers
from cases.rules.classify import judged
from cases.rules.fold import Folded, fold
from cases.rules.holding import Around
from cases.rules.past import Past
from cases.rules.rulebook import Rulebook
from inbox.forwarded import ForwardedMail, forwarded_mail
from inbox.mime.limits import Limits
from inbox.parse import parse
from store.kinds import MailKind
from store.values import MAIN, Fact, Message, Verdict


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


def understand(raw: bytes, rulebook: Rulebook, limits: Limits, ours: Ours, mailbox: str = "") -> Understood:
    """Read a mail that came to an address of ours, in that mailbox."""
    message = parse(raw, rulebook.words, limits, rulebook.signs)
    message = as_its_writers(message, ours, rulebook.signs)
    if message.kind is not MailKind.CUSTOMER:
        return Understood(message)
    carried = None
    if rulebook.agent(message.sender.key):
        carried = forwarded_mail(raw, message, rulebook.words, limits, rulebook.signs)
    if not message.language:
        return Understood(message, None, carried, found_in(message, "", rulebook))
    facts, verdict = told_by(message, message.language, rulebook, mailbox=mailbox)
    return Understood(message, verdict, carried, facts)


def found_in(message: Message, language: str, rulebook: Rulebook) -> tuple[Fact, ...]:
    """The facts in a mail: in its subject and what its sender newly wrote; numbers in the signature, too."""
    return _facts(message, _folded(message), language, rulebook)


def verdict_of(
    message: Message,
    language: str,
    rulebook: Rulebook,
    facts: Sequence[Fact] = (),
    past: Past | None = None,
    mailbox: str = "",
) -> Verdict:
    """What the rules say about a mail in a language; `past` are its sender's earlier cases, where known."""
    return judged(_folded(message), around(message, language, facts, past, mailbox), rulebook)


def told_by(
    message: Message, language: str, rulebook: Rulebook, past: Past | None = None, mailbox: str = ""
) -> tuple[tuple[Fact, ...], Verdict]:
    """The facts in a mail, and what the rules say of it and them."""
    mail = _folded(message)
    facts = _facts(message, mail, language, rulebook)
    return facts, judged(mail, around(message, language, facts, past, mailbox), rulebook)


def around(
    message: Message, language: str, facts: Sequence[Fact], past: Past | None = None, mailbox: str = ""
) -> Around:
    """What rules may ask of a mail besides its words."""
    return Around(
        language=language,
        headers=message.headers,
        sender=message.sender.key,
        attachments=message.attachments,
        facts=facts,
        past=past,
        mailbox=mailbox or MAIN,
    )


def _folded(message: Message) -> Folded:
    return fold(message.subject, message.reply_text or message.text)


def _facts(message: Message, mail: Folded, language: str, rulebook: Rulebook) -> tuple[Fact, ...]:
    return rulebook.extracting.facts_in(mail, message.signature, language)
