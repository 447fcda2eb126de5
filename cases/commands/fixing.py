"""`fixed`: everybody whom a known issue concerns is told, after a yes to the letters as they leave (D18)."""

from __future__ import annotations

from typing import Any

from cases import batching, issues
from cases.audience import moments
from cases.batching import Batch
from cases.commands import issue_text
from cases.commands.choosing import meant
from cases.commands.command import Command
from cases.commands.issues import open_issue
from cases.commands.situation import Effect, Situation
from cases.saying import Refusal, Say
from cases.telling import telling
from store.models import EventKind, IssueState, KnownIssue, RequestKind
from store.values import RowChange


def fixed(situation: Situation, text: str) -> Effect:
    """Everybody whom the issue concerns is to be told: shown first, done after a yes."""
    facts = situation.facts
    written = issue_text.read(text, facts.rulebook)
    if stray := next(iter((*written.head, *written.facts)), ""):
        raise Refusal("issue-label", line=stray, meant=meant(stray, ("en", "fa", "he", "ar")))
    one = open_issue(situation, written.number, "fixed")
    batch = batching.of_issue(facts, one.model_copy(update={"fixes": dict(written.texts)}))
    granted = situation.grant is not None and situation.grant.kind is RequestKind.BATCH
    if granted or not batch.audience.told:
        return _is_fixed(situation, one, batch)
    return asks_for_yes(situation, text, batch)


def asks_for_yes(situation: Situation, argument: str, batch: Batch) -> Effect:
    """What happens instead, until somebody who has seen the letters says yes."""
    facts, agent = situation.facts, situation.agent
    asked = batching.who_decides(facts, agent)
    if not asked:
        wanted = Say("wish-command", {"command": batch.what, "argument": str(batch.number)})
        raise Refusal("nobody-may-grant", command=wanted)
    made = batching.requested(facts, agent, argument, batch, asked)
    own = asked == (agent,)
    said = {
        "count": len(batch.audience.told),
        "left": len(batch.audience.left),
        "own": own,
        "who": tuple(one.name for one in asked),
    }
    return Effect(
        events=((EventKind.REQUESTED, f"{batch.what} {batch.number}: {len(batch.audience.told)} customers"),),
        says=Say("batch-shown", said),
        data={"request": made.key, batch.what: batch.number},
        letters=made.letters,
        rows=made.rows,
        changes=batching.replaced(facts, agent),
        next_step=Say("next-batch") if own else Say("next-wait"),
    )


def _is_fixed(situation: Situation, one: KnownIssue, batch: Batch) -> Effect:
    """The issue is fixed; a timer for each customer sends the letter at its time."""
    facts, agent, told = situation.facts, situation.agent, batch.audience.told
    known, rate = facts.known, facts.rulebook.issues.an_hour
    times = tuple(moments(len(told), facts.now, known.busy_until, rate))
    values = {
        "state": IssueState.FIXED,
        "fixes": dict(batch.issue.fixes) if batch.issue else {},
        "fixed_by": agent.address,
        "fixed_at": facts.now,
    }
    numbers = batch.audience.numbers
    return Effect(
        events=((EventKind.ISSUE_FIXED, f"{issues.in_words(one)}: {len(told)} customers are told"),),
        says=Say("issue-fixed", said_of(situation, batch, times) | {"number": one.id, "title": one.title}),
        data={"issue": one.id, "cases": list(numbers)},
        rows=tuple(
            telling(issues.telling_key(one, number), number, at)
            for number, at in zip(numbers, times, strict=True)
        ),
        changes=(RowChange("known_issue", {"id": one.id}, {"state": IssueState.OPEN}, values),),
    )


def said_of(situation: Situation, batch: Batch, times: tuple[Any, ...]) -> dict[str, Any]:
    """What the transcript says of a batch that leaves."""
    since = situation.grant.request.made_at if situation.grant else situation.facts.now
    told = batch.audience.told
    return {
        "count": len(told),
        "begins": times[0] if times else None,
        "until": times[-1] if times else None,
        "left": tuple(one.number for one in batch.audience.left),
        "new": tuple(one.case.number for one in told if one.row is not None and one.row.at > since),
    }


COMMANDS: tuple[Command, ...] = (
    Command(
        "fixed",
        "fixed NUMBER, then lines such as en: what was done, then end",
        "Say that a known issue is fixed: you see the letters to everybody concerned, and a yes sends them.",
        "more",
        fixed,
        scope="desk",
        alone=True,
        reaches_customer=True,
    ),
)
