"""What our own mail server says of a mail's sender: Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

RESULT = re.compile(r"\s*(dmarc|dkim|spf)\s*=\s*(\w+)\b(.*)", re.IGNORECASE | re.DOTALL)
PROPERTY = re.compile(r"\b([a-z]+\.[a-z]+)\s*=\s*(\S+)", re.IGNORECASE)
ALIGNED_BY = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


def is_genuine(results: Sequence[str], authserv_id: str, sender: str) -> bool:
    """Whether the topmost field is our border's and says the From address is its owner's.

    Only the first field counts: a field further down may be the sender's own invention. DMARC must
    pass, or DKIM or SPF pass for exactly the domain of the From address.
    """
    if not results or not authserv_id:
        return False
    server, *methods = "".join(_without_comments(results[0])).split(";")
    if server.lower().split()[:1] != [authserv_id.lower()]:
        return False
    domain = sender.rpartition("@")[2].lower()
    return bool(domain) and any(_passes(method, domain) for method in methods)


def _without_comments(field: str) -> Iterator[str]:
    """The characters of a field; comments are left out, and nothing in a quoted string separates."""
    depth, quoted, escaped = 0, False, False
    for char in field:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif quoted:
            yield "_" if char in "; =()" else char
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif not depth:
            yield char


def _passes(method: str, domain: str) -> bool:
    match = RESULT.fullmatch(method)
    if not match or match[2].lower() != "pass":
        return False
    name, properties = match[1].lower(), dict(_properties(match[3]))
    if name == "dmarc":
        return properties.get("header.from", domain) == domain
    return domain in {properties.get(key, "") for key in ALIGNED_BY[name]}


def _properties(text: str) -> Iterator[tuple[str, str]]:
    """The properties of a result, addresses cut down to their domain."""
    for key, value in PROPERTY.findall(text):
        yield key.lower(), value.rpartition("@")[2].lower()
