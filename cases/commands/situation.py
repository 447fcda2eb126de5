"""Where a case stands between two commands of one mail, and what a command does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cases.decision import AlsoDecided, DraftRequest, LetterRequest
from cases.facts import Facts, Listing
from cases.lifecycle import IllegalTransition, advance
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from store.models import Case, Draft, DraftState, EventKind, Request, RequestKind, Status, TimerKind
from store.values import CaseChange, NewEvent, NewRow, NewTimer, RowChange


@dataclass(frozen=True, slots=True)
class Grant:
    """A request that somebody said yes to: its commands are carried out as the giver's."""

    request: Request
    giver: Agent
    by: str
    """The address of who said yes."""

    @property
    def kind(self) -> RequestKind:
        """Why it had to wait."""
        return self.request.kind


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
    letter: str = ""
    """The answer letter that tells the customer of it, which the transcript offers; see `next_step`."""
    grant: Grant | None = None
    """What a yes lets happen."""
    headline: Say | None = None
    """What the transcript's Subject says instead of “Done”: a word about what somebody else wanted."""
    actor: str = ""
    """The address of the agent as whose it happens; `Situation.after` sets it."""
    command: str = ""
    """The command that does it; `Situation.after` sets it."""


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
    grant: Grant | None = None
    """Whose commands these are and who said yes to them, while a request is carried out."""

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
            raise self._impossible(command) from None
        _refuse_reversed(self.effects, command, effect)
        _refuse_second(self.effects, command, effect)
        draft = effect.draft
        decided = effect.approve_draft or effect.reject_draft
        return replace(
            self,
            status=status,
            version=draft.version if draft else self.version,
            body=draft.body if draft else self.body,
            draft_open=bool(draft) or effect.reopen_draft or (self.draft_open and not decided),
            assignee=effect.values.get("assignee", self.assignee),
            effects=(*self.effects, replace(effect, actor=self.agent.address, command=command)),
        )

    def _impossible(self, command: str) -> Refusal:
        """Why a command can't be done as the case stands; what became part of another goes on there."""
        case = self.case_or_none
        if case is not None and case.merged_into is not None:
            return Refusal("merged-already", number=case.merged_into)
        return Refusal("illegal", command=command, status=str(self.status))

    def events(self) -> tuple[NewEvent, ...]:
        """All events so far, each by the agent as whose it happened."""
        return tuple(
            NewEvent(kind, text, effect.actor, effect.data if at == 0 else {})
            for effect in self.effects
            for at, (kind, text) in enumerate(effect.events)
        )


def _refuse_reversed(before: tuple[Effect, ...], command: str, effect: Effect) -> None:
    """A decision about the draft is the last word on it: it is never about another text than was meant."""
    if effect.draft and any(one.approve_draft for one in before):
        raise Refusal("draft-after-approve", command=command)
    if effect.reject_draft and any(one.draft for one in before):
        raise Refusal("reject-of-new", command=command)


def _refuse_second(before: tuple[Effect, ...], command: str, effect: Effect) -> None:
    """One mail opens or changes one other case at most: a second would be lost."""
    if (effect.beside or effect.opens) and any(one.beside or one.opens for one in before):
        raise Refusal("second-case", command=command)


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
