"""Bounces that Amazon SES tells as JSON, mailed by SNS or forwarded as they are."""

from __future__ import annotations

import json
from typing import Any, TypedDict

_LONGEST = 128 * 1024
_MARKS = ('"notificationType"', '"eventType"', '\\"notificationType\\"', '\\"eventType\\"')


class Notice(TypedDict, total=False):
    """What a notification says, in a Bounce's terms."""

    recipients: tuple[str, ...]
    message_ids: tuple[str, ...]
    failed: bool
    delayed: bool


def read(text: str) -> Notice | None:
    """What the notification in the text says; None when the text holds none."""
    start = text.find("{", 0, 4000)
    if start < 0 or not any(mark in text[:_LONGEST] for mark in _MARKS):
        return None
    told = _decoded(text[start : start + _LONGEST])
    if "Message" in told and isinstance(told["Message"], str):
        told = _decoded(told["Message"])
    kind = told.get("notificationType") or told.get("eventType")
    if kind == "DeliveryDelay":
        return Notice(failed=False, delayed=True)
    if kind != "Bounce":
        return Notice(failed=False) if isinstance(kind, str) else None
    bounced = _items(_under(told, "bounce").get("bouncedRecipients"))
    named = tuple(one["emailAddress"] for one in bounced if isinstance(one.get("emailAddress"), str))
    notice = Notice(recipients=tuple(dict.fromkeys(address.strip()[:320] for address in named)))
    if ids := _message_ids(_under(told, "mail")):
        notice["message_ids"] = ids
    return notice


def _decoded(text: str) -> dict[str, Any]:
    """The object that the text begins with; an empty one when it is none, or nested beyond reason."""
    try:
        told, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _under(told: dict[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[dict[str, Any]]:
    return [one for one in value[:2000] if isinstance(one, dict)] if isinstance(value, list) else []


def _message_ids(mail: dict[str, Any]) -> tuple[str, ...]:
    """The Message-ID that we gave the mail, and the one that Amazon gives it instead."""
    ids = [_under(mail, "commonHeaders").get("messageId")]
    ids += [
        one.get("value")
        for one in _items(mail.get("headers"))
        if str(one.get("name")).lower() == "message-id"
    ]
    if isinstance(own := mail.get("messageId"), str):
        ids.append(f"<{own}@email.amazonses.com>")
    return tuple(
        dict.fromkeys(one.strip() for one in ids if isinstance(one, str) and one.strip().startswith("<"))
    )
