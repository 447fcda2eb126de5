"""What links and images say in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

_LONGEST = 2000
"""Characters of an address that is still written out."""
_SHOWN = ("http://", "https://", "mailto:", "tel:", "ftp://")
_BARE = re.compile(r"^[a-z]+://(?:www\.)?|^www\.|/$")
_LETTER = re.compile(r"\w")
_LITTLE = re.compile(r"\s*0*[01](?:\.0+)?(?:px|pt)?\s*")


def address_of(attributes: Mapping[str, str], said: str) -> str:
    """The address that a link leads to; "" when the link's text says it already, or it leads nowhere."""
    href = attributes.get("originalsrc") or attributes.get("href", "")
    if len(href) > _LONGEST:
        return ""
    href = href.replace("\n", "").replace("\t", "").strip().replace(" ", "%20")
    kind = href[:8].lower()
    if not kind.startswith(_SHOWN):
        return ""
    address = href
    if kind.startswith("mailto:"):
        address = unquote(href[7:].split("?", 1)[0])
    elif kind.startswith("tel:"):
        address = unquote(href[4:].removeprefix("//"))
        if _digits(address) == _digits(said):
            return ""
    bare = _bare(address)
    return "" if not bare or bare in _bare(said) else address


def _bare(address: str) -> str:
    """An address as people write it."""
    return _BARE.sub("", address.strip("<>() \n").lower())


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())[-9:]


def image_text(attributes: Mapping[str, str]) -> str:
    """What stands for an image: its description in brackets, an emoji as itself; nothing for a pixel."""
    alt = " ".join(attributes.get("alt", "").split()) or attributes.get("data-emoji", "")
    if not alt or is_pixel(attributes):
        return ""
    return f"[{alt}]" if _LETTER.search(alt) else alt


def is_pixel(attributes: Mapping[str, str]) -> bool:
    """Whether an image is there to be fetched, not seen."""
    sizes = (attributes.get("width", ""), attributes.get("height", ""))
    return any(_LITTLE.fullmatch(size) for size in sizes)
