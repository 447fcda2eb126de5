"""What the rule files may say: their shapes, as frozen models."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, model_validator

from cases.limits import Authority
from cases.quiet import Quiet
from cases.regular import Regular
from cases.rules.conditions import Channels
from cases.rules.durations import Duration, Unit
from cases.rules.fields import (
    Addresses,
    CategoryName,
    Language,
    Languages,
    MailAddress,
    Name,
    Strict,
    Texts,
    Time,
    WorkingHours,
    as_texts,
    filled,
    parsed,
)
from store.kinds import CaseKind, Fault, Severity

UNSURE = "unsure"


class Role(StrEnum):
    """What an agent may do."""

    AGENT = "agent"
    APPROVER = "approver"
    ADMIN = "admin"
    OWNER = "owner"


MAY_SEE_FIGURES = frozenset({Role.APPROVER, Role.ADMIN, Role.OWNER})
"""Who may be mailed the figures of the whole firm."""
MAY_SEE_AGENTS = frozenset({Role.ADMIN, Role.OWNER})
"""Who may see figures of single agents, and of the persons whom complaints name."""
Often = Annotated[Regular, parsed(Regular.parse)]


class HoldingUpdates(Strict):
    """When a customer who waits for an answer hears that it is still being worked on (D12)."""

    after: Time
    """The first one, counted from the last mail that the customer got."""
    every: Time | None = None
    """Those that follow; without it there is one alone."""
    at_most: int = Field(3, ge=1, le=20)


class Category(Strict):
    """One cause that a case can have, and how cases of it are handled."""

    name: str = ""
    names: Mapping[Language, CategoryName] = {}
    """What agents call it, by language; they may write these names too."""
    kind: CaseKind
    description: str = Field(min_length=1)
    severity: Severity = Severity.NORMAL
    fault: Fault = Fault.UNKNOWN
    general: StrictBool = False
    """Chosen only where nothing more precise was hit."""
    answer_template: str = ""
    answer_within: Time = Duration(2, Unit.WORKING_DAYS)
    check_in_after: Time = Duration(3, Unit.DAYS)
    check_in_reminder_after: Time = Duration(4, Unit.DAYS)
    close_after: Time = Duration(7, Unit.DAYS)
    four_eyes: StrictBool = False
    """An answer leaves only when a second person has looked at it."""
    acknowledge: StrictBool = True
    """Whether its mail gets an acknowledgement."""
    holding_updates: HoldingUpdates | None = None
    """Without it, customers get none."""


class CheckIns(Strict):
    """Who is asked, once a case is solved, whether it is (D21)."""

    not_again_within: Time = Duration(30, Unit.DAYS)
    """A customer who was asked within this time, about whatever case, is not asked."""
    silent_after: int = Field(2, ge=0, le=20)
    """Who said nothing to so many check-ins in a row wants none; 0 asks on."""
    left_alone_for: Time = Duration(365, Unit.DAYS)
    """How long who said nothing to them is left alone."""


class CategoriesFile(Strict):
    unsure_below: float = Field(0.4, ge=0, le=1)
    check_ins: CheckIns = CheckIns()
    categories: Annotated[Mapping[Name, Category], AfterValidator(filled)]


class Agent(Strict):
    """A person who answers customers."""

    address: MailAddress
    name: str = Field(min_length=1)
    languages: Languages = ()
    """Languages the agent answers in; empty means all."""
    roles: Annotated[tuple[Role, ...], BeforeValidator(as_texts)] = (Role.AGENT,)
    team: Name | None = None
    """Whom the agent works with; routes can name the team."""
    working_hours: WorkingHours | None = None
    """When the agent is there, on the firm's working days; an agent without hours always is."""
    authority: Authority = Field(default_factory=dict)
    """What the agent may give alone; without it, nothing."""
    draft_only: StrictBool = False
    """Writes and proposes; somebody else approves."""
    digest: Annotated[Quiet, parsed(Quiet.parse)] = Quiet()
    """Instead of a mail for each draft; what is urgent is mailed at once all the same."""
    figures: Annotated[tuple[Often, ...], BeforeValidator(as_texts)] = ()
    """When the agent is mailed the figures of the whole firm; for approvers, admins and owners alone."""

    @model_validator(mode="after")
    def _may_see_the_figures(self) -> Self:
        if self.figures and not MAY_SEE_FIGURES & set(self.roles):
            raise ValueError(
                "figures are of the whole firm, for approvers, admins and owners: give this agent one of "
                "these roles, or take figures away"
            )
        if len({one.span for one in self.figures}) < len(self.figures):
            raise ValueError("figures once a day and once a week are enough; take one of these away")
        return self


class AgentsFile(Strict):
    agents: Annotated[tuple[Agent, ...], AfterValidator(filled)]


class During(StrEnum):
    """Parts of the week, by the firm's calendar."""

    WORKING_HOURS = "working hours"
    AFTER_HOURS = "after hours"


class Route(Strict):
    """The cases that fit every line go to these agents, or this team.

    Within a line one is enough; a line that is left out fits every case.
    """

    language: Languages = ()
    """The customer's language."""
    category: Texts = ()
    severity: Annotated[tuple[Severity, ...], BeforeValidator(as_texts)] = ()
    tag: Texts = ()
    """What the rules said of the case beside its category."""
    channel: Channels = ()
    """How it came: mail, phone, letter, review, post, person, chat or form."""
    mailbox: Texts = ()
    """The mailbox that it came to, by its name in MAILBOXES; main is the first one."""
    during: During | None = None
    """When the case is given to somebody: working hours, or after hours."""
    assign: Addresses = ()
    team: Name | None = None

    @model_validator(mode="after")
    def _goes_to_somebody(self) -> Self:
        if bool(self.assign) == bool(self.team):
            raise ValueError("say who gets these cases: either 'assign: [name@example.com]' or 'team: NAME'")
        return self


class RoutingFile(Strict):
    routes: tuple[Route, ...] = ()
