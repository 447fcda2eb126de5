"""Amounts of money that stand in running text. What could mean two amounts or two currencies is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from language.dates_in import without_prefix
from language.money import LONGEST, Money, is_currency, read_money
from language.normalise import normalise
from language.words import Words

REACH = 7
"""Words that an amount can take: "1 250 000 US dollars"."""
MOST = 30
"""Numbers of a text that are looked at, where a currency stands near."""
REMEMBERED, LONGEST_WORD = 4096, 40
"""Words that are remembered, and the letters of one at most."""
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"[\d.,'’٬٫،]+")
_BRACKETS = "()[]{}<>\"'«»“”„"
_AROUND = _BRACKETS + ".,;:!?،؛؟"


class AmountIn(NamedTuple):
    """An amount, and the words of the text that say it: the first, and the last."""

    first: int
    last: int
    money: Money


class Amounts:
    """Finds amounts by the words of some languages."""

    def __init__(self, words: Iterable[Words]) -> None:
        self._words = tuple(words)
        self._named = frozenset(
            name
            for one in self._words
            for name, meant in one.money.named.items()
            if any(is_currency(code) for code, _ in meant)
        )
        self._parts = frozenset(part for name in self._named for part in name.split())
        self._told: dict[str, bool] = {}
        """Of words that were met before, whether they may be of a currency's name."""

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_told": {}}

    def found(self, words: Sequence[str], language: str = "") -> Iterator[AmountIn]:
        """Each amount among the words of a text, in order; none of them overlap.

        A currency's name that two countries use is read as in the text's language, where that knows one.
        """
        behind = tried = 0
        for at, word in enumerate(words):
            if word.isalpha() or at < behind or tried >= MOST or not _DIGIT.search(word):
                continue
            if not any(map(self._is_part, words[max(behind, at - LONGEST) : at + REACH])):
                continue
            tried += 1
            first = self._start(words, behind, at)
            if found := self._read(words, first, language):
                behind = found.last + 1
                yield found

    def _is_part(self, word: str) -> bool:
        """Whether it may be of a currency's name; in "50€" it is glued to the number."""
        known = self._told.get(word)
        if known is not None:
            return known
        bare = _NUMBER.sub("", word).strip(_AROUND)
        told = bool(bare) and (normalise(bare) in self._parts or is_currency(bare))
        if len(word) <= LONGEST_WORD:
            if len(self._told) >= REMEMBERED:
                self._told.clear()
            self._told[word] = told
        return told

    def _start(self, words: Sequence[str], behind: int, at: int) -> int:
        """Where the amount begins: at its number, or at the currency before it."""
        for count in range(min(LONGEST, at - behind), 0, -1):
            name = " ".join(words[at - count : at]).strip(_AROUND)
            if normalise(name) in self._named or is_currency(name):
                return at - count
        return at

    def _read(self, words: Sequence[str], first: int, language: str) -> AmountIn | None:
        said = [without_prefix(word.strip(_BRACKETS)) for word in words[first : first + REACH]]
        read = read_money(" ".join(said), self._words, (language,) if language else ())
        if not isinstance(read, tuple) or not is_currency(read[0].currency):
            return None
        money, rest = read
        return AmountIn(first, max(first, first + len(said) - len(rest.split()) - 1), money)
