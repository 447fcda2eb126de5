"""What the sender newly wrote: line by line, in linear time, with the words of every known language.

A line is the sender's own unless something says that it is not: when in doubt the text is kept, for losing a
customer's word is the worse fault.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from inbox.quoting.added import mark_banners, mark_devices, mark_footers, mark_list_footer
from inbox.quoting.copied import mark_copied
from inbox.quoting.kept import keep_own_marks
from inbox.quoting.lines import Is, Lines, is_rule, name_words
from inbox.quoting.patterns import phrases_of
from inbox.quoting.quotes import mark_attributions, mark_marked
from inbox.quoting.signatures import mark_signature
from language.words import Words

__all__ = ["Written", "newly_written", "read_reply"]


@dataclass(frozen=True, slots=True)
class Written:
    """What a sender wrote, and what was taken for the signature below it."""

    new: str
    signature: str = ""


def newly_written(text: str, words: Sequence[Words]) -> str:
    """The text without quotes, forwarded mail, signature and what devices and gateways add.

    "" when the mail is a quote and nothing else; the full text when it is a forwarded mail and nothing else.
    """
    return read_reply(text, words).new


def read_reply(
    text: str, words: Sequence[Words], names: Sequence[str] = (), *, is_reply: bool = False
) -> Written:
    """As `newly_written`, with the signature.

    A block that begins with one of the sender's names is surer a signature. `is_reply` says that the mail
    names the one that it answers: then a `>` line is always a quote.
    """
    lines = Lines.of(text, phrases_of(words), name_words(tuple(names)))
    if ">" in text or "＞" in text:
        mark_marked(lines)
    mark_attributions(lines)
    mark_copied(lines)
    keep_own_marks(lines, is_reply=is_reply)
    mark_banners(lines)
    for start, end in list(lines.regions()):
        _mark_region(lines, start, end)
    new = lines.text_of(Is.OWN)
    if new:
        return Written(new, lines.text_of(Is.SIGNATURE))
    return Written("" if lines.quotes and not lines.forwards else text.strip())


def _mark_region(lines: Lines, start: int, end: int) -> None:
    """Marks what is not the sender's at the edges of lines that no quote interrupts."""
    whole = end
    places = lines.candidates[bisect_left(lines.candidates, start) : bisect_left(lines.candidates, end)]
    end = mark_list_footer(lines, start, end)
    end = min(end, mark_footers(lines, places, start, end))
    mark_devices(lines, places, end)
    end = _end_of_own(lines, start, end)
    if end > start:
        mark_signature(lines, start, end)
        mark_devices(lines, places, end)
        end = _end_of_own(lines, start, end)
    # A rule that stood above what went says nothing any more.
    if end < whole or whole < len(lines.kinds):
        while end > start and is_rule(lines.bare[end - 1]):
            lines.mark(end - 1, end, Is.ADDED)
            end = _end_of_own(lines, start, end - 1)


def _end_of_own(lines: Lines, start: int, end: int) -> int:
    while end > start and not lines.is_own(end - 1):
        end -= 1
    return end
