"""Keeping secrets out of what is said: a server may repeat the very line that held a password."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "(hidden)"
"""What stands instead of a secret."""
SHORT = 4
"""A secret of fewer letters is hidden only where it stands alone: it may be a part of any word."""
XOAUTH2 = "user={user}\x01auth=Bearer {secret}\x01\x01"


def hidden(text: str, secrets: Iterable[str], user: str = "") -> str:
    """The text without any of the secrets, as they are or in the forms in which they travel."""
    for form in _forms(secrets, user):
        if form not in text:
            continue
        if len(form) < SHORT:
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", HIDDEN, text)
        else:
            text = text.replace(form, HIDDEN)
    return text


def _in_addresses(secret: str) -> tuple[str, str]:
    sent = secret.encode("utf-8", "surrogateescape")
    return quote(sent, safe=""), quote_plus(sent)


def _forms(secrets: Iterable[str], user: str) -> list[str]:
    """The longest first, so that no rest of one stays."""
    found: set[str] = set()
    for secret in filter(None, secrets):
        escaped = secret.replace("\\", "\\\\").replace('"', '\\"')
        found |= {secret, escaped, repr(secret)[1:-1], *_in_addresses(secret)}
        found |= {
            base64.b64encode(sent.encode("utf-8", "surrogateescape")).decode()
            for sent in (
                secret,
                f"\0{user}\0{secret}",
                f"{user}\0{user}\0{secret}",
                XOAUTH2.format(user=user, secret=secret),
            )
        }
    return sorted(found, key=len, reverse=True)
