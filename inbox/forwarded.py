"""A customer's mail that somebody forwarded: as if the customer had sent it to us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inbox.header.encoded_words import clean
from inbox.header.fields import Fields
from inbox.kind import automatic
from inbox.mime.carried import carried_mails
from inbox.mime.limits import Limits
from inbox.parse import parse
from inbox.quoting import read_reply
from inbox.quoting.heads import Copied, copied_mail
from language.detect import detect
from language.signs import Signs
from language.words import Words
from store.kinds import MailKind
from store.values import Address, Message

_MARKED = re.compile(
    r"\s*(?:\[[^\[\]]{1,40}\]\s*)?(?:fwd?|wg|tr|rv|enc|doorst|pd|předáno|vb|vs|vl|i|inoltro|πρθ|προώθ|προώθηση"
    r"|továbbítás|tov|redir|ilt|i̇lt|пересл|переслано|перес|ارجاع|هدایت|فوروارد|بازارسال"
    r"|إعادة توجيه|تحويل|توجيه|إعادة إرسال|הועבר|העברה|הועברה|転送|転|전달|转发|轉寄|轉發|转)\s?[:：]",
    re.IGNORECASE,
)
"""Subjects to which a mail client gave its mark of a forwarded mail; marks of answers are none."""


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
    """The mail that another carries, copied into its text or attached; None when it carries none.

    Where one is copied, attached ones are what its own writer attached. One that is pasted below words of
    its own, in a mail that nothing else says to be a forwarded one, is the writer's evidence.
    """
    copied = copied_mail(message.text, words)
    if copied:
        return _copied(copied, message, words, signs) if _is_forwarded(copied, message) else None
    if any(one.content_type == "message/rfc822" or _is_file(one.filename) for one in message.attachments):
        carried = carried_mails(raw, limits)
        if carried:
            inner = parse(carried[0], words, limits, signs)
            return ForwardedMail(_attached(inner, message), message.reply_text.strip(), len(carried) - 1)
    return None


def _is_forwarded(copied: Copied, message: Message) -> bool:
    return copied.titled or not copied.above or _MARKED.match(message.subject) is not None


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


def _copied(copied: Copied, outer: Message, words: Sequence[Words], signs: Signs) -> ForwardedMail:
    """The copied mail; the subject above it is its forwarder's own, and never the customer's to read."""
    sender = Address(copied.sender.address, clean(copied.sender.name))
    names = [sender.name] if sender.name else []
    written = read_reply(copied.body, words, names)
    above = read_reply(copied.above, words, [outer.sender.name]).new if copied.above else ""
    text = written.new or copied.body
    mail = Message(
        fingerprint=outer.fingerprint,
        senders=(sender,) if sender.address else (),
        subject=copied.subject,
        language=detect(text, words) or detect(copied.subject, words),
        text=copied.body,
        reply_text=text,
        signature=written.signature,
        attachments=outer.attachments,
        no_auto_reply=_signs_of_a_program(sender, copied.subject, text, words, signs),
        headers=(("From", str(sender)),),
        size=outer.size,
        damage=outer.damage,
    )
    return ForwardedMail(mail, above)


def _signs_of_a_program(
    sender: Address, subject: str, text: str, words: Sequence[Words], signs: Signs
) -> tuple[str, ...]:
    """Why the copied mail is not to be answered by itself, as far as its few header lines tell."""
    if not sender.address:
        return ()
    found = automatic.nature(
        Fields([("From", str(sender)), ("Subject", subject)]),
        content_type="text/plain",
        report_type="",
        senders=(sender,),
        subject=subject,
        bounce=None,
        words=words,
        signs=signs,
        text=text,
    )
    return found.no_auto_reply
