"""Why the rules say what they say of a mail: which rules hit, nearly hit or were set aside, and the sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.rules.classify import COMPLAINT_FIRST, FOREIGN, SMOOTHING, SUBJECT, decided
from cases.rules.fold import Folded, fold
from cases.rules.holding import Around
from cases.rules.matcher import RuleHit
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from store.kinds import CaseKind, Severity
from store.values import Hit, Verdict


@dataclass(frozen=True, slots=True)
class Spoke:
    """A rule that hit."""

    rule: str
    words: tuple[str, ...]
    says: str
    score: float
    notes: tuple[str, ...] = ()
    """What made it count more or less than its words alone."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A rule of which some lines held and others didn't."""

    rule: str
    held: tuple[tuple[str, tuple[str, ...]], ...]
    """Each line with its words."""
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A rule that found its words and does not count, or not with them."""

    rule: str
    words: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with everything that led to it."""

    text: str
    """The mail as patterns see it."""
    words: str
    """The mail as phrases see it; a dot ends each sentence."""
    verdict: Verdict
    spoke: tuple[Spoke, ...]
    missed: tuple[Missed, ...]
    suppressed: tuple[Suppressed, ...]
    kinds: Mapping[str, float]
    """The best score for each kind."""
    because: tuple[str, ...]
    """How the category was decided."""
    severity_because: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    """Each with its rule."""


def explained(subject: str, text: str, around: Around, rules: Rulebook) -> Explanation:
    """The verdict of the rules on a mail, explained."""
    mail = fold(subject, text)
    found = rules.engine.hits(mail, around)
    verdict = decided(found, around.language, rules)
    both = list(zip(found, verdict.hits, strict=True))
    kinds = _kinds(both, verdict, rules)
    return Explanation(
        text=mail.text,
        words=" ".join(mail.words),
        verdict=verdict,
        spoke=tuple(
            Spoke(hit.rule, hit.words, hit.says, hit.weight, tuple(_notes(of, around.language)))
            for of, hit in both
        ),
        missed=tuple(
            Missed(near.rule.name, tuple((line, _known(words)) for line, words in near.held), near.failed)
            for near in rules.engine.near_misses(mail, around)
            if any(_known(words) for _, words in near.held)
        ),
        suppressed=(*_covered(mail, rules), *_beaten(found, verdict, rules)),
        kinds=kinds,
        because=tuple(_because(found, verdict, kinds, rules)),
        severity_because=tuple(_severe(found, verdict, rules)),
        tags=tuple((tag, hit.rule.name) for hit in found for tag in hit.rule.says.tag),
    )


def _known(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))


def _notes(hit: RuleHit, language: str) -> Iterator[str]:
    if any(one.in_subject for one in hit.evidence):
        yield f"in the subject: counts {SUBJECT:g} times"
    if hit.language and language and hit.language != language:
        yield f"a rule for {hit.language} in a mail in {language}: counts {FOREIGN:g} times"
    if hit.rule.weight != 1:
        yield f"weight {hit.rule.weight:g}"


def _covered(mail: Folded, rules: Rulebook) -> Iterator[Suppressed]:
    """Rules whose words a longer phrase took, each words once."""
    told: dict[tuple[str, str], Suppressed] = {}
    for one in rules.engine.shadowed(mail):
        if one.rule.name != one.by.name:
            because = f"“{one.by_words}” of {one.by.name} is longer"
            told.setdefault((one.rule.name, one.words), Suppressed(one.rule.name, (one.words,), because))
    yield from told.values()


def _beaten(found: Sequence[RuleHit], verdict: Verdict, rules: Rulebook) -> Iterator[Suppressed]:
    """Rules whose category did not come into question at all."""
    named = [hit for hit in found if hit.rule.says.category]
    precise = {
        hit.rule.says.category for hit in named if not rules.categories[hit.rule.says.category].general
    }
    for hit in named:
        category = hit.rule.says.category
        words = _known([one.words for one in hit.evidence])
        kind = rules.categories[category].kind
        same_kind = {name for name in precise if rules.categories[name].kind is kind}
        if verdict.stopped and category != verdict.category:
            yield Suppressed(hit.rule.name, words, "another rule stops")
        elif rules.categories[category].general and same_kind:
            yield Suppressed(
                hit.rule.name,
                words,
                f"“{category}” is general: it counts only where nothing more precise was hit",
            )


def _kinds(both: Sequence[tuple[RuleHit, Hit]], verdict: Verdict, rules: Rulebook) -> dict[str, float]:
    """Each kind's best category, or best rule that speaks for the kind alone."""
    best: dict[str, float] = {}
    for name, score in verdict.scores.items():
        kind = rules.categories[name].kind.value
        best[kind] = max(best.get(kind, 0.0), score)
    for of, hit in both:
        if of.rule.says.kind and not of.rule.says.category:
            kind = of.rule.says.kind.value
            best[kind] = max(best.get(kind, 0.0), hit.weight)
    return best


def _because(
    found: Sequence[RuleHit], verdict: Verdict, kinds: Mapping[str, float], rules: Rulebook
) -> Iterator[str]:
    if verdict.stopped:
        stops = next(hit.rule for hit in found if hit.rule.says.stop)
        yield f"{stops.name} says stop: its category is taken, and no other is weighed"
        return
    if not kinds:
        yield f"no rule speaks for a category or a kind: {UNSURE}"
        return
    yield from _of_kind(kinds)
    yield from _of_category(verdict, rules)


def _of_kind(kinds: Mapping[str, float]) -> Iterator[str]:
    complaint = kinds.get(CaseKind.COMPLAINT.value, 0.0)
    others = {kind: score for kind, score in kinds.items() if kind != CaseKind.COMPLAINT.value}
    if not others:
        return
    other = max(others, key=others.__getitem__)
    if not complaint:
        yield f"kind {other}: nothing speaks for a complaint"
        return
    least = COMPLAINT_FIRST * others[other]
    wins = complaint >= least
    yield (
        f"kind {'complaint' if wins else other}: a complaint goes first from {COMPLAINT_FIRST:.0%} of the "
        f"best other on; it has {complaint:.2f}, and {other} has {others[other]:.2f}"
    )


def _of_category(verdict: Verdict, rules: Rulebook) -> Iterator[str]:
    named = {
        name: score for name, score in verdict.scores.items() if rules.categories[name].kind is verdict.kind
    }
    precise = {name: score for name, score in named.items() if not rules.categories[name].general}
    ranked = sorted((precise or named).items(), key=lambda item: -item[1])
    if not ranked:
        yield f"no rule speaks for a category of this kind: {UNSURE}"
        return
    (first, score), *rest = ranked
    second = rest[0][1] if rest else 0.0
    beside = f" + {second:.2f} of {rest[0][0]}" if rest else ""
    sure = score / (score + second + SMOOTHING)
    yield f"{first} leads: {score:.2f} of ({score:.2f}{beside} + {SMOOTHING:g} held against it) is {sure:.0%}"
    if verdict.category == UNSURE:
        yield f"that is less than unsure_below ({rules.unsure_below:.0%}): {UNSURE}, and a person decides"


def _severe(found: Sequence[RuleHit], verdict: Verdict, rules: Rulebook) -> Iterator[str]:
    own = rules.categories[verdict.category].severity
    order = list(Severity)
    yield f"the category {verdict.category} is {own.value}"
    for hit in found:
        severity = hit.rule.says.severity
        if severity and order.index(severity) > order.index(own):
            words = ", ".join(f"“{word}”" for word in _known([one.words for one in hit.evidence]))
            yield f"{hit.rule.name} says {severity.value}{': ' + words if words else ''}"
