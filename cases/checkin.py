"""Reading the answer to a check-in: one digit, or words (D21)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from language.normalise import ascii_digits, normalise
from language.words import Words

LOW = 2
"""A score up to this one reopens the case."""
LOWEST, HIGHEST = 1, 5
OF_FIVE = r"\s*(?:/|out of|of|von|sur|de|از|מתוך|من)\s*5"
STARS = r"\s*(?:stars?|ستاره|כוכבים|نجوم)\b"
DIGIT = re.compile(
    rf"[\s(*\"'\[\u200e\u200f\u202a-\u202e\u2066-\u2069]*([0-9])\ufe0f?\u20e3?(?:{OF_FIVE}|{STARS})?(?![0-9])",
    re.IGNORECASE,
)
AFTER_DIGIT = re.compile(r"[\s)*\"'\]]*[.,،;؛:!…–—-]+(?:\s+(?![0-9])|$)|[^\w/:%‰€$£₪﷼]*$")
SENTENCE = re.compile(r"([^\n.!,،؛;…]*)(?:[.!,،؛;…]+(?=\s|$)|\n|$)")
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
    """The answer that the text begins with, greetings aside; None when it begins otherwise.

    What follows a digit or a "no" is a comment. A "yes, but …" is no answer: a person must read it.
    """
    known = tuple(words)
    line, _, below = _without_greeting(text.strip(), known).partition("\n")
    score, rest = _by_digit(line, known) or _by_words(line, known)
    comment = _comment(f"{rest}\n{below}", known)
    if not score or (score > LOW and comment and not DIGIT.match(ascii_digits(line))):
        return None
    return Answer(score, comment)


def _without_greeting(text: str, words: tuple[Words, ...]) -> str:
    while text and (found := SENTENCE.match(text)) and found.end() and is_courtesy(found[1], words):
        text = text[found.end() :].lstrip()
    return text


def _by_digit(line: str, words: tuple[Words, ...]) -> tuple[int, str] | None:
    """The score and the rest of the line; None when no digit stands there as a score."""
    digit = DIGIT.match(ascii_digits(line))
    if not digit or int(digit[1]) > HIGHEST:
        return None
    rest = line[digit.end() :]
    after = AFTER_DIGIT.match(rest)
    if not after and not is_courtesy(rest, words):
        return None
    return max(int(digit[1]), LOWEST), rest[after.end() :] if after else ""


def _by_words(line: str, words: tuple[Words, ...]) -> tuple[int, str]:
    """The score of the whole line or of its first sentence, and the rest; 0 when neither is a phrase."""
    phrases = _phrases(words)
    first = SENTENCE.match(line)
    parts = [(line, "")] + ([(first[1], line[first.end() :])] if first else [])
    return next(((phrases[_folded(part)], rest) for part, rest in parts if _folded(part) in phrases), (0, ""))


def _phrases(words: tuple[Words, ...]) -> dict[str, int]:
    """Every phrase with its score; where languages disagree, the lowest."""
    scored = [(phrase, score) for one in words for score, group in one.scores.items() for phrase in group]
    scored += [(phrase, HIGHEST) for one in words for phrase in one.solved]
    scored += [(phrase, LOWEST) for one in words for phrase in one.not_solved]
    return {_folded(phrase): score for phrase, score in sorted(scored, key=lambda pair: -pair[1])}


def _comment(text: str, words: tuple[Words, ...]) -> str:
    """The lines that say more than thanks."""
    said = "\n".join(line.strip() for line in text.splitlines() if _folded(line))
    return "" if is_courtesy(said, words) else said


def is_courtesy(text: str, words: Iterable[Words]) -> bool:
    """Whether a mail says thanks and nothing else, so that it asks for nothing."""
    if re.search("[?؟]", text):
        return False
    known = {_folded(phrase) for language in words for phrase in language.courtesy}
    said = [sentence for part in re.split(r"[\n.!,،؛;]+", text) if (sentence := _folded(part))]
    return bool(said) and all(sentence in known for sentence in said)


def _folded(text: str) -> str:
    """Without punctuation, unless there is nothing else, as in a mail of one emoji."""
    folded = normalise(text)
    return " ".join(PUNCTUATION.sub(" ", folded).split()) or folded
