"""A mail as the rules see it: normalised words, each knowing where it stands in the mail."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from language.normalise import normalise

LIMIT = 20_000
"""Characters of a mail that are looked at."""
LONGEST_TOKEN = 200
STOP = "."
"""Stands between sentences, so that no phrase reaches across."""
TOKEN = re.compile(r"\S+|\n[ \t\r]*\n")
QUOTES = dict.fromkeys(map(ord, "'\"`´‘’‚“”„«»״׳"))
FINALS = str.maketrans("ךםןףץ", "כמנפצ")
ENDS = re.compile(r"[.!?؟؛;…]['\")\]»”]*$")
NOT_WORD = re.compile(r"[\W_]+")
RUNS = re.compile(r"([^\W\d])\1{2,}")
VERB = normalise("می")
"""The Persian verbal prefix, which people write apart, joined, or with a zero-width non-joiner."""
JOINED_VERB = re.compile(rf"^(ن?{VERB})(?=\w{{2}})")


@lru_cache(maxsize=65_536)
def _token(written: str) -> tuple[str, tuple[str, ...]]:
    """A token as patterns see it, and the words that phrases see."""
    plain = normalise(written[:LONGEST_TOKEN])
    words = [_word(word) for word in NOT_WORD.sub(" ", plain.translate(QUOTES)).split()]
    if ENDS.search(plain):
        words.append(STOP)
    return plain, tuple(part for word in words for part in word.split(" "))


def _word(word: str) -> str:
    word = RUNS.sub(r"\1", word).translate(FINALS)
    return JOINED_VERB.sub(r"\1 ", word)


def fold_phrase(written: str) -> tuple[str, ...]:
    """The words of a phrase, as they would stand in a folded mail."""
    words = [word for token in written.split() for word in _token(token)[1]]
    return tuple(word for word in words if word != STOP)


@dataclass(frozen=True)
class Folded:
    """Subject and text, token by token."""

    original: str
    subject_length: int
    tokens: tuple[tuple[int, int], ...]
    """Start and end of each token in the original."""
    plain: tuple[str, ...]
    words: tuple[str, ...]
    token_of: tuple[int, ...]
    """Which token each word is of."""

    @cached_property
    def line(self) -> str:
        """All words with one space before and after each."""
        return f" {' '.join(self.words)} "

    @cached_property
    def text(self) -> str:
        """The normalised text with its punctuation, which patterns look at."""
        return " ".join(self.plain)

    @cached_property
    def _word_starts(self) -> list[int]:
        return list(_starts(self.words, 1))

    @cached_property
    def _plain_starts(self) -> list[int]:
        return list(_starts(self.plain, 0))

    def word_at(self, position: int) -> int:
        """The word that covers a position of `line`."""
        return bisect_right(self._word_starts, position) - 1

    def token_at(self, position: int) -> int:
        """The token that covers a position of `text`."""
        return bisect_right(self._plain_starts, position) - 1

    def in_subject(self, token: int) -> bool:
        return self.tokens[token][0] < self.subject_length

    def as_written(self, first: int, last: int) -> str:
        """The tokens from first to last as they stand in the mail."""
        written = self.original[self.tokens[first][0] : self.tokens[last][1]]
        return " ".join(written.split()).strip(".,;:!?؟،؛…()[]\"'«»")[:LONGEST_TOKEN]


def _starts(parts: tuple[str, ...], position: int) -> Iterator[int]:
    for part in parts:
        yield position
        position += len(part) + 1


def fold(subject: str, text: str) -> Folded:
    """The first 20,000 characters of a mail, ready to be looked at."""
    original = (f"{subject}\n\n{text}" if subject else text)[:LIMIT]
    tokens: list[tuple[int, int]] = []
    plain: list[str] = []
    words: list[str] = []
    token_of: list[int] = []
    for match in TOKEN.finditer(original):
        written = match[0]
        normal, folded = ("", (STOP,)) if written[0] == "\n" else _token(written)
        token_of += [len(tokens)] * len(folded)
        words += folded
        tokens.append(match.span())
        plain.append(normal)
    return Folded(original, len(subject), tuple(tokens), tuple(plain), tuple(words), tuple(token_of))
