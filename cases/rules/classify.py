"""What a mail is about: rules → hits → one verdict that can be explained.

Each rule that hits gives its category a score: its weight, times how much its words say (longer phrases say
more, further phrases add less and less), a third more in the subject, less than half for words of another
language.
The kind with the best score wins; complaints go first wherever a complaint speaks clearly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from cases.channels import Channel
from cases.rules.fold import Folded, fold
from cases.rules.holding import BARE_STRENGTH, Around
from cases.rules.matcher import RuleHit
from cases.rules.past import Past
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE, Category
from store.kinds import CaseKind, Severity
from store.values import Alarm, Attachment, Fact, Hit, Verdict

SUBJECT = 1.3
FOREIGN = 0.4
FURTHER = 0.6
"""What each further phrase of a rule adds, against the one before."""
SMOOTHING = 1.0
"""Evidence that is always held against the winner, so that one weak word is never sure."""
COMPLAINT_FIRST = 0.5
"""A complaint wins when its best score is at least this share of the best question or praise."""

Scores = Mapping[str, float]


def classify(
    *,
    subject: str,
    text: str,
    language: str,
    rulebook: Rulebook,
    headers: Sequence[tuple[str, str]] = (),
    sender: str = "",
    channel: str = Channel.MAIL,
    attachments: Sequence[Attachment] = (),
    facts: Sequence[Fact] = (),
    past: Past | None = None,
) -> Verdict:
    """The verdict on a mail, with the rules that hit. Looks at the first 20,000 characters.

    Where the customer's earlier cases (`past`) are not known, no rule that asks for them hits.
    """
    around = Around(language, headers, sender, channel, attachments, facts, past)
    return judged(fold(subject, text), around, rulebook)


def judged(mail: Folded, around: Around, rulebook: Rulebook) -> Verdict:
    """The verdict on a mail that was folded before."""
    return decided(rulebook.engine.hits(mail, around), around.language, rulebook)


def decided(hits: Sequence[RuleHit], language: str, rulebook: Rulebook) -> Verdict:
    """What the rules that hit a mail say together."""
    weighed = [(hit, _score(hit, language)) for hit in hits]
    scores = _by_category(weighed)
    kind, category, confidence = _decide(weighed, scores, rulebook)
    return Verdict(
        kind=kind,
        category=category,
        severity=_severity(hits, rulebook.categories[category]),
        language=language,
        confidence=round(confidence, 2),
        hits=tuple(_told(hit, score, rulebook.version) for hit, score in weighed),
        assign=_named(weighed, "assign").lower(),
        escalate=_named(weighed, "escalate"),
        tags=tuple(dict.fromkeys(tag for hit in hits for tag in hit.rule.says.tag)),
        alarms=tuple(_alarm(hit) for hit in hits if hit.rule.says.alert),
        rules=rulebook.version,
        scores=scores,
        stopped=any(hit.rule.says.stop for hit in hits),
    )


def _score(hit: RuleHit, language: str) -> float:
    strengths = [one.strength for one in hit.evidence] or [BARE_STRENGTH]
    if len(strengths) > 1:
        strengths.sort(reverse=True)
    score = sum(strength * FURTHER**rank for rank, strength in enumerate(strengths))
    if any(one.in_subject for one in hit.evidence):
        score *= SUBJECT
    if hit.language and language and hit.language != language:
        score *= FOREIGN
    return score * hit.rule.weight


def _decide(
    weighed: Sequence[tuple[RuleHit, float]], scores: Scores, rulebook: Rulebook
) -> tuple[CaseKind, str, float]:
    """Kind, category and confidence. A rule that stops decides alone."""
    for hit, _ in weighed:
        if hit.rule.says.stop:
            name = hit.rule.says.category
            return rulebook.categories[name].kind, name, 1.0
    kind = _kind(_by_kind(weighed, scores, rulebook)) or rulebook.categories[UNSURE].kind
    named = {name: score for name, score in scores.items() if rulebook.categories[name].kind is kind}
    category, confidence = _best(named, rulebook.categories)
    if not category or (kind is CaseKind.COMPLAINT and confidence < rulebook.unsure_below):
        return kind, UNSURE, confidence
    return kind, category, confidence


def _by_category(weighed: Sequence[tuple[RuleHit, float]]) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for hit, score in weighed:
        if hit.rule.says.category:
            scores[hit.rule.says.category] += score
    return dict(scores)


def _by_kind(
    weighed: Sequence[tuple[RuleHit, float]], scores: Scores, rulebook: Rulebook
) -> dict[CaseKind, float]:
    """Each kind's best category, or best rule that speaks for the kind alone."""
    best: dict[CaseKind, float] = defaultdict(float)
    for name, score in scores.items():
        kind = rulebook.categories[name].kind
        best[kind] = max(best[kind], score)
    for hit, score in weighed:
        if hit.rule.says.kind and not hit.rule.says.category:
            best[hit.rule.says.kind] = max(best[hit.rule.says.kind], score)
    return dict(best)


def _kind(best: Mapping[CaseKind, float]) -> CaseKind | None:
    """The kind of a mail, by each kind's best score; None when nothing speaks."""
    if not best:
        return None
    complaint = best.get(CaseKind.COMPLAINT, 0.0)
    others = max((score for kind, score in best.items() if kind is not CaseKind.COMPLAINT), default=0.0)
    if complaint and complaint >= COMPLAINT_FIRST * others:
        return CaseKind.COMPLAINT
    return max(best, key=lambda kind: (kind is not CaseKind.COMPLAINT, best[kind]))


def _best(scores: Scores, categories: Mapping[str, Category]) -> tuple[str, float]:
    """The category with the best score, and how sure it is; a general one only where no other was hit."""
    precise = {name: score for name, score in scores.items() if not categories[name].general}
    ranked = sorted((precise or scores).items(), key=lambda item: -item[1])
    if not ranked:
        return "", 0.0
    (name, score), *rest = ranked
    runner_up = rest[0][1] if rest else 0.0
    return name, score / (score + runner_up + SMOOTHING)


def _severity(hits: Sequence[RuleHit], category: Category) -> Severity:
    order = list(Severity)
    raised = [hit.rule.says.severity for hit in hits if hit.rule.says.severity]
    return max([category.severity, *raised], key=order.index)


def _named(weighed: Sequence[tuple[RuleHit, float]], line: str) -> str:
    """Whom the rule names on this line that speaks most strongly."""
    named = [(score, str(who)) for hit, score in weighed if (who := getattr(hit.rule.says, line))]
    return max(named, key=lambda item: item[0])[1] if named else ""


def _alarm(hit: RuleHit) -> Alarm:
    says = hit.rule.says
    return Alarm(says.alert.lower(), hit.rule.name, _words(hit), says.severity)


def _words(hit: RuleHit) -> tuple[str, ...]:
    """The words of the mail that made a rule hit, each once."""
    return tuple(dict.fromkeys(evidence.words for evidence in hit.evidence if evidence.words))


def _told(hit: RuleHit, score: float, version: str) -> Hit:
    says = hit.rule.says
    return Hit(hit.rule.name, _words(hit), says.told, round(score, 2), tags=says.tag, rules=version)
