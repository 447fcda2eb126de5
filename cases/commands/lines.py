"""The lines of a mail as their writer saw them, without what mail clients put around words."""

from __future__ import annotations

import re

from language.normalise import normalise

_BULLET = re.compile(r"\A(?:[-*•·‣◦–—▪●○■]|\d{1,2}[.)])\s+")
"""What stands before the items of a list, where HTML has become text."""
_BOLD = re.compile(r"([*_]{1,3})(\S(?:.{0,200}\S)?)\1")
"""How clients write bold and italic words into the plain text beside the HTML."""
_LINK = re.compile(r"[<(\[]\s*(?:https?://|mailto:)[^\s<>()\[\]]{0,2000}\s*[>)\]]\.?")
_NAMED_TWICE = re.compile(r"([^\s<>()]{1,320})\s*[<(]mailto:\1[>)]", re.IGNORECASE)
"""An address that a client made a link of: `dana@example.com<mailto:dana@example.com>`."""
_HARD_SPACE = "\xa0"


def without_bullet(line: str) -> str:
    """The line without the mark of a list's item before it."""
    return _BULLET.sub("", line.strip(), count=1)


def without_bold(line: str) -> str:
    """The line without the marks that make all of it bold."""
    found = _BOLD.fullmatch(line.strip())
    return found[2] if found else line.strip()


def without_links(rest: str) -> str:
    """What stands behind a name, without the marks of a link: nothing, where it is nothing but a link."""
    named = _NAMED_TWICE.sub(r"\1", rest)
    return "" if _LINK.fullmatch(named.strip()) else named


def is_blank(line: str) -> bool:
    """Whether nothing can be seen on a line."""
    return not normalise(line)


def as_written(reply: str, whole: str) -> list[str]:
    """The lines of a reply with the gaps that its writer made.

    A client that writes every line of an HTML mail as a paragraph of its plain text doubles the line ends.
    An empty line of its writer is a paragraph with a hard space then: by this it is known.
    """
    lines = reply.splitlines()
    said = [line.strip() for line in lines if not is_blank(line)]
    single: list[str] = []
    hard = False
    for place, line in enumerate(whole.strip("\r\n").splitlines()):
        if place % 2:
            if line.strip(" \t"):
                break
            continue
        hard |= line.strip(" \t") == _HARD_SPACE
        single.append("" if is_blank(line) else line)
    written = [place for place, line in enumerate(single) if line]
    known = [single[place].strip() for place in written[: len(said)]]
    if not hard or len(said) < 2 or known != said:
        return lines
    return single[: written[len(said) - 1] + 1]
