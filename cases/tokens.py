"""Reply addresses: the complaints address with a token in it (promises 13 and 14)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

TOKEN_BYTES = 16
TOKEN = r"[a-z2-7]{26}"  # noqa: S105 - a pattern, not a secret


def mint(random: bytes) -> str:
    """A token of 128 random bits in lower-case base32, 26 characters."""
    if len(random) != TOKEN_BYTES:
        raise ValueError(f"a token is made of {TOKEN_BYTES} bytes, not {len(random)}")
    return base64.b32encode(random).decode("ascii").rstrip("=").lower()


def digest(token: str) -> str:
    """The SHA-256 of a token in hex: all of it that is stored."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()


def reply_address(complaints_address: str, token: str, form: str) -> str:
    """The complaints address that carries the token, in the operator's form."""
    local, _, domain = complaints_address.rpartition("@")
    return form.format(local=local, token=token, domain=domain)


def tokens_in(addresses: Iterable[str], complaints_address: str, form: str) -> tuple[str, ...]:
    """The tokens of all reply addresses of ours among the addresses, each once, in order."""
    ours = _pattern(complaints_address, form)
    found = (ours.fullmatch(address.strip()) for address in addresses)
    return tuple(dict.fromkeys(match[1].lower() for match in found if match))


def tokens_of(addresses: Iterable[str], ours: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """As `tokens_in`, of reply addresses that are made of any of ours, each with its form."""
    if len(ours) == 1:
        return tokens_in(addresses, *ours[0])
    found = (token for address in addresses for one in ours for token in tokens_in([address], *one))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=128)
def _pattern(complaints_address: str, form: str) -> re.Pattern[str]:
    local, _, domain = complaints_address.rpartition("@")
    pattern = re.escape(form)
    parts = {"local": re.escape(local), "domain": re.escape(domain), "token": f"({TOKEN})"}
    for part, expression in parts.items():
        pattern = pattern.replace(rf"\{{{part}\}}", expression)
    return re.compile(pattern, re.IGNORECASE | re.ASCII)
