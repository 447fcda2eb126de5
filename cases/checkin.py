"""Reading the answer to a check-in: one digit, or words (D21)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from language.normalise import ascii_digits, spoken
from language.words import Words

LOW = 2
"""A score up to this one reopens the case."""
LOWEST, HIGHEST, OF_TEN = 1, 5, 10
MARKS = r"[\s(*\"'\[\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
SCALE = r"\s*(?:/|out of|of|von|sur|de|از|מתוך|من)\s*(?P<scale>5|10)(?![0-9])"
STARS = r"\s*(?:stars?|ستاره|כוכבים|نجوم)\b"
NUMBER = re.compile(
    rf"{MARKS}(?P<number>10|[0-9])(?:[.,٫]5(?![0-9]))?\ufe0f?\u20e3?(?:{SCALE}|{STARS})?(?![0-9])",
    re.IGNORECASE,
)
DRAWN = re.compile(rf"{MARKS}((?:[⭐★🌟]\ufe0f?)+)☆*")
AFTER_NUMBER = re.compile(r"[\s)*\"'\]]*[.,،;؛:!…–—-]+(?:\s+(?![0-9])|$)|[^\w/:%‰€$£₪﷼]*$")
SENTENCE = re.compile(r"([^\n.!,،؛;…]*)(?:[.!,،؛;…]+(?=\s|$)|\n|$)")
SENTENCE_ENDS = re.compile(r"[\n.!,،؛;]+")


class Wish(StrEnum):
    """What a customer wants of check-ins themselves."""

    STOP = "stop"
    """To get none any more."""
    AGAIN = "again"
    """To get them again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A check-in's score from 1 to 5, what the customer wants of check-ins, and what they added."""

    score: int | None = None
    comment: str = ""
    wish: Wish | None = None

    @property
    def is_low(self) -> bool:
        """Whether the case is to be reopened."""
        return self.score is not None and self.score <= LOW


def read(text: str, words: Iterable[Words], names: Collection[str] = ()) -> Answer | None:
    """The answer that the text begins with, greetings aside; None when it begins otherwise.

    What follows a digit or a "no" is a comment. A "yes, but …" is no answer: a person must read it. So is a
    number above 5 with words, which may count something else. `names` are words that sign a mail, or that
    somebody is thanked by.
    """
    known = tuple(words)
    line, _, below = _without_greeting(text.strip(), known, names).partition("\n")
    score, rest, sure = _by_number(line, known, names) or _by_words(line, known)
    wish, comment = _wish(f"{rest if score else line}\n{below}", known)
    comment = _comment(comment, known, names)
    if score is None:
        return Answer(None, comment, wish) if _meant(line, _wishes(known)) else None
    if comment and not sure:
        return None
    return Answer(score, comment, wish)


def names_in(*names: str) -> frozenset[str]:
    """The words of names, to compare by."""
    found = (word for name in names for word in spoken(name).split())
    return frozenset(word for word in found if not word.isdigit())


def _without_greeting(text: str, words: tuple[Words, ...], names: Collection[str]) -> str:
    while text and (found := SENTENCE.match(text)) and found.end() and is_courtesy(found[1], words, names):
        text = text[found.end() :].lstrip()
    return text


def _by_number(
    line: str, words: tuple[Words, ...], names: Collection[str]
) -> tuple[int | None, str, bool] | None:
    """The score, the rest of the line, and whether words may follow; None when no score stands there."""
    plain = ascii_digits(line).replace("🔟", "10")
    found, drawn = NUMBER.match(plain), DRAWN.match(line)
    if found:
        number, scale = int(found["number"]), found["scale"]
        score, sure = _of_five(number, int(scale) if scale else None), bool(scale) or number <= HIGHEST
        rest = plain[found.end() :]
    elif drawn:
        score, sure = min(len(drawn[1].replace("\ufe0f", "")), HIGHEST), True
        rest = line[drawn.end() :]
    else:
        return None
    after = AFTER_NUMBER.match(rest)
    if not after and not _says_nothing(rest, words, names):
        return None
    said = line[len(line) - len(rest) :] if rest else ""
    return score, said[after.end() :] if after else "", sure


def _of_five(number: int, scale: int | None) -> int:
    """The score that a number stands for; of ten, two make one. A number above 5 is one of ten."""
    if scale == OF_TEN or (scale is None and number > HIGHEST):
        number = -(-number // 2)
    return min(max(number, LOWEST), HIGHEST)


def _by_words(line: str, words: tuple[Words, ...]) -> tuple[int | None, str, bool]:
    """The score of the whole line or of its first sentence, the rest, and whether words may follow."""
    for said, rest in _beginnings(line):
        phrase = spoken(said)
        scores = [one.answers[phrase] for one in words if phrase in one.answers]
        if scores:  # where languages disagree, the lowest
            return min(scores), rest, min(scores) <= LOW
    return None, "", False


def _beginnings(line: str) -> tuple[tuple[str, str], ...]:
    """The whole line, and its first sentence, each with what follows."""
    first = SENTENCE.match(line)
    return ((line, ""), (first[1], line[first.end() :])) if first else ((line, ""),)


def _wish(text: str, words: tuple[Words, ...]) -> tuple[Wish | None, str]:
    """What the customer wants of check-ins, in a line or a sentence of its own, and the text without it."""
    wishes, found, left = _wishes(words), None, []
    for line in text.split("\n"):
        meant = _meant(line, wishes)
        found = meant[0] if meant else found
        left.append(meant[1] if meant else line)
    return found, "\n".join(left)


def _meant(line: str, wishes: Mapping[str, Wish]) -> tuple[Wish, str] | None:
    """The wish that a line begins with, and the rest of it."""
    said = ((wishes.get(spoken(one)), rest) for one, rest in _beginnings(line))
    return next(((wish, rest) for wish, rest in said if wish), None)


def _wishes(words: tuple[Words, ...]) -> Mapping[str, Wish]:
    said = [(phrase, Wish.STOP) for one in words for phrase in one.stop_asking]
    said += [(phrase, Wish.AGAIN) for one in words for phrase in one.ask_again]
    return {spoken(phrase): wish for phrase, wish in said}


def _comment(text: str, words: tuple[Words, ...], names: Collection[str]) -> str:
    """The lines that say more than thanks and a name; those of a letter's end are none."""
    lines = [line.strip() for line in text.splitlines() if spoken(line)]
    while lines and _says_nothing(lines[-1], words, names):
        lines.pop()
    return "\n".join(lines)


def is_courtesy(text: str, words: Iterable[Words], names: Collection[str] = ()) -> bool:
    """Whether a mail says thanks and nothing else, so that it asks for nothing.

    It may say them to somebody, and sign: `names` are the words for that.
    """
    known = tuple(words)
    said = (_unsigned(sentence, names) for sentence in _sentences(text))
    return any(_is_polite(sentence, known) for sentence in said) and _says_nothing(text, known, names)


def _says_nothing(text: str, words: tuple[Words, ...], names: Collection[str]) -> bool:
    """Whether there is nothing in it but thanks, greetings and names."""
    if re.search("[?؟]", text):
        return False
    said = [_unsigned(sentence, names) for sentence in _sentences(text)]
    return bool(said) and all(not sentence or _is_polite(sentence, words) for sentence in said)


def _sentences(text: str) -> list[str]:
    return [sentence for part in SENTENCE_ENDS.split(text) if (sentence := spoken(part))]


def _is_polite(sentence: str, words: tuple[Words, ...]) -> bool:
    return any(sentence in language.courtesies for language in words)


def _unsigned(sentence: str, names: Collection[str]) -> str:
    """The sentence without the names at its end."""
    said = sentence.split()
    while said and said[-1] in names:
        said.pop()
    return " ".join(said)
