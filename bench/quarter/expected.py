"""What ought to have left and when, customer by customer: people's own doings are given, the rest follows.

Everything that the software does by itself (letters, reminders, escalations, questions, ends) is worked out
here a second time, and compared by bench/quarter/checking.py with what it did.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench.quarter import rules_by_hand as rules
from bench.quarter.business_time import Team
from bench.quarter.firm import AGENTS
from bench.quarter.lives import ANSWERED, CLOSED, GOES_ON, RESOLVED, WAITS, Away, Life
from bench.quarter.owed import Ought
from bench.quarter.records import Happened
from bench.quarter.rules_by_hand import Cause

CHECK_IN, REMINDER, CLOSE = "check-in", "reminder", "close"
ASKED_ABOUT = ("complaint", "question")
TEAMS = {one.address: one.team for one in AGENTS}
TO = re.compile(r"to (\S+?)(?::|$)")


@dataclass
class Matter:
    """A case with what comes after its end."""

    life: Life
    timers: dict[str, datetime] = field(default_factory=dict)
    asked_at: datetime | None = None
    heard_at: datetime | None = None
    thanked: bool = False

    @property
    def status(self) -> str:
        return self.life.status

    def next_at(self) -> datetime | None:
        times = [*self.timers.values()]
        if (at := self.life.next_at()) is not None:
            times.append(at)
        return min(times, default=None)


@dataclass
class Person:
    """All matters of one customer, who is asked about one of them at a time."""

    causes: Mapping[str, Cause]
    teams: Mapping[str, Team]
    away: Away
    matters: dict[int, Matter] = field(default_factory=dict)
    wants_none: bool = False

    def lives_until(self, end: datetime, events: Sequence[Happened]) -> None:
        """Everything until then, in the order of time; what people do comes before what is due."""
        for one in events:
            if one.at > self.now:
                self._goes_on_until(one.at)
            self._takes(one)
        self._goes_on_until(end + datetime.resolution)

    def _goes_on_until(self, end: datetime) -> None:
        while True:
            due = [(at, number) for number, one in self.matters.items() if (at := one.next_at()) is not None]
            if not due or min(due)[0] >= end:
                return
            at, number = min(due)
            self.now = max(at, self.now)
            self._does(self.matters[number], self.now)

    now: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def _does(self, matter: Matter, now: datetime) -> None:
        at = matter.life.next_at()
        if at is not None and at <= now:
            matter.life.look(now)
            return
        name = min(matter.timers, key=lambda one: matter.timers[one])
        del matter.timers[name]
        self._fires(matter, name, now)

    # -- check-ins

    def _fires(self, matter: Matter, name: str, now: datetime) -> None:
        life = matter.life
        if name == CLOSE:
            life.status = CLOSED
            life.says(now, "closed")
        elif self._is_left_alone(matter, now, reminder=name == REMINDER):
            matter.timers[CLOSE] = life.team.after(now, life.cause.close_after)
        else:
            matter.asked_at = now
            life.word(now)
            life.says(now, "check-in")
            life.says(now, "check-in-sent", "the reminder" if name == REMINDER else "the first")
            following = CLOSE if name == REMINDER else REMINDER
            wait = life.cause.close_after if name == REMINDER else life.cause.reminder_after
            matter.timers[following] = life.team.after(now, wait)

    def _is_left_alone(self, matter: Matter, now: datetime, *, reminder: bool) -> bool:
        if self._is_never_asked(matter):
            return True
        if any(one.status in GOES_ON for one in self.matters.values()):
            return True
        asked = max((one.asked_at for one in self.matters.values() if one.asked_at), default=None)
        return (
            not reminder and asked is not None and matter.life.team.after(asked, rules.NOT_AGAIN_WITHIN) > now
        )

    def _is_never_asked(self, matter: Matter) -> bool:
        if matter.life.kind not in ASKED_ABOUT or self.wants_none:
            return True
        others = (one for one in self.matters.values() if one is not matter and one.status == CLOSED)
        asked = sorted(
            (one for one in others if one.asked_at), key=lambda one: one.asked_at or one.life.opened_at
        )
        newest = asked[-rules.SILENT_AFTER :]
        silent = all(one.heard_at is None or one.heard_at <= (one.asked_at or one.heard_at) for one in newest)
        return len(newest) == rules.SILENT_AFTER and silent

    # -- what people did

    def _takes(self, one: Happened) -> None:
        self.now = max(self.now, one.at)
        if one.kind == "opened":
            self._opens(one)
            return
        if one.case not in self.matters:
            return
        matter = self.matters[one.case]
        does = getattr(self, f"_{one.kind.replace('-', '_')}", None)
        if does is not None:
            does(matter, one)

    def _opens(self, one: Happened) -> None:
        kind, cause, severity = one.text.split(", ")
        number = one.case or 0
        assignee = self.assigned[number]
        life = Life(
            number,
            one.actor,
            kind,
            cause,
            severity,
            self.causes[cause],
            self.teams[TEAMS[assignee]],
            self.away,
            one.at,
            assignee,
        )
        life.says(one.at, "ack")
        self.matters[number] = Matter(life)

    assigned: dict[int, str] = field(default_factory=dict)
    """Who got each case at first."""

    def _assigned(self, matter: Matter, one: Happened) -> None:
        found = TO.match(one.text)
        if found:
            matter.life.assignee = found[1]

    def _wrote(self, matter: Matter, at: datetime) -> None:
        matter.life.wrote_at = matter.heard_at = at
        matter.life.word(at)

    def _customer_wrote(self, matter: Matter, one: Happened) -> None:
        self._wrote(matter, one.at)
        self._again(matter, one.at)

    def _again(self, matter: Matter, at: datetime) -> None:
        matter.life.goes_on_anew(at)
        matter.timers.clear()

    def _courtesy(self, matter: Matter, one: Happened) -> None:
        self._wrote(matter, one.at)

    def _check_in_low(self, matter: Matter, one: Happened) -> None:
        self._customer_wrote(matter, one)

    def _check_in_good(self, matter: Matter, one: Happened) -> None:
        self._wrote(matter, one.at)
        if matter.status in (RESOLVED, CLOSED):
            matter.life.status = CLOSED
            matter.timers.clear()
            self._thanks(matter, one.at)

    def _opted_out(self, matter: Matter, one: Happened) -> None:
        self._wrote(matter, one.at)
        self.wants_none = True
        self._thanks(matter, one.at)
        if matter.status == RESOLVED:
            matter.timers = {CLOSE: matter.life.team.after(one.at, matter.life.cause.close_after)}

    def _thanks(self, matter: Matter, at: datetime) -> None:
        if not matter.thanked:
            matter.thanked = True
            matter.life.says(at, "thanks")

    def _approved(self, matter: Matter, one: Happened) -> None:
        life = matter.life
        life.status, life.answered_at, life.holdings = ANSWERED, one.at, 0
        life.word(one.at)
        life.settles(one.at, "answer")
        life.says(life.team.after(one.at, rules.UNDO), "answer")

    def _drafted(self, matter: Matter, one: Happened) -> None:
        """An agent who writes another letter has not sent it yet."""
        if matter.status == ANSWERED:
            matter.life.status = WAITS

    def _resolved(self, matter: Matter, one: Happened) -> None:
        life = matter.life
        life.status, life.resolved_at = RESOLVED, one.at
        life.settles(one.at, "answer", "resolve", "final")
        never = self._is_never_asked(matter)
        wait = life.cause.close_after if never else life.cause.check_in_after
        matter.timers = {CLOSE if never else CHECK_IN: life.team.after(one.at, wait)}

    def _promised(self, matter: Matter, one: Happened) -> None:
        matter.life.promised(one.at, datetime.fromisoformat(one.data["due"]))

    def _promise_kept(self, matter: Matter, one: Happened) -> None:
        for vow in matter.life.vows:
            if vow.open:
                vow.open, vow.kept_at = False, one.at


def ought(people: Iterable[Person]) -> Iterator[Ought]:
    """All that ought to have happened."""
    for person in people:
        for matter in person.matters.values():
            yield from matter.life.ought


def lived(
    events: Sequence[Happened],
    end: datetime,
    causes: Mapping[str, Cause],
    teams: Mapping[str, Team],
    away: Away,
) -> list[Person]:
    """The customers, each with all that happened to them."""
    customer: dict[int, str] = {}
    theirs: dict[str, list[Happened]] = defaultdict(list)
    assigned: dict[int, str] = {}
    for one in events:
        if one.case is None:
            continue
        if one.kind == "opened":
            customer[one.case] = one.actor
        if one.kind == "assigned" and (found := TO.match(one.text)):
            assigned.setdefault(one.case, found[1])
        theirs[customer[one.case]].append(one)
    people = []
    for those in theirs.values():
        person = Person(causes, teams, away)
        person.assigned = assigned
        person.lives_until(end, those)
        people.append(person)
    return people
