"""Whom a report without a delivery status names: in its text, its return address, or the returned mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from inbox.header.fields import Fields
from inbox.kind.bounces import listing
from inbox.kind.bounces.addresses import addresses_in, verp
from inbox.kind.bounces.evidence import Evidence
from inbox.kind.bounces.listing import Rank

_OWN_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "from", "sender", "reply-to", "errors-to")
_RETURN_FIELDS = ("to", "delivered-to", "x-original-to", "envelope-to")
_SERVICES = re.compile(
    r"(?:post-?master|mailer-?daemon|abuse|host-?master|web-?master|noc|help-?(?:desk)?|support|service|security|spam"
    r"|unblock|removal|whitelist|delist|admin|administrator|info|no-?reply)@"
)
_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}:?\Z", re.ASCII)
_MOST_MASKED = 50
_ANNOUNCE = ("following", "recipients", "addresses")


def find(evidence: Evidence, ids: Iterable[str], fields: Fields) -> tuple[list[str], bool]:
    """Whom the mail did not reach, and whether the text says so by itself."""
    own = {one.lower() for name in _OWN_FIELDS for one in addresses_of(fields, name)}
    to = [one for one in evidence.back.to if not _is_list(one, own)]
    expected = frozenset(map(str.lower, to))
    senders = {one.lower() for one in evidence.back.senders}
    ours = frozenset(own | (senders - expected) | {one.strip("<>").lower() for one in ids})
    named, rank = _named(listing.read(evidence.said), ours, expected)
    if any(map(_is_masked, named)):
        named = _unmasked(named, to)
    if rank in (Rank.LISTED, Rank.NAMED) or (named and expected & set(map(str.lower, named))):
        return named, True
    if by_path := verp(one for name in _RETURN_FIELDS for one in addresses_of(fields, name)):
        return by_path, False
    # An address that the mail did not go to is the one that its recipient's led to, or stands for help.
    if rank is Rank.ANSWERED and not to:
        return named, True
    return _last_resort(evidence, fields, named, [one for one in to if one.lower() not in ours] or to, ours)


def _is_masked(address: str) -> bool:
    return "**" in address


def _unmasked(named: Sequence[str], to: Sequence[str]) -> list[str]:
    """The addresses; instead of those in asterisks the ones of the returned mail that they fit."""
    plain: list[str] = []
    for address in named:
        if _is_masked(address):
            begin, _, end = (part.lower() for part in re.split(r"(\*.*\*|\*+)", address, maxsplit=1))
            fits = [
                one
                for one in to[:_MOST_MASKED]
                if one.lower().startswith(begin) and one.lower().endswith(end)
            ]
            plain += fits or to[: len(to) == 1]
        else:
            plain.append(address)
    return plain or list(named)


def addresses_of(fields: Fields, name: str) -> list[str]:
    """The addresses of the mail's own fields of a name."""
    return [
        one for value in fields.values.get(name, ())[:5] for one in addresses_in(value[:4000], loose=True)
    ]


def _named(
    listed: listing.Listing, ours: frozenset[str], expected: frozenset[str]
) -> tuple[list[str], Rank | None]:
    """The surest addresses of the text; those of a help desk only when there are no others."""
    services = {
        one.lower() for many in listed.by_rank.values() for one in many if _SERVICES.match(one.lower())
    }
    named, rank = listed.best(ours | (services - expected), expected)
    if named or expected:
        return named, rank
    named, rank = listed.best(ours, expected)
    return (named, rank) if rank in (Rank.LISTED, Rank.NAMED) else ([], None)


def _is_list(address: str, own: set[str]) -> bool:
    """Whether the report came to the owner or the bounce address of this mailing list."""
    local = local_part(address)
    owners = (f"owner-{local}", f"{local}-owner", f"{local}-admin", f"{local}-request", f"{local}-errors")
    return any(local_part(one) in owners or local_part(one).startswith(f"{local}-bounces") for one in own)


def local_part(address: str) -> str:
    return address.rpartition("@")[0].lower()


def _last_resort(
    evidence: Evidence, fields: Fields, mentioned: Sequence[str], to: Sequence[str], ours: frozenset[str]
) -> tuple[list[str], bool]:
    """Whom the returned mail was for, if for one person alone; a bare name with the system's own domain."""
    if name := _bare_name(evidence.said):
        same = [one for one in to if local_part(one) == name.lower()]
        domain = next((one.rpartition("@")[2] for one in addresses_of(fields, "from")), "")
        if same or (domain and not to):
            return same[:1] or [f"{name}@{domain}"], True
    if evidence.nested:
        return list(evidence.nested), True
    if to:
        return (list(to[:1]) if len(set(map(str.lower, to))) == 1 else list(mentioned[:1])), False
    named, rank = listing.read(evidence.quoted).best(ours, frozenset())
    if rank in (Rank.LISTED, Rank.NAMED):
        return named, True
    return list(mentioned[:1]), False


def _bare_name(said: str) -> str:
    """A mailbox's name without a domain, alone on the line below "following recipients"."""
    lines = iter(said.split("\n")[:200])
    for line in lines:
        lower = line.lower().rstrip()
        if lower.endswith(":") and any(one in lower for one in _ANNOUNCE):
            below = (
                next((one.strip() for one in lines if one.strip()), "").split("   ")[0].split("\t")[0].strip()
            )
            if _NAME.match(below):
                return below.rstrip(":.,;")
    return ""
