"""text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>|\n+")
_BREAKS = {"nl": "\n", "np": "\n\n", "paragraph": "\n\n"}
_RICH_SIGNS = {"lt": "<"}


def from_enriched(text: str) -> str:
    """The text of text/enriched: one line end is a space, n of them are n - 1, but not inside <nofill>."""
    return _tidy("".join(_enriched(text)))


def _enriched(text: str) -> Iterator[str]:
    place = unfilled = hidden = 0
    for found in _TOKEN.finditer(text):
        if not hidden:
            yield text[place : found.start()]
        place = found.end()
        token = found[0]
        if token == "<<":  # noqa: S105 - a sign of the format
            yield "" if hidden else "<"
        elif token.startswith("\n"):
            broken = token if unfilled else token[1:] or " "
            yield "" if hidden else broken
        else:
            step, name = -1 if found[1] else 1, found[2].lower()
            if name == "nofill":
                unfilled = max(0, unfilled + step)
            elif name == "param":
                hidden = max(0, hidden + step)
    yield text[place:]


def from_richtext(text: str) -> str:
    """The text of text/richtext: line ends are spaces, <nl> breaks a line, comments are dropped."""
    return _tidy("".join(_richtext(text)))


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip(" ") for line in text.split("\n"))


def _richtext(text: str) -> Iterator[str]:
    place = hidden = 0
    for found in _TOKEN.finditer(text):
        if not hidden:
            yield text[place : found.start()]
        place = found.end()
        name = (found[2] or "").lower()
        if name == "comment":
            hidden = max(0, hidden + (-1 if found[1] else 1))
        elif hidden:
            continue
        elif not name:
            yield "<" if found[0] == "<<" else " "
        elif name == "paragraph" or not found[1]:
            yield _BREAKS.get(name) or _RICH_SIGNS.get(name, "")
    yield text[place:]
