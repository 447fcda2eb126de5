"""rules/deadlines.yaml: by when a case is resolved and finally answered, what is done about promises, and who
is told, step by step, when something is late (D11, D16).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from cases.naming import folded
from cases.rules.durations import Duration
from cases.rules.errors import meant
from cases.rules.fields import Strict, Texts, Time, as_texts
from cases.rules.lettering import LettersFile
from cases.rules.strict_yaml import Path
from cases.rules.types import Agent, CategoriesFile, Role
from store.kinds import CaseKind, Severity

Mistake = tuple[Path, str]
AGENT = "agent"
"""In a chain: whoever has the case."""
TOLD = (Role.APPROVER, Role.OWNER, Role.ADMIN)
"""The roles that a chain can name beside."""


class Preset(StrEnum):
    """Deadlines and chains that are written already."""

    NONE = "none"
    ISO10002 = "iso10002"
    FCA_DISP = "fca-disp"


class Late(StrEnum):
    """What can be late, each with a chain of its own."""

    ANSWER = "answer"
    RESOLVE = "resolve"
    FINAL = "final"
    PROMISE = "promise"


def _as_agent(who: str) -> str:
    """Who is told; 'Agent' is 'agent'."""
    return AGENT if who.lower() == AGENT else who


class ChainStep(Strict):
    """Who is told, and when: before the time, after it, or with neither at the time itself."""

    before: Time | None = None
    after: Time | None = None
    to: Annotated[Texts, AfterValidator(lambda to: tuple(map(_as_agent, to)))]
    """'agent' is whoever has the case; else a role (approver, owner, admin), a team or an agent's address."""

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if self.before and self.after:
            raise ValueError("a step comes before or after the time; keep one of 'before' and 'after'")
        if not self.to:
            raise ValueError("say who is told: 'to: agent', 'to: [agent, approver]' or the like")
        if self.before and not self.before.amount:
            raise ValueError("that is the time itself; leave 'before' out")
        return self


class Chains(Strict):
    """Who is told when something is late. What is left out is as the preset says."""

    answer: tuple[ChainStep, ...] | None = None
    """The first answer, and every one after a further mail of the customer."""
    resolve: tuple[ChainStep, ...] | None = None
    final: tuple[ChainStep, ...] | None = None
    promise: tuple[ChainStep, ...] | None = None
    """A promise whose day has passed; 'promises' says when its agent is reminded before."""

    @model_validator(mode="after")
    def _promises_are_reminded_of_elsewhere(self) -> Self:
        if any(step.before for step in self.promise or ()):
            raise ValueError("of a promise one is reminded before by 'promises: {remind_before: …}'")
        return self


class Promises(Strict):
    """What is done about a promise to a customer. What is left out is as the preset says."""

    remind_before: Time | None = None
    """Its agent is reminded so long before."""
    customer_told_after: Time | None = None
    """The customer is told by itself, so long after its time, that it takes longer."""
    next_update_within: Time | None = None
    """And by when they hear again, counted from that letter."""


class Deadline(Strict):
    """By when the cases that fit every line are to be resolved and finally answered."""

    kind: Annotated[tuple[CaseKind, ...], BeforeValidator(as_texts)] = (CaseKind.COMPLAINT,)
    severity: Annotated[tuple[Severity, ...], BeforeValidator(as_texts)] = ()
    category: Texts = ()
    resolve_within: Time | None = None
    final_within: Time | None = None

    @model_validator(mode="after")
    def _says_by_when(self) -> Self:
        if not (self.resolve_within or self.final_within):
            raise ValueError(
                "say by when: 'resolve_within: 10 working days', 'final_within: 8 weeks' or both"
            )
        if any(each and not each.amount for each in (self.resolve_within, self.final_within)):
            raise ValueError("a deadline of no time has passed when a case comes; write one that can be kept")
        return self

    def fits(self, kind: CaseKind, severity: Severity, category: str) -> bool:
        """Whether it is about such a case."""
        return (
            kind in self.kind
            and (not self.severity or severity in self.severity)
            and (not self.category or category in self.category)
        )


class DeadlinesFile(Strict):
    """By when, and who is told. Without a line nobody is told of anything."""

    preset: Preset = Preset.NONE
    """none, iso10002 or fca-disp: says what the lines below leave out."""
    deadlines: tuple[Deadline, ...] = ()
    """The first that fits a case and says by when it is resolved counts, and so for the final answer."""
    promises: Promises = Promises()
    chains: Chains = Chains()


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the file and its preset say together."""

    lines: tuple[Deadline, ...] = ()
    chains: Mapping[Late, tuple[ChainStep, ...]] = field(default_factory=dict)
    promises: Promises = field(default_factory=Promises)

    def resolve_within(self, kind: CaseKind, severity: Severity, category: str) -> Duration | None:
        """How soon after its receipt such a case is to be resolved; None where nothing says so."""
        fitting = (one.resolve_within for one in self.lines if one.fits(kind, severity, category))
        return next(filter(None, fitting), None)

    def final_within(self, kind: CaseKind, severity: Severity, category: str) -> Duration | None:
        """How soon after its receipt the customer of such a case gets the final answer."""
        fitting = (one.final_within for one in self.lines if one.fits(kind, severity, category))
        return next(filter(None, fitting), None)

    def chain(self, late: Late) -> tuple[ChainStep, ...]:
        """Who is told when that is late."""
        return self.chains.get(late, ())


def mistakes_in(
    file: DeadlinesFile,
    categories: CategoriesFile | None,
    called: Mapping[str, str],
    agents: tuple[Agent, ...] | None,
    letters: LettersFile | None,
) -> Iterator[Mistake]:
    """What each line alone does not show. What can't be read is None; `called` has the categories by name."""
    names = categories.categories if categories else None
    for number, one in enumerate(file.deadlines):
        for position, name in enumerate(one.category):
            if names is not None and name not in names:
                near = meant(called.get(folded(name), name), names)
                yield ("deadlines", number, "category", position), f"there is no category '{name}'; {near}"
    if agents is not None:
        yield from _in_chains(file.chains, agents)
    if file.preset is Preset.FCA_DISP and categories and letters:
        yield from _of_fca(categories, letters)


def _in_chains(chains: Chains, agents: tuple[Agent, ...]) -> Iterator[Mistake]:
    teams = sorted({one.team for one in agents if one.team})
    known = [AGENT, *TOLD, *teams, *(one.address for one in agents)]
    for late in Late:
        for number, step in enumerate(getattr(chains, late) or ()):
            for position, who in enumerate(step.to):
                if who not in teams and who.lower() not in known:
                    near = f"{meant(who.lower(), known)} Others are added in agents.yaml"
                    yield (
                        ("chains", late.value, number, "to", position),
                        f"there is no role, team or agent '{who}'; {near}",
                    )


def _of_fca(categories: CategoriesFile, letters: LettersFile) -> Iterator[Mistake]:
    """What DISP 1.6 asks of every complaint and the other files leave out."""
    at: Path = ("preset",)
    complaints = {name: one for name, one in categories.categories.items() if one.kind is CaseKind.COMPLAINT}
    silent = [name for name, one in complaints.items() if not one.acknowledge]
    if silent:
        yield (
            at,
            "fca-disp asks for a prompt acknowledgement of every complaint; in categories.yaml take "
            f"'acknowledge: false' away from: {_listed(silent)}",
        )
    waiting = [name for name, one in complaints.items() if one.holding_updates is None]
    if waiting:
        yield (
            at,
            "fca-disp asks that who complains is kept informed; in categories.yaml write 'holding_updates: "
            f"{{after: 2 working days, every: 5 working days}}' or the like at: {_listed(waiting)}",
        )
    unnamed = [name for name in complaints if letters.turn_to(name) is None]
    if unnamed:
        yield (
            at,
            "fca-disp asks that the final answer names the ombudsman; in letters.yaml write 'outside_body:' "
            f"with its name and how it is reached, below 'default:' or for: {_listed(unnamed)}",
        )


def _listed(names: Collection[str], most: int = 6) -> str:
    shown = ", ".join(list(names)[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
