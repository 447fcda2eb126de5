"""The tokens of an address field (RFC 5322, section 3.4), with an end found for what has none; linear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of an address field."""

    kind: str
    """quoted, comment, angle, word, separator or group."""
    text: str
    """What it holds, without its signs."""
    raw: str = ""


_ENCODED = re.compile(r"=\?[^?\s\"<>]{1,60}\?[bBqQ]\?[^?\n\"<>]*\?=")
_WORD = re.compile(r"(?:[^\"(),;:<>@=]|@(?:\[[^\[\]\s<>]{1,100}\])?|=(?!\?))+")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MAIL_SCHEME = re.compile(r"mailto\s?\Z", re.IGNORECASE)
_IN_ANGLE = re.compile(r"(?:\"[^\"<>]{0,200}\"|[^<>\"])*+")
_AFTER_ADDRESS = re.compile(r"[,;\s]")
_ENTIRE_ADDRESS = re.compile(r"<[^<>]*@[^<>]*>\s*[,;]")
_NEAREST = 500


def tokens(text: str) -> Iterator[Token]:
    """The tokens in order. A quote, comment or bracket that is never closed ends where it best may."""
    place, end = 0, len(text)
    word = ""
    closings = _Closings(text)
    while place < end:
        letter = text[place]
        if letter == '"':
            closing = closings.of_quote(place)
            if closing >= 0:
                inner = text[place + 1 : closing]
                yield Token("quoted", _ESCAPED.sub(r"\1", inner), f'"{inner}"')
            place = max(place, closing) + 1
        elif letter == "(":
            closing = closings.of_comment(place)
            inner = text[place + 1 : max(place, closing)]
            yield Token("comment", _ESCAPED.sub(r"\1", inner)) if closing >= 0 else Token("word", "(")
            place = max(place, closing) + 1
        elif letter == "<":
            content, place = _angle(text, place + 1)
            yield Token("angle", content) if content is not None else Token("word", " ")
        elif letter in ",;":
            yield Token("separator", letter)
            place += 1
        elif letter == ":":
            yield Token("word", " ") if _MAIL_SCHEME.search(word) else Token("group", letter)
            place += 1
        elif letter == "=" and (encoded := _ENCODED.match(text, place)):
            yield Token("word", encoded[0])
            place = encoded.end()
        else:
            found = _WORD.match(text, place)
            word = found[0] if found else letter
            place += len(word)
            if letter not in ">)" or (letter == ")" and text[place - 2 : place - 1] == ":"):
                yield Token("word", _without_scheme(word, text, place))
            continue
        word = ""


class _Closings:
    """Where quotes and comments end; once nothing closes one, nothing is looked for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.no_quote = self.no_comment = False

    def of_quote(self, place: int) -> int:
        closing = -1 if self.no_quote else _closing_quote(self.text, place + 1)
        self.no_quote = self.no_quote or closing == -1
        return closing

    def of_comment(self, place: int) -> int:
        closing = -1 if self.no_comment else _closing_comment(self.text, place)
        self.no_comment = self.no_comment or closing == -1
        return closing


def _without_scheme(word: str, text: str, place: int) -> str:
    """`mailto` before its colon says nothing."""
    if text.startswith(":", place) and (found := _MAIL_SCHEME.search(word)):
        return word[: found.start()]
    return word


def _closing_quote(text: str, place: int) -> int:
    """Where a quoted string ends; -1 when nowhere, -2 when it would swallow whole addresses."""
    start = place
    while True:
        found = text.find('"', place)
        if found < 0:
            return -1
        if text[found - 1] != "\\" or found == start or _is_escaped_backslash(text, start, found):
            break
        place = found + 1
    following = text[found + 1 : found + 2]
    swallowed = following.isalnum() and _ENTIRE_ADDRESS.search(text, start, found)
    return -2 if swallowed else found


def _is_escaped_backslash(text: str, start: int, quote: int) -> bool:
    """Whether the backslash before a quote is itself escaped."""
    before = text[max(start, quote - 20) : quote]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _closing_comment(text: str, place: int) -> int:
    """Where a comment ends, with those inside it; else at the first closing sign, and -1 without one."""
    depth = 0
    for at in range(place, min(len(text), place + _NEAREST)):
        letter = text[at]
        if letter == "(" and text[at - 1] != "\\":
            depth += 1
        elif letter == ")" and text[at - 1] != "\\":
            depth -= 1
            if not depth:
                return at
    return text.find(")", place)


def _angle(text: str, place: int) -> tuple[str | None, int]:
    """What stands in angle brackets and where to go on; None for a bracket too many."""
    found = _IN_ANGLE.match(text, place)
    stop = found.end() if found else place
    content = text[place:stop]
    if text.startswith('"', stop):
        # A quote without an end inside the brackets.
        stop = min((at for at in (text.find(">", stop), text.find("<", stop)) if at >= 0), default=len(text))
        content = text[place:stop].replace('"', "")
    if text.startswith(">", stop):
        return content, stop + 1
    if not content.strip():
        return None, stop
    if "@" not in content:
        return content, stop
    # Never closed: the address ends at the next separator after it.
    cut = _AFTER_ADDRESS.search(content.rstrip(), len(content) - len(content.lstrip()))
    return (content[: cut.start()], place + cut.start()) if cut else (content, stop)
