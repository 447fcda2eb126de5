"""Message-IDs: one, or those of References and In-Reply-To (RFC 5322, section 3.6.4), as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inbox.header.encoded_words import text_of

_BRACKETED = re.compile(r"<([^<>]{1,2000})(>|(?=<)|\Z)")
_BARE = re.compile(r"(?<![^\s<>,;()\"])[^\s<>,;()\"@]{1,900}+@[^\s<>,;()\"]{1,255}")
_LONGEST = 900
_MOST = 200


def message_id(value: bytes) -> str:
    """The Message-ID in angle brackets, whether it has them or not; "" when there is none."""
    text = text_of(value)
    found = _BRACKETED.search(text)
    if found:
        inner = _inner(found)
    else:
        bare = _BARE.search(text)
        inner = bare[0] if bare and " " in text else "".join(text.strip("<>").split())
    return f"<{inner[:_LONGEST]}>" if inner else ""


def message_ids(values: Iterable[bytes]) -> tuple[str, ...]:
    """The Message-IDs of some fields; of very many the first and the last ones, which tell most."""
    text = " ".join(map(text_of, values))
    inner = [_inner(found) for found in _BRACKETED.finditer(text)]
    if not inner and "@" in text:
        inner = _BARE.findall(text)
    ids = list(dict.fromkeys(f"<{one[:_LONGEST]}>" for one in inner if one))
    half = _MOST // 2
    return tuple(ids if len(ids) <= _MOST else [*ids[:half], *ids[-half:]])


def _inner(found: re.Match[str]) -> str:
    """What stands in the brackets, without the spaces of folding; to the first space if they never close."""
    if found[2] == ">":
        return " ".join(found[1].split()) if found[1].lstrip().startswith('"') else "".join(found[1].split())
    return (found[1].split() or [""])[0].rstrip(",;")
