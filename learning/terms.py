"""A mail as a model sees it: the runs of letters of its words, and what the rules said.

Runs of three to five letters within a word, its borders included, carry over endings, prefixes and typing
errors in every script, and need no dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from language.normalise import normalise

SHORTEST, LONGEST = 3, 5
LIMIT = 1_500
"""Characters of a mail that are looked at: people say early what they write about."""
LONGEST_WORD = 40
RULE = "\n"
"""Begins the terms that stand for what the rules said; no word has a line end in it."""
CHOSEN = RULE + RULE
"""Begins the term of the category that the rules chose."""

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


class Heard(NamedTuple):
    """What the rules said of a mail."""

    scores: Mapping[str, float] = {}
    """By category."""
    category: str = ""
    confidence: float = 0.0


NOTHING = Heard()


def terms_of(word: str) -> Iterable[str]:
    """The runs of letters of a word, each once."""
    return dict.fromkeys(runs(word))


def rule_terms(heard: Heard) -> dict[str, float]:
    """What the rules said as terms between 0 and 1: each category's share, and the one that they chose.

    What share of all that was said for anything it has tells more than how much was said for it.
    """
    whole = sum(heard.scores.values()) + 1
    said = {RULE + name: score / whole for name, score in heard.scores.items() if score > 0}
    if heard.category in heard.scores:
        said[CHOSEN + heard.category] = heard.confidence
    return said
