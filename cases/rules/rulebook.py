"""Everything that the rule files say, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cases.rules.conditions import Rule
from cases.rules.deadlines import Deadlines
from cases.rules.extracting import Extracting
from cases.rules.issues import IssuesFile
from cases.rules.kept_files import KeptFiles
from cases.rules.later import Later
from cases.rules.lettering import LettersFile
from cases.rules.mailboxes import NamedMailbox
from cases.rules.matcher import Matcher
from cases.rules.retention import RetentionFile
from cases.rules.signals import ClusterWatch, GrowthWatch, Signal
from cases.rules.types import Agent, Category, CheckIns, Role, Route
from cases.rules.working_time import Calendar
from cases.toning.guides import Guides
from language.signs import Signs
from language.words import Words

if TYPE_CHECKING:
    # The process that reads mails knows rules and no tables.
    from store.models import Case


class Written(NamedTuple):
    """A rule as it is written."""

    rule: Rule
    language: str
    """The language of its file; "" when it has none."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that the rule files say."""

    categories: Mapping[str, Category]
    unsure_below: float
    check_ins: CheckIns
    agents: tuple[Agent, ...]
    calendar: Calendar
    """The firm's."""
    routes: tuple[Route, ...]
    signals: tuple[Signal, ...]
    growth: GrowthWatch
    clusters: ClusterWatch
    words: tuple[Words, ...]
    """English first, the others by language."""
    signs: Signs
    """How mail that a program wrote is known."""
    written: Later[tuple[Written, ...]]
    """The rules in the order of the files; nobody needs them so who only reads mails."""
    matching: Later[Matcher]
    """The rules, compiled: large, and packed where mails are read in another process."""
    asks_history: bool
    """Whether some rule can be told only when the customer's earlier cases are known."""
    alerts: bool
    """Whether some rule wants somebody mailed at once, or the case escalated, by a further mail too."""
    extracting: Extracting
    """Finds the facts in a mail."""
    tone: Guides
    """How a good letter sounds, by language."""
    letters: LettersFile
    """Which language stands in for which, and whom a final answer names."""
    deadlines: Deadlines
    """By when cases are resolved and finally answered, and who is told of what is late."""
    issues: IssuesFile
    """What is wrong and known, and how fast customers are told that it is fixed."""
    attachments: KeptFiles
    """Which of a customer's files agents do not get by mail."""
    threats: frozenset[str]
    """The names of the rules that say a mail threatens the firm's name (D4)."""
    version: str
    """A hash of all texts; stamped on what is decided by them."""
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    """Of the teams that work otherwise than the firm, by name."""
    retention: RetentionFile = field(default_factory=RetentionFile)
    """How long what customers wrote is kept."""
    mailboxes: tuple[NamedMailbox, ...] = ()
    """Those that rules and routes name."""

    @property
    def engine(self) -> Matcher:
        """The rules, compiled."""
        return self.matching.value

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules as they are written, in the order of the files."""
        return tuple(one.rule for one in self.written.value)

    def agent(self, address: str) -> Agent | None:
        """The agent with this address, in any case of letters."""
        return next((agent for agent in self.agents if agent.address == address.strip().lower()), None)

    def calendar_of(self, whose: Case | Agent | str | None) -> Calendar:
        """When those work who have a case, an agent (an address will do), or a team by its name: the calendar
        of their team; the firm's where the team has none of its own, and where nobody has the case."""
        if not self.calendars:
            return self.calendar
        named = whose if whose is None or isinstance(whose, Agent | str) else whose.assignee
        agent = self.agent(named) if isinstance(named, str) and "@" in named else named
        team = agent.team if isinstance(agent, Agent) else agent
        return self.calendars.get(team or "", self.calendar)

    def with_role(self, role: Role) -> tuple[Agent, ...]:
        return tuple(agent for agent in self.agents if role in agent.roles)

    def named(self, who: str) -> tuple[Agent, ...]:
        """Whom the files name to be told: the agents of a role, the one at an address, or those of a team."""
        if who.lower() in set(Role):
            return self.with_role(Role(who.lower()))
        agent = self.agent(who)
        return (agent,) if agent else tuple(one for one in self.agents if one.team == who)
