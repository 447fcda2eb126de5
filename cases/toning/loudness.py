"""What is too loud or too long about a letter, whatever its words are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cases.toning.finding import Place
from cases.toning.letter import Letter

EMOJI = re.compile(
    "[\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u260d\u2610-\u2704\u2707\u270a-\u2712\u2715-\u27bf\u2b50"
    "\u2b55]+"
    r"|(?<!\S)(?:[:;=]-?[)DPp*]|<3|\^_?\^|[xX]D)(?!\w)"
)
"""Telephone and envelope signs, and ticks, are none."""
EXCLAMATION = re.compile("[!！]+")
PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")


def exclamations(letter: Letter) -> Iterator[Place]:
    """The longest run of exclamation marks, where there are more in the letter than are fine."""
    marks = [found.span() for found in EXCLAMATION.finditer(letter.text) if letter.is_own(found.start())]
    if sum(end - start for start, end in marks) > letter.guide.limits.exclamations:
        yield max(marks, key=lambda place: place[1] - place[0])


def emoji(letter: Letter) -> Iterator[Place]:
    """Pictures in place of words."""
    return (found.span() for found in EMOJI.finditer(letter.text) if letter.is_own(found.start()))


def too_long(letter: Letter) -> Iterator[Place]:
    """The letter, or its paragraphs, where they have more words than anybody reads."""
    if len(letter.text.split()) > letter.guide.limits.letter:
        yield 0, len(letter.text)
        return
    for found in PARAGRAPH.finditer(letter.text):
        if len(found[0].split()) > letter.guide.limits.paragraph:
            yield found.span()
