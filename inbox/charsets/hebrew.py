"""Hebrew that was stored as it is seen, left to right, turned into the order in which it is read.

Plain ISO-8859-8 meant visual order (RFC 1556), and a browser still lays a page so declared out without
reordering. Mail is another matter: since the nineties most programs write logical order under that name as
well, so the name alone says nothing. The letters do: ך ם ן ף ץ end a word. Where they begin words, the
text is visual.
"""

from __future__ import annotations

import re

_LETTER = "א-ת"
_AT_END = re.compile(f"[{_LETTER}][םןףץך](?![{_LETTER}])")
_AT_START = re.compile(f"(?<![{_LETTER}])[םןףץך][{_LETTER}]")
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z0-9](?:[\w@.,:/%+\-&=?#~' ]*[A-Za-z0-9%])?", re.ASCII)
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def logical(text: str, *, surely_visual: bool = False) -> str:
    """The text in reading order; as it is when nothing says that it is visual."""
    at_start, at_end = len(_AT_START.findall(text)), len(_AT_END.findall(text))
    if at_start > 2 * at_end or (surely_visual and not at_start and not at_end):
        return "\n".join(map(_reordered, text.split("\n")))
    return text


def _reordered(line: str) -> str:
    """One line turned round, with its numbers and its words in Latin letters left as they are."""
    if not any("א" <= letter <= "ת" for letter in line):
        return line
    line = line.rstrip("\r")
    turned = _LEFT_TO_RIGHT.sub(lambda found: found[0][::-1], line)[::-1]
    return turned.translate(_MIRRORED).strip(" ")
