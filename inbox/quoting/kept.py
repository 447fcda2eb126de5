"""`>` lines that the sender wrote: a citation made by hand, an amount, the prompts of a program."""

from __future__ import annotations

import re

from inbox.quoting.lines import Is, Lines, is_cased

_SHORT = 5
"""Lines of a quote that a person may have made by hand."""
_AMOUNT = re.compile(r">\s?\d")


def keep_own_marks(lines: Lines, *, is_reply: bool = False) -> None:
    """Gives back `>` lines that the sender wrote: one short block amid own text, introduced by no program.

    In a mail that answers another only those of a prompt.
    """
    if lines.sure or lines.forwards or Is.QUOTE not in lines.kinds:
        return
    if _are_prompts(lines):
        lines.kinds = [Is.OWN if kind is Is.QUOTE else kind for kind in lines.kinds]
        return
    if is_reply:
        return
    start = lines.kinds.index(Is.QUOTE)
    end = len(lines.kinds) - lines.kinds[::-1].index(Is.QUOTE)
    filled = [n for n in range(start, end) if lines.bare[n]]
    if len(filled) > _SHORT or any(lines.kinds[n] is not Is.QUOTE for n in filled):
        return
    if (len(filled) == 1 and _AMOUNT.match(lines.bare[start]) and lines.is_own(start - 1)) or (
        _says_much(lines, 0, start) and _says_much(lines, end, len(lines.bare))
    ):
        lines.mark(start, end, Is.OWN)


def _are_prompts(lines: Lines) -> bool:
    """Whether all marks are those of a prompt: three, a space, and no line with fewer of them."""
    marked = (bare for bare, kind in zip(lines.bare, lines.kinds, strict=True) if kind is Is.QUOTE)
    return all(bare == ">>>" or (bare.startswith(">>> ") and bare[4:5] != ">") for bare in marked)


def _says_much(lines: Lines, start: int, end: int) -> bool:
    """Whether more than a greeting or a name stands in these lines."""
    said = " ".join(lines.bare[n] for n in range(start, end) if lines.is_own(n))
    return len(said.split()) > 4 or (not is_cased(said) and len(said) > 16)
