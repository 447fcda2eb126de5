"""What there is to learn from, gathered and learned. Only the process that trains imports this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases.rules.classify import classify
from cases.rules.conditions import Conditions
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from language.detect import detect, likely
from learning.calibration import PRECISION, Quality
from learning.fit import Learned, fit
from learning.keeping import kept
from learning.model import ANY, NEVER
from learning.samples import ENOUGH_SAMPLES, Sample, Source
from learning.suggesting import level_of
from learning.terms import words_of
from store import corrections, learned
from store.corrections import Said
from store.database import Database
from store.values import Verdict

MOST = 5_000
"""Stored mails that are learned from beside the corrections: the newest."""
MOST_CORRECTIONS = 20_000
ALL = "all"
"""Stands for every language in figures."""


def train(
    database: Database, rulebook: Rulebook, now: datetime, precision: float = PRECISION
) -> dict[str, Any]:
    """Make a model of all that there is and keep it; what was learned, by language.

    Nothing is kept where there was too little to learn from, or where something was forgotten meanwhile.
    """
    with database.read() as session:
        forgotten = learned.forgotten(session)
        cases = learned.standing(session).cases
        samples = gathered(session, rulebook)
    made = fit(samples, rulebook.unsure_below, precision)
    figures = figures_of(samples, made, rulebook.unsure_below)
    with database.write() as session:
        stale = learned.forgotten(session) != forgotten
        if made and not stale:
            values = {
                "version": made.model.version,
                "made_at": now,
                "rules_version": rulebook.version,
                "corrections": made.model.corrections,
                "cases": cases,
                "figures": figures,
            }
            learned.keep(session, values, kept(made.model))
        learned.ended(session, now, failed=False)
    return {"version": made.model.version if made and not stale else "", "figures": figures}


def gathered(session: Session, rulebook: Rulebook) -> list[Sample]:
    """What people said, what they let stand, and, of many mails, what the rules are sure of."""
    said = corrections.corrections(session)[-MOST_CORRECTIONS:]
    found = [_sample(one, Source.CORRECTION, rulebook) for one in said]
    approved = [one for one in corrections.approvals(session, MOST) if one.category != UNSURE]
    found += [_sample(one, Source.APPROVAL, rulebook) for one in approved]
    others = corrections.others(session, MOST - len(approved)) if len(approved) < MOST else []
    if len(others) + len(found) >= ENOUGH_SAMPLES:
        found += _sure(others, rulebook)
    found = [one for one in found if one.words]
    return [*found, *of_rule_files(rulebook, found)]


def of_rule_files(rulebook: Rulebook, mails: Iterable[Sample]) -> Iterable[Sample]:
    """Phrases and examples of the rules: the words by which an admin knows what these mails are about.

    Of no other categories and languages than the mails are of: what nobody has spoken of is not suggested.
    """
    mails = list(mails)
    named, languages = {one.category for one in mails}, {one.language for one in mails}
    for rule, language in rulebook.written.value:
        category = rule.says.category
        if category not in named - {"", UNSURE} or language not in languages | {""}:
            continue
        kind = rulebook.categories[category].kind.value
        for number, text in enumerate((*_phrases(rule.when), *rule.examples.match)):
            words = tuple(words_of("", text.replace("*", " ")))
            yield Sample(f"rule/{rule.name}/{number}", words, language, category, kind, Source.FILES)


def _phrases(when: Conditions) -> Iterator[str]:
    yield from when.phrase
    for inner in (*when.all, *when.any):
        yield from _phrases(inner)


def _sure(others: Iterable[Said], rulebook: Rulebook) -> Iterable[Sample]:
    """What the rules are sure of, though nobody has said whether they are right."""
    for one in others:
        sample = _sample(one, Source.RULES, rulebook)
        if sample.category != UNSURE and sample.rules_confidence >= rulebook.unsure_below:
            yield sample


def _sample(said: Said, source: Source, rulebook: Rulebook) -> Sample:
    verdict = _verdict(said, rulebook)
    by_rules = source is Source.RULES
    return Sample(
        id=said.key,
        words=tuple(words_of(said.subject, said.text)),
        language=verdict.language,
        category=verdict.category if by_rules else said.category,
        kind=verdict.kind.value if by_rules else said.kind,
        source=source,
        scores=verdict.scores,
        rules_category=verdict.category,
        rules_kind=verdict.kind.value,
        rules_confidence=verdict.confidence,
        rules_stop=verdict.stopped,
    )


def _verdict(said: Said, rulebook: Rulebook) -> Verdict:
    """What today's rules say of a mail."""
    words = rulebook.words
    language = said.language or detect(said.text, words) or detect(said.subject, words)
    return classify(
        subject=said.subject,
        text=said.text,
        language=language or likely(f"{said.subject} {said.text}"),
        rulebook=rulebook,
        sender=said.sender,
    )


def figures_of(samples: Iterable[Sample], made: Learned | None, unsure_below: float) -> list[dict[str, Any]]:
    """What was learned from and how good it is on what was held back, over all and by language."""
    samples = list(samples)
    people = [one for one in samples if one.source.is_people]
    languages = sorted({one.language for one in people if one.language})
    return [_figures(one, samples, made, unsure_below) for one in (ANY, *languages)]


def _figures(
    language: str, samples: list[Sample], made: Learned | None, unsure_below: float
) -> dict[str, Any]:
    some = [one for one in samples if language in (ANY, one.language)]
    counts = {source: sum(one.source is source for one in some) for source in Source}
    figures: dict[str, Any] = {
        "language": language or ALL,
        "corrections": counts[Source.CORRECTION],
        "approvals": counts[Source.APPROVAL],
        "by_rules": counts[Source.RULES],
    }
    if made is None:
        return {**figures, "speaks": False}
    model = made.model
    threshold = model.category.threshold(language)
    return {
        **figures,
        "speaks": threshold < NEVER,
        "rules_decide_from": round(level_of(model.decides, language, unsure_below), 2),
        **_of(made.rules, language, "rules_"),
        **_of(made.category, language, ""),
        **_of(made.kind, language, "kind_"),
        "threshold": round(threshold, 3) if threshold < NEVER else None,
    }


def _of(found: Mapping[str, Quality], language: str, prefix: str) -> dict[str, Any]:
    one = found.get(language, Quality(0, 0, 0))
    said = one.spoken > 0
    return {
        f"{prefix}held_back": one.tried,
        f"{prefix}precision": round(one.precision, 3) if said else None,
        f"{prefix}coverage": round(one.coverage, 3),
    }
