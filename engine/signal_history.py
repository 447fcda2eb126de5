"""What signals compare with: how many wrote on each of the last days, and what was written before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.signals.causes import Cause, Seen, whose
from cases.signals.clusters import HISTORY, MOST_TEXTS, WINDOW, Older, Text, words_of
from cases.signals.growth import DAYS
from store import causes
from store.models import CaseKind

MOST_CAUSES = 3000
"""Causes whose days are remembered."""
MOST_OLDER = 5000
"""Older mails that are compared with."""
A_TIME = 300
"""Mails that are read in one go."""


def seen_of(case: causes.Counted) -> Seen:
    """A case as decisions count it."""
    complains = case.kind == CaseKind.COMPLAINT
    return Seen(case.number, case.at, case.category, case.customer, case.facts, complains)


@dataclass(slots=True)
class Days:
    """How many customers wrote about each cause on each day; a day that is over is counted once."""

    zone: str
    _known: dict[Cause, dict[date, int]] = field(default_factory=dict)

    def start(self, now: datetime, ago: int) -> datetime:
        """When the day began that was so many days before today."""
        return self._start(self._today(now) - timedelta(days=ago))

    def before(self, session: Session, cause: Cause, now: datetime) -> list[int]:
        """Each of the days before today, the oldest first."""
        today = self._today(now)
        wanted = [today - timedelta(days=ago) for ago in range(DAYS, 0, -1)]
        known = self._known.get(cause, {})
        missing = [day for day in wanted if day not in known]
        counted = {**known, **self._count(session, cause, missing)}
        if len(self._known) >= MOST_CAUSES:
            self._known.clear()
        self._known[cause] = {day: counted.get(day, 0) for day in wanted}
        return list(self._known[cause].values())

    def today(self, session: Session, now: datetime) -> int:
        """How many customers complained of anything today so far."""
        return causes.people(session, [(self.start(now, 0), self.start(now, -1))])[0]

    def forget(self, cause: Cause) -> None:
        """Count a cause's days anew: what is known of old cases has changed."""
        self._known.pop(cause, None)

    def _today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))

    def _count(self, session: Session, cause: Cause, days: Sequence[date]) -> dict[date, int]:
        if not days:
            return {}
        if not cause.facts:
            bounds = [(self._start(day), self._start(day + timedelta(days=1))) for day in days]
            return dict(zip(days, causes.people(session, bounds, cause.category), strict=True))
        return self._by_day(session, cause, days)

    def _by_day(self, session: Session, cause: Cause, days: Sequence[date]) -> dict[date, int]:
        (fact, *_) = cause.facts
        found = map(seen_of, causes.with_fact(session, self._start(days[0]), *fact))
        people: dict[date, set[str]] = {day: set() for day in days}
        for case in found:
            if case.complains and cause.holds(case):
                people.get(self._today(case.at), set()).add(whose(case))
        return {day: len(who) for day, who in people.items()}


@dataclass(slots=True)
class Texts:
    """The words of mails that no rule names; each is read once, and some at a time."""

    _known: dict[int, Text] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read yet."""
        return not self._known

    def gathered(
        self, session: Session, categories: Sequence[str], now: datetime
    ) -> tuple[list[Text], Older] | None:
        """The newest ones, and the older ones to compare them with; None while there are more to be read."""
        tomorrow = now + timedelta(days=1)
        newest = causes.numbers_between(session, categories, now - WINDOW, tomorrow, MOST_TEXTS)
        older = causes.numbers_between(session, categories, now - HISTORY, now - WINDOW, MOST_OLDER)
        missing = [number for number in (*newest, *older) if number not in self._known]
        read = {one.number: _text(one) for one in causes.words_of(session, missing[:A_TIME])}
        if len(missing) > A_TIME:
            self._known |= read
            return None
        self._known = {one: self._known.get(one) or read[one] for one in (*newest, *older)}
        return [self._known[one] for one in newest], Older.of(self._known[one] for one in older)


def _text(one: causes.Words) -> Text:
    case = Seen(one.number, one.at, one.category, one.customer)
    return Text(case, words_of(one.subject, one.words))
