"""Reading the answer to a check-in: one digit, or words (D21)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from language.normalise import normalise
from language.words import Words

LOW = 2
"""A score up to this one reopens the case."""
LOWEST, HIGHEST = 1, 5
DIGIT = re.compile(r"(\d)\s*(?:$|[/.,;:!)…–—-]|(?:out of|stars?|von|sur|de|از|מתוך|من)\b)")
PUNCTUATION = re.compile(r"[^\w\s]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """A check-in's score from 1 to 5, and what the customer added."""

    score: int
    comment: str = ""

    @property
    def is_low(self) -> bool:
        """Whether the case is to be reopened."""
        return self.score <= LOW


def read(text: str, words: Iterable[Words]) -> Answer | None:
    """The answer that stands in the first line of the text; None when it is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    line, comment = normalise(lines[0]), "\n".join(lines[1:])
    digit = DIGIT.match(line)
    if digit:
        score = int(digit[1])
        return Answer(max(score, LOWEST), comment) if score <= HIGHEST else None
    score = _by_words(_bare(line), words)
    return Answer(score, comment) if score else None


def _by_words(line: str, words: Iterable[Words]) -> int:
    known = list(words)
    phrases = [(phrase, LOWEST) for language in known for phrase in language.not_solved]
    phrases += [(phrase, HIGHEST) for language in known for phrase in language.solved]
    phrases += [(p, score) for language in known for score, group in language.scores.items() for p in group]
    return next((score for phrase, score in phrases if _bare(normalise(phrase)) == line), 0)


def is_courtesy(text: str, words: Iterable[Words]) -> bool:
    """Whether a mail says thanks and nothing else, so that it asks for nothing."""
    known = {_bare(normalise(phrase)) for language in words for phrase in language.courtesy}
    sentences = [_bare(normalise(part)) for part in re.split(r"[\n.!,،؛;]+", text)]
    said = [sentence for sentence in sentences if sentence]
    return bool(said) and all(sentence in known for sentence in said)


def _bare(text: str) -> str:
    return " ".join(PUNCTUATION.sub(" ", text).split())
