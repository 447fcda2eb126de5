"""Which way text runs, and text that is safe to show beside other text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Direction = Literal["rtl", "ltr"]

_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_FIRST_STRONG_ISOLATE = "\u2068"
_RIGHT_TO_LEFT_ISOLATE = "\u2067"
_POP_ISOLATE = "\u2069"
_ZWNJ = "\u200c"
_OVERRIDES = "\u202a-\u202e"
_ISOLATES = "\u2066-\u2069"
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff"
_NOT_IN_LINES = re.compile(f"[{_CONTROLS}{_OVERRIDES}]")
_NOT_IN_A_LINE = re.compile(f"[{_CONTROLS}{_OVERRIDES}{_ISOLATES}]")
_ANY_ISOLATE = re.compile(f"[{_ISOLATES}]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_REPLY_MARKS = re.compile(r"(?:[A-Za-z]{2,3}(?:\[\d+\])?[:：]\s*)+")
_WHITE_SPACE = re.compile(r"\s+")
_RIGHT_TO_LEFT_LETTER = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


@lru_cache(maxsize=64)
def direction(language: str) -> Direction:
    """Which way a language is written; a language that nobody told is left to right."""
    primary = re.split("[-_]", language.lower(), maxsplit=1)[0]
    return "rtl" if primary in _RIGHT_TO_LEFT else "ltr"


def first_strong(text: str) -> Direction | Literal[""]:
    """The direction of the first letter outside of isolates that has one (UAX #9, P2); "" when none has."""
    depth = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _STRONG and not depth:
            return _STRONG[kind]
        if kind in {"LRI", "RLI", "FSI"}:
            depth += 1
        elif kind == "PDI":
            depth = max(0, depth - 1)
    return ""


def isolate(text: str) -> str:
    """The text in FSI…PDI, so that it can't turn the words around it (L2).

    In a subject, “Re:” and its like say nothing of the direction: what stands behind them does.
    """
    begins = _FIRST_STRONG_ISOLATE
    if (marks := _REPLY_MARKS.match(text)) and first_strong(text[marks.end() :]) == "rtl":
        begins = _RIGHT_TO_LEFT_ISOLATE
    return f"{begins}{text}{_POP_ISOLATE}"


def has_right_to_left(text: str) -> bool:
    """Whether any letter of the text is written from right to left."""
    return _RIGHT_TO_LEFT_LETTER.search(text) is not None


def printable(text: str) -> str:
    """One line without control and bidi-override characters (promise 19); white space becomes one space."""
    # In nearly every text nothing is to be done, and str.isprintable() is quick to say so: it refuses every
    # control and format character, and all white space but the blank.
    if text.replace(_ZWNJ, "").isprintable() and "  " not in text:
        return text.strip(" ")
    return _WHITE_SPACE.sub(" ", _NOT_IN_A_LINE.sub("", _LINE_END.sub(" ", text))).strip()


def subject_line(text: str) -> str:
    """One line for a subject: as `printable` makes it, but with its isolates where each of them is closed."""
    if not _ANY_ISOLATE.search(text):
        return printable(text)
    line = _WHITE_SPACE.sub(" ", _NOT_IN_LINES.sub("", _LINE_END.sub(" ", text))).strip()
    return line if _is_closed(line) else printable(line)


def _is_closed(text: str) -> bool:
    depth = 0
    for found in _ANY_ISOLATE.finditer(text):
        depth += -1 if found[0] == _POP_ISOLATE else 1
        if depth < 0:
            return False
    return depth == 0


def runs_against(text: str, language: str) -> bool:
    """Whether the text has letters that run against those of the language."""
    if direction(language) == "ltr":
        return has_right_to_left(text)
    return any(unicodedata.bidirectional(sign) == "L" for sign in text)


def printable_lines(text: str) -> str:
    """The same for text of several lines: line ends become "\\n"; tabs and isolates stay."""
    if text.replace("\n", "").replace(_ZWNJ, "").isprintable():
        return text
    return _NOT_IN_LINES.sub("", _LINE_END.sub("\n", text))
