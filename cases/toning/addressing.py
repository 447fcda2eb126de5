"""Whom a letter greets, and in which language it speaks."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

from cases.rules.fold import fold_phrase
from cases.toning.letter import Letter
from language.detect import detect

LIKE = 3
"""Letters with which a short form of a name begins as the name does."""
ENOUGH = 40
"""Letters by which a language is known."""
SENTENCE, IN_ITS_SCRIPT = 30, 50
"""Letters of a sentence by which its language is known, and where the letter's own has the same script."""
FEWEST_WORDS = 5


def wrong_name(letter: Letter, name: str) -> Iterator[tuple[int, int]]:
    """The salutation, where it names somebody else than the customer. Two scripts can't be compared."""
    greeted, words = letter.greeted, fold_phrase(name)
    called = [*words, *("".join(pair) for pair in pairwise(words))]
    comparable = {_script(word) for word in greeted} & {_script(word) for word in called}
    if comparable and not any(_is_one(letter, word, called) for word in greeted):
        yield letter.salutation


def _is_one(letter: Letter, word: str, names: Sequence[str]) -> bool:
    return any(_same(core, name) for core in letter.guide.stems.cores(word) for name in names)


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= LIKE and long.startswith(short))


def _script(word: str) -> str:
    return next((_script_of(sign) for sign in word if sign.isalpha()), "")


@lru_cache(maxsize=1024)
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def is_other_language(letter: Letter) -> bool:
    """Whether the letter is in another language than it should be. What is short says nothing."""
    return _speaks(_own_text(letter, (0, len(letter.text))), letter.guide.language) is False


def other_sentences(letter: Letter) -> Iterator[tuple[int, int]]:
    """Stretches in another language than the letter's."""
    language, places = letter.guide.language, letter.sentences
    script = _main_script(_own_text(letter, (0, len(letter.text))))
    others = [_is_other(_own_text(letter, place), language, script) for place in places]
    for is_other, stretch in groupby(zip(places, others, strict=True), key=itemgetter(1)):
        if is_other:
            found = [place for place, _ in stretch]
            yield found[0][0], found[-1][1]


def _is_other(sentence: str, language: str, script: str) -> bool:
    if not _is_enough(sentence, SENTENCE):
        return False
    enough = IN_ITS_SCRIPT if _main_script(sentence) == script else SENTENCE
    return _speaks(sentence, language, enough) is False


def _speaks(text: str, language: str, enough: int = ENOUGH) -> bool | None:
    """Whether a text is of a language; None where that can't be told."""
    found = detect(text) if _is_enough(text, enough) else ""
    return found == language if found else None


def _is_enough(text: str, letters: int) -> bool:
    """Whether a text has as many letters, and enough words, for its language to be known."""
    return (
        len(text) >= letters and len(text.split()) >= FEWEST_WORDS and sum(map(str.isalpha, text)) >= letters
    )


def _own_text(letter: Letter, place: tuple[int, int]) -> str:
    start, end = place
    tokens = letter.folded.tokens
    first = bisect_left(tokens, start, key=itemgetter(0))
    last = bisect_right(tokens, end, lo=first, key=itemgetter(1))
    within = zip(tokens[first:last], letter.own[first:last], strict=True)
    return " ".join(letter.text[a:b] for (a, b), own in within if own)


def _main_script(text: str) -> str:
    scripts = [_script(word) for word in text.split()]
    return max(set(scripts), key=scripts.count, default="")
