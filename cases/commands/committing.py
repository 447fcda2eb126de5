"""What the firm tells a customer that it will change, and that it has (D22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cases import batching, committed
from cases.audience import moments
from cases.batching import Batch
from cases.commands.command import Command
from cases.commands.fixing import asks_for_yes, said_of
from cases.commands.picking import Choice, meant
from cases.commands.situation import Effect, Situation
from cases.commands.telling_customers import told_with
from cases.drafts import as_known, is_untouched, redrafted, template_of
from cases.facts import Facts
from cases.saying import Refusal, Say
from cases.telling import telling
from store.models import ENDED, Commitment, CommitmentState, EventKind, RequestKind
from store.values import NewRow, RowChange

RESOLUTION = "resolution"
"""The answer letter that says what will be changed."""
MOST_LISTED = 20
"""Open ones that a refusal lists."""
LONGEST = 500
"""Characters of a commitment: a customer reads it in a sentence."""


def commit(situation: Situation, text: str) -> Effect:
    """What the firm will change is written down, and stays open until somebody says that it is done."""
    facts, what = situation.facts, " ".join(text.split())
    if len(what) > LONGEST:
        raise Refusal("commit-long", most=LONGEST)
    mine = [one for effect in situation.effects for one in effect.rows if one.table == "commitment"]
    number = facts.known.next_commitment + len(mine)
    open_ones = [one for one in as_known(situation).known.commitments if one.state is CommitmentState.OPEN]
    made = Commitment(
        id=number,
        case_number=situation.case.number,
        what=what,
        made_by=situation.agent.address,
        made_at=facts.now,
        state=CommitmentState.OPEN,
    )
    if before := committed.alike(made, open_ones):
        return Effect((), Say("committed", {"number": before[0].id, "what": what, "already": True}))
    return _carried(
        situation,
        Effect(
            events=((EventKind.COMMITTED, what),),
            says=Say("committed", {"number": number, "what": what, "already": False}),
            values={"seen_at": facts.now},
            data={"commitment": number},
            rows=(NewRow("commitment", made.model_dump()),),
        ),
    )


def _carried(situation: Situation, done: Effect) -> Effect:
    """The draft carries it where it is one that does; else the letter that would is offered."""
    if is_untouched(situation) and template_of(situation) == RESOLUTION:
        draft = redrafted(situation.after("commit", done), RESOLUTION)
        drafted = (EventKind.DRAFTED, f"version {draft.version}")
        return replace(done, events=(*done.events, drafted), draft=draft)
    return replace(done, **told_with(situation, RESOLUTION))


def meant_by(facts: Facts, which: str) -> Commitment:
    """The open commitment of that number or those words: of the case, or of all. Raises Refusal."""
    of_case = [one for one in facts.known.commitments if one.state is CommitmentState.OPEN]
    numbers = {one.id for one in of_case}
    everywhere = of_case + [one for one in facts.known.open_commitments if one.id not in numbers]
    choices = _choices(everywhere if which.strip() or not of_case else of_case)
    if not choices:
        raise Refusal("no-open-commitment")
    found = meant(choices, which)
    things = [one.thing for one in found]
    if things and len(committed.alike(things[0], things)) == len(things):
        return things[0]  # the firm changes a thing once, for all of its customers
    shown = tuple(one.shown for one in (found or choices)[:MOST_LISTED])
    if not found:
        raise Refusal("no-such-owed", command="done", which=which.strip(), known=shown)
    raise Refusal("which-owed", command="done", known=shown)


def _choices(commitments: Sequence[Commitment]) -> list[Choice[Commitment]]:
    return [
        Choice(one.id, one.what, one, Say("owed-promise", {"count": one.id, "what": one.what}))
        for one in commitments
    ]


def done(situation: Situation, which: str) -> Effect:
    """What was to be changed is changed: its customer gets a draft, or several are told after a yes."""
    facts = replace(situation.facts, known=as_known(situation).known)
    one = meant_by(facts, which)
    same = batching.of_known(facts, one.id) or (one,)
    case = situation.case_or_none
    here = case is not None and one.case_number == case.number and situation.status not in ENDED
    if here and len(same) == 1:
        return _done_here(situation, one)
    batch = batching.of_commitments(facts, same)
    granted = situation.grant is not None and situation.grant.kind is RequestKind.BATCH
    if granted or not batch.audience.told:
        return _done_for_all(situation, batch)
    return asks_for_yes(situation, str(one.id), batch)


def _ended(situation: Situation, one: Commitment) -> RowChange:
    values = {
        "state": CommitmentState.DONE,
        "ended_by": situation.agent.address,
        "ended_at": situation.facts.now,
    }
    return RowChange("commitment", {"id": one.id}, {"state": CommitmentState.OPEN}, values)


def _done_here(situation: Situation, one: Commitment) -> Effect:
    said = {"number": one.id, "what": one.what}
    effect = Effect(
        events=((EventKind.COMMITMENT_DONE, one.what),),
        says=Say("commitment-done", said | {"draft": False}),
        values={"seen_at": situation.facts.now},
        data={"commitment": one.id},
        changes=(_ended(situation, one),),
    )
    writes = not situation.draft_open or is_untouched(situation)
    if not (writes and situation.case.customer):
        return replace(effect, **told_with(situation, committed.DONE))
    draft = redrafted(situation.after("done", effect), committed.DONE)
    return replace(
        effect,
        events=(*effect.events, (EventKind.DRAFTED, f"version {draft.version}")),
        says=Say("commitment-done", said | {"draft": True}),
        draft=draft,
    )


def _done_for_all(situation: Situation, batch: Batch) -> Effect:
    facts, told = situation.facts, batch.audience.told
    times = tuple(moments(len(told), facts.now, facts.known.busy_until, facts.rulebook.issues.an_hour))
    said: dict[str, Any] = said_of(situation, batch, times)
    return Effect(
        events=((EventKind.COMMITMENT_DONE, f"{batch.title}: {len(told)} customers are told"),),
        says=Say("commitment-done-all", said | {"number": batch.number, "what": batch.title}),
        data={"commitment": batch.number, "cases": list(batch.audience.numbers)},
        rows=tuple(
            telling(committed.telling_key(one.commitment), one.case.number, at)
            for one, at in zip(told, times, strict=True)
            if one.commitment
        ),
        changes=tuple(_ended(situation, one) for one in batch.commitments),
    )


COMMANDS: tuple[Command, ...] = (
    Command(
        "commit",
        "commit WHAT",
        "Write down what the firm will change; it stays open until done.",
        "text",
        commit,
        repeatable=True,
    ),
    Command(
        "done",
        "done NUMBER",
        "Say that it is changed: its customer gets a draft; several get the same letter, after your yes.",
        "maybe",
        done,
        scope="desk",
        reaches_customer=True,
    ),
)
