"""The parts of a letter (D8): which ones it should have, and which ones it has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cases.rules.fold import fold_phrase
from cases.toning.finding import Written
from cases.toning.kinds import OF_KIND, TO_A_QUESTION, Check, Part
from cases.toning.letter import MARKS, Letter
from cases.toning.sharing import takes_up
from language.normalise import normalise

OURS = "ours"
ADDRESS = re.compile(
    r"@\w[^@\s]+|(?:https?://|www\.)\S+"
    r"|(?<![0-9٠-٩۰-۹])\+?[0-9٠-٩۰-۹][0-9٠-٩۰-۹ ()-]{5,}[0-9٠-٩۰-۹]"
)
"""A mail address, a name on another service, a page or a telephone number."""
NUMBER = re.compile(r"(?!19|20|13|14)\d{4}|\d{3}|\d{5,7}")
LAST = 3
"""Sentences at the end of a letter in which a number is one to call."""
SHORTEST_ANSWER = 4
"""Words of a sentence that may be the answer to a question."""


def missing(letter: Letter, written: Written) -> Iterator[Part]:
    """The parts that the letter should have and has not."""
    wanted = _wanted(written)
    return (part for part in Part if part in wanted and not _has(letter, part, written))


def may_promise(written: Written) -> bool:
    """Whether the letter is one that says what will be done: not thanks for praise, no mere question."""
    return bool(_parts_of(written) & {Part.PLAN, Part.DATE})


def _parts_of(written: Written) -> frozenset[Part]:
    usual = OF_KIND.get(written.kind, TO_A_QUESTION)
    return usual if written.parts is None else frozenset(map(Part, written.parts))


def _wanted(written: Written) -> frozenset[Part]:
    wanted = _parts_of(written)
    return wanted if written.fault == OURS else wanted - {Part.APOLOGY}


def _has(letter: Letter, part: Part, written: Written) -> bool:
    if part is Part.DATE:
        return letter.dated
    hits = letter.part(part)
    if part is Part.APOLOGY:
        shams = [sham for sham, _ in letter.said(Check.NON_APOLOGY)]
        return any(not any(hit.touches(sham) for sham in shams) for hit in hits)
    if hits:
        return True
    if part is Part.UNDERSTANDING:
        return not written.words.strip() or takes_up(letter, written.words, written.facts)
    if part is Part.CONTACT:
        return ADDRESS.search(letter.text) is not None or _ends_with_a_number(letter)
    return part is Part.PLAN and (letter.dated or (written.kind not in OF_KIND and _answers(letter)))


def _ends_with_a_number(letter: Letter) -> bool:
    """Whether a number that is neither an amount nor a year stands at the end, such as an extension."""
    start = letter.sentences[-LAST:][0][0] if letter.sentences else 0
    words = normalise(letter.text[start:]).split()
    for before, word, behind in zip(["", *words], words, [*words[1:], ""], strict=False):
        around = {part for one in (before, word, behind) for part in fold_phrase(one)}
        if NUMBER.fullmatch(word.strip(MARKS)) and not around & letter.guide.currencies:
            return True
    return False


def _answers(letter: Letter) -> bool:
    """Whether some sentence neither thanks nor apologises nor says whom to turn to: it may be the answer."""
    formal = {
        letter.sentence_of[hit.first]
        for part in (Part.THANKS, Part.APOLOGY, Part.CONTACT)
        for hit in letter.part(part)
    }
    said = [letter.sentence_of[token] for token in letter.folded.token_of if letter.own[token]]
    return any(said.count(sentence) >= SHORTEST_ANSWER for sentence in set(said) - formal)
