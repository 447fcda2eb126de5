"""What an agent is told of a draft's tone: few lines, the worst first. It advises and never blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cases.saying import Say
from cases.toning.finding import Finding, Written
from cases.toning.kinds import Check, Part

MOST = 5
"""Lines of a mail."""
MOST_OF_ONE = 2
"""Lines about words of one sort; missing parts are told all."""
LONGEST = 80
"""Signs of the letter's words that a line repeats."""
SAID: Mapping[Check, Say] = {
    Check.PLACEHOLDER: Say("tone-placeholder"),
    Check.WRONG_NAME: Say("tone-wrong-name"),
    Check.WRONG_LANGUAGE: Say("tone-wrong-language"),
    Check.BLAME: Say("tone-blame"),
    Check.NON_APOLOGY: Say("tone-non-apology"),
    Check.APOLOGY_NOT_OURS: Say("tone-apology-not-ours"),
    Check.APOLOGY_FOR_PRAISE: Say("tone-apology-for-praise"),
    Check.PROMISE_WITHOUT_DATE: Say("tone-promise-without-date"),
    Check.MISSING_PART: Say("tone-missing-part"),
    Check.BOILERPLATE: Say("tone-boilerplate"),
    Check.CHEER: Say("tone-cheer"),
    Check.STIFFNESS: Say("tone-stiffness"),
    Check.TOO_LONG: Say("tone-too-long"),
}


def advice(found: Iterable[Finding], written: Written) -> tuple[Say, ...]:
    """A line for each of the worst findings: what, the words in question, a better wording."""
    return tuple(said(one, written) for one in _worst(found))[:MOST]


def said(finding: Finding, written: Written) -> Say:
    """One finding in a line."""
    values = {"words": _short(finding.words), "better": finding.better}
    if finding.part:
        values = {"part": finding.part.value, "better": finding.better}
    elif finding.check is Check.WRONG_NAME:
        values = {"words": values["words"], "name": written.name}
    elif finding.check is Check.WRONG_LANGUAGE:
        values = {"words": values["words"], "language": written.language}
    return replace(SAID[finding.check], values=values)


def _worst(found: Iterable[Finding]) -> Iterator[Finding]:
    """Each stretch of the letter once, by the worst that can be said of it."""
    told: list[Finding] = []
    for one in found:
        again = any(_touch(one, other) for other in told)
        many = one.part is None and [other.check for other in told].count(one.check) >= MOST_OF_ONE
        # Who promises something without a day knows already that no day is given.
        implied = one.part is Part.DATE and any(other.check is Check.PROMISE_WITHOUT_DATE for other in told)
        if not (again or many or implied):
            told.append(one)
            yield one


def _touch(one: Finding, other: Finding) -> bool:
    if not (one.words and other.words):
        return False
    return one.where[0] < other.where[1] and other.where[0] < one.where[1]


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rsplit(maxsplit=1)[0]} …"
