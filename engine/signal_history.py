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

MOST_CAUSES = 10_000
"""Causes whose days are remembered."""
MOST_OLDER = 5000
"""Older mails that are compared with."""
A_FEW_DAYS = 7
"""Days that are counted in one go."""
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

    def before(self, session: Session, cause: Cause, now: datetime) -> list[int] | None:
        """Each of the days before today, the oldest first; None while there are more to be counted."""
        today = self._today(now)
        wanted = [today - timedelta(days=ago) for ago in range(DAYS, 0, -1)]
        known = self._known.get(cause, {})
        missing = [day for day in wanted if day not in known]
        if cause.facts:
            self._count_all_of(session, cause, missing)
        elif missing:
            self._known[cause] = known | self._count(session, cause, missing[:A_FEW_DAYS])
            if len(missing) > A_FEW_DAYS:
                return None
        known = self._known.get(cause, {})
        self._known[cause] = {day: known.get(day, 0) for day in wanted}
        return list(self._known[cause].values())

    def today(self, session: Session, now: datetime, category: str = "") -> int:
        """How many customers complained today so far: of one category, or of anything."""
        return causes.people(session, [(self.start(now, 0), self.start(now, -1))], category)[0]

    def tidy(self) -> None:
        """Forget all, when it is very much; what is asked for is counted anew."""
        if len(self._known) >= MOST_CAUSES:
            self._known.clear()

    def _today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))

    def _count(self, session: Session, cause: Cause, days: Sequence[date]) -> dict[date, int]:
        bounds = [(self._start(day), self._start(day + timedelta(days=1))) for day in days]
        return dict(zip(days, causes.people(session, bounds, cause.category), strict=True))

    def _count_all_of(self, session: Session, cause: Cause, days: Sequence[date]) -> None:
        """Count a fact by itself and with each category: the same cases tell all of it."""
        if not days:
            return
        (fact, *_) = cause.facts
        people: dict[tuple[Cause, date], set[str]] = {}
        for case in map(seen_of, causes.with_fact(session, self._start(days[0]), *fact)):
            for one in (Cause("", (fact,)), Cause(case.category, (fact,))) if case.complains else ():
                people.setdefault((one, self._today(case.at)), set()).add(whose(case))
        for (one, day), who in people.items():
            self._known.setdefault(one, {})[day] = len(who)


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
