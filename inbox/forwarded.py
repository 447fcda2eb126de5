"""A customer's mail that somebody forwarded: as if the customer had sent it to us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inbox.header.encoded_words import clean
from inbox.mime.carried import carried_mails
from inbox.mime.limits import Limits
from inbox.parse import parse
from inbox.quoting import read_reply
from inbox.quoting.heads import Copied, copied_mail
from language.detect import detect
from language.signs import Signs
from language.words import Words
from store.models import MailKind
from store.values import Address, Message


@dataclass(frozen=True, slots=True)
class ForwardedMail:
    """What was forwarded, and what the one who forwarded it wrote above it."""

    message: Message
    """With the fingerprint of the mail that it came in; without a sender where none can be told."""
    note: str = ""
    more: int = 0
    """Mails that were attached besides, and are not looked at."""


def forwarded_mail(
    raw: bytes, message: Message, words: Sequence[Words], limits: Limits, signs: Signs
) -> ForwardedMail | None:
    """The mail that another carries, attached or copied into its text; None when it carries none."""
    if any(one.content_type == "message/rfc822" or _is_file(one.filename) for one in message.attachments):
        carried = carried_mails(raw, limits)
        if carried:
            inner = parse(carried[0], words, limits, signs)
            return ForwardedMail(_attached(inner, message), message.reply_text.strip(), len(carried) - 1)
    copied = copied_mail(message.text, words)
    return _copied(copied, message, words) if copied else None


def _is_file(name: str) -> bool:
    return name.lower().endswith(".eml")


def _attached(inner: Message, outer: Message) -> Message:
    """The attached mail, as the one that came; what said that a program wrote it still keeps us silent."""
    silent = inner.no_auto_reply
    if inner.kind is not MailKind.CUSTOMER:
        silent = (*silent, f"it was no person's mail: {inner.kind_because}")
    return replace(
        inner,
        fingerprint=outer.fingerprint,
        kind=MailKind.CUSTOMER,
        kind_because="",
        no_auto_reply=silent,
        delivered_to=(),
        bounced_recipients=(),
        bounced_message_ids=(),
        delayed_message_ids=(),
        authentication_results=(),
        size=outer.size,
    )


def _copied(copied: Copied, outer: Message, words: Sequence[Words]) -> ForwardedMail:
    sender = Address(copied.sender.address, clean(copied.sender.name))
    names = [sender.name] if sender.name else []
    written = read_reply(copied.body, words, names)
    above = read_reply(copied.above, words, [outer.sender.name]).new if copied.above else ""
    text = written.new or copied.body
    mail = Message(
        fingerprint=outer.fingerprint,
        senders=(sender,) if sender.address else (),
        subject=copied.subject or outer.subject,
        language=detect(text) or detect(copied.subject),
        text=copied.body,
        reply_text=text,
        signature=written.signature,
        attachments=outer.attachments,
        headers=(("From", str(sender)),),
        size=outer.size,
        damage=outer.damage,
    )
    return ForwardedMail(mail, above)
