"""Where a case stands between two commands of one mail, and what a command does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cases.facts import AlsoDecided, DraftRequest, Facts, LetterRequest, Listing
from cases.lifecycle import IllegalTransition, advance
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from store.models import Case, Draft, DraftState, EventKind, Status, TimerKind
from store.values import CaseChange, NewEvent, NewRow, NewTimer, RowChange


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
    data: Mapping[str, Any] = field(default_factory=dict)
    """Of the first event."""
    beside: AlsoDecided | None = None
    reopen_draft: bool = False
    withdraw: tuple[str, ...] = ()
    revoke_tokens: bool = False
    rows: tuple[NewRow, ...] = ()
    changes: tuple[RowChange, ...] = ()
    shows: Listing | None = None
    next_step: Say | None = None
    """What to do next; the last command that says something about it is heard."""
    opens: CaseChange | None = None
    """A case that the command opens; what follows in the mail is about it."""


@dataclass(frozen=True, slots=True)
class Situation:
    """The case as it is after the commands so far."""

    facts: Facts
    case_or_none: Case | None
    """None for commands about the desk."""
    agent: Agent
    status: Status
    version: int = 0
    """The latest version of the draft; 0 while there is none."""
    body: str = ""
    draft_open: bool = False
    assignee: str = ""
    effects: tuple[Effect, ...] = ()

    @property
    def case(self) -> Case:
        """The case; raises Refusal when the commands are about none."""
        if self.case_or_none is None:
            raise Refusal("which-case", command="")
        return self.case_or_none

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
            draft_open=bool(draft) or effect.reopen_draft or (self.draft_open and not decided),
            assignee=effect.values.get("assignee", self.assignee),
            effects=(*self.effects, effect),
        )

    def events(self) -> tuple[NewEvent, ...]:
        """All events so far, by this agent."""
        return tuple(
            NewEvent(kind, text, self.agent.address, effect.data if at == 0 else {})
            for effect in self.effects
            for at, (kind, text) in enumerate(effect.events)
        )


def is_open(draft: Draft | None) -> bool:
    """Whether a draft waits to be approved or rejected."""
    return draft is not None and draft.state is DraftState.OPEN


def begin(facts: Facts, case: Case | None, agent: Agent) -> Situation:
    """The situation before the first command."""
    draft = facts.draft
    return Situation(
        facts=facts,
        case_or_none=case,
        agent=agent,
        status=case.status if case else Status.NEW,
        version=draft.version if draft else 0,
        body=draft.body if draft else "",
        draft_open=is_open(draft),
        assignee=case.assignee if case else "",
    )
