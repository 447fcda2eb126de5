"""Text as it is shown: what has no width taken out, spaces and blank lines put in order."""

from __future__ import annotations

import re

_NO_WIDTH = "\u00ad\u034f\u180e\u200b\u2060\ufeff"
"""Characters that are never seen, and stand in no word."""
_JOINERS = "\u200c\u200d"
"""Characters that are not seen, but that words of several scripts and emoji are written with."""
NOTHING = f" \t\r\n\f\xa0\u2007\u200e\u200f{_NO_WIDTH}{_JOINERS}"
"""Characters of which a text of nothing else shows nothing."""
_PADDING = re.compile(
    rf"[ \xa0]?[{_NO_WIDTH}{_JOINERS}](?:[ \xa0\u2007\u200e\u200f]*+[{_NO_WIDTH}{_JOINERS}]){{2,}}+"
)
"""What programs put after a preview line so that a mailbox's list shows no more of the mail."""
_LEADING = re.compile(r"^[ \xa0]{1,4}(?=\S)", re.MULTILINE)
_WIDE = re.compile(r"\xa0[\xa0\u2007 ]{19,}")
_UNSEEN = re.compile(f"[{_NO_WIDTH}]")
_BLANKS = re.compile(r"\n{3,}")
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))


def tidied(text: str) -> str:
    """The text without characters of no width, trailing spaces and more than one blank line in a row."""
    if not text.isascii():
        if _PADDING.search(text):
            text = _LEADING.sub("", _PADDING.sub(" ", text))
        text = _UNSEEN.sub("", text) if _UNSEEN.search(text) else text
        if "\xa0" in text:
            text = _WIDE.sub(" ", text).replace("\xa0", " ")
    lines = [line if line == "-- " else line.rstrip() for line in text.split("\n")]
    return squeezed("\n".join(lines))


def squeezed(text: str) -> str:
    """The text without blank lines at its ends, and with one at most in a row."""
    return (_BLANKS.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def raised(text: str) -> str:
    """A number in superscript, which must not become part of the number before it; "" for other text."""
    return "".join(_RAISED[one] for one in text) if text and set(text) <= _RAISED.keys() else ""


def lowered(text: str) -> str:
    """A number in subscript; "" for other text."""
    return "".join(_LOWERED[one] for one in text) if text and set(text) <= _LOWERED.keys() else ""
