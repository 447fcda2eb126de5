"""What our own mail server says of a mail's sender: Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

RESULT = re.compile(r"\s*(dmarc|dkim|spf)(?:\s*/\s*1)?\s*=\s*(\w+)(?!\S)(.*)", re.IGNORECASE | re.DOTALL)
PROPERTY = re.compile(r"(?<!\S)([a-z]+\.[a-z]+)\s*=\s*(\S+)", re.IGNORECASE)
VERSIONS: tuple[list[str], ...] = ([], ["1"])
Properties = Mapping[str, set[str]]


class _Garbled(Exception):
    """The field breaks the grammar where a forger would break it."""


def is_written_by(results: Sequence[str], authserv_id: str) -> bool:
    """Whether the topmost field claims to be our border's: only the border keeps others from claiming it."""
    return _methods(results, authserv_id) is not None


def is_genuine(results: Sequence[str], authserv_id: str, sender: str) -> bool:
    """Whether the topmost field is our border's and says the From address is its owner's.

    Only the first field counts: a field further down may be the sender's own invention. DMARC must
    pass, or DKIM or SPF pass for exactly the domain of the From address; a DMARC that failed is final.
    """
    domain = sender.rpartition("@")[2].lower() if "@" in sender else ""
    methods = _methods(results, authserv_id)
    if not domain or methods is None:
        return False
    verdicts = [_verdict(match, domain) for match in map(RESULT.fullmatch, methods) if match]
    return True in verdicts and None not in verdicts


@dataclass(frozen=True, slots=True)
class Said:
    """What one Authentication-Results field says."""

    by: str
    """The name that the server wrote at its start; "" where it wrote none, as Exchange Online does."""
    results: tuple[Result, ...]

    def of(self, method: str) -> tuple[Result, ...]:
        """The results of one method, such as spf."""
        return tuple(one for one in self.results if one.method == method)


@dataclass(frozen=True, slots=True)
class Result:
    """One result, such as dkim=pass for a domain."""

    method: str
    said: str
    properties: Properties


def said_in(field: str) -> Said | None:
    """What a field says, whoever wrote it: to be shown, never to be believed. None where it can't be read."""
    try:
        server, *methods = "".join(_without_comments(field)).split(";")
    except _Garbled:
        return None
    name = (server.split() or [""])[0]
    if "=" in server:
        # No name of a server, but the first result already.
        name, methods = "", [server, *methods]
    found = (RESULT.fullmatch(one) for one in methods)
    results = (Result(one[1].lower(), one[2].lower(), _properties(one[3])) for one in found if one)
    return Said(name, tuple(results))


def _methods(results: Sequence[str], authserv_id: str) -> list[str] | None:
    """What our border's field says, method by method; None when the topmost field is another's."""
    if not results or not authserv_id:
        return None
    try:
        server, *methods = "".join(_without_comments(results[0])).split(";")
    except _Garbled:
        return None
    name, *version = server.lower().split() or [""]
    return methods if name == authserv_id.lower() and version in VERSIONS else None


def _without_comments(field: str) -> Iterator[str]:
    """The characters of a field; comments are spaces, and nothing in a quoted string separates.

    A quote inside a comment is refused: where the border copies a sender's quoted local part into
    one, the brackets in it can't be told from its own.
    """
    depth, quoted, escaped = 0, False, False
    for char in field:
        if escaped:
            escaped = False
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif quoted:
            yield "_" if char.isspace() or char in ";=()" else char
        elif char in "()":
            depth += 1 if char == "(" else -1
            yield " "
        elif char in '"\\' or depth < 0:
            raise _Garbled
        elif not depth:
            yield char
    if depth or quoted or escaped:
        raise _Garbled


def _verdict(result: re.Match[str], domain: str) -> bool | None:
    """True when the result vouches for the domain, None when it forbids to believe anything else."""
    method, said, properties = result[1].lower(), result[2].lower(), _properties(result[3])
    if method == "dmarc":
        if said == "pass" and properties["header.from"] <= {domain}:
            return True
        return None if said in ("pass", "fail") else False
    return said == "pass" and (_signed_by if method == "dkim" else _mailed_by)(properties, domain)


def _signed_by(properties: Properties, domain: str) -> bool:
    """The signing domain decides; the identity only where no domain is named."""
    return (properties["header.d"] or properties["header.i"]) == {domain}


def _mailed_by(properties: Properties, domain: str) -> bool:
    return properties["smtp.mailfrom"] == {domain}


def _properties(text: str) -> Properties:
    """The properties of a result, addresses cut down to their domain."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in PROPERTY.findall(text):
        found[key.lower()].add(value.rpartition("@")[2].strip("<>").lower())
    return found
