"""E-mail addresses in the words of mail systems, in every wrapping that they give them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from language.late import late

_LOCAL = r"[^\s<>()\[\]{},;:\"\\@|。、，；：「」『』（）【】〈〉«»„“”‘’،؛]"
_DOMAIN = r"[^\s<>()\[\]{},;:\"'\\@=|/?!`~#%&。、，；：「」『』（）【】〈〉«»„“”‘’،؛…]"
_BEFORE_AT = rf"\"[^\"\n@]{{1,64}}\"|(?<!{_LOCAL}){_LOCAL}{{1,128}}"
_AFTER_AT = rf"{_DOMAIN}{{1,253}}|\[[0-9A-Fa-f.:IPv]{{3,60}}\]"
ADDRESS = rf"(?:{_BEFORE_AT})@(?:{_AFTER_AT})"
"""One address. It begins where a word begins, so that a search is linear."""

_ANY = late(ADDRESS)
_PREFIX = late(r"(?:smtp|to|rcpt|recipient|email|address|user|orcpt|mailto|rfc822)=", re.IGNORECASE)
_ENCAPSULATED = late(r"IMCEA([A-Z0-9]{1,20})-(.+)@[^@]+\Z", re.IGNORECASE)
_OCTET = late(r"\+([0-9A-Fa-f]{2})")
_FOREIGN_TAIL = late(r"([A-Za-z]{2,})[^\x00-\x7f]+\Z")
_FOREIGN_HEAD = late(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+(?=[!-~]+\Z)")
_VERP = late(
    r"[^=@]*(?:bounce|return|verp|owner|error|request|list|news|mail)[^=@]*?[-+]([^=@+]{1,64})=([^=@]{1,200}\.[a-z]{2,})\Z",
    re.IGNORECASE,
)


def addresses_in(text: str, *, loose: bool = False) -> list[str]:
    """Every address of the text, in order; with `loose` also those of a host without a dot."""
    found = (tidy(one) for one in _ANY.findall(text)) if "@" in text else iter(())
    return [address for address in found if address and (loose or is_full(address))]


def tidy(address: str) -> str:
    """The address without what clings to it, and without Exchange's IMCEA encoding."""
    address = address.lstrip("'`").rstrip("*.'`-_")
    address = address if address.lstrip("*").startswith("@") else address.lstrip("*")
    address = _PREFIX.sub("", address, count=1) if _PREFIX.match(address) else address
    if not address.isascii():
        address = _without_neighbours(address)
    if address[:5].upper() == "IMCEA":
        address = _unencapsulated(address)
    local, _, domain = address.rpartition("@")
    return address if local and any(map(str.isalnum, domain)) else ""


def _without_neighbours(address: str) -> str:
    """The address without the words that a script without spaces puts right beside it."""
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return f"{_FOREIGN_HEAD.sub('', local)}@{domain}"
    rest, _, last = domain.rpartition(".")
    cut = _FOREIGN_TAIL.match(last)
    domain = f"{rest}.{cut[1]}" if cut else domain
    return f"{_FOREIGN_HEAD.sub('', local) if domain.isascii() else local}@{domain}"


def _unencapsulated(address: str) -> str:
    """What `IMCEASMTP-joe+40x+2Eexample@gateway` stands for; as it is where that is no address."""
    found = _ENCAPSULATED.match(address)
    if found is None:
        return address
    inner = _OCTET.sub(lambda octet: chr(int(octet[1], 16)), found[2].replace("_", "/"))
    plain = _ANY.search(inner)
    return plain[0] if plain else address


def is_full(address: str) -> bool:
    """Whether the address is one of the Internet's, and no directory's or single host's own."""
    local, _, domain = address.rpartition("@")
    inner = domain.strip(".")
    return ("." in inner or domain.startswith("[")) and not is_directory(address) and bool(local)


def is_directory(address: str) -> bool:
    """Whether it is Exchange's name of an entry of its directory, which no sender writes."""
    return address[:7].upper() == "IMCEAEX"


def verp(addresses: Iterable[str]) -> list[str]:
    """Whom return addresses of one recipient each name: `bounces+joe=example.org@lists.example`."""
    found = (_VERP.match(address.rpartition("@")[0]) for address in addresses)
    return [f"{one[1].rpartition('-')[2] or one[1]}@{one[2]}" for one in found if one]
