"""A mail as a model sees it: counted runs of letters, and what the rules said.

Runs of two to five letters within a word, its borders included, carry over endings, prefixes and typing
errors in every script, and need no dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from language.normalise import normalise

SHORTEST, LONGEST = 2, 5
LIMIT = 1_500
"""Characters of a mail that are looked at: people say early what they write about."""
LONGEST_WORD = 40
RULE = "\n"
"""Begins the terms that stand for what the rules said; no word has a line end in it."""

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+|[!?؟]")


def words_of(subject: str, text: str) -> list[str]:
    """The normalised words of a mail, its subject first. Addresses are left out, digits are all the same."""
    plain = _ADDRESS.sub(" ", f"{subject}\n{text}"[:LIMIT])
    return [word[:LONGEST_WORD] for word in _WORD.findall(_DIGIT.sub("0", normalise(plain)))]


def runs(word: str) -> Iterable[str]:
    """The runs of letters of a word, with a space for each of its borders."""
    padded = f" {word} "
    size = len(padded)
    for length in range(SHORTEST, LONGEST + 1):
        if size <= length:
            yield padded
            return
        for start in range(size - length + 1):
            yield padded[start : start + length]


def terms_of(words: Iterable[str]) -> Counter[str]:
    """How often each run of letters stands in these words."""
    return Counter(run for word in words for run in runs(word))


def rule_terms(scores: Mapping[str, float]) -> dict[str, float]:
    """What the rules said, by category, as terms between 0 and 1."""
    return {RULE + name: score / (score + 1) for name, score in scores.items() if score > 0}
