"""What a program wrote on a person's behalf: read receipts (RFC 8098), answers to invitations (RFC 6047)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message as Part
from itertools import islice

from inbox.mime.parts import children, content_of
from language.normalise import normalise
from language.signs import Signs
from language.words import Words

_PARTS = 12
_LINES = 15
_LONGEST_RECEIPT = 1_500
_LONGEST_BEGINNING = 40
_REPORTS = {
    "message/disposition-notification": "it carries a read receipt",
    "message/feedback-report": "it carries a feedback report",
}
_ANSWERS = frozenset({"reply", "counter", "refresh", "declinecounter"})
_METHOD = re.compile(rb"^METHOD[^\r\n:]{0,40}:[ \t]*([A-Za-z]{3,20})", re.IGNORECASE | re.MULTILINE)


def told_by_parts(content_type: str, tree: Part) -> str:
    """What the parts of a mail say about who wrote it; "" when a person may have.

    An answer to an invitation is written by a calendar after one click, and no letter of ours invites.
    """
    if not content_type.startswith(("multipart/", "text/calendar")):
        return ""
    for part in islice(children(tree), _PARTS):
        if told := _REPORTS.get(part.get_content_type()):
            return told
    if (method := _calendar_method(tree)) in _ANSWERS:
        return f"a calendar's answer to an invitation (METHOD:{method.upper()})"
    return ""


def _calendar_method(tree: Part) -> str:
    """The method of the first calendar among the first parts, in lower case."""
    waiting = [tree]
    for place in range(_PARTS):
        if place >= len(waiting):
            break
        part = waiting[place]
        if part.get_content_type() == "text/calendar":
            return str(part.get_param("method") or "").lower() or _method_inside(part)
        if part.get_content_maintype() == "multipart":
            waiting.extend(children(part))
    return ""


def _method_inside(part: Part) -> str:
    found = _METHOD.search(content_of(part)[:2_000])
    return found[1].decode("ascii").lower() if found else ""


def is_receipt(subject: str, text: str, words: Sequence[Words], signs: Signs) -> str:
    """Why a mail is a read receipt that was written as plain text; "" when it is none.

    A receipt names the mail that was read by its header lines To, Subject and Sent, never From, and says
    little else; a person whose subject begins with "Read:" writes otherwise.
    """
    if len(text) > _LONGEST_RECEIPT or ":" not in text:
        return ""
    if not normalise(subject[:_LONGEST_BEGINNING]).startswith(signs.receipts):
        return ""
    lines = [line.partition(":") for line in text.strip().splitlines()[:_LINES]]
    labels = {normalise(label) for label, colon, value in lines if colon and value.strip()}
    named = [one.header_labels for one in words]
    to, about, date, sender = (
        any(normalise(label) in labels for one in named for label in getattr(one, role))
        for role in ("to", "subject", "date", "sender")
    )
    return "its subject and text are those of a read receipt" if about and (to or date) and not sender else ""
