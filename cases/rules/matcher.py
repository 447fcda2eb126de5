"""Which rules hit a mail, and on which of its words."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cases.rules.conditions import Says
from cases.rules.fold import Folded
from cases.rules.holding import Around, Compiled, Evidence, Seen, holds, lines_of
from cases.rules.leads import Leads, lead_of
from cases.rules.matching import Finder, Phrase, Span

NOTHING_ELSE = Around()


class Ruling(NamedTuple):
    """What a rule decides when it holds; its conditions as they are written take much more room."""

    name: str
    says: Says
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CompiledRule:
    rule: Ruling
    language: str
    """The language of its file; "" when it has none."""
    when: Compiled
    phrases: range
    """Every phrase in its conditions, however deep."""
    asks_history: bool = False

    @property
    def weighs(self) -> bool:
        """True when it speaks for a category or kind; only such rules compete for the words of a mail."""
        return bool(self.rule.says.category or self.rule.says.kind)


class RuleHit(NamedTuple):
    rule: Ruling
    language: str
    evidence: tuple[Evidence, ...]


class NearMiss(NamedTuple):
    """A rule of which some lines hold and others don't."""

    rule: Ruling
    held: tuple[tuple[str, tuple[str, ...]], ...]
    """The lines that hold, each with the words that make it hold."""
    failed: tuple[str, ...]
    """The lines that don't: phrase, sender, not …"""


class Shadowed(NamedTuple):
    """A phrase of a rule that does not count, because a longer one covers its words."""

    rule: Ruling
    words: str
    by: Ruling
    by_words: str


class Matcher:
    """All rules, compiled. A mail costs one pass for the phrases, and the rules that it touches."""

    def __init__(self, rules: Sequence[CompiledRule], phrases: Sequence[Phrase]) -> None:
        self.rules = tuple(rules)
        self._finder = Finder(phrases)
        self._strengths = array("f", (phrase.strength for phrase in phrases))
        self._leads = Leads((lead_of(one.when) for one in self.rules), len(phrases))
        self._weighing = bytearray(len(phrases))
        """Of each phrase whether its rule weighs."""
        for one in self.rules:
            if one.weighs:
                self._weighing[one.phrases.start : one.phrases.stop] = b"\1" * len(one.phrases)
        self._by_name: dict[str, list[CompiledRule]] = defaultdict(list)
        for one in self.rules:
            self._by_name[one.rule.name].append(one)

    def hits(self, mail: Folded, around: Around = NOTHING_ELSE) -> list[RuleHit]:
        """The rules that hold, in the order of the files, each with its evidence."""
        seen = self._seen(mail, around)
        found = ((one, self._held(one, seen)) for one in self._concerned(seen))
        return [
            RuleHit(one.rule, one.language, tuple(evidence))
            for one, evidence in found
            if evidence is not None
        ]

    def hit(self, name: str, mail: Folded, around: Around = NOTHING_ELSE) -> RuleHit | None:
        """The hit of the rule of this name, for which no other is looked at."""
        seen = self._seen(mail, around)
        for one in self._by_name[name]:
            evidence = self._held(one, seen)
            if evidence is not None:
                return RuleHit(one.rule, one.language, tuple(evidence))
        return None

    def near_misses(self, mail: Folded, around: Around = NOTHING_ELSE) -> list[NearMiss]:
        """The rules of which some lines hold and others don't, in the order of the files."""
        seen = self._seen(mail, around)
        missed = (one for one in self._concerned(seen) if self._held(one, seen) is None)
        return [near for one in missed if (near := _near(one, seen))]

    def shadowed(self, mail: Folded) -> list[Shadowed]:
        """The phrases whose words a longer one covers: "good" in "not good"."""
        found = self._finder.find(mail)
        weighing = {number: spans for number, spans in found.items() if self._weighing[number]}
        spans = _outer({span for some in weighing.values() for span in some})
        owner = {number: one.rule for one in self.rules for number in one.phrases if number in weighing}
        whose = {span: owner[number] for number, some in weighing.items() for span in some}
        return [
            Shadowed(owner[number], _words(mail, span), whose[spans[span]], _words(mail, spans[span]))
            for number in sorted(weighing)
            for span in weighing[number]
            if span in spans
        ]

    def _seen(self, mail: Folded, around: Around) -> Seen:
        found = self._longest(self._finder.find(mail))
        return Seen(mail, found, self._strengths, around, sorted(found))

    def _concerned(self, seen: Seen) -> Iterator[CompiledRule]:
        for number in self._leads.concerned(seen.mail, seen.found.keys(), seen.around):
            yield self.rules[number]

    @staticmethod
    def _held(one: CompiledRule, seen: Seen) -> list[Evidence] | None:
        if one.asks_history and seen.around.past is None:
            return None
        return holds(one.when, seen)

    def _longest(self, found: Mapping[int, Sequence[Span]]) -> dict[int, Sequence[Span]]:
        """Without the phrases that stand inside a longer one: "not good" is no "good"."""
        weighing = self._weighing
        inner = _outer({span for number, spans in found.items() if weighing[number] for span in spans})
        kept = {
            number: [span for span in spans if span not in inner] if weighing[number] else spans
            for number, spans in found.items()
        }
        return {number: spans for number, spans in kept.items() if spans}


def _outer(spans: set[Span]) -> dict[Span, Span]:
    """For each span that stands inside others one of these."""
    outer: dict[Span, Span] = {}
    widest = Span(-1, -1)
    for span in sorted(spans, key=lambda span: (span.first, -span.last)):
        if span.last <= widest.last:
            outer[span] = widest
        else:
            widest = span
    return outer


def _words(mail: Folded, span: Span) -> str:
    return mail.as_written(mail.token_of[span.first], mail.token_of[span.last])


def _near(one: CompiledRule, seen: Seen) -> NearMiss | None:
    lines = list(lines_of(one.when, seen))
    held = tuple(
        (name, tuple(evidence.words for evidence in found)) for name, found in lines if found is not None
    )
    failed = tuple(name for name, found in lines if found is None)
    return NearMiss(one.rule, held, failed) if held and failed else None
