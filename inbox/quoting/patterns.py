"""The words files' patterns in a form that a line is compared with at once, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from language.normalise import normalise
from language.words import Words
from language.worked_out import WorkedOut

RULE = "-_=*#~+•·‐‑‒–—―─━═▬－＝＿＊ "
"""What lines are drawn with, and what stands around a title."""
AROUND = "-_*=#~|[]()<>{}!.⚠\ufe0f•·\"' "
"""What may stand around a line that a program added."""
MARKS = (
    " \t\r\f\v\xa0\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2007\u2009"
    "\u202a\u202b\u202c\u202d\u202e\u202f\u2060\u2066\u2067\u2068\u2069\u3000\ufeff"
)
"""White space and marks of direction, which may stand around anything."""
KEY, LONG_KEY = 3, 16
"""Letters by which a line is looked up before it is looked at, first a few and then more."""
_SEEN = KEY + 1
_MOST_SEEN = 8192


def tidy(folded: str) -> str:
    """A normalised text as patterns are compared with it: no gap before a colon, one after an address."""
    if "> " in folded or ">" not in folded:
        return folded.replace(" :", ":")
    return folded.replace(">", "> ").replace("  ", " ").replace("> :", ">:").replace(" :", ":").rstrip()


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of a words file, normalised and cut at its stars."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Pattern:
        """The pattern; a space beside a star stays, or "On *" would begin "Only"."""
        pieces = [tidy(normalise(f"x{piece}x"))[1:-1] for piece in text.split("*")]
        if len(pieces) == 1:
            return cls((pieces[0].strip(),))
        return cls((pieces[0].lstrip(), *pieces[1:-1], pieces[-1].rstrip()))

    def matches(self, line: str) -> bool:
        """Whether the whole of a line fits; linear, for a star is never taken back."""
        first, last = self.pieces[0], self.pieces[-1]
        if len(self.pieces) == 1:
            return line == first
        if not line.startswith(first) or not line.endswith(last):
            return False
        place, end = len(first), len(line) - len(last)
        for piece in self.pieces[1:-1]:
            place = line.find(piece, place, end)
            if place < 0:
                return False
            place += len(piece)
        return place <= end

    def stars(self, line: str) -> str:
        """What the outer stars of a pattern stand for in a line that it matches."""
        return line[len(self.pieces[0]) : len(line) - len(self.pieces[-1])] if len(self.pieces) > 1 else ""


@dataclass(slots=True)
class Patterns:
    """Patterns found by how they begin or end, so that a line meets only those that may fit."""

    heads: dict[str, list[Pattern]] = field(default_factory=dict)
    tails: dict[str, list[Pattern]] = field(default_factory=dict)
    middles: dict[str, list[Pattern]] = field(default_factory=dict)
    """Those that begin and end with a star, by a whole word of theirs; "" where there is none."""
    head_lengths: dict[str, list[int]] = field(default_factory=dict)
    tail_lengths: dict[str, list[int]] = field(default_factory=dict)
    seen_starts: dict[str, bool] = field(default_factory=dict)
    seen_ends: dict[str, bool] = field(default_factory=dict)
    """What was found out for first and last letters: mails begin their lines alike."""
    starts: set[str] = field(default_factory=set)
    """The keys of lines that may match from their beginning."""
    long_starts: dict[int, set[str]] = field(default_factory=dict)
    """The same in more letters, by how many these are."""
    ends: set[str] = field(default_factory=set)
    """The keys of lines that may match from their end."""
    insides: set[str] = field(default_factory=set)
    """The longest pieces of those that begin and end with a star."""

    def add(self, text: str) -> None:
        """Learns a pattern; one without a letter would match anything and is left out."""
        pattern = Pattern.of(text)
        first, last = pattern.pieces[0], pattern.pieces[-1]
        if not any(letter.isalnum() for piece in pattern.pieces for letter in piece):
            return
        if first:
            self._file(self.heads, self.head_lengths, first, first[:KEY], pattern)
            self.starts.add(first[:KEY])
            self.long_starts.setdefault(min(LONG_KEY, len(first)), set()).add(first[:LONG_KEY])
        elif last:
            self._file(self.tails, self.tail_lengths, last, last[-KEY:], pattern)
            self.ends.add(last[-KEY:])
        else:
            whole = [word for piece in pattern.pieces for word in piece.split(" ")[1:-1]]
            self.middles.setdefault(max(whole, key=len, default=""), []).append(pattern)
            self.insides.add(max(pattern.pieces, key=len).strip())

    @staticmethod
    def _file(
        table: dict[str, list[Pattern]], lengths: dict[str, list[int]], piece: str, key: str, pattern: Pattern
    ) -> None:
        table.setdefault(piece, []).append(pattern)
        known = lengths.setdefault(key, [])
        if len(piece) not in known:
            known.append(len(piece))
            known.sort(reverse=True)

    def head(self, line: str) -> Pattern | None:
        """The pattern that says how a line begins and fits it."""
        for key in (line[:KEY], line[: KEY - 1], line[:1]):
            for length in self.head_lengths.get(key, ()):
                for one in self.heads.get(line[:length], ()):
                    if one.matches(line):
                        return one
        return None

    def tail(self, line: str) -> Pattern | None:
        """The pattern that says only how a line ends and fits it."""
        for key in (line[-KEY:], line[1 - KEY :], line[-1:]):
            for length in self.tail_lengths.get(key, ()):
                for one in self.tails.get(line[-length:], ()):
                    if one.matches(line):
                        return one
        return None

    def middle(self, line: str) -> Pattern | None:
        """The pattern that says only what stands in a line and fits it, at its edges too."""
        if not self.middles:
            return None
        padded = f" {line} "
        for word in ("", *dict.fromkeys(padded.split())):
            for one in self.middles.get(word, ()):
                if one.matches(padded):
                    return one
        return None

    def match(self, line: str) -> Pattern | None:
        """A pattern that fits a whole normalised line."""
        return self.head(line) or self.tail(line) or self.middle(line)

    def inside(self, text: str) -> list[str]:
        """The pieces in a text of those patterns that begin and end with a star."""
        lowered = text.lower()
        return [piece for piece in self.insides if piece in lowered]

    def may_match(self, bare: str) -> bool:
        """Whether a line may fit, by its first and last letters; it need not be normalised."""
        start = self.seen_starts.get(bare[:_SEEN])
        if start is None:
            start = self._remember(self.seen_starts, bare[:_SEEN], self._may_start)
        if start and self._may_start_long(bare):
            return True
        if not self.ends:
            return False
        end = self.seen_ends.get(bare[-_SEEN:])
        return self._remember(self.seen_ends, bare[-_SEEN:], self._may_end) if end is None else end

    @staticmethod
    def _remember(seen: dict[str, bool], letters: str, test: Callable[[str], bool]) -> bool:
        if len(seen) > _MOST_SEEN:
            seen.clear()
        return seen.setdefault(letters, test(normalise(letters)))

    def _may_start(self, start: str) -> bool:
        return start[:KEY] in self.starts or start[:2] in self.starts or start[:1] in self.starts

    def _may_start_long(self, bare: str) -> bool:
        start = normalise(bare[: LONG_KEY + 8])
        for length, known in self.long_starts.items():  # noqa: SIM110 - a loop takes half the time of any()
            if start[:length] in known:
                return True
        return False

    def _may_end(self, end: str) -> bool:
        end = end.rstrip(AROUND)
        return end[-KEY:] in self.ends or end[-2:] in self.ends or end[-1:] in self.ends


@dataclass(slots=True)
class Phrases:
    """All languages' words in the form that lines are compared with."""

    attribution: Patterns = field(default_factory=Patterns)
    forwarded: Patterns = field(default_factory=Patterns)
    sent_from: Patterns = field(default_factory=Patterns)
    closing: Patterns = field(default_factory=Patterns)
    reply_above: Patterns = field(default_factory=Patterns)
    banner: Patterns = field(default_factory=Patterns)
    footer: Patterns = field(default_factory=Patterns)
    added: Patterns = field(default_factory=Patterns)
    """What devices and footers say, and "reply above" lines, to look all up at once."""
    ends: set[str] = field(default_factory=lambda: set(":：>-*_"))
    """The last letters of attributions."""
    labels: dict[str, str] = field(default_factory=dict)
    """A header label → which field it names."""

    def learn(self, words: Words) -> None:
        """Adds the words of one language."""
        for text in words.attribution:
            self.attribution.add(text)
            self.ends.update(text.strip()[-1:].strip("*"))
        for text in words.forwarded:
            self.forwarded.add(text.strip(RULE.replace("*", "")).rstrip(":："))
        for text in words.reply_above:
            self.reply_above.add(_undecorated(text))
            # One that begins with a star is a sentence of anybody's, unless signs stand around it.
            if not _undecorated(text).startswith("*"):
                self.added.add(_undecorated(text))
        for text in words.footer:
            self.footer.add(text if text.endswith("*") else f"{text}*")
            self.added.add(text if text.endswith("*") else f"{text}*")
        for text in words.sent_from:
            self.added.add(text)
        for kind in ("sent_from", "closing", "banner"):
            for text in getattr(words, kind):
                getattr(self, kind).add(text.strip("[]") if kind == "banner" else text.rstrip(".,!،"))
        labels = words.header_labels
        for name in ("sender", "to", "cc", "date", "subject"):
            self.labels.update(dict.fromkeys(map(label_key, getattr(labels, name)), name))


@lru_cache(maxsize=4096)
def label_key(label: str) -> str:
    """A header label as it is looked up: "*From* :" and "From" are one."""
    return normalise(label).strip(" *_:|#\"'")


def _undecorated(text: str) -> str:
    """A "reply above" line without the signs around it, its stars left."""
    inner = text.strip("#-=_~<>[]() ")
    return inner if inner.strip("* ") else text


def _phrases(words: Sequence[Words]) -> Phrases:
    phrases = Phrases()
    for one in words:
        phrases.learn(one)
    return phrases


phrases_of = WorkedOut(_phrases).of
"""The phrases of some words."""
