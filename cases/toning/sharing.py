"""Whether a letter takes up what the customer told: shared words, a number, a fact (D8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from cases.rules.fold import STOP, fold, fold_phrase
from cases.toning.guide import Guide
from cases.toning.kinds import Check
from cases.toning.letter import Letter

ENOUGH = 2
"""Things of which a letter must speak as the customer did, where that was of many."""
FEW = 12
"""So few things that a customer writes of that one of them is enough."""
SHORTEST = 2
"""Digits of a number that says something."""
SHORTEST_FACT = 3
MOST = 250
"""Different words that are looked at."""
TELLING = 18
"""Words that say something, of which only a letter about one case has so many: what customers tell in words
of their own can be told again in others."""


def takes_up(letter: Letter, words: str, facts: Sequence[str]) -> bool:
    """Whether the writer's own words tell of this very case."""
    own = [
        word
        for token, word in zip(letter.folded.token_of, letter.folded.words, strict=True)
        if letter.tells[token] and word != STOP
    ]
    if any(_stands_in(fold_phrase(one), own) for fact in facts for one in fact.split(", ")):
        return True
    asked, said = (_content(one, letter.guide) for one in (_words(words), own))
    if any(word.isdecimal() for word in asked & said):
        return True
    stems = letter.guide.stems
    written = {key for word in said for key in stems.keys(word)}
    themes = _themes([stems.keys(word) for word in sorted(asked)])
    if sum(1 for keys in themes if keys & written) >= (ENOUGH if len(themes) > FEW else 1):
        return True
    return len(said - _hollow(letter)) >= TELLING


def _hollow(letter: Letter) -> set[str]:
    """The words of sentences that would suit any case."""
    hollow = {letter.sentence_of[hit.first] for hit, _ in letter.said(Check.BOILERPLATE)}
    places = zip(letter.folded.token_of, letter.folded.words, strict=True)
    return {word for token, word in places if letter.sentence_of[token] in hollow}


def _themes(words: Iterable[set[str]]) -> list[set[str]]:
    """What the words are about: those that mean the same count once."""
    themes: list[set[str]] = []
    for keys in words:
        near = [one for one in themes if one & keys]
        themes = [one for one in themes if not one & keys] + [keys.union(*near)]
    return themes


def _words(text: str) -> list[str]:
    return [word for word in fold("", text).words if word != STOP]


def _content(words: Iterable[str], guide: Guide) -> set[str]:
    """The words that say something about a case; of a long text those of its beginning."""
    found: set[str] = set()
    for word in islice(dict.fromkeys(words), MOST):
        says = len(word) >= SHORTEST if word.isdecimal() else len(word) > 1
        if says and not guide.stems.cores(word) & guide.common:
            found.add(word)
    return found


def _stands_in(part: Sequence[str], words: Sequence[str]) -> bool:
    if not part or len("".join(part)) < SHORTEST_FACT:
        return False
    return any(tuple(words[at : at + len(part)]) == tuple(part) for at in range(len(words) - len(part) + 1))
