"""Address fields → addresses, in linear time: RFC 5322's grammar, obsolete forms, and what is really written.

Most fields are plain lists and read by one expression. The others are cut into tokens (quoted strings,
comments, encoded words, angle brackets, separators), and each item between separators is read for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from inbox.header.address_tokens import Token, tokens
from inbox.header.encoded_words import on_one_line, text_of, unencoded
from store.values import Address

_PLAIN_ITEM = re.compile(
    r"\s*+(?:(?:\"([^\"\\<>=]*+)\"\s*+|([^\",;:()<>@\\\[\]=]*+))<([\w.+'=-]+@[\w.-]*\w)>|([\w.+=-]+@[\w.-]*\w))\s*+(?:,|\Z)",
    re.ASCII,
)
_ENCODED_ITEM = re.compile(
    r"\s*+((?:=\?[\w-]{1,40}\?[bBqQ]\?[\w+/=]*\?=\s*+)+)<([\w.+=-]+@[\w.-]*\w)>\s*+\Z", re.ASCII
)
"""A name in encoded words alone, as most names are that have letters beyond ASCII."""
_DOMAIN = r"(?:\[[^\[\]\s<>]{1,100}\]|[^\s<>()\[\],;:\"@]+)"
_AT = re.compile(
    r"(?:\"[^\"@<>]{1,100}\"|(?<![^\s<>()\[\],;:\"@])[^\s<>()\[\],;:\"@]++)@(?:[^\s<>()\[\],;:\"@]{1,250}+@)?"
    + _DOMAIN
)
_SPACED = re.compile(r"\s{1,5}([@.])\s{0,5}|(@)\s{1,5}")
_SPACED_DOMAIN = re.compile(r"@[\w-]{1,100}\s{1,5}\.\s{0,5}\w")
_COMMENT = re.compile(r"\([^()]{0,400}\)")
_WIDE_COMMA = re.compile(r"(@[\w.-]{1,255}>?\s{0,3})[，；、،]")
_MOST_OF_A_NAME = 20
_LOCAL_ALONE = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}", re.ASCII)
_NOBODY = re.compile(r"undisclosed|unlisted|recipients?|suppressed|unknown|none|nobody", re.IGNORECASE)
_WIDE = str.maketrans({"＠": "@", "．": ".", "。": ".", "｡": ".", "﹫": "@"})
_QUOTES = "'\"`‘’“”"


def addresses(value: bytes, hints: Iterable[str] = ()) -> tuple[Address, ...]:
    """Every address of a field, in order, with the names as people read them. Never raises.

    Members of groups (RFC 5322, section 3.4) stand for the group; a name without an address gives nothing.
    """
    if not value or value.isspace():
        return ()
    if value.isascii() and b"\x1b" not in value:
        text = value.decode("ascii")
        plain = _plain(text)
        if plain is not None:
            return plain
        if encoded := _ENCODED_ITEM.match(text):
            words, address = encoded.groups()
            return (Address(address, _name(" ".join(words.split()), address, list(hints))),)
    else:
        hints = list(hints)
        text = _WIDE_COMMA.sub(r"\1,", _decoded(value, hints))
    likely = list(hints)
    found = _read(text, likely)
    if not found and "=?" in text:
        found = _read(unencoded(text.encode("utf-8", "replace"), ["utf-8", *likely]), likely)
    return tuple(found)


def _decoded(value: bytes, hints: Sequence[str]) -> str:
    """The field as text, its raw 8-bit read and its encoded words still as they are."""
    return (
        unencoded(value.replace(b"=?", b"=\x00?"), hints).replace("=\x00?", "=?")
        if b"=?" in value
        else unencoded(value, hints)
    )


def _plain(text: str) -> tuple[Address, ...] | None:
    """The addresses of a field that is a plain list of `Name <address>`; None when it is anything else."""
    found: list[Address] = []
    place, end = 0, len(text)
    match = _PLAIN_ITEM.match
    while place < end:
        item = match(text, place)
        if item is None:
            return None
        quoted, words, angled, bare = item.groups()
        address = angled or bare
        found.append(Address(address, _name(quoted or words or "", address, ())))
        place = item.end()
    return tuple(found)


def _read(text: str, hints: Sequence[str]) -> list[Address]:
    """The addresses of any field."""
    found: list[Address] = []
    item: list[Token] = []
    waiting: list[str] = []
    has_groups = ";" in text
    for token in (*tokens(text), Token("separator", "")):
        if token.kind == "group":
            # The words before a colon name a group that a semicolon ends (but `mailto` a scheme).
            if not any("@" in one.text for one in item):
                named = not has_groups and 0 < len(item) < _MOST_OF_A_NAME
                item = [*item, Token("word", ":")] if named else []
            waiting = []
        elif token.kind == "separator":
            _take(item, waiting, found, hints, last=not token.text)
            item = []
        elif token.kind == "angle" and "@" in token.text and any(_is_address(one) for one in item):
            # `Ann <a@x> Bo <b@x>`: what follows a finished address names the next one.
            place = next(n for n, one in enumerate(item) if _is_address(one)) + 1
            _take(item[:place], waiting, found, hints, last=False)
            item = [*item[place:], token]
        else:
            item.append(token)
    return found


def _is_address(token: Token) -> bool:
    return token.kind == "angle" and "@" in token.text


def _take(
    item: list[Token], waiting: list[str], found: list[Address], hints: Sequence[str], *, last: bool
) -> None:
    """Reads one item. Words without an address wait: `Bee, Ann <ann@x.example>` is one person."""
    angle = next((one for one in item if _is_address(one)), None)
    if angle is None:
        angle = next((one for one in reversed(item) if one.kind == "angle" and one.text.strip()), None)
    if angle is not None:
        inner = _inside(angle.text)
        before = item[: item.index(angle)]
        name = _words(before, comments=bool(_words(before, comments=False))) or _words(
            [one for one in item if one is not angle], comments=False
        )
        name = name.rstrip(": ") or _comment(item)
        _add(inner, ", ".join([*waiting, name] if name else waiting), found, hints)
        waiting.clear()
        return
    if any(one.kind == "angle" for one in item):
        return
    written = _bare(item)
    inner = _AT.findall(written)
    if inner:
        rest = " ".join(_AT.sub(" ", written).split()).strip(" []<>,")
        rest = "" if rest.endswith(":") else rest
        _add(inner, ", ".join([*waiting, rest] if rest else waiting) or _comment(item), found, hints)
        waiting.clear()
        return
    words = _words(item, comments=False)
    if last and not found and not waiting and _LOCAL_ALONE.fullmatch(words) and not _NOBODY.match(words):
        found.append(Address(words))
    elif words:
        waiting.append(words)


def _bare(item: list[Token]) -> str:
    """What an item without angle brackets says, but for comments and quotes that are no local part."""
    pieces: list[str] = []
    for number, token in enumerate(item):
        following = item[number + 1].text if number + 1 < len(item) else ""
        if token.kind == "quoted":
            pieces.append(token.raw if following.startswith("@") else f" {token.text} ")
        elif token.kind != "comment":
            pieces.append(token.text)
    written = "".join(pieces).translate(_WIDE)
    if "@" in written and (not _AT.search(written) or _SPACED_DOMAIN.search(written)):
        written = _SPACED.sub(_joined, written)
    return written


def _joined(found: re.Match[str]) -> str:
    """`ann @ x . example` as it was meant."""
    return str(found[1] or found[2])


def _inside(text: str) -> list[str]:
    """The addresses in a pair of angle brackets: mostly one; a route before it (obs-route) is passed over."""
    text = text.strip().translate(_WIDE)
    if "(" in text and '"' not in text:
        text = _COMMENT.sub("", text)
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    text = text.strip().removeprefix("mailto:").strip().strip("'")
    found = _AT.findall(text) if "@" in text else []
    if found and " " in text and len(found) == 1 and (" @" in text or "@ " in text or " ." in text):
        found = _AT.findall(_SPACED.sub(_joined, text))
    if not found and "@" in text:
        found = _AT.findall(_SPACED.sub(_joined, text))
    if not found and _LOCAL_ALONE.fullmatch(text):
        return [text]
    return found


def _words(item: Sequence[Token], *, comments: bool) -> str:
    """The words of an item; its addresses in angles, and its comments unless asked for, left out."""
    pieces: list[str] = []
    for token in item:
        if token.kind == "comment":
            pieces.append(f"({token.text})" if comments else " ")
        elif token.kind == "angle":
            pieces.append(f" {token.text} " if "@" not in token.text else " ")
        else:
            pieces.append(token.text)
    return " ".join("".join(pieces).split())


def _comment(item: Sequence[Token]) -> str:
    return next((token.text.strip() for token in item if token.kind == "comment" and token.text.strip()), "")


def _add(inner: Sequence[str], name: str, found: list[Address], hints: Sequence[str]) -> None:
    for number, written in enumerate(inner):
        address = _tidy(written)
        if address:
            found.append(Address(address, _name(name, address, hints) if not number else ""))


def _tidy(address: str) -> str:
    """The address without what never belongs to one."""
    shown = (
        address if address.isprintable() else "".join(letter for letter in address if letter.isprintable())
    )
    shown = shown.strip(" '`‘’“”").rstrip(".,;")
    return shown if "@" not in shown[:1] else ""


def _name(name: str, address: str, hints: Sequence[str]) -> str:
    """The display name, encoded words read; "" when it only repeats the address."""
    if not name:
        return ""
    if "=?" in name:
        name = text_of(name.encode("utf-8", "replace"), ["utf-8", *hints])
    elif name.isascii() and name.isprintable():
        name = " ".join(name.split())
    else:
        name = on_one_line(name)
    while len(name) > 1 and name[0] in _QUOTES and name[-1] in _QUOTES:
        name = name[1:-1].strip()
    if len(name) > 1 and '"' in (name[0], name[-1]) and name.count('"') == 1:
        name = name.strip('"').strip()
    return "" if name.lower() == address.lower() else name
