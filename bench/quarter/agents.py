"""The agents of the quarter: they answer, promise, keep, offer and resolve, by mail or at the desk."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.quarter import words
from bench.quarter.business_time import GRID, Team, on_grid
from bench.quarter.clockwork import Clockwork
from bench.quarter.firm import AWAY, DOMAIN, Agent
from bench.quarter.letters import Got
from bench.quarter.story import Story
from engine.doing import NotDone, do
from store import queries
from store.models import FOR_A_PERSON, GOES_ON, Case, Status

WHAT = "a replacement"
DAY = timedelta(days=1)
LONGEST_QUEUE = timedelta(days=9)
"""Nobody lets a case wait for longer because of others."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What somebody wanted to do, and could not."""

    at: datetime
    agent: str
    case: int
    commands: str
    why: str


@dataclass
class Worker:
    """An agent at work."""

    agent: Agent
    team: Team
    work: Clockwork
    story: Story
    dice: random.Random
    takes: timedelta
    """Working time for one case."""
    refused: list[Refused]
    free_at: datetime | None = None
    planned: set[int] = field(default_factory=set)
    promised: dict[int, datetime] = field(default_factory=dict)
    """By when, of each case with a promise that is still to be kept."""
    mails: dict[int, Got] = field(default_factory=dict)
    mails_written: int = 0

    # -- being there

    def _monday(self, day: int) -> datetime:
        that = self.story.first + timedelta(days=day)
        return datetime.combine(that, time(9), ZoneInfo(self.team.zone)).astimezone(UTC)

    def is_away(self, at: datetime) -> bool:
        return self.agent in AWAY and self._monday(self.story.slow) <= at < self._monday(self.story.slow + 7)

    def goes(self) -> None:
        """Says that they are away."""
        do(self.work.desk, f"away until {self.story.back}", agent=self.agent.address, number=None)

    def next_work(self, at: datetime) -> datetime:
        """When they work at that time, or the next time that they do."""
        if self.is_away(at):
            at = self._monday(self.story.slow + 7)
        at = on_grid(at)
        return at if self.team.is_open(at) else self.team.first_open(at + GRID)

    # -- what they do

    def got(self, letter: Got) -> None:
        """A mail about a case is a case to look at."""
        if letter.case is None or letter.kind not in ("draft", "transcript"):
            return
        self.mails[letter.case] = letter
        if letter.kind == "draft" and self._case(letter.case).assignee == self.agent.address:
            self.will_handle(letter.case, letter.at)

    def will_handle(self, case: int, now: datetime) -> None:
        if case in self.planned:
            return
        self.planned.add(case)
        chance = self.dice.random()
        if chance < 0.04:  # forgotten for long
            at = self.team.after(now, f"{self.dice.randint(6, 14)} working days")
        else:
            hours = self.dice.randint(8, 20) if self.agent.slow else self.dice.randint(1, 5)
            begins = min(max(now, self.free_at or now), now + LONGEST_QUEUE)
            at = self.team.after(begins, f"{hours} working hours")
            self.free_at = begins + self.takes
        self._plan(at, lambda: self._handle(case))

    def _plan(self, at: datetime, act: Callable[[], None]) -> None:
        self.work.agenda.plan(self.next_work(at), act)

    def _there(self, act: Callable[[], None]) -> bool:
        """Whether they are; else they do it when they are back."""
        now = self.work.clock()
        if self.next_work(now) == now:
            return True
        self._plan(now, act)
        return False

    def _case(self, number: int) -> Case:
        with self.work.desk.database.read() as session:
            case = queries.case(session, number)
        assert case is not None  # noqa: S101 - it was mailed about
        return case

    def _handle(self, number: int) -> None:
        if not self._there(lambda: self._handle(number)):
            return
        self.planned.discard(number)
        case = self._case(number)
        if case.status not in FOR_A_PERSON or case.assignee != self.agent.address:
            return
        chance = self.dice.random()
        if case.kind.value == "praise":
            self._acts(number, "approve\nresolve")
        elif chance < 0.14:
            self._promises(number)
        elif chance < 0.22:
            self._acts(number, f"offer refund {self.dice.randint(1, 9) * 5} EUR the trouble\napprove")
            self._later(2, 40, lambda: self._pays(number))
            self._will_resolve(number)
        elif chance < 0.32:
            self._acts(number, "approve\nresolve")
        else:
            self._acts(number, "approve")
            self._will_resolve(number)
        self._plan(self.work.clock() + DAY, lambda: self._looks_again(number))

    def _looks_again(self, number: int) -> None:
        """What was not obeyed, or came again meanwhile, is not forgotten."""
        case = self._case(number)
        if case.status in FOR_A_PERSON and case.assignee == self.agent.address:
            self.will_handle(number, self.work.clock())

    def _later(self, first: int, last: int, act: Callable[[], None]) -> None:
        hours = self.dice.randint(first, last)
        self._plan(self.team.after(self.work.clock(), f"{hours} working hours"), act)

    def _will_resolve(self, number: int) -> None:
        self._later(2, 36, lambda: self._resolves(number))

    def _resolves(self, number: int) -> None:
        if not self._there(lambda: self._resolves(number)):
            return
        if self._case(number).status is Status.ANSWERED:
            self._acts(number, "resolve")

    def _pays(self, number: int) -> None:
        if self._there(lambda: self._pays(number)) and self._case(number).merged_into is None:
            self._acts(number, "paid refund")

    def _promises(self, number: int) -> None:
        now, days = self.work.clock(), self.dice.randint(2, 6)
        due = self.team.after(now, f"{days} working days")
        self.promised[number] = due
        self._acts(number, f"promise {WHAT} by {self.team.day_of(due)}\napprove")
        chance = self.dice.random()
        if chance < 0.7:
            kept = self.team.before(due, f"{self.dice.randint(1, 7)} working hours")
            self._plan(kept, lambda: self._keeps(number, due))
        elif chance < 0.9:
            self._plan(
                self.team.after(due, f"{self.dice.randint(1, 14)} working hours"),
                lambda: self._keeps(number, due),
            )
        else:
            self._plan(self.team.after(due, "4 working days"), lambda: self._resolves(number))

    def _keeps(self, number: int, due: datetime) -> None:
        if not self._there(lambda: self._keeps(number, due)):
            return
        if self.promised.get(number) == due and self._case(number).status in GOES_ON:
            del self.promised[number]
            self._acts(number, f"kept {WHAT}")
            self._plan(self.work.clock() + GRID, lambda: self._says_so(number))
        self._will_resolve(number)

    def _says_so(self, number: int) -> None:
        """Tells the customer, in a second letter, that what was promised is done."""
        if not self._there(lambda: self._says_so(number)) or self._case(number).status is not Status.ANSWERED:
            return
        try:
            do(self.work.desk, "template promise_kept", agent=self.agent.address, number=number)
            with self.work.desk.database.read() as session:
                draft = queries.latest_draft(session, number)
            seen = draft.version if draft else None
            do(self.work.desk, "approve", agent=self.agent.address, number=number, seen=seen)
        except NotDone as refused:
            now = self.work.clock()
            self.refused.append(Refused(now, self.agent.address, number, "template, approve", str(refused)))

    def _acts(self, number: int, commands: str) -> None:
        mail = self.mails.get(number)
        if self.agent.by_mail and mail:
            self._replies(mail, commands)
            return
        try:
            do(self.work.desk, commands, agent=self.agent.address, number=number)
        except NotDone as refused:
            now = self.work.clock()
            self.refused.append(Refused(now, self.agent.address, number, commands, str(refused)))

    def _replies(self, to: Got, commands: str) -> None:
        self.mails_written += 1
        date = self.work.clock().strftime("%a, %d %b %Y %H:%M:%S +0000")
        message_id = f"<{self.agent.name}-{self.mails_written}@{DOMAIN}>"
        raw = words.mail(
            commands,
            self.agent.name.capitalize(),
            self.agent.address,
            "Re: a case",
            message_id,
            to=to.reply_to,
            date=date,
            answers=to.message_id,
        )
        self.work.deliver(raw, to.reply_to)
