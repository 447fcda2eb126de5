"""What the sender newly wrote: line by line, in linear time, with the words of every known language.

A line is the sender's own unless something says that it is not: when in doubt the text is kept, for losing a
customer's word is the worse fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from language.normalise import normalise
from language.words import Words

_RULE = "-_=*─—–~ "
_LONGEST = 400
"""A longer line introduces no quote and is no device's."""
_WRAPPED = 4
"""Lines over which an attribution may be wrapped."""
_SIGNATURE_LINES = 15
"""A lone `--` may be a person's own rule; a signature below it is short."""


class _Is(Enum):
    OWN = auto()
    QUOTE = auto()
    SIGNATURE = auto()
    DEVICE = auto()


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A pattern of a words file, normalised and cut at its stars."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, pattern: str) -> _Pattern:
        # A space beside a star stays, or "On *" would begin "Only".
        pieces = [normalise(f"x{piece}x")[1:-1] for piece in pattern.split("*")]
        return cls(
            (pieces[0].lstrip(), *pieces[1:-1], pieces[-1].rstrip())
            if len(pieces) > 1
            else (pieces[0].strip(),)
        )

    def matches(self, line: str) -> bool:
        """Whether the whole of a normalised line fits; linear, for a star is never taken back."""
        first, last = self.pieces[0], self.pieces[-1]
        if not line.startswith(first) or not line.endswith(last):
            return False
        if len(self.pieces) == 1:
            return line == first
        place, end = len(first), len(line) - len(last)
        for piece in self.pieces[1:-1]:
            place = line.find(piece, place, end)
            if place < 0:
                return False
            place += len(piece)
        return place <= end


@dataclass(slots=True)
class _Patterns:
    """Patterns found by a line's first or last letter, so that a line meets only a few of them."""

    by_first: dict[str, list[_Pattern]] = field(default_factory=dict)
    by_last: dict[str, list[_Pattern]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        pattern = _Pattern.of(text)
        if pattern.pieces[0]:
            self.by_first.setdefault(pattern.pieces[0][0], []).append(pattern)
        elif pattern.pieces[-1]:
            self.by_last.setdefault(pattern.pieces[-1][-1], []).append(pattern)

    def match(self, line: str) -> bool:
        if not line or len(line) > _LONGEST:
            return False
        return self.begins(line) or any(one.matches(line) for one in self.by_last.get(line[-1], ()))

    def begins(self, line: str) -> bool:
        """Whether a pattern that says how a line begins fits."""
        return any(one.matches(line) for one in self.by_first.get(line[0], ()))


@dataclass(slots=True)
class _Phrases:
    """All languages' words in the form that lines are compared with."""

    attribution: _Patterns = field(default_factory=_Patterns)
    ends: set[str] = field(default_factory=set)
    """The last letters of attributions."""
    forwarded: _Patterns = field(default_factory=_Patterns)
    sent_from: _Patterns = field(default_factory=_Patterns)
    labels: dict[str, str] = field(default_factory=dict)
    """A header label → which field it names."""

    def learn(self, words: Words) -> None:
        for text in words.attribution:
            self.attribution.add(text)
            self.ends.add((normalise(text) or "*")[-1])
        for text in words.forwarded:
            self.forwarded.add(text.strip(_RULE.replace("*", "")).rstrip(":"))
        for text in words.sent_from:
            self.sent_from.add(text)
        labels = words.header_labels
        for name in ("sender", "to", "cc", "date", "subject"):
            self.labels.update(dict.fromkeys(map(normalise, getattr(labels, name)), name))


_known: dict[tuple[int, ...], tuple[tuple[Words, ...], _Phrases]] = {}


def _phrases(words: Sequence[Words]) -> _Phrases:
    """The phrases of these words; made once as long as the same words are given."""
    key = tuple(map(id, words))
    if key not in _known:
        phrases = _Phrases()
        for one in words:
            phrases.learn(one)
        if len(_known) >= 8:
            _known.clear()
        # The words are held on to, so that no other object can get one of these ids.
        _known[key] = (tuple(words), phrases)
    return _known[key][1]


def newly_written(text: str, words: Sequence[Words]) -> str:
    """The text without quotes, forwarded mail, signature and device lines.

    "" when the mail is a quote and nothing else; the full text when it is a forwarded mail and nothing else.
    """
    lines = _Lines(text.split("\n"), _phrases(words))
    lines.mark()
    own = "\n".join(_squeezed(lines.own())).strip()
    if own:
        return own
    return "" if lines.quotes and not lines.forwards else text.strip()


def _squeezed(lines: Iterator[str]) -> Iterator[str]:
    """Lines without more than one blank line in a row."""
    blank = True
    for line in lines:
        if line.strip() or not blank:
            yield line.rstrip()
        blank = not line.strip()


@dataclass(slots=True)
class _Lines:
    lines: list[str]
    phrases: _Phrases
    folded: list[str] = field(default_factory=list)
    kinds: list[_Is] = field(default_factory=list)
    quotes: bool = False
    forwards: bool = False

    def own(self) -> Iterator[str]:
        return (line for line, kind in zip(self.lines, self.kinds, strict=True) if kind is _Is.OWN)

    def mark(self) -> None:
        """Decides for each line what it is."""
        self.folded = [normalise(line[: _LONGEST + 1]) for line in self.lines]
        self.kinds = [_Is.QUOTE if line.startswith(">") else _Is.OWN for line in self.folded]
        self.quotes = _Is.QUOTE in self.kinds
        self.mark_attributions()
        end = self.first_unmarked_quote()
        if end is not None:
            self.kinds[end:] = [_Is.QUOTE] * (len(self.lines) - end)
        self.mark_signatures()
        self.mark_devices()

    def mark_attributions(self) -> None:
        """Marks what introduces a `>` quote, and all that follows one that introduces an unmarked quote."""
        for place, line in enumerate(self.folded):
            if self.kinds[place] is not _Is.OWN or not line or line[-1] not in self.phrases.ends:
                continue
            start = self.attribution_start(place)
            if start is None:
                continue
            following = self.following(place + 1)
            quoted = following is not None and self.kinds[following] is _Is.QUOTE
            words = " ".join(self.folded[start : place + 1])
            if not quoted and not _is_precise(words):
                continue
            self.quotes = True
            end = place + 1 if quoted or following is None else len(self.lines)
            self.kinds[start:end] = [_Is.QUOTE] * (end - start)

    def attribution_start(self, place: int) -> int | None:
        """The line where the attribution that ends here begins; None when none does."""
        joined, nearest = "", None
        for start in range(place, max(-1, place - _WRAPPED), -1):
            line = self.folded[start]
            if not line or self.kinds[start] is not _Is.OWN:
                break
            joined = f"{line} {joined}".strip()
            bare = joined.strip("-–—_* ")
            if bare and len(bare) <= _LONGEST and self.phrases.attribution.begins(bare):
                return start
            if nearest is None and self.phrases.attribution.match(bare):
                nearest = start
        return nearest

    def following(self, place: int) -> int | None:
        """The next line that is not blank."""
        return next((n for n in range(place, min(len(self.folded), place + 5)) if self.folded[n]), None)

    def first_unmarked_quote(self) -> int | None:
        """Where a forwarded mail or a copied header block begins."""
        for place, line in enumerate(self.folded):
            if self.kinds[place] is not _Is.OWN or not line:
                continue
            if self.is_forwarded_line(line) or (":" in line and self.is_header_block(place)):
                self.forwards = True
                return self.before_rule(place)
        return None

    def is_forwarded_line(self, line: str) -> bool:
        """Whether a line announces the mail below it; it stands between dashes or ends with a colon."""
        bare = line.strip(_RULE)
        announced = bare.endswith(":") or line[:2] in ("--", "__", "==", "**") or line.startswith("─")
        return announced and self.phrases.forwarded.match(bare.rstrip(":").strip(_RULE))

    def is_header_block(self, place: int) -> bool:
        """Whether From and other labels stand here in a row, with an address or a subject among them."""
        if self.label(place) is None:
            return False
        found: dict[str, str] = {}
        for number in range(place, min(place + 8, len(self.folded))):
            label = self.label(number)
            if label is None and not (found and self.folded[number] and number - place < 8):
                break
            if label is not None:
                found.setdefault(label, self.folded[number])
        sure = "subject" in found or any("@" in line for line in found.values())
        return "sender" in found and len(found) > 1 and sure

    def label(self, place: int) -> str | None:
        """Which header field a line is labelled as."""
        before, colon, _ = self.folded[place][:40].partition(":")
        return self.phrases.labels.get(before.strip("*_ ")) if colon else None

    def before_rule(self, place: int) -> int:
        """The place of the rule that a mail client draws above the copied headers, if there is one."""
        above = place - 1
        while above >= 0 and not self.folded[above]:
            above -= 1
        ruled = above >= 0 and len(self.folded[above]) > 4 and not self.folded[above].strip(_RULE)
        return above if ruled else place

    def mark_signatures(self) -> None:
        """Marks from each `-- ` to the next quote or the end."""
        place = 0
        while place < len(self.lines):
            if self.kinds[place] is _Is.OWN and self.lines[place].rstrip("\r") in ("-- ", "--"):
                end = self.end_of_own(place)
                filled = sum(bool(line) for line in self.folded[place + 1 : end])
                if self.lines[place] == "-- " or filled <= _SIGNATURE_LINES:
                    self.kinds[place:end] = [_Is.SIGNATURE] * (end - place)
                place = end
            place += 1

    def end_of_own(self, place: int) -> int:
        while place < len(self.kinds) and self.kinds[place] is _Is.OWN:
            place += 1
        return place

    def mark_devices(self) -> None:
        """Marks lines that a device adds, where nothing of the sender's follows or precedes them."""
        for place, line in enumerate(self.folded):
            if self.kinds[place] is _Is.OWN and line and len(line) < 120 and self.at_an_edge(place):
                bare = line.strip("-_*[]()<> ")
                if self.phrases.sent_from.match(bare.rstrip(".")) or self.phrases.sent_from.match(bare):
                    self.kinds[place] = _Is.DEVICE

    def at_an_edge(self, place: int) -> bool:
        """Whether no own line stands directly before the place, or none after it, within a few lines."""
        if self.alone(range(place + 1, min(place + 6, len(self.kinds)))):
            return True
        return not any(self.folded[place + 1 : place + 2]) and self.alone(range(place))

    def alone(self, places: range) -> bool:
        return not any(self.folded[n] and self.kinds[n] is _Is.OWN for n in places[-6:])


def _is_precise(words: str) -> bool:
    """Whether an attribution names a date or an address, as programs do and people rarely."""
    return "@" in words or sum(letter.isdigit() for letter in words) >= 3
