"""The lines of a text, and what each was found to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from inbox.quoting.patterns import AROUND, MARKS, RULE, Phrases, tidy
from language.normalise import normalise

LONGEST = 400
"""A longer line introduces no quote and is no device's; only its beginning is looked at."""
PROMOTED = "//aka.ms/"
"""Where a line leads that Outlook for phones adds in the user's language."""
_GAP = 6
"""Blank lines that may stand between things which belong together."""
_BOUND = re.compile(r"[.!?…。！？؟।]\W*$")
_NAMES = re.compile(r"[^\W\d_]{2,}")


class Is(Enum):
    """What a line is."""

    OWN = auto()
    QUOTE = auto()
    """Quoted, or what introduces a quote; also forwarded mail."""
    SIGNATURE = auto()
    ADDED = auto()
    """By a device, a gateway, a scanner or a list."""


@dataclass(slots=True)
class Lines:
    """The lines, and how they look to one who compares."""

    raw: list[str]
    phrases: Phrases
    names: frozenset[str] = frozenset()
    """The words of the sender's name, normalised."""
    bare: list[str] = field(default_factory=list)
    """Without white space and marks of direction around them."""
    kinds: list[Is] = field(default_factory=list)
    quotes: bool = False
    forwards: bool = False
    sure: bool = False
    """Whether something that only a mail program writes introduced a quote."""
    candidates: list[int] = field(default_factory=list)
    """The lines that a device, a desk or a scanner may have added, by their first and last letters."""
    _folded: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, phrases: Phrases, names: frozenset[str] = frozenset()) -> Lines:
        """The lines of a text, all of them the sender's own so far."""
        raw = text.split("\n")
        if "&nbsp;" in text:
            # Some web mail leaves its spaces so in plain text.
            bare = [line.replace("&nbsp;", " ").strip(MARKS) for line in raw]
        else:
            bare = [line.strip(MARKS) for line in raw]
        may_match = phrases.added.may_match
        candidates = [
            place
            for place, line in enumerate(bare)
            if line and may_match(line if line[0].isalnum() else line.lstrip(AROUND))
        ]
        if pieces := phrases.added.inside(text):
            found = (place for place, line in enumerate(bare) if _holds(line, pieces))
            candidates = sorted({*candidates, *found})
        if PROMOTED in text:
            candidates = sorted({*candidates, *(n for n, line in enumerate(bare) if PROMOTED in line)})
        return cls(raw, phrases, names, bare, [Is.OWN] * len(raw), candidates=candidates)

    def folded(self, place: int) -> str:
        """A line normalised, up to the longest that is looked at."""
        known = self._folded.get(place)
        if known is None:
            known = self._folded[place] = tidy(normalise(self.bare[place][: LONGEST + 1]))
        return known

    def is_own(self, place: int) -> bool:
        """Whether the line exists, says something and is the sender's."""
        return 0 <= place < len(self.bare) and bool(self.bare[place]) and self.kinds[place] is Is.OWN

    def mark(self, start: int, end: int, kind: Is) -> None:
        """Says what the lines from start up to end are."""
        self.kinds[start:end] = [kind] * (end - start)

    def next_filled(self, place: int) -> int | None:
        """The next line that is not blank, unless it is far away."""
        for number in range(place, min(len(self.bare), place + _GAP)):
            if self.bare[number]:
                return number
        return None

    def last_filled(self, place: int) -> int | None:
        """The line that is not blank at or above a place, unless it is far away."""
        for number in range(place, max(-1, place - _GAP), -1):
            if self.bare[number]:
                return number
        return None

    def regions(self) -> Iterator[tuple[int, int]]:
        """Each run of the sender's own lines, without the blank lines around it."""
        count = len(self.kinds)
        if self.kinds.count(Is.OWN) == count:
            filled = [number for number, line in enumerate(self.bare) if line]
            if filled:
                yield filled[0], filled[-1] + 1
            return
        place = 0
        while place < count:
            if not self.is_own(place):
                place += 1
                continue
            start = end = place
            while place < count and self.kinds[place] is Is.OWN:
                end = place + 1 if self.bare[place] else end
                place += 1
            yield start, end

    def text_of(self, kind: Is) -> str:
        """The lines of a kind as they came, without more than one blank line in a row."""
        if kind is Is.OWN and self.kinds.count(kind) == len(self.kinds):
            whole = "\n".join([line.rstrip() for line in self.raw]).strip()
            if "\n\n\n" not in whole:
                return whole
        kept: list[str] = []
        blank = True
        for raw, bare, found in zip(self.raw, self.bare, self.kinds, strict=True):
            if found is kind and (bare or not blank):
                kept.append(raw.rstrip() if bare else "")
                blank = not bare
        return "\n".join(kept).strip()

    def starts_paragraph(self, place: int) -> bool:
        """Whether nothing of the sender's stands directly above."""
        return not self.is_own(place - 1) or is_rule(self.bare[place - 1])

    def ends_paragraph(self, place: int) -> bool:
        """Whether nothing of the sender's stands directly below."""
        return not self.is_own(place + 1) or is_rule(self.bare[place + 1])


def _holds(bare: str, pieces: list[str]) -> bool:
    lowered = bare[: LONGEST + 1].lower()
    return any(piece in lowered for piece in pieces)


def is_rule(bare: str) -> bool:
    """Whether a line is drawn, not written."""
    return bool(bare) and len(bare) <= LONGEST and not bare.strip(RULE)


def is_cased(text: str) -> bool:
    """Whether the text's script has capital letters."""
    return text.lower() != text.upper()


def is_prose(bare: str) -> bool:
    """Whether a line reads as part of a sentence rather than as a name, a title or an address."""
    words = bare.split()
    ends = bool(_BOUND.search(bare[-8:]))
    if not is_cased(bare):
        return (ends and len(bare) > 8) or len(words) > 9 or (len(words) < 3 and len(bare) > 24)
    small = sum(word[0].islower() for word in words)
    if len(words) < 5:
        return ends and small > 1
    return small * 2 >= len(words) or (ends and small > 1)


def is_name(bare: str) -> bool:
    """Whether a line may be a person's or a firm's name: a few words, written large where letters can be."""
    words = bare.split()
    if not 0 < len(words) <= 5 or len(bare) > 60 or not bare[0].isalpha() or bare[-1] in ":?!;؟：":
        return False
    if any(letter.isdigit() for letter in bare) or (_BOUND.search(bare) and len(words) > 3):
        return False
    return bare[0].isupper() if is_cased(bare) else len(words) > 1 or len(bare) < 12


@lru_cache(maxsize=1024)
def name_words(texts: tuple[str, ...]) -> frozenset[str]:
    """The words of names, normalised."""
    return frozenset(word for text in texts for word in _NAMES.findall(normalise(text[:200])))


def names_sender(lines: Lines, place: int) -> bool:
    """Whether a short line holds the sender's own name and little else."""
    if not lines.names or len(lines.bare[place]) > 60:
        return False
    words = _NAMES.findall(lines.folded(place))
    known = sum(word in lines.names for word in words)
    return 0 < len(words) <= 6 and known >= min(2, len(words), len(lines.names))
