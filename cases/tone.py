"""The tone check of letters: what a person at a good company would write otherwise (D8 to D11).

It advises and never blocks; only what is still to be filled in keeps a draft from leaving.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.toning.addressing import is_other_language, other_sentences, wrong_name
from cases.toning.finding import Finding, Place, Written
from cases.toning.guide import Guide
from cases.toning.kinds import WHY, Check, Part
from cases.toning.letter import Letter
from cases.toning.loudness import emoji, exclamations, too_long
from cases.toning.parts import may_promise, missing
from cases.toning.placeholders import placeholders

__all__ = ["Finding", "Written", "findings"]
NOT_OURS = ("third-party", "customer")
PRAISE = "praise"
BY_WORDS = (Check.BLAME, Check.NON_APOLOGY, Check.BOILERPLATE, Check.CHEER, Check.STIFFNESS)
ORDER = {check: number for number, check in enumerate(Check)}


def findings(written: Written, guide: Guide) -> tuple[Finding, ...]:
    """What the letter has and should not have, or should have and has not; the worst first."""
    known = tuple(filter(None, (written.subject, written.name)))
    letter = Letter(written.text, guide, known, names=bool(written.name.strip()))
    found = [*_at(Check.PLACEHOLDER, letter, placeholders(letter))]
    if is_other_language(letter):
        # Its words can't be told by those of the language that it should be in.
        found.append(Finding(Check.WRONG_LANGUAGE, (0, len(written.text)), "", WHY[Check.WRONG_LANGUAGE]))
    else:
        found += _in_own_language(letter, written)
    return tuple(sorted(found, key=lambda one: (ORDER[one.check], one.where)))


def _in_own_language(letter: Letter, written: Written) -> Iterator[Finding]:
    yield from _at(Check.WRONG_LANGUAGE, letter, other_sentences(letter))
    yield from _at(Check.WRONG_NAME, letter, wrong_name(letter, written.name))
    for check in BY_WORDS:
        yield from _said(check, letter)
    if written.fault in NOT_OURS:
        yield from _said(Check.APOLOGY_NOT_OURS, letter)
    if written.kind == PRAISE:
        apologies = (letter.where(hit) for hit in letter.part(Part.APOLOGY))
        yield from _at(Check.APOLOGY_FOR_PRAISE, letter, apologies)
    if may_promise(written) and not letter.dated:
        yield from list(_said(Check.PROMISE_WITHOUT_DATE, letter))[:1]
    for part in missing(letter, written):
        yield _missing(letter, part)
    yield from _at(Check.CHEER, letter, (*exclamations(letter), *emoji(letter)))
    for start, end in too_long(letter):
        words = "" if (start, end) == (0, len(written.text)) else written.text[start:end].strip()
        better = letter.guide.better_of(Check.TOO_LONG)
        yield Finding(Check.TOO_LONG, (start, end), words, WHY[Check.TOO_LONG], better)


def _at(check: Check, letter: Letter, places: Iterable[Place]) -> Iterator[Finding]:
    better = letter.guide.better_of(check)
    for start, end in places:
        yield Finding(check, (start, end), letter.text[start:end].strip(), WHY[check], better)


def _said(check: Check, letter: Letter) -> Iterator[Finding]:
    for hit, better in letter.said(check):
        start, end = letter.where(hit)
        yield Finding(check, (start, end), letter.text[start:end], WHY[check], better)


def _missing(letter: Letter, part: Part) -> Finding:
    end = len(letter.text)
    why = WHY[Check.PROMISE_WITHOUT_DATE] if part is Part.DATE else WHY[Check.MISSING_PART]
    return Finding(Check.MISSING_PART, (end, end), "", why, letter.guide.parts[part].better, part)
