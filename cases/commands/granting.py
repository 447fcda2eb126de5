"""After a yes: the commands of the request, carried out as their giver's (D13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cases.commands.answering import ended
from cases.commands.grammar import Given
from cases.commands.situation import Effect, Grant, Situation
from cases.commands.together import refuse_to_wait
from cases.decision import LetterRequest
from cases.outgoing import can_be_undone, goes_out
from cases.requests import told_giver
from cases.saying import Refusal, Say
from cases.wishes import wish_of

Step = Callable[[Situation, Given], Situation]
"""One command carried out; raises Refusal."""


def after_yes(situation: Situation, effect: Effect, step: Step) -> Situation:
    """The situation once the effect has happened, and all that it lets happen.

    What can't be done any more ends the request, and is told to both; nothing of it is done.
    """
    before, grant = situation.after("yes", effect), effect.grant
    if grant is None:
        return before
    try:
        after = _carried_out(before, grant, step)
    except Refusal as why:
        return situation.after("yes", ended(situation, grant.request, grant.giver, why.say))
    if grant.giver.address == situation.agent.address:
        return after
    *others, last = after.effects
    letters = (*last.letters, _told(before, after, grant))
    return replace(after, effects=(*others, replace(last, letters=letters)))


def _carried_out(before: Situation, grant: Grant, step: Step) -> Situation:
    after = replace(before, agent=grant.giver, grant=grant)
    given = [Given(name, argument) for name, argument in grant.request.given]
    refuse_to_wait(given)
    for one in given:
        after = step(after, one)
    return replace(after, agent=before.agent, grant=before.grant)


def _told(before: Situation, after: Situation, grant: Grant) -> LetterRequest:
    """The giver's own transcript of what was done."""
    facts, done = after.facts, after.effects[len(before.effects) :]
    letters = tuple(letter for effect in done for letter in effect.letters)
    who, wish = facts.rulebook.agent(grant.by), wish_of(facts.rulebook, grant.request, brief=True)
    granted = Say("granted-told", {"command": wish, "who": who.name if who else grant.by})
    return told_giver(
        facts,
        after.case_or_none,
        grant.giver,
        granted,
        tuple(effect.says for effect in done),
        version=after.version,
        draft_is_open=after.draft_open,
        outgoing=goes_out(facts, letters),
        can_undo=can_be_undone(facts, after.status, letters),
        next_steps=tuple(effect.next_step for effect in done if effect.next_step)[-1:],
    )
