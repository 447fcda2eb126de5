"""Which addresses mail can be sent to."""

from __future__ import annotations

import re
from functools import lru_cache

ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~-"
LOCAL = re.compile(rf"[.{ATEXT}]{{1,64}}")
DOMAIN = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*"
)


@lru_cache(maxsize=512)
def sendable(address: str) -> str:
    """The plain local@domain in ASCII (the domain in IDNA) that mail can be sent to; "" when it is none."""
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    fits = at and LOCAL.fullmatch(local) and DOMAIN.fullmatch(domain)
    return f"{local}@{domain}" if fits else ""
