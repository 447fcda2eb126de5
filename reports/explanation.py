"""What `explain` prints: a mail as the rules see it, what each says, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.rules.explaining import Explanation, Missed
from language.direction import printable
from reports.quoting import quoted, shown
from store.values import Fact, Verdict

BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"
LONGEST = 600
"""Characters of the text that a terminal gets; --json has all."""
MOST = 12


@dataclass(frozen=True, slots=True)
class Routing:
    """Who could get the case, and why."""

    to: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Then:
    """What was decided when the case was opened."""

    category: str
    kind: str
    severity: str
    rules: str
    """The version of the rules then; "" where it was not written down."""
    hits: tuple[str, ...]
    corrected: str
    """The category that a person gave it; "" where nobody did."""
    assignee: str

    def same(self, verdict: Verdict) -> bool:
        """Whether today's verdict is the same."""
        return (self.category, self.kind, self.severity) == (
            verdict.category,
            verdict.kind.value,
            verdict.severity.value,
        )


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything that can be said about a mail's verdict."""

    number: int | None
    subject: str
    explanation: Explanation
    verdict: Verdict
    """With what was learned from corrections."""
    facts: tuple[Fact, ...]
    learned: str
    routing: Routing
    rules: str
    notes: tuple[str, ...] = ()
    then: Then | None = None

    def beside(self, then: Then) -> Whole:
        """The same beside what was decided then."""
        return replace(self, then=then)


def as_json(whole: Whole) -> dict[str, Any]:
    """For programs."""
    found, verdict = whole.explanation, whole.verdict
    return {
        "case": whole.number,
        "subject": whole.subject,
        "language": verdict.language,
        "rules": whole.rules,
        "text": found.text,
        "words": found.words,
        "hits": [
            {
                "rule": one.rule,
                "words": list(one.words),
                "says": one.says,
                "score": one.score,
                "notes": list(one.notes),
            }
            for one in found.spoke
        ],
        "missed": [
            {
                "rule": one.rule,
                "held": [{"line": line, "words": list(words)} for line, words in one.held],
                "failed": list(one.failed),
            }
            for one in found.missed
        ],
        "suppressed": [
            {"rule": one.rule, "words": list(one.words), "because": one.because} for one in found.suppressed
        ],
        "scores": {"categories": dict(verdict.scores), "kinds": dict(found.kinds)},
        "category": verdict.category,
        "kind": verdict.kind.value,
        "confidence": verdict.confidence,
        "because": list(found.because),
        "severity": verdict.severity.value,
        "severity_because": list(found.severity_because),
        "tags": [{"tag": tag, "rule": rule} for tag, rule in found.tags],
        "alerts": [{"to": one.to, "rule": one.rule} for one in verdict.alarms],
        "facts": [{"name": one.name, "value": one.value, "words": one.as_written} for one in whole.facts],
        "learned": whole.learned,
        "routing": {"to": list(whole.routing.to), "because": whole.routing.because},
        "notes": list(whole.notes),
        "then": _then_json(whole.then, verdict) if whole.then else None,
    }


def _then_json(then: Then, verdict: Verdict) -> dict[str, Any]:
    return {
        "category": then.category,
        "kind": then.kind,
        "severity": then.severity,
        "rules": then.rules,
        "hits": list(then.hits),
        "corrected": then.corrected,
        "assignee": then.assignee,
        "same": then.same(verdict),
    }


def text(whole: Whole, *, colours: bool) -> str:
    """For a terminal."""
    found = whole.explanation
    parts: Iterable[tuple[str, Iterable[str]]] = (
        ("As the rules see it", _seen(whole)),
        ("Rules that hit", _spoke(whole)),
        ("Rules that nearly hit", _missed(found.missed)),
        ("Rules that do not count", _suppressed(whole)),
        ("Scores", _scores(whole)),
        ("Decision", _decision(whole)),
        ("Severity", [whole.verdict.severity.value, *found.severity_because]),
        ("Tags", [f"{tag}, by {rule}" for tag, rule in found.tags]),
        ("Alerts", [f"{one.to} is mailed at once, by {one.rule}" for one in whole.verdict.alarms]),
        ("Facts", [f"{one.name}: {one.value} ({quoted([one.as_written])})" for one in whole.facts]),
        ("Learned from corrections", [whole.learned]),
        ("Who gets it", [", ".join(whole.routing.to) or "nobody", whole.routing.because]),
        ("Then and now", _then(whole)),
        ("Notes", [printable(note) for note in whole.notes]),
    )
    lines = [_bold(_title(whole), colours=colours)]
    for title, told in parts:
        body = list(told)
        if body:
            lines += ["", _bold(title, colours=colours), *(f"  {line}".rstrip() for line in body)]
    return "\n".join(lines)


def _bold(line: str, *, colours: bool) -> str:
    return f"{BOLD}{line}{PLAIN}" if colours else line


def _title(whole: Whole) -> str:
    name = f"Case {whole.number}: " if whole.number else ""
    return f"{name}{shown(whole.subject) or 'no subject'}"


def _seen(whole: Whole) -> Iterator[str]:
    seen = printable(whole.explanation.text)
    more = f" … ({len(seen) - LONGEST} characters more; --json has all)" if len(seen) > LONGEST else ""
    yield shown(seen, LONGEST) + more
    yield f"language {whole.verdict.language or 'unknown'}; rules of version {whole.rules}"


def _spoke(whole: Whole) -> Iterator[str]:
    if not whole.explanation.spoke:
        yield "none"
    for one in whole.explanation.spoke:
        words = quoted(one.words)
        score = f" ({one.score:g})" if one.score else ""
        yield f"{one.rule}{': ' + words if words else ''} → {one.says or 'nothing'}{score}"
        yield from (f"  {note}" for note in one.notes)


def _missed(missed: tuple[Missed, ...]) -> Iterator[str]:
    for one in missed[:MOST]:
        held = "; ".join(f"‘{line}’ holds by {quoted(words)}" for line, words in one.held if any(words))
        failed = ", ".join(f"‘{line}’" for line in one.failed)
        yield f"{one.rule}: {held}; {failed} does not"
    if len(missed) > MOST:
        yield f"… and {len(missed) - MOST} more; --json has all"


def _suppressed(whole: Whole) -> Iterator[str]:
    suppressed = whole.explanation.suppressed
    for one in suppressed[:MOST]:
        yield f"{one.rule}: {quoted(one.words)}: {one.because}"
    if len(suppressed) > MOST:
        yield f"… and {len(suppressed) - MOST} more; --json has all"


def _scores(whole: Whole) -> Iterator[str]:
    for title, scores in (("", whole.verdict.scores), ("kind ", whole.explanation.kinds)):
        yield from _ranked(title, scores)


def _ranked(title: str, scores: Mapping[str, float]) -> Iterator[str]:
    for name, score in sorted(scores.items(), key=lambda item: -item[1]):
        yield f"{score:>6.2f}  {title}{name}"


def _decision(whole: Whole) -> Iterator[str]:
    verdict = whole.verdict
    yield f"{verdict.category} ({verdict.kind.value}), {verdict.confidence:.0%} sure"
    yield from whole.explanation.because
    if verdict.category != whole.explanation.verdict.category:
        yield f"the rules alone say {whole.explanation.verdict.category}; earlier corrections say otherwise"


def _then(whole: Whole) -> Iterator[str]:
    then = whole.then
    if then is None:
        return
    by = f", by rules of version {then.rules}" if then.rules else ""
    if not then.category:
        yield "what was decided when the case was opened is not written down"
        return
    yield f"then: {then.category} ({then.kind}), {then.severity}{by}"
    same = "the same" if then.same(whole.verdict) else "otherwise"
    verdict = whole.verdict
    yield f"now: {same}" + (
        ""
        if then.same(whole.verdict)
        else f": {verdict.category} ({verdict.kind.value}), {verdict.severity.value}"
    )
    if then.corrected:
        yield f"a person corrected it to {then.corrected}"
    if then.assignee:
        yield f"the case is {then.assignee}'s"
