"""The report's figures once more, slowly: from the events, letters and mails one by one, without any SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from cases.calendar import between
from cases.rules.working_time import Calendar
from store.models import Compensation, Event, Letter, Mail, Promise

ENDS = ("resolved", "closed-by-agent")
GIVEN_UP = ("spam", "merged")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slow:
    """What stands in the database, read whole; a time is `start` to `end`."""

    events: list[Event]
    letters: list[Letter]
    mails: list[Mail]
    promises: list[Promise]
    compensations: list[Compensation]
    start: datetime
    end: datetime
    now: datetime

    @classmethod
    def read(cls, session: Session, start: datetime, end: datetime, now: datetime) -> Slow:
        """Everything, in the order in which it was recorded."""
        kinds: tuple[Any, ...] = (Event, Letter, Mail, Promise, Compensation)
        events, letters, mails, promises, compensations = (
            sorted(session.exec(select(kind)).all(), key=lambda one: one.id) for kind in kinds
        )
        return cls(events, letters, mails, promises, compensations, start, end, now)

    def within(self, moment: datetime | None, *, before: bool = False) -> bool:
        """Whether a moment lies in the time, or in the one before."""
        first, last = (self.start - (self.end - self.start), self.start) if before else (self.start, self.end)
        return moment is not None and first <= moment < last

    def of(self, number: int) -> list[Event]:
        """The events of a case."""
        return [one for one in self.events if one.case_number == number]

    def cases(self) -> list[int]:
        """All cases that count."""
        numbers = [one.case_number for one in self.events if one.kind == "opened" and one.case_number]
        return [one for one in numbers if not any(event.kind in GIVEN_UP for event in self.of(one))]

    def opened(self, number: int) -> datetime:
        """When its mail came."""
        [mail] = [one for one in self.mails if one.case_number == number]
        return mail.received_at

    def kind(self, number: int) -> str:
        """As it was opened."""
        return self.of(number)[0].text.split(", ")[0]

    def category(self, number: int) -> str:
        """The last that somebody said."""
        said = [one.data["to"] for one in self.of(number) if one.kind == "corrected"]
        return str([self.of(number)[0].text.split(", ")[1], *said][-1])

    def received(self, *, before: bool = False) -> Counter[tuple[str, str]]:
        """Cases by kind and cause."""
        return Counter(
            (self.kind(one), self.category(one))
            for one in self.cases()
            if self.within(self.opened(one), before=before)
        )

    def waits(self, ended: Callable[[int], datetime | None]) -> list[tuple[int, timedelta]]:
        """Case and how long it took, of those that ended in the time."""
        found = [(one, ended(one)) for one in self.cases()]
        return [(one, at - self.opened(one)) for one, at in found if at is not None and self.within(at)]

    def first_letter(self, kind: str) -> Callable[[int], datetime | None]:
        """When the first such letter of a case left."""

        def of(number: int) -> datetime | None:
            sent = [one.sent_at for one in self.letters if one.case_number == number and one.kind == kind]
            return min((at for at in sent if at), default=None)

        return of

    def resolved(self, number: int) -> datetime | None:
        """When it was resolved, if it did not go on after it."""
        at: datetime | None = None
        for one in self.of(number):
            if one.kind == "resolved":
                at = one.at
            elif one.kind in ("reopened", "check-in-low"):
                at = None
        return at

    def scores(self) -> dict[int, int]:
        """The last word of each case in the time."""
        return {
            one.case_number: one.data["score"]
            for one in self.events
            if one.case_number in self.cases() and "score" in one.data and self.within(one.at)
        }

    def after_a_first(self, kinds: tuple[str, ...], later: tuple[str, ...]) -> tuple[int, int]:
        """Cases with such an event in the time, and those of them with a later one after the first."""
        every = of_them = 0
        for number in self.cases():
            events = self.of(number)
            firsts = [at for at, one in enumerate(events) if one.kind in kinds and self.within(one.at)]
            if firsts:
                every += 1
                of_them += any(one.kind in later for one in events[firsts[0] + 1 :])
        return every, of_them

    def answer_deadlines(self) -> Counter[str]:
        """Two days after the customer's last word that needs an answer."""
        found = Counter[str]()
        for number in self.cases():
            events = self.of(number)
            wanted = [one.at for one in events if one.kind in ("opened", "customer-wrote", "check-in-low")]
            due = wanted[-1] + 2 * DAY
            if not self.within(due):
                continue
            state = "waits"
            for one in events:
                if one.kind in ("approved", *ENDS, "check-in-good"):
                    state = "done"
                elif one.kind in ("customer-wrote", "check-in-low"):
                    state = "waits"
            since = max(at for at, one in enumerate(events) if one.at == wanted[-1])
            ended = ("approved", *ENDS, "check-in-good")
            in_time = any(one.kind in ended and one.at <= due for one in events[since:])
            if state == "waits":
                found["running" if due > self.now else "missed"] += 1
            else:
                found["kept" if in_time else "missed"] += 1
        return found

    def kept(self) -> Counter[str]:
        """What became of promises."""
        found = Counter[str]()
        for one in self.promises:
            if one.case_number not in self.cases() or not self.within(one.due_at):
                continue
            if one.state == "kept":
                found["kept" if one.ended_at and one.ended_at <= one.due_at else "late"] += 1
            else:
                found["running" if one.due_at > self.now else "missed"] += 1
        return found

    def money(self) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
        """Offered, paid and owed, by currency."""
        counted = [one for one in self.compensations if one.case_number in self.cases()]
        found = {}
        for currency in {one.currency for one in counted}:
            mine = [one for one in counted if one.currency == currency]
            found[currency] = (
                sum((Decimal(one.amount) for one in mine if self.within(one.offered_at)), Decimal(0)),
                sum((Decimal(one.amount) for one in mine if self.within(one.paid_at)), Decimal(0)),
                sum((Decimal(one.amount) for one in mine if one.state == "offered"), Decimal(0)),
            )
        return {name: sums for name, sums in found.items() if any(sums)}


def nearest_rank(lengths: list[timedelta], share: float) -> float | None:
    """The smallest length that so many do not exceed."""
    seconds = sorted(one.total_seconds() for one in lengths)
    return next(
        (one for one in seconds if sum(each <= one for each in seconds) >= share * len(seconds)), None
    )


def middle(lengths: list[timedelta]) -> float | None:
    """The median: as many are shorter as are longer."""
    seconds = sorted(one.total_seconds() for one in lengths)
    while len(seconds) > 2:
        seconds = seconds[1:-1]
    return sum(seconds) / len(seconds) if seconds else None


def worked(slow: Slow, waits: list[tuple[int, timedelta]], calendar: Calendar) -> list[timedelta]:
    """The same waits in working time."""
    return [between(slow.opened(one), slow.opened(one) + length, calendar) for one, length in waits]
