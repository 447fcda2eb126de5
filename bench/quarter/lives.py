"""One case as it ought to go: what is due when, worked out from what people did and from nothing else.

A second, slow opinion about cases/watching, written from the rules' own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bench.quarter import rules_by_hand as rules
from bench.quarter.business_time import Team
from bench.quarter.firm import APPROVER, OWNER
from bench.quarter.owed import Followed, Ought, Vow
from bench.quarter.rules_by_hand import AFTER, AGENT, BEFORE, CHAINS, Cause

WAITS, ANSWERED, RESOLVED, CLOSED = "waits", "answered", "resolved", "closed"
GOES_ON = (WAITS, ANSWERED)
Away = Callable[[str, datetime], bool]


@dataclass
class Life:
    """A case, as far as it matters for what is due."""

    number: int
    customer: str
    kind: str
    cause_name: str
    severity: str
    cause: Cause
    team: Team
    away: Away
    opened_at: datetime
    assignee: str = ""
    status: str = WAITS
    wrote_at: datetime | None = None
    last_word: datetime | None = None
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    holdings: int = 0
    held_at: datetime | None = None
    deadlines: dict[str, Followed] = field(default_factory=dict)
    vows: list[Vow] = field(default_factory=list)
    ought: list[Ought] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wrote_at = self.last_word = self.opened_at
        self.sets("answer", self.team.after(self.opened_at, self.cause.answer_within))
        if within := rules.resolve_within(self.kind, self.severity):
            self.sets("resolve", self.team.after(self.opened_at, within))
            self.sets("final", self.team.after(self.opened_at, rules.FINAL_WITHIN))

    def sets(self, name: str, by: datetime) -> None:
        """Another time is followed from its beginning."""
        if name not in self.deadlines or self.deadlines[name].by != by:
            self.deadlines[name] = Followed(name, by)

    def says(self, at: datetime, what: str, about: str = "", to: str = "") -> None:
        self.ought.append(Ought(at, self.number, what, about, to))

    def word(self, at: datetime) -> None:
        """Somebody wrote to the other side."""
        self.last_word = at if self.last_word is None else max(self.last_word, at)

    def goes_on_anew(self, at: datetime) -> None:
        """The customer asks again: there is another deadline, and those that have passed are counted anew."""
        if self.status != WAITS:
            self.deadlines["answer"] = Followed("answer", self.team.after(at, self.cause.answer_within))
        if self.status not in GOES_ON:
            for one in self.deadlines.values():
                one.settled_at = None
            counted = {"resolve": rules.resolve_within(self.kind, self.severity), "final": rules.FINAL_WITHIN}
            for name, within in counted.items():
                if name in self.deadlines and self.deadlines[name].by <= at:
                    self.sets(name, self.team.after(at, within))
        self.status = WAITS

    def settles(self, at: datetime, *names: str) -> None:
        """What these deadlines want is done; once is enough."""
        for name in names:
            if name in self.deadlines and self.deadlines[name].settled_at is None:
                self.deadlines[name].settled_at = at

    def outcome(self, name: str, now: datetime) -> str:
        """What became of a deadline by now."""
        one = self.deadlines[name]
        if one.settled_at is not None:
            return "kept" if one.settled_at <= one.by else "missed"
        return "running" if one.by > now else "missed"

    # -- what is due next

    def next_at(self) -> datetime | None:
        """When the case is to be looked at, as long as it goes on."""
        if self.status not in GOES_ON:
            return None
        times = [*self._times_of_vows(), *self._times_of_deadlines()]
        if (held := self._held_at()) is not None:
            times.append(held)
        return min(times, default=None)

    def look(self, now: datetime) -> None:
        """Do all that is due now."""
        told: set[str] = set()
        wrote = self._look_at_vows(now, told)
        self._look_at_deadlines(now, told)
        if not wrote and (held := self._held_at()) is not None and held <= now:
            self._hold(now)
        for address in sorted(told):
            self.says(now, "told", to=address)

    # -- holding updates

    def _held_at(self) -> datetime | None:
        cause = self.cause
        if self.status != WAITS or not cause.held_after or self.holdings >= cause.at_most:
            return None
        if self.kind not in ("complaint", "question") or self.last_word is None:
            return None
        at = self.team.after(self.last_word, cause.held_every if self.holdings else cause.held_after)
        if self.held_at is not None:
            at = max(at, self.team.after(self.held_at, cause.held_every))
        return self.team.first_open(at)

    def _hold(self, now: datetime) -> None:
        self.holdings += 1
        self.held_at = now
        self.word(now)
        again = self._held_at()
        answer_by = self.deadlines["answer"].by
        until = again or (answer_by if answer_by > now else None)
        self.says(now, "holding")
        self.says(now, "holding-sent", until.isoformat() if until else "")

    # -- deadlines

    def _running(self) -> Iterator[Followed]:
        if self.kind == "praise":
            return
        for name, one in self.deadlines.items():
            if name != "answer" or self.status == WAITS:
                yield one

    def _links(self, name: str, by: datetime) -> list[tuple[datetime, bool, tuple[str, ...]]]:
        found = []
        for when, wait, to in CHAINS[name]:
            at = by
            if when == BEFORE:
                at = self.team.before(by, wait)
            elif when == AFTER:
                at = self.team.after(by, wait)
            found.append((at, when == BEFORE, to))
        return sorted(found, key=lambda one: one[0])

    def _since(self) -> datetime:
        return max(self.opened_at, self.wrote_at or self.opened_at)

    def _times_of_deadlines(self) -> Iterator[datetime]:
        for one in self._running():
            if not one.missed:
                yield one.by
            for at, is_before, _ in self._links(one.name, one.by)[one.steps :]:
                if not is_before or self._since() < at:
                    yield at
                    break

    def _look_at_deadlines(self, now: datetime, told: set[str]) -> None:
        for one in self._running():
            people = self._step(one, self._since(), now)
            is_late = one.by <= now
            if people is not None and self.status == ANSWERED and one.name != "final":
                people = [address for address in people if address == self.assignee]
            listed = ",".join(sorted(people or ()))
            if is_late and not one.missed:
                one.missed = True
                self.says(now, "deadline-missed", one.name, listed)
            elif people is not None and not is_late:
                self.says(now, "deadline-near", one.name, listed)
            self._escalated(now, one.name, people if is_late else None)
            told.update(people or ())

    def _escalated(self, now: datetime, name: str, people: list[str] | None) -> None:
        for address in people or ():
            if address != self.assignee:
                self.says(now, "escalated", name, address)

    def _step(self, one: Followed, since: datetime, now: datetime) -> list[str] | None:
        """Who is told at the furthest step that is due; None where none is."""
        links = self._links(one.name, one.by)
        due = sum(at <= now for at, _, _ in links)
        if due <= one.steps:
            return None
        one.steps = due
        at, is_before, to = links[due - 1]
        if is_before and not (since < at and now < one.by):
            return None
        further = [who for _, _, those in links[due - 1 :] for who in those]
        return self._people(to, further, now)

    def _people(self, to: tuple[str, ...], further: list[str], now: datetime) -> list[str]:
        found: list[str] = []
        for who in to:
            address = {"approver": APPROVER.address, "owner": OWNER.address}.get(who, self.assignee)
            if who == AGENT and self.away(self.assignee, now):
                above = next(one for one in (*further, rules.OWNER) if one != AGENT)
                address = APPROVER.address if above == rules.APPROVER else OWNER.address
            if address not in found:
                found.append(address)
        return found

    # -- promises

    def promised(self, at: datetime, due: datetime) -> None:
        """One in the same words gives way to it."""
        for one in self.vows:
            if one.open:
                one.open = False
        self.vows.append(Vow(due, at, Followed("promise", due)))

    def _remind_at(self, one: Vow) -> datetime | None:
        at = self.team.before(one.due, rules.REMIND_BEFORE)
        return at if one.made_at < at and not one.reminded and not one.broken else None

    def _times_of_vows(self) -> Iterator[datetime]:
        for one in self.vows:
            if not one.open:
                continue
            if (at := self._remind_at(one)) is not None:
                yield at
            if not one.broken:
                yield one.due
            links = self._links("promise", one.due)[one.followed.steps :]
            yield from (at for at, _, _ in links[:1])
            if not one.settled:
                yield self.team.after(one.due, rules.TOLD_AFTER)

    def _look_at_vows(self, now: datetime, told: set[str]) -> bool:
        """Whether the customer was written to."""
        late = []
        for one in self.vows:
            if not one.open:
                continue
            if one.due <= now:
                late += self._broken(one, now, told)
            elif (at := self._remind_at(one)) is not None and at <= now:
                one.reminded = True
                people = self._people((AGENT,), [rules.APPROVER], now)
                self.says(now, "promise-near", to=",".join(people))
                told.update(people)
        if late:
            self.word(now)
            self.says(now, "holding-promise")
            self.says(now, "holding-sent", "promise")
        return bool(late)

    def _broken(self, one: Vow, now: datetime, told: set[str]) -> list[Vow]:
        people = self._step(one.followed, one.made_at, now)
        if not one.broken:
            one.broken = True
            self.says(now, "promise-broken", to=",".join(sorted(people or ())))
        self._escalated(now, "promise", people)
        told.update(people or ())
        if one.settled or self.team.after(one.due, rules.TOLD_AFTER) > now:
            return []
        one.settled = True
        return [] if self.answered_at is not None and self.answered_at >= one.due else [one]
