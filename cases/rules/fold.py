"""A mail as the rules see it: normalised words, each knowing where it stands in the mail."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import cast

from language.normalise import normalise, normalised_each

LIMIT = 20_000
"""Characters of a mail that are looked at."""
LONGEST_TOKEN = 200
STOP = "."
"""Stands between sentences, so that no phrase reaches across."""
TOKEN = re.compile(r"\S+|\n[ \t\r]*\n")
QUOTES = dict.fromkeys(map(ord, "'\"`´‘’‚“”„«»״׳"))
FINALS = str.maketrans("ךםןףץ", "כמנפצ")
ENDS = re.compile(r"[.!?؟؛;…]['\")\]»”]*$")
NOT_WORD = re.compile(r"[^\w\n]+|_+")
RUNS = re.compile(r"([^\W\d])\1{2,}")
VERB = normalise("می")
"""The Persian verbal prefix, which people write apart, joined, or with a zero-width non-joiner."""
JOINED_VERB = re.compile(rf"(?<!\S)(ن?{VERB})(?=\w{{2}})")
BETWEEN = "\n"
"""Between tokens that are folded together: none holds it, and nothing is folded across it."""
REMEMBERED = 32_768

Token = tuple[str, tuple[str, ...]]
"""A token as patterns see it, and the words that phrases see."""
_BREAK: Token = "", (STOP,)
_known: dict[str, Token] = {}


def _tokens(written: list[str]) -> list[Token]:
    """The tokens, folded; those that were met before are remembered."""
    found = list(map(_known.get, written))
    if all(found):
        return cast(list[Token], found)
    new = list(dict.fromkeys(one for one, known in zip(written, found, strict=True) if known is None))
    folded = dict(zip(new, _folded(new), strict=True))
    if len(_known) > REMEMBERED:
        _known.clear()
    _known.update((one, token) for one, token in folded.items() if len(one) <= LONGEST_TOKEN)
    return [known or folded[one] for one, known in zip(written, found, strict=True)]


def _folded(written: list[str]) -> Iterator[Token]:
    """Each token folded: all in one go, which takes a fifth of the time of one by one."""
    plain = normalised_each(["" if one[0] == "\n" else one[:LONGEST_TOKEN] for one in written])
    said = NOT_WORD.sub(" ", BETWEEN.join(plain).translate(QUOTES))
    said = JOINED_VERB.sub(r"\1 ", RUNS.sub(r"\1", said).translate(FINALS))
    for one, seen, words in zip(written, plain, said.split(BETWEEN), strict=True):
        if one[0] == "\n":
            yield _BREAK
        else:
            ends = ENDS.search(seen) is not None
            yield seen, (*words.split(), STOP) if ends else tuple(words.split())


def fold_ahead(texts: Iterable[str]) -> None:
    """Fold the words of many phrases in one go, so that each is known when it is asked for."""
    _tokens([word for text in texts for word in text.replace("*", " ").split()])


def fold_phrase(written: str) -> tuple[str, ...]:
    """The words of a phrase, as they would stand in a folded mail."""
    tokens = written.split()
    try:
        folded = [_known[one] for one in tokens]
    except KeyError:
        folded = _tokens(tokens)
    return tuple([word for _, words in folded for word in words if word != STOP])


@dataclass(frozen=True)
class Folded:
    """Subject and text, token by token."""

    original: str
    written: list[str]
    """The tokens as they stand in the mail."""
    of_subject: int
    """How many of them are the subject's."""
    folded: list[Token]
    words: list[str]

    @cached_property
    def tokens(self) -> list[tuple[int, int]]:
        """Start and end of each token in the original."""
        return [match.span() for match in TOKEN.finditer(self.original)]

    @cached_property
    def token_of(self) -> list[int]:
        """Which token each word is of."""
        return [number for number, (_, words) in enumerate(self.folded) for _ in words]

    @cached_property
    def line(self) -> str:
        """All words with one space before and after each."""
        return f" {' '.join(self.words)} "

    @cached_property
    def text(self) -> str:
        """The normalised text with its punctuation, which patterns look at."""
        return " ".join([plain for plain, _ in self.folded])

    @cached_property
    def _word_starts(self) -> list[int]:
        return _starts(self.words, 1)

    @cached_property
    def _plain_starts(self) -> list[int]:
        return _starts([plain for plain, _ in self.folded], 0)

    def word_at(self, position: int) -> int:
        """The word that covers a position of `line`."""
        return bisect_right(self._word_starts, position) - 1

    def token_at(self, position: int) -> int:
        """The token that covers a position of `text`."""
        return bisect_right(self._plain_starts, position) - 1

    def in_subject(self, token: int) -> bool:
        return token < self.of_subject

    def as_written(self, first: int, last: int) -> str:
        """The tokens from first to last as they stand in the mail."""
        written = self.written[first] if first == last else " ".join(self.written[first : last + 1])
        if "\n" in written:  # between paragraphs
            written = " ".join(written.split())
        return written.strip(".,;:!?؟،؛…()[]\"'«»")[:LONGEST_TOKEN]


def _starts(parts: list[str], first: int) -> list[int]:
    """Where each part begins in a line of all of them with one space between."""
    return list(accumulate((len(part) + 1 for part in parts), initial=first))[:-1]


def fold(subject: str, text: str) -> Folded:
    """The first 20,000 characters of a mail, ready to be looked at."""
    original = (f"{subject}\n\n{text}" if subject else text)[:LIMIT]
    written = TOKEN.findall(original)
    folded = _tokens(written)
    of_subject = len(TOKEN.findall(original[: len(subject)]))
    return Folded(original, written, of_subject, folded, [word for _, words in folded for word in words])
