"""Finding facts in a mail: names and near-phrases in one pass, patterns that can't backtrack, few results.

What a mail costs is linear in its length; of a mail as long as it likes, the first 20,000 characters are
looked at, and it gives at most 20 facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar

from cases.rules.extracting_values import Values, key
from cases.rules.extractors import Extractor, FactKind
from cases.rules.fold import Folded, fold
from cases.rules.matching import Finder, Phrase, Span
from cases.rules.patterns import Pattern
from language.normalise import normalise
from store.values import Fact, FoundIn

MOST = 20
"""Facts of a mail."""
LOOKED_AT = 50
"""Places that one extractor finds in a mail, and near-phrases of it; more make no difference any more."""
AFTER, BEFORE, NEXT = 6, 4, 3
"""Words from a near-phrase to the value behind it, from the value before it, and from one of several values
to the next."""
OF_DIGITS = (FactKind.NUMBER, FactKind.AMOUNT, FactKind.DATE)
_DIGIT = re.compile(r"\d")
OUR_NUMBER = "[#"
"""Before the number of one of our cases in a subject."""


class GroupPattern(Pattern):
    """A pattern whose one pair of round brackets holds the value."""

    groups: ClassVar[bool] = True

    def __init__(self, written: str) -> None:
        """ValueError says what to write instead."""
        super().__init__(written)
        groups = self._compiled.groups - 1  # its borders have one
        if groups == 0:
            raise ValueError(
                f"'{written}' has no round brackets; put them around the part that is the value, "
                r"such as 'order (\d+)'"
            )
        if groups > 1:
            raise ValueError(
                f"'{written}' has {groups} pairs of round brackets; keep those around the value, "
                "and write (?:…) for the others"
            )

    def values(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each value stands; an empty one is none."""
        for match in islice(self._matches(text), LOOKED_AT):
            start, end = match.span(2)
            if start < end:
                yield start, end


@dataclass(frozen=True, slots=True)
class Compiled:
    """An extractor, ready to be looked for. Phrases are numbers of the finder's."""

    name: str
    about: Extractor
    patterns: tuple[GroupPattern, ...] = ()
    near: range = range(0)
    names: Mapping[int, str] = field(default_factory=dict)
    """What each phrase that names a value stands for."""
    known: Mapping[str, str] = field(default_factory=dict)
    """The same by spelling, to compare."""
    never: frozenset[str] = frozenset()

    @property
    def phrases(self) -> bool:
        """Whether phrases are looked for: names, or what values stand near."""
        return bool(self.near or self.names)

    def called(self, value: str) -> str:
        """The value's own name, where it has one."""
        return self.known.get(key(value), value) if self.known else value


@dataclass(frozen=True, slots=True, order=True)
class _Place:
    """A value, and the tokens that it stands in."""

    first: int
    last: int
    value: str = field(compare=False)


class Extracting:
    """All extractors, compiled."""

    def __init__(
        self,
        extractors: Sequence[Compiled] = (),
        phrases: Sequence[Phrase] = (),
        values: Values | None = None,
    ) -> None:
        self._all = tuple(extractors)
        self._finder = Finder(phrases)
        self.values = values or Values()
        self.names: Mapping[str, Extractor] = {one.name: one.about for one in self._all}
        """The facts that there are."""

    def value(self, name: str, written: str, language: str = "") -> str:
        """A value that somebody wrote, in the form that all ways to write it share; "" for none."""
        return self.called(name, self.values.read(self.names[name].kind, written, language))

    def called(self, name: str, value: str) -> str:
        """A value of a fact by its own name, where it has one."""
        return next(one for one in self._all if one.name == name).called(value)

    def facts_in(self, mail: Folded, signature: str = "", language: str = "") -> tuple[Fact, ...]:
        """What is found, in the order of the file; of numbers the signature may hold some, too.

        `language` is the mail's; "" is none that is known, and then every extractor is tried.
        """
        wanted = [one for one in self._all if _speaks(one, language)]
        facts = list(self._found(wanted, mail, language))
        if signature:
            numbers = [one for one in wanted if one.about.kind is FactKind.NUMBER]
            facts += self._found(numbers, fold("", signature), language, "signature")
        return _few(facts, self.names)

    def _found(
        self, wanted: Sequence[Compiled], mail: Folded, language: str, where: FoundIn = ""
    ) -> Iterator[Fact]:
        if not _DIGIT.search(mail.original):  # as most mails have none, this spares most of the work
            wanted = [one for one in wanted if one.about.kind not in OF_DIGITS]
        phrases = self._finder.find(mail) if any(one.phrases for one in wanted) else {}
        for one in wanted:
            for place in self._places(one, mail, phrases, language):
                written = mail.as_written(place.first, place.last)
                stands = where or ("subject" if mail.in_subject(place.first) else "words")
                yield Fact(one.name, place.value, written, stands)

    def _places(
        self, one: Compiled, mail: Folded, phrases: Mapping[int, Sequence[Span]], language: str
    ) -> list[_Place]:
        """Where values stand that count, in order; none of them overlap."""
        longest = sorted(_named(one, mail, phrases), key=lambda place: (place.first, -place.last))
        near = _spans(mail, phrases, one.near)
        if one.near and not near:  # whatever is found would stand near nothing
            return _apart(longest)
        found = self._matched(one, mail, language) if one.patterns else self._by_kind(one, mail, language)
        others = sorted(_apart([place for place in found if key(place.value) not in one.never]))
        if one.near:
            others = _near(others, near, many=one.about.many)
        return sorted(_apart([*longest, *others]))

    def _matched(self, one: Compiled, mail: Folded, language: str) -> Iterator[_Place]:
        for pattern in one.patterns:
            for start, end in pattern.values(mail.text):
                first, last = mail.token_at(start), mail.token_at(end - 1)
                if mail.text[max(0, start - len(OUR_NUMBER)) : start] == OUR_NUMBER:
                    continue
                written = _as_written(mail, first, last, mail.text[start:end])
                value = one.called(self.values.read(one.about.kind, written, language))
                if value:
                    yield _Place(first, last, value)

    def _by_kind(self, one: Compiled, mail: Folded, language: str) -> Iterator[_Place]:
        """Amounts and dates, which are known by themselves."""
        if one.about.kind is FactKind.AMOUNT:
            for amount in islice(self.values.amounts.found(mail.written, language), LOOKED_AT):
                yield _Place(amount.first, amount.last, str(amount.money))
        elif one.about.kind is FactKind.DATE:
            for day in islice(self.values.days.found(mail.written), LOOKED_AT):
                yield _Place(day.first, day.last, day.day.isoformat())


def _speaks(one: Compiled, language: str) -> bool:
    return not one.about.languages or not language or language in one.about.languages


def _few(facts: Sequence[Fact], about: Mapping[str, Extractor]) -> tuple[Fact, ...]:
    """Each value once, of most extractors the first alone, and not too many."""
    kept: dict[tuple[str, str], Fact] = {}
    single: set[str] = set()
    for fact in facts:
        if fact.name not in single:
            kept.setdefault((fact.name, fact.value), fact)
        if not about[fact.name].many:
            single.add(fact.name)
    return tuple(islice(kept.values(), MOST))


def _named(one: Compiled, mail: Folded, phrases: Mapping[int, Sequence[Span]]) -> Iterator[_Place]:
    for number, value in one.names.items():
        for span in phrases.get(number, ())[:LOOKED_AT]:
            yield _Place(mail.token_of[span.first], mail.token_of[span.last], value)


def _spans(mail: Folded, phrases: Mapping[int, Sequence[Span]], numbers: range) -> list[tuple[int, int]]:
    """The tokens of each near-phrase in the mail."""
    found = (span for number in numbers for span in phrases.get(number, ())[:LOOKED_AT])
    return sorted((mail.token_of[span.first], mail.token_of[span.last]) for span in found)[:LOOKED_AT]


def _apart(places: Sequence[_Place]) -> list[_Place]:
    """The places without those that share a word with one before."""
    kept: list[_Place] = []
    taken: set[int] = set()
    for place in places[: LOOKED_AT * 2]:
        words = range(place.first, place.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(place)
    return kept


def _near(places: Sequence[_Place], spans: Sequence[tuple[int, int]], *, many: bool) -> list[_Place]:
    """For each near-phrase the first value behind it, else the last before; of many those that follow."""
    kept: set[_Place] = set()
    for first, last in spans:
        behind = [place for place in places if 0 <= place.first - last <= AFTER]
        before = [place for place in places if 0 < first - place.last <= BEFORE]
        found = behind[:1] or before[-1:]
        for place in behind[1:] if many else ():
            if place.first - found[-1].last <= NEXT:
                found.append(place)
        kept.update(found)
    return sorted(kept)


def _as_written(mail: Folded, first: int, last: int, found: str) -> str:
    """What a pattern found, in the mail's own letters as far as they can be told."""
    written = " ".join(" ".join(mail.written[first : last + 1]).split())
    plain = normalise(written)
    at = plain.find(found)
    if at < 0 or len(plain) != len(written):
        return written if plain == found else found
    return written[at : at + len(found)]
