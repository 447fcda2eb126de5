"""Address fields → addresses: mail-parser first, and our own forgiving reading where it is in doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailparser.utils import get_addresses

from inbox.charsets import decode
from inbox.headers import text_of
from store.values import Address

_AT = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
_ANGLES = re.compile(r"<[<\s]+|[>\s]+>")
_ANGLE = re.compile(r"<([^<>]*)(?:>|\Z)")
_COMMENT = re.compile(r"\(([^()]*)\)")
_GROUP = re.compile(r"^[^\"<>@,;]{0,200}:(?!//)")


def addresses(value: bytes, hints: Iterable[str] = ()) -> tuple[Address, ...]:
    """Every address of a field, in order, with the names as people read them. Never raises."""
    hints = list(hints)
    if not value.strip():
        return ()
    text = value.decode("ascii") if value.isascii() else decode(value, "", hints)[0]
    text = " ".join(text.split())
    doubts: list[object] = []
    found = get_addresses(text, defects=doubts)
    if doubts or not any(address for _, address in found):
        found = _forgiving(text) or found
    return tuple(Address(_tidy(address), _name(name, address, hints)) for name, address in found if address)


def _tidy(address: str) -> str:
    """The address without what never belongs to one."""
    return "".join(letter for letter in address.strip().strip("'") if letter.isprintable())


def _name(name: str, address: str, hints: list[str]) -> str:
    """The display name, encoded words read; "" when it only repeats the address."""
    if "=?" in name:
        name = text_of(name.encode("utf-8", "surrogateescape"), hints)
    name = " ".join(name.split()).strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return "" if name.lower() == address.lower() else name


def _forgiving(text: str) -> list[tuple[str, str]]:
    """Addresses of a field that breaks the rules: an address with all the words before it as its name."""
    found: list[tuple[str, str]] = []
    before: list[str] = []
    for item in _items(text):
        name, address = _read(item)
        if address:
            found.append((", ".join([*before, name]) if name else ", ".join(before), address))
            before = []
        elif item.strip():
            before.append(item.strip().strip('"'))
    return found


def _items(text: str) -> list[str]:
    """The field split at commas and semicolons outside of quotes and angles."""
    items: list[str] = []
    start = 0
    quoted = angled = False
    for place, letter in enumerate(text):
        if letter == '"' and text[place - 1 : place] != "\\":
            quoted = not quoted and '"' in text[place + 1 : place + 200]
        elif letter in "<>" and not quoted:
            angled = letter == "<"
        elif letter in ",;" and not quoted and not angled:
            items.append(text[start:place])
            start = place + 1
    return [*items, text[start:]]


def _read(item: str) -> tuple[str, str]:
    """The name and address of one item; an empty address when it has none."""
    item = _GROUP.sub("", item.strip()) if ":" in item and "mailto:" not in item else item.strip()
    item = _ANGLES.sub(lambda found: "<" if found[0][0] == "<" else ">", item)
    angle = _ANGLE.search(item)
    if angle and "@" in angle[1]:
        inner = _AT.search(angle[1].removeprefix("mailto:").rpartition(":")[2])
        rest = item[: angle.start()] + item[angle.end() :]
        address = inner[0] if inner else ""
    else:
        bare = _AT.search(item)
        if bare is None:
            return "", ""
        address = bare[0].strip("'")
        rest = item[: bare.start()] + item[bare.end() :]
    comment = _COMMENT.search(rest)
    name = _COMMENT.sub(" ", rest).replace("mailto:", " ").strip(" \t\"'[]<>")
    return name or (comment[1].strip() if comment else ""), address
