"""The work of one look for signals, in small parts: each says what has grown, or what is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from cases.rules.extractors import NAMED
from cases.rules.rulebook import Rulebook
from cases.rules.signals import Sensitivity
from cases.rules.types import UNSURE
from cases.signals import clusters, growth, standing, thresholds
from cases.signals.causes import Cause, Fact, Seen, by_people, causes_of
from cases.signals.standing import Candidate
from cases.signals.thresholds import Counted
from engine.signal_history import Days, Texts, seen_of
from store import causes
from store.models import Signal, SignalKind

MOST = 20_000
"""Cases of one window; a threshold may want more."""
NEEDED = {Sensitivity.LOW: 7.0, Sensitivity.NORMAL: 5.0, Sensitivity.HIGH: 4.0}
"""The score of a growth that is told of."""
CALM = 0.5
"""Such a part of that score, a growth is over."""
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """What a part of the work found."""

    grown: tuple[Candidate, ...] = ()
    ended: tuple[str, ...] = ()
    """Names of what was told and grows no more."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What the last days of a cause show, and their cases where they were wanted."""

    growth: growth.Growth | None = None
    cases: Sequence[Seen] = ()


NOTHING = Found()
EVERYTHING = Cause()
Job = Callable[[Session], "Found | None"]
"""A part of the work; None where it is to be called again, for there is more to read."""


@dataclass(slots=True)
class Work:
    """What there is to count in one look, by the rules in force."""

    rulebook: Rulebook
    now: datetime
    days: Days
    texts: Texts
    _windows: dict[tuple[datetime, tuple[str, ...], bool], list[Seen]] = field(default_factory=dict)
    _with_fact: dict[Fact, list[Seen]] = field(default_factory=dict)
    _today: int | None = None

    def jobs(self, cases: Sequence[Seen], told: Iterable[Signal], *, with_texts: bool) -> Iterator[Job]:
        """Everything that these cases may have made grow, and whether what was told goes on."""
        rules = self.rulebook.signals
        counted = (one for rule in rules for case in cases for one in thresholds.counted_with(rule, case))
        for one in {one.name: one for one in counted}.values():
            yield partial(self._threshold, one)
        if self.rulebook.growth.enabled:
            for cause in sorted({cause for case in cases for cause in self._causes(case)}):
                yield partial(self._growth, cause)
        if self.rulebook.clusters.enabled and with_texts:
            yield self._clusters
        for name, signal in {one.name: one for one in reversed([*told])}.items():
            yield partial(self._goes_on, name, signal)

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The categories of mails that no rule names precisely."""
        known = self.rulebook.categories.items()
        return tuple(name for name, one in known if name == UNSURE or one.general)

    # -- thresholds

    def _threshold(self, counted: Counted, session: Session) -> Found:
        cases = self._cases_of(session, counted)
        if len(cases) < counted.number:
            return NOTHING
        rule = counted.rule
        return Found(
            (
                Candidate(
                    name=counted.name,
                    kind=SignalKind.THRESHOLD,
                    count=len(cases),
                    since=self.now - counted.within,
                    cases=tuple(cases),
                    to=rule.to,
                    categories=rule.category,
                    facts=counted.facts,
                    description=rule.description,
                ),
            )
        )

    def _cases_of(self, session: Session, counted: Counted) -> list[Seen]:
        rule = counted.rule
        most = max(MOST, 3 * counted.number)
        cases = self._window(
            session, self.now - counted.within, rule.category, facts=bool(rule.fact), most=most
        )
        return thresholds.cases_of(counted, cases, self.now)

    # -- growth

    def _causes(self, case: Seen) -> list[Cause]:
        if not case.complains or case.at < self.now - A_WEEK:
            return []
        found = causes_of(case, self._fact_names())
        return [cause for cause in found if cause.category != UNSURE]

    def _fact_names(self) -> frozenset[str]:
        given = self.rulebook.growth.facts
        known = self.rulebook.extracting.names.items()
        return frozenset(given if given is not None else (name for name, one in known if one.kind in NAMED))

    def _growth(self, cause: Cause, session: Session) -> Found | None:
        judged = self._judged(session, cause)
        if judged is None:
            return None
        grown = judged.growth
        if grown is None or grown.score < NEEDED[self.rulebook.growth.sensitivity]:
            return NOTHING
        since = self.days.start(self.now, grown.days - 1)
        return Found(
            (
                Candidate(
                    name=cause.name,
                    kind=SignalKind.GROWTH,
                    count=grown.count,
                    since=since,
                    cases=tuple(case for case in judged.cases if case.at >= since),
                    to=self.rulebook.growth.to,
                    categories=(cause.category,) if cause.category else (),
                    facts=cause.facts,
                    expected=grown.expected,
                    score=grown.score,
                ),
            )
        )

    def _judged(self, session: Session, cause: Cause) -> _Judged | None:
        """What the last days of a cause show; None while there is more of its history to be counted."""
        everything = self.days.before(session, EVERYTHING, self.now)
        if everything is None:
            return None
        if not cause.facts:
            past = self.days.before(session, cause, self.now)
            if past is None:
                return None
            # Who wrote on two days is counted twice: where even that is calm, nobody needs to look closer.
            today = self.days.today(session, self.now, cause.category)
            most = {days: _last(past, days - 1) + today for days in growth.WINDOWS}
            bound = self._grown(session, past, everything, most)
            if bound is None or bound.score < CALM * NEEDED[self.rulebook.growth.sensitivity]:
                return _Judged(bound)
        cases = by_people(self._lately(session, cause, self.days.start(self.now, max(growth.WINDOWS) - 1)))
        counts = {days: self._people(cases, days) for days in growth.WINDOWS}
        if max(counts.values()) < self.rulebook.growth.at_least:
            return _Judged()
        past = self.days.before(session, cause, self.now)
        return None if past is None else _Judged(self._grown(session, past, everything, counts), cases)

    def _grown(
        self, session: Session, past: Sequence[int], everything: Sequence[int], counts: Mapping[int, int]
    ) -> growth.Growth | None:
        if self._today is None:
            self._today = self.days.today(session, self.now)
        lately = [
            growth.Lately(days, count, _last(everything, days - 1) + self._today)
            for days, count in counts.items()
            if count >= self.rulebook.growth.at_least
        ]
        return growth.growth(growth.Past(past, everything), lately)

    def _people(self, cases: Iterable[Seen], days: int) -> int:
        since = self.days.start(self.now, days - 1)
        return sum(case.at >= since for case in cases)

    def _lately(self, session: Session, cause: Cause, since: datetime) -> list[Seen]:
        if cause.facts:
            (fact, *_) = cause.facts
            if fact not in self._with_fact:
                found = causes.with_fact(session, since, *fact)
                self._with_fact[fact] = [seen_of(one) for one in found]
            cases = self._with_fact[fact]
        else:
            cases = self._window(session, since, (cause.category,), facts=False, most=MOST)
        return [case for case in cases if case.complains and cause.holds(case)]

    # -- clusters

    def _clusters(self, session: Session) -> Found | None:
        gathered = self.texts.gathered(session, self.unnamed, self.now)
        if gathered is None:
            return None
        newest, older = gathered
        found = clusters.clusters(newest, older, self.now, self.rulebook.clusters.at_least)
        return Found(tuple(self._cluster(one) for one in found))

    def _cluster(self, one: clusters.Cluster) -> Candidate:
        return Candidate(
            name=f"cluster/{'+'.join(sorted(one.terms[:2]))}",
            kind=SignalKind.CLUSTER,
            count=len(one.cases),
            since=min(case.at for case in one.cases),
            cases=one.cases,
            to=self.rulebook.clusters.to,
            terms=one.terms,
            expected=one.expected,
            score=one.score,
        )

    # -- what was told

    def _goes_on(self, name: str, signal: Signal, session: Session) -> Found | None:
        looks: Mapping[SignalKind, Callable[[Session, Signal], bool | None]] = {
            SignalKind.THRESHOLD: self._is_below,
            SignalKind.GROWTH: self._is_calm,
            SignalKind.CLUSTER: self._is_known,
        }
        is_over = looks[SignalKind(signal.kind)](session, signal)
        if is_over is None:
            return None
        return Found(ended=(name,)) if is_over else NOTHING

    def _is_below(self, session: Session, signal: Signal) -> bool:
        rules = (one for one in self.rulebook.signals if one.name == signal.name.split("/")[0])
        rule = next(rules, None)
        if rule is None:
            return True  # an admin took it away
        counted = Counted(rule, tuple(sorted(signal.fact.items())))
        return thresholds.is_over(counted, len(self._cases_of(session, counted)))

    def _is_calm(self, session: Session, signal: Signal) -> bool | None:
        if self.now - signal.raised_at < A_WEEK:
            return False
        cause = Cause(signal.category, tuple(sorted(signal.fact.items())))
        judged = self._judged(session, cause)
        if judged is None:
            return None
        grown = judged.growth
        return grown is None or grown.score < CALM * NEEDED[self.rulebook.growth.sensitivity]

    def _is_known(self, session: Session, signal: Signal) -> bool:
        return self.now - signal.raised_at >= standing.CLUSTER_LASTS

    def _window(
        self, session: Session, since: datetime, categories: Sequence[str], *, facts: bool, most: int
    ) -> list[Seen]:
        """The cases of these categories since then; asked for once in a look."""
        key = since, tuple(categories), facts
        if key not in self._windows:
            rows = causes.window(session, since, categories, most, facts=facts)
            self._windows[key] = [seen_of(one) for one in rows]
        return self._windows[key]


def _last(days: Sequence[int], count: int) -> int:
    return sum(days[len(days) - count :])
