"""Kinds of parts, by how their content is handed to the e-mail parser."""

from __future__ import annotations

from inbox.header.block import Head

MESSAGE = frozenset({"message/rfc822", "message/global"})
STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
READ_WHOLE = STATUS | frozenset(
    {
        "message/disposition-notification",
        "message/feedback-report",
        "text/rfc822-headers",
        "message/global-headers",
        "text/calendar",
    }
)
TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
SIGNED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
TOLD_BY_NAME = frozenset({"application/octet-stream", "application/binary", ""})
TEXTS = frozenset({"", "text/plain", "text/html", "text/enriched", "text/richtext"})


def names(head: Head) -> bytes:
    """The fields that may hold a part's name."""
    return head.first("content-type")[:1000].lower() + b" " + head.first("content-disposition")[:1000].lower()


def is_text(kind: str, head: Head) -> bool:
    """Whether a part's content may be read as part of the mail's text."""
    if head.first("content-disposition")[:20].lower().startswith(b"attachment"):
        return False
    return kind in TEXTS or (kind.startswith("text/") and b"name" not in names(head))
