"""Which rules hit a mail, and on which of its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import re2

from cases.rules.fold import Folded
from cases.rules.matching import Finder, Phrase, Span
from cases.rules.patterns import Pattern
from cases.rules.types import Rule

PATTERN_STRENGTH = 1.5
BARE_STRENGTH = 1.0
"""What a header, a sender or a language says by itself."""


@dataclass(frozen=True, slots=True)
class Wild:
    """A text in which `*` stands for any run of characters; letters match in either case."""

    written: str
    compiled: Any

    @classmethod
    def of(cls, written: str) -> Wild:
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        options.dot_nl = True
        body = ".*".join(re2.escape(part) for part in written.strip().split("*"))
        return cls(written, re2.compile(body, options))

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Wild.of, (self.written,)

    def fits(self, text: str) -> bool:
        return self.compiled.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class HeaderWild:
    """`Name: value` with `*`, or a name alone: the header is there."""

    name: str
    value: Wild

    @classmethod
    def of(cls, written: str) -> HeaderWild:
        name, _, value = written.partition(":")
        return cls(name.strip().lower(), Wild.of(value.strip() or "*"))

    def fits(self, headers: Sequence[tuple[str, str]]) -> str:
        """The first header that fits, as `Name: value`; "" when none does."""
        fitting = (f"{name}: {value}" for name, value in headers if self._is(name, value))
        return next(fitting, "")

    def _is(self, name: str, value: str) -> bool:
        return name.lower() == self.name and self.value.fits(value)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The conditions of a rule, ready to be looked for. Phrases are numbers of the finder's."""

    phrases: range = range(0)
    patterns: tuple[Pattern, ...] = ()
    headers: tuple[HeaderWild, ...] = ()
    senders: tuple[Wild, ...] = ()
    languages: tuple[str, ...] = ()
    all: tuple[Compiled, ...] = ()
    any: tuple[Compiled, ...] = ()
    not_: Compiled | None = None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    rule: Rule
    language: str
    """The language of its file; "" when it has none."""
    when: Compiled
    phrases: frozenset[int]
    """Every phrase in its conditions, however deep."""

    @property
    def weighs(self) -> bool:
        """True when it speaks for a category or kind; only such rules compete for the words of a mail."""
        return bool(self.rule.says.category or self.rule.says.kind)


@dataclass(frozen=True, slots=True)
class Facts:
    """A mail, and what was found in it."""

    mail: Folded
    found: Mapping[int, Sequence[Span]]
    strengths: Sequence[float]
    language: str = ""
    headers: Sequence[tuple[str, str]] = ()
    sender: str = ""


class Evidence(NamedTuple):
    """Words that speak for a rule, and how strongly."""

    words: str
    strength: float
    in_subject: bool = False


class RuleHit(NamedTuple):
    rule: Rule
    language: str
    evidence: tuple[Evidence, ...]


class Matcher:
    """All rules, compiled. A mail costs one pass for the phrases, and the rules that it touches."""

    def __init__(self, rules: Sequence[CompiledRule], phrases: Sequence[Phrase]) -> None:
        self.rules = tuple(rules)
        self._finder = Finder(phrases)
        self._strengths = [phrase.strength for phrase in phrases]
        self._led_by: dict[int, int] = {}
        self._always: list[int] = []
        for number, compiled in enumerate(self.rules):
            if compiled.when.phrases:
                self._led_by.update(dict.fromkeys(compiled.when.phrases, number))
            else:
                self._always.append(number)
        self._weighing = frozenset(
            number for compiled in self.rules if compiled.weighs for number in compiled.phrases
        )

    def hits(
        self, mail: Folded, *, language: str = "", headers: Sequence[tuple[str, str]] = (), sender: str = ""
    ) -> list[RuleHit]:
        """The rules that hold, in the order of the files, each with its evidence."""
        found = self._longest(self._finder.find(mail))
        facts = Facts(mail, found, self._strengths, language, headers, sender)
        touched = {self._led_by[number] for number in found if number in self._led_by}
        numbers = sorted(touched.union(self._always))
        return list(self._holding(numbers, facts))

    def _holding(self, numbers: Sequence[int], facts: Facts) -> Iterator[RuleHit]:
        for number in numbers:
            compiled = self.rules[number]
            evidence = holds(compiled.when, facts)
            if evidence is not None:
                yield RuleHit(compiled.rule, compiled.language, tuple(evidence))

    def _longest(self, found: Mapping[int, Sequence[Span]]) -> dict[int, Sequence[Span]]:
        """Without the phrases that stand inside a longer one: "not good" is no "good"."""
        spans = {span for number in found if number in self._weighing for span in found[number]}
        inner = _inner(sorted(spans, key=lambda span: (span.first, -span.last)))
        kept: dict[int, Sequence[Span]] = {}
        for number, where in found.items():
            left = [span for span in where if span not in inner] if number in self._weighing else where
            if left:
                kept[number] = left
        return kept


def _inner(spans: Sequence[Span]) -> set[Span]:
    inner: set[Span] = set()
    reach = -1
    for span in spans:
        if span.last <= reach:
            inner.add(span)
        reach = max(reach, span.last)
    return inner


def holds(when: Compiled, facts: Facts) -> list[Evidence] | None:
    """The words that make every line of the conditions hold; None when one doesn't."""
    evidence: list[Evidence] = []
    for name, condition in _CONDITIONS:
        if not getattr(when, name):
            continue
        found = condition(when, facts)
        if found is None:
            return None
        evidence += found
    return evidence


def _phrases(when: Compiled, facts: Facts) -> list[Evidence] | None:
    # A rule has many phrases, and a mail few of all.
    found = sorted(number for number in facts.found if number in when.phrases)
    return [_phrase_evidence(facts, number, facts.found[number]) for number in found] or None


def _phrase_evidence(facts: Facts, number: int, spans: Sequence[Span]) -> Evidence:
    mail = facts.mail
    first, last = mail.token_of[spans[0].first], mail.token_of[spans[0].last]
    in_subject = mail.in_subject(mail.token_of[min(spans).first])
    return Evidence(mail.as_written(first, last), facts.strengths[number], in_subject)


def _patterns(when: Compiled, facts: Facts) -> list[Evidence] | None:
    mail = facts.mail
    found = []
    for pattern in when.patterns:
        for start, end in pattern.spans(mail.text, limit=1):
            first, last = mail.token_at(start), mail.token_at(max(start, end - 1))
            words = mail.as_written(first, last)
            found.append(Evidence(words, PATTERN_STRENGTH, mail.in_subject(first)))
    return found or None


def _headers(when: Compiled, facts: Facts) -> list[Evidence] | None:
    fitting = filter(None, (header.fits(facts.headers) for header in when.headers))
    return [Evidence(words, BARE_STRENGTH) for words in fitting] or None


def _senders(when: Compiled, facts: Facts) -> list[Evidence] | None:
    fits = any(wild.fits(facts.sender) for wild in when.senders)
    return [Evidence(facts.sender, BARE_STRENGTH)] if fits else None


def _languages(when: Compiled, facts: Facts) -> list[Evidence] | None:
    return [] if facts.language in when.languages else None


def _all(when: Compiled, facts: Facts) -> list[Evidence] | None:
    parts = [holds(part, facts) for part in when.all]
    if any(part is None for part in parts):
        return None
    return [evidence for part in parts for evidence in part or []]


def _any(when: Compiled, facts: Facts) -> list[Evidence] | None:
    parts = [part for one in when.any if (part := holds(one, facts)) is not None]
    return [evidence for part in parts for evidence in part] if parts else None


def _not(when: Compiled, facts: Facts) -> list[Evidence] | None:
    return [] if when.not_ is None or holds(when.not_, facts) is None else None


_CONDITIONS = (
    ("phrases", _phrases),
    ("patterns", _patterns),
    ("headers", _headers),
    ("senders", _senders),
    ("languages", _languages),
    ("all", _all),
    ("any", _any),
    ("not_", _not),
)
"""What each kind of condition finds, where a rule has one: None when it does not hold."""
