"""`merge`: one matter that became two cases is one case again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cases import agent_mail, asks
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation, is_open
from cases.decision import AlsoDecided, DraftRequest, LetterRequest
from cases.facts import Elsewhere, Facts
from cases.following import anew
from cases.lifecycle import OPEN_ENDS, advance
from cases.numbers import number_in
from cases.saying import Refusal, Say
from store.models import ENDED, Case, CompensationState, EventKind, PromiseState
from store.values import SOFTWARE, CaseChange, NewEvent, RowChange

FOLLOW_UP = "follow_up"
"""The answer letter for a case that the customer wrote more about."""


def merge(situation: Situation, which: str) -> Effect:
    """The case becomes part of the other one: its mails, its people, and what still comes for it.

    Whoever has the other one gets a mail with the words that it has now, and a draft for them.
    """
    facts, case, other = situation.facts, situation.case, _other(situation, which)
    if facts.leaving:  # nobody could take it back from a case that ended
        raise Refusal("merge-leaving", version=facts.leaving.version)
    values = anew(facts, other)
    has_it = facts.rulebook.agent(str(values["assignee"]))
    return Effect(
        events=((EventKind.MERGED, f"into #{other.number}"),),
        says=Say("merged", {"number": other.number, "agent": has_it.name if has_it else ""}),
        values={
            "merged_into": other.number,
            "closed_at": facts.now,
            "seen_at": facts.now,
            "snoozed_until": None,
        },
        reject_draft=situation.draft_open,
        cancel_timers=OPEN_ENDS,
        revoke_tokens=True,
        beside=_taking_in(situation, other, values),
        changes=_taken_along(facts, case, other),
    )


def _other(situation: Situation, which: str) -> Case:
    number = number_in(which)
    other = next((one for one in situation.facts.named if one.number == number), None)
    if other is None or other.merged_into is not None:
        raise Refusal("no-such-case", which=which.strip())
    if other.number == situation.case.number:
        raise Refusal("merge-with-itself", number=number)
    if not other.customer or not situation.case.customer:
        raise Refusal("merge-without-customer", number=number)
    if other.customer != situation.case.customer:
        raise Refusal("merge-of-two-customers", number=number)
    if other.status in ENDED:
        raise Refusal("merge-into-ended", number=number)
    return other


def _taking_in(situation: Situation, other: Case, values: Mapping[str, Any]) -> AlsoDecided:
    """What the other case gets. It has words now that nobody answered, so it waits for its agent again."""
    there = situation.facts.elsewhere.get(other.number, Elsewhere())
    facts, before = _with_all_words(situation, there), other
    other = other.model_copy(update=dict(values))
    events = [NewEvent(EventKind.TOOK_IN, f"#{situation.case.number}", situation.agent.address)]
    if other.assignee != before.assignee:
        events.append(NewEvent(EventKind.ASSIGNED, f"to {other.assignee}", SOFTWARE))
    kinds = [EventKind.CUSTOMER_WROTE]
    draft = None if there.draft_coming else _draft(facts, other, there)
    if draft:
        events.append(NewEvent(EventKind.DRAFTED, f"version {draft.version}", SOFTWARE))
        kinds.append(EventKind.DRAFTED)
    status = advance(before.status, kinds)
    return AlsoDecided(
        CaseChange(other.number, before.status, {**values, "status": status}),
        tuple(events),
        takes_all=True,
        draft=draft,
        letters=_to_its_agent(facts, other, there, draft) if draft else (),
        revokes_tokens=True,
    )


def _with_all_words(situation: Situation, there: Elsewhere) -> Facts:
    """The facts as the other case's agent is to see them: what the customer last wrote there, then all that
    they wrote here."""
    facts = situation.facts
    here = [mail.words for mail in reversed(facts.mails) if mail.words] or [facts.history.last_words]
    words = "\n\n".join(one for one in (there.words, *here) if one)
    others = tuple(one for one in facts.history.others if one.number != situation.case.number)
    return replace(facts, history=replace(facts.history, last_words=words, others=others))


def _draft(facts: Facts, other: Case, there: Elsewhere) -> DraftRequest:
    """The other case's next version: an agent's own text is kept, any other is written anew."""
    newest = there.draft
    version = newest.version + 1 if newest else 1
    if newest and is_open(newest) and not newest.template:
        return DraftRequest(version, newest.language, newest.agent, body=newest.body)
    return asks.draft_for(facts, other, FOLLOW_UP, version)


def _to_its_agent(
    facts: Facts, other: Case, there: Elsewhere, draft: DraftRequest
) -> tuple[LetterRequest, ...]:
    agent = facts.rulebook.agent(other.assignee)
    if agent is None:
        return ()
    others = tuple(one for one in facts.history.others if one.number != other.number)
    history = replace(facts.history, agent_thread=there.agent_thread, others=others)
    facts = replace(facts, history=history, case_facts=(*there.facts, *facts.case_facts))
    return (agent_mail.draft_to_agent(facts, other, agent, headline="took-in", version=draft.version),)


def _taken_along(facts: Facts, case: Case, other: Case) -> tuple[RowChange, ...]:
    """What was promised or offered here and not done yet is owed there."""
    owed: list[RowChange] = []
    for promise in facts.promises:
        if promise.case_number == case.number and promise.state is PromiseState.OPEN:
            owed.append(_moved("promise", promise.id, promise.state, other))
    for given in facts.compensations:
        if given.case_number == case.number and given.state is CompensationState.OFFERED:
            owed.append(_moved("compensation", given.id, given.state, other))
    return tuple(owed)


def _moved(table: Any, row_id: int | None, state: str, other: Case) -> RowChange:
    return RowChange(table, {"id": row_id}, {"state": state}, {"case_number": other.number})


COMMANDS = (
    Command(
        "merge",
        "merge NUMBER",
        "Make this case part of another one of the same customer.",
        "text",
        merge,
        alone=True,
    ),
)
