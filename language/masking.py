"""Keeping the addresses of customers out of what is said about the operation."""

from __future__ import annotations

import re
from collections.abc import Collection

MASKED = "(an address)"
# Where a word begins, and nowhere else: a long one without an address is looked through once.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\]\"',;:=])[^\s<>()\[\]\"',;:=]+@[^\s<>()\[\]\"',;:=]+")


def masked(text: str, ours: Collection[str] = ()) -> str:
    """The text with other people's mail addresses left out; `ours`, in small letters, may stand."""
    if "@" not in text:
        return text
    return _ADDRESS.sub(lambda found: _kept(found[0], ours), text)


def _kept(found: str, ours: Collection[str]) -> str:
    bare = found.rstrip(".!?")
    # A mailbox's name is user@host/folder, and the user may be an address itself.
    known = bare.lower() in ours or any(bare.lower().startswith(f"{own}@") for own in ours)
    known = known or bare.partition("/")[0].lower() in ours
    return found if known else MASKED + found[len(bare) :]
