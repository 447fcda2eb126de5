"""The whole quarter: the firm, its people and its worker, from the first day to the last."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bench.quarter import firm, words
from bench.quarter.agents import Refused, Worker
from bench.quarter.business_time import Team
from bench.quarter.clockwork import Agenda, Clock, Clockwork, Left, PostOffice, belongs_to_firm, settings_of
from bench.quarter.customers import Customer
from bench.quarter.letters import Got, headers, read_letter
from bench.quarter.story import Arrival, Story, arrivals
from engine.rule_files import read_rules
from engine.running import Worker as RealWorker
from settings import Settings
from store.models import Letter

AT_ONCE = 400
MARGIN = timedelta(days=70)
"""How far beyond the quarter deadlines may lie."""
USUAL_LOAD = 0.45
"""Such a part of their time the agents are busy in."""


@dataclass
class Lived:
    """What has happened, as seen from outside, and where the worker's database is."""

    story: Story
    settings: Settings
    teams: dict[str, Team]
    arrivals: Sequence[Arrival]
    got: list[Got] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    steps: int = 0

    @property
    def until(self) -> datetime:
        """The last moment: what is due later is not waited for."""
        return self.story.end

    @property
    def first(self) -> date:
        return self.story.first

    @property
    def last(self) -> date:
        return self.story.first + timedelta(days=self.story.days - 1)


def is_away(story: Story, address: str, at: datetime) -> bool:
    """Whether an agent is away then: in the slow week, from Monday's opening to the next one's."""
    agent = next((one for one in firm.AWAY if one.address == address), None)
    return agent is not None and _monday(story, story.slow, agent) <= at < _monday(
        story, story.slow + 7, agent
    )


def _monday(story: Story, day: int, agent: firm.Agent) -> datetime:
    zone = ZoneInfo(firm.teams()[agent.team].zone)
    return datetime.combine(story.first + timedelta(days=day), time(9), zone).astimezone(UTC)


def live(story: Story, folder: Path, progress: Any = None) -> Lived:
    """Let the quarter pass."""
    rules = firm.write_rules(folder / "rules", story.parcels, story.bad_batch)
    rulebook, problems = read_rules(rules)
    if rulebook is None:
        raise SystemExit("\n".join(map(str, problems)))
    teams = firm.teams()
    for team in teams.values():
        team.look_at(story.first - timedelta(days=14), story.end.date() + MARGIN)
    came = arrivals(story, words.texts(rulebook), teams)
    clock = Clock(story.start)
    with closing(PostOffice(clock)) as post:
        settings = settings_of(post, folder, rules)
        lived = Lived(story, settings, teams, came)
        with RealWorker(settings, clock) as worker:
            agenda = Agenda(clock)
            with closing(Clockwork(worker, post, clock, agenda)) as work:
                _Days(lived, work).pass_by(progress)
    return lived


class _Days:
    def __init__(self, lived: Lived, work: Clockwork) -> None:
        self.lived, self.work, story = lived, work, lived.story
        self.customers = {
            one.message_id: Customer(one, work, random.Random(f"{story.seed}/{one.number}"))
            for one in lived.arrivals
        }
        self.of_case: dict[int, Customer] = {}
        takes = self._takes(story)
        self.agents = {
            one.address: Worker(
                one,
                lived.teams[one.team],
                work,
                story,
                random.Random(f"{story.seed}/{one.name}"),
                takes,
                lived.refused,
            )
            for one in firm.AGENTS
        }

    def _takes(self, story: Story) -> timedelta:
        """How long a case keeps an agent busy, by the clock on the wall."""
        answering = sum("agent" in one.roles for one in firm.AGENTS)
        return timedelta(days=story.days) * USUAL_LOAD * answering / story.cases

    def pass_by(self, progress: Any) -> None:
        """From the first day to the last."""
        for customer in self.customers.values():
            self.work.agenda.plan(customer.arrival.at, customer.writes)
        story = self.lived.story
        for agent in firm.AWAY:
            self.work.agenda.plan(_monday(story, story.slow, agent), self.agents[agent.address].goes)
        last = self.work.clock()
        while (at := self.work.next_at()) is not None and at <= story.end:
            if at < last or (at == last and self.work.steps > 1 and self.work.agenda.next_at != at):
                raise RuntimeError(f"time stands still at {at}")
            last = at
            self._read(self.work.step(at))
            if progress:
                progress(at, self.work.steps)
        self.lived.steps = self.work.steps

    def _read(self, left: Sequence[Left]) -> None:
        """Hand the letters to those whom they are for."""
        kinds = self._kinds([headers(one.raw)["message-id"] for one in left])
        for one in left:
            letter = read_letter(one, kinds)
            self.lived.got.append(letter)
            if belongs_to_firm(letter.recipient):
                self.agents[letter.recipient].got(letter)
                continue
            if letter.kind == "ack" and letter.case is not None:
                self.of_case[letter.case] = self.customers[letter.answers]
            if letter.case in self.of_case:
                self.of_case[letter.case].got(letter)

    def _kinds(self, ids: Sequence[str]) -> dict[str, tuple[str, str, int | None]]:
        """What the letters are, by their Message-IDs."""
        found: dict[str, tuple[str, str, int | None]] = {}
        with self.work.desk.database.read() as session:
            for start in range(0, len(ids), AT_ONCE):
                wanted = col(Letter.message_id).in_(ids[start : start + AT_ONCE])
                for one in session.exec(select(Letter).where(wanted)):
                    found[one.message_id] = one.kind.value, one.key, one.case_number
        return found
