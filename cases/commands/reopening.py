"""`reopen`: a case that had ended goes on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cases import agent_mail, asks, deadlines
from cases.assigning import heir
from cases.calendar import after
from cases.commands.situation import Effect, Situation
from cases.decision import DraftRequest, LetterRequest
from cases.drafts import as_it_is
from cases.facts import Facts
from cases.lifecycle import OPEN_ENDS
from cases.rules.categories import category_of
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from store.models import Case, EventKind, Mail

FOLLOW_UP = "follow_up"
"""The answer letter for what came while the case was spam."""


def reopen(situation: Situation, _: str) -> Effect:
    """A case that had ended goes on; where it was spam, with a draft for what nobody has read.

    It is its agent's, another's where that one is away, and the giver's where that one is no agent any more.
    """
    facts, case = situation.facts, as_it_is(situation)
    if case.merged_into is not None:
        raise Refusal("merged-already", number=case.merged_into)
    assignee = _whose(situation, case)
    wait = category_of(case.category, facts.rulebook).answer_within
    values: dict[str, Any] = {
        "assignee": assignee.address,
        "resolved_at": None,
        "closed_at": None,
        "spam": False,
        "seen_at": facts.now if assignee == situation.agent else None,
        "deadline_at": after(facts.now, wait, facts.rulebook.calendar_of(assignee)),
        **deadlines.anew(facts, case),
    }
    unseen = _unseen(facts, case)
    facts = _with_words(facts, unseen)
    reopened = case.model_copy(update=values)
    draft = asks.draft_for(facts, reopened, FOLLOW_UP, situation.version + 1) if unseen else None
    events = [(EventKind.REOPENED, f"by {situation.agent.address}")]
    if assignee.address != situation.assignee:
        events.append((EventKind.ASSIGNED, f"to {assignee.address}"))
    if draft:
        events.append((EventKind.DRAFTED, f"version {draft.version}"))
    return Effect(
        events=tuple(events),
        says=Say("reopened", {"agent": assignee.name, "unseen": len(unseen)}),
        values=values,
        draft=draft,
        letters=_to_colleague(replace(situation, facts=facts), assignee, reopened, draft),
        cancel_timers=OPEN_ENDS,
    )


def _whose(situation: Situation, case: Case) -> Agent:
    facts = situation.facts
    has_it = facts.rulebook.agent(situation.assignee)
    if has_it in (None, situation.agent):
        return situation.agent
    return facts.rulebook.agent(heir(case, facts).address) or situation.agent


def _unseen(facts: Facts, case: Case) -> tuple[Mail, ...]:
    """What joined the case while it was spam, oldest first: nobody was told of it."""
    if not case.spam or case.closed_at is None:
        return ()
    return tuple(mail for mail in reversed(facts.mails) if mail.received_at > case.closed_at)


def _with_words(facts: Facts, mails: tuple[Mail, ...]) -> Facts:
    words = "\n\n".join(mail.words for mail in mails if mail.words)
    return replace(facts, history=replace(facts.history, last_words=words)) if words else facts


def _to_colleague(
    situation: Situation, agent: Agent, case: Case, draft: DraftRequest | None
) -> tuple[LetterRequest, ...]:
    if agent == situation.agent:
        return ()
    letter = agent_mail.draft_to_agent(
        situation.facts,
        case,
        agent,
        headline="reopened",
        version=draft.version if draft else situation.version,
        draft_is_open=situation.draft_open or draft is not None,
    )
    return (letter,)
