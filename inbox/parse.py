"""Raw bytes → Message, whatever the bytes are. `parse` never raises."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from mailparser.dates import parse_mail_date

from inbox.charsets.decoding import decode
from inbox.charsets.guess import of_language
from inbox.fingerprint import fingerprint
from inbox.header import dates
from inbox.header.addresses import addresses
from inbox.header.block import ByName, Field, Head, in_single_bytes, split_head
from inbox.header.encoded_words import charsets_in, clean, text_of
from inbox.header.fields import Fields
from inbox.header.identifiers import message_id, message_ids
from inbox.header.parameters import media_type, parameters
from inbox.kind import automatic, bounces
from inbox.kind.receipts import told_by_parts
from inbox.mime import body
from inbox.mime.bounds import Limits, bound
from inbox.mime.tree import tree_of
from inbox.quoting import read_reply
from language.detect import detect
from language.signs import Signs
from language.words import Words
from store.kinds import MailKind
from store.values import Address, Message

_ADDRESS_FIELDS = frozenset({"from", "to", "cc", "reply-to", "sender"})
_DELIVERED = frozenset({"delivered-to", "x-original-to", "envelope-to", "x-envelope-to"})
_ADDRESS = re.compile(r"[^\s<>,;:\"]+@[^\s<>,;:\"]+")
_SALVAGED = re.compile(rb"^(from|subject|message-id)[ \t]*:([^\r\n]{0,2000})", re.IGNORECASE | re.MULTILINE)
_SIGNS = Signs()
_MOST_SENDER_FIELDS = 10
_SALVAGED_LINES = 500
_SALVAGED_BYTES = 2000
_LONGEST_DATE = 200


def parse(
    raw: bytes, words: Sequence[Words], limits: Limits | None = None, signs: Signs | None = None
) -> Message:
    """What we understand of a mail. Never raises: a mail that can't be read gives what could be salvaged."""
    limits = limits or Limits()
    try:
        return _parse(raw, words, limits, signs or _SIGNS)
    except Exception as trouble:  # noqa: BLE001 - a mail must not stop the next one, whatever it holds
        reason = f"the mail could not be read ({type(trouble).__name__})"
        return salvage(raw, reason, limits, words, signs)


def _parse(raw: bytes, words: Sequence[Words], limits: Limits, signs: Signs) -> Message:
    raw, head = _split(raw, limits)
    mark = fingerprint(raw, head)
    head, damage = _within(head, limits)
    bounded = bound(raw, head, limits)
    tree = tree_of(bounded)
    named = ByName(head.fields)
    hints = _charsets(named, bounded.charsets)
    read = body.read(tree, limits, hints, bounded.kept)
    if not all(value.isascii() for _, value in head.fields):
        hints = [*hints, *of_language(detect(read.text, words))]
    headers = tuple([(name.title(), text_of(value, hints)) for name, value in head.fields])
    subject = next(
        (text for field, (_, text) in zip(head.fields, headers, strict=True) if field.name == "subject"), ""
    )
    senders = _all_addresses(named, "from", hints)
    kind_of = media_type(named.first("content-type"))
    sender = senders[0].key if senders else ""
    returned = None
    fields = Fields(headers)
    if bounces.may_bounce(fields, kind_of, sender, subject):
        returned = bounces.read(tree, read.text, fields)
    nature = automatic.nature(
        fields,
        content_type=kind_of,
        report_type=_report_type(named.first("content-type")),
        senders=senders,
        subject=subject,
        bounce=returned,
        words=words,
        signs=signs,
        text=read.text,
        told_by_parts=told_by_parts(kind_of, tree),
    )
    is_bounce = returned is not None and nature.kind is MailKind.BOUNCE
    names = [address.name or address.address.partition("@")[0] for address in senders[:_MOST_SENDER_FIELDS]]
    written = read_reply(read.own, words, names, is_reply=bool(named.first("in-reply-to")))
    damage.update(dict.fromkeys((*bounded.damage, *read.damage)))
    return Message(
        fingerprint=mark,
        message_id=message_id(named.first("message-id")),
        senders=senders,
        reply_to=_all_addresses(named, "reply-to", hints),
        to=_all_addresses(named, "to", hints),
        cc=_all_addresses(named, "cc", hints),
        delivered_to=tuple(_delivered(head)),
        subject=subject,
        date=_date(named.first("date")[:_LONGEST_DATE]),
        in_reply_to=message_ids(named.values("in-reply-to")),
        references=message_ids(named.values("references")),
        language=detect(written.new or read.text, words) or detect(subject, words),
        text=read.text,
        reply_text=written.new,
        signature=written.signature,
        forwarded=read.forwarded,
        attachments=read.attachments,
        kind=nature.kind,
        kind_because=nature.because,
        no_auto_reply=nature.no_auto_reply,
        bounced_recipients=returned.recipients if is_bounce and returned else (),
        # What is only late has not come back yet.
        bounced_message_ids=returned.message_ids if is_bounce and returned and returned.failed else (),
        delayed_message_ids=returned.message_ids if is_bounce and returned and not returned.failed else (),
        authentication_results=tuple(text_of(value) for value in named.values("authentication-results")),
        headers=headers,
        size=len(raw),
        damage=tuple(damage),
    )


def _split(raw: bytes, limits: Limits) -> tuple[bytes, Head]:
    """The mail with line ends that can be told, and its header block."""
    raw = in_single_bytes(raw)
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    return raw, split_head(raw, 0, limits.header_bytes, top=True)


def _date(value: bytes) -> datetime | None:
    """The date in any form that we or mail-parser know."""
    return dates.read(text_of(value)) or parse_mail_date(value.decode("ascii", "surrogateescape")).value


def _report_type(value: bytes) -> str:
    """What a multipart/report reports on (RFC 6522)."""
    return parameters(value).get("report-type", "").lower() if b"report" in value.lower() else ""


def _within(head: Head, limits: Limits) -> tuple[Head, dict[str, None]]:
    """The header with no more than is read of it, and what was left out, in words."""
    damage = dict.fromkeys(_too_much(head, limits))
    if damage:
        head = Head(tuple(_cut(field, limits) for field in head.fields[: limits.fields]), head.end)
    return head, damage


def _too_much(head: Head, limits: Limits) -> Iterator[str]:
    """What of the headers goes beyond the limits, in words."""
    if head.cut:
        yield f"only the first {limits.header_bytes // 1024} kB of the headers were read"
    if len(head.fields) > limits.fields:
        yield f"only the first {limits.fields} header fields were read"
    shortest = min(limits.field_bytes, limits.recipients_bytes, limits.other_field_bytes)
    for field in head.fields[: limits.fields]:
        if len(field.value) > shortest and len(field.value) > _longest(field, limits):
            yield f"the field {field.name.title()} is too long and was cut"


def _longest(field: Field, limits: Limits) -> int:
    if field.name in ("to", "cc"):
        return limits.recipients_bytes
    is_short = field.name in _ADDRESS_FIELDS or field.name == "subject"
    return limits.field_bytes if is_short else limits.other_field_bytes


def _cut(field: Field, limits: Limits) -> Field:
    """The field, cut at its limit between two addresses or words."""
    longest = _longest(field, limits)
    if len(field.value) <= longest:
        return field
    kept = field.value[:longest]
    between = kept.rfind(b"," if field.name in _ADDRESS_FIELDS else b" ")
    return Field(field.name, kept[:between] if between > longest // 2 else kept)


def _charsets(head: ByName, in_parts: Iterable[bytes]) -> list[str]:
    """Every charset that the mail declares somewhere: the best guess where it declares none."""
    found = [charset for name in ("subject", "from", "to") for charset in charsets_in(head.first(name))]
    found += [charset.decode("ascii", "replace") for charset in in_parts]
    return [name for name in dict.fromkeys(map(str.lower, found)) if name not in ("us-ascii", "utf-8")]


def _all_addresses(head: ByName, name: str, hints: Sequence[str]) -> tuple[Address, ...]:
    values = head.values(name)[:_MOST_SENDER_FIELDS]
    return tuple([address for value in values for address in addresses(value, hints)])


def _delivered(head: Head) -> Iterator[str]:
    """The addresses that the mail was delivered to, on its way to us."""
    seen: dict[str, None] = {}
    for field in head.fields:
        if field.name in _DELIVERED:
            seen.update(dict.fromkeys(_ADDRESS.findall(text_of(field.value))))
    yield from seen


def salvage(
    raw: bytes,
    reason: str,
    limits: Limits | None = None,
    words: Sequence[Words] = (),
    signs: Signs | None = None,
) -> Message:
    """Sender, subject and Message-ID by a plain search of the bytes, and the start of the raw mail.

    Whatever forbids an automatic answer to a mail that can be read forbids it to this one (promise 11).
    """
    limits = limits or Limits()
    start = raw[: 64 * 1024]
    found: dict[bytes, bytes] = {}
    for name, value in _SALVAGED.findall(start):
        found.setdefault(name.lower(), value.strip())
    text = clean(decode(start)[0].replace("\r\n", "\n").replace("\r", "\n"))[: limits.text_characters]
    sender = _ADDRESS.findall(decode(found.get(b"from", b""))[0])
    senders = tuple(Address(address) for address in sender[-1:])
    subject = clean(decode(found.get(b"subject", b""))[0])
    below = text.partition("\n\n")[2].strip() or text
    return Message(
        fingerprint=same_mark(raw, limits),
        message_id=clean(decode(found.get(b"message-id", b""))[0]),
        senders=senders,
        subject=subject,
        language=detect(below, words),
        text=text,
        reply_text=below,
        no_auto_reply=_unanswerable(start, senders, subject, words, signs or _SIGNS),
        size=len(raw),
        damage=(reason,),
        unparsed=True,
    )


def same_mark(raw: bytes, limits: Limits) -> str:
    """The fingerprint as if the mail had been read, or its next delivery would be another case."""
    try:
        return fingerprint(*_split(raw, limits))
    except Exception:  # noqa: BLE001 - whatever keeps a mail from being read, it must be salvaged
        return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()


def _unanswerable(
    start: bytes, senders: Sequence[Address], subject: str, words: Sequence[Words], signs: Signs
) -> tuple[str, ...]:
    """Why a mail that could not be read must not be answered, as far as its header can be told."""
    head = start.replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n\0").partition(b"\n\n")[0]
    named: list[tuple[str, str]] = []
    for line in head.split(b"\n", _SALVAGED_LINES)[:_SALVAGED_LINES]:
        name, colon, value = line[:_SALVAGED_BYTES].partition(b":")
        name = name.rstrip(b" \t")
        if colon and name.isascii() and name and min(name) > 0x20:
            named.append((name.decode("ascii"), value.strip().decode("latin-1")))
    fields = Fields(named)
    kind_of = fields.first("content-type").partition(";")[0].strip().lower()
    try:
        nature = automatic.nature(
            fields,
            content_type=kind_of,
            report_type="",
            senders=senders,
            subject=subject,
            bounce=None,
            words=words,
            signs=signs,
        )
    except Exception as trouble:  # noqa: BLE001 - that may be just what can't be read; better no answer then
        return (f"its header could not be read ({type(trouble).__name__})",)
    return nature.no_auto_reply


def as_json(message: Message) -> dict[str, Any]:
    """The object that `worker.py parse --jsonl` writes."""
    reply_to = message.reply_to[0] if message.reply_to else None
    return {
        "message_id": message.message_id,
        "from": _address(message.sender),
        "reply_to": _address(reply_to) if reply_to else None,
        "to": _each(message.to),
        "cc": _each(message.cc),
        "subject": message.subject,
        "date": message.date.isoformat() if message.date else None,
        "language": message.language,
        "text": message.text,
        "reply_text": message.reply_text,
        "attachments": [
            {"filename": one.filename, "content_type": one.content_type, "size": one.size}
            for one in message.attachments
        ],
        "kind": message.kind.value,
        "bounced_recipients": list(message.bounced_recipients),
    }


def _address(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}


def _each(many: Iterable[Address]) -> list[dict[str, str]]:
    return [_address(one) for one in many]
