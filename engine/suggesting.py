"""`worker.py rules suggest`: phrases that would have caught what agents corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.rules.classify import judged
from cases.rules.fold import Folded, fold
from cases.rules.holding import Around
from cases.rules.proposing import Gathering, Judged, Proposal, Words, best
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from engine.progress import Progress
from engine.trying import Sample, around, given_from_outside
from reports.suggested import Place, Suggested, Suggestion
from store import openings as stored
from store.database import Database
from store.openings import EVER, Opening

MOST_CORRECTED = 5_000
"""Corrected mails that bring phrases forward, the newest."""
PHRASES = "phrases/{}/{}.yaml"


@dataclass(frozen=True, slots=True)
class Stored:
    """The mails that there are."""

    database: Database
    since: datetime = EVER

    def batches(self) -> Iterator[list[Opening]]:
        """All of them, the newest cases first, then what was given from outside."""
        yield from stored.openings(self.database, self.since)
        yield from given_from_outside(self.database, self.since)


def suggested(mails: Stored, rules: Rulebook, progress: Progress) -> Suggested:
    """What to add to the rules."""
    gathering = Gathering()
    seen = 0
    for batch in mails.batches():
        for one in batch:
            known = one.corrected in rules.categories and one.corrected != UNSURE
            if known and gathering.corrected < MOST_CORRECTED:
                mail = fold(one.subject, one.words)
                gathering.bring(mail, _judged(one, mail, rules))
    gathering.weigh()
    if gathering.missed:
        for batch in mails.batches():
            for one in batch:
                mail = fold(one.subject, one.words)
                gathering.count(mail, _judged(one, mail, rules))
            seen += len(batch)
            progress.step(len(batch))
    new = ((words, one) for words, one in gathering.proposals() if not _known(words, one, rules))
    return Suggested(
        mails=seen,
        corrected=gathering.corrected,
        missed=gathering.missed,
        proposals=tuple(Suggestion(one, *_place(one, rules)) for one in best(new)),
    )


def _judged(one: Opening, mail: Folded, rules: Rulebook) -> Judged:
    said = judged(mail, around(Sample(one)), rules).category
    return Judged(one.number, one.customer, one.language, one.meant, "" if said == UNSURE else said)


def _known(words: Words, one: Proposal, rules: Rulebook) -> bool:
    """Whether some rule says the same by these words already."""
    hits = rules.engine.hits(fold("", " ".join(words)))
    return any(hit.rule.says.category == one.category for hit in hits)


def _place(one: Proposal, rules: Rulebook) -> tuple[Place, tuple[str, ...]]:
    """Where the phrase belongs: the category's rule in the language's file, or a new rule there.

    And which rules have its words already, for other categories.
    """
    fitting = (
        written.rule.name
        for written in rules.written.value
        if written.language == one.language
        and written.rule.says.category == one.category
        and written.rule.when.phrase
    )
    rivals = dict.fromkeys(
        f"{hit.rule.name} ({hit.rule.says.category})"
        for hit in rules.engine.hits(fold("", one.phrase), Around(one.language))
        if hit.rule.says.category
    )
    return Place(PHRASES.format(one.language, one.category), next(fitting, "")), tuple(rivals)
