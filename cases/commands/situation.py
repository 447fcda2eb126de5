"""Where a case stands between two commands of one mail, and what a command does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cases.facts import DraftRequest, Facts, LetterRequest
from cases.lifecycle import IllegalTransition, advance
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from store.models import Case, Draft, DraftState, EventKind, Status, TimerKind
from store.values import Merge, NewEvent, NewTimer


@dataclass(frozen=True, slots=True)
class Effect:
    """What one command does."""

    events: tuple[tuple[EventKind, str], ...]
    """Kind and text; the agent is the actor."""
    says: Say
    """What the transcript says of it."""
    values: Mapping[str, Any] = field(default_factory=dict)
    draft: DraftRequest | None = None
    approve_draft: bool = False
    reject_draft: bool = False
    letters: tuple[LetterRequest, ...] = ()
    timers: tuple[NewTimer, ...] = ()
    cancel_timers: tuple[TimerKind, ...] = ()
    merge: Merge | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """The case as it is after the commands so far."""

    facts: Facts
    case: Case
    agent: Agent
    status: Status
    version: int = 0
    """The latest version of the draft; 0 while there is none."""
    body: str = ""
    draft_open: bool = False
    assignee: str = ""
    effects: tuple[Effect, ...] = ()

    def after(self, command: str, effect: Effect) -> Situation:
        """The situation once the effect has happened; raises Refusal when it can't."""
        try:
            status = advance(self.status, [kind for kind, _ in effect.events])
        except IllegalTransition:
            raise Refusal("illegal", command=command, status=str(self.status)) from None
        draft = effect.draft
        decided = effect.approve_draft or effect.reject_draft
        return replace(
            self,
            status=status,
            version=draft.version if draft else self.version,
            body=draft.body if draft else self.body,
            draft_open=bool(draft) or (self.draft_open and not decided),
            assignee=effect.values.get("assignee", self.assignee),
            effects=(*self.effects, effect),
        )

    def events(self) -> tuple[NewEvent, ...]:
        """All events so far, by this agent."""
        return tuple(
            NewEvent(kind, text, self.agent.address)
            for effect in self.effects
            for kind, text in effect.events
        )


def is_open(draft: Draft | None) -> bool:
    """Whether a draft waits to be approved or rejected."""
    return draft is not None and draft.state is DraftState.OPEN


def begin(facts: Facts, case: Case, agent: Agent) -> Situation:
    """The situation before the first command."""
    draft = facts.draft
    return Situation(
        facts=facts,
        case=case,
        agent=agent,
        status=case.status,
        version=draft.version if draft else 0,
        body=draft.body if draft else "",
        draft_open=is_open(draft),
        assignee=case.assignee,
    )
