"""Commands of one mail, or of the command line: every one of them, or none (promise 15)."""

from __future__ import annotations

from collections.abc import Sequence

from cases import agent_mail
from cases.commands.command import Command
from cases.commands.consent import held
from cases.commands.grammar import Given
from cases.commands.granting import after_yes
from cases.commands.registry import COMMANDS
from cases.commands.situation import Effect, Situation, begin
from cases.commands.together import refuse_conflicts
from cases.decision import Decision, LetterRequest
from cases.drafts import as_it_is
from cases.facts import Facts
from cases.outgoing import can_be_undone, goes_out
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.verbs import ALL, FOR_WHO_GAVE_IT
from store.models import ENDED, Case, MailKind, Status
from store.values import CaseChange


def on_command(facts: Facts, case: Case | None, agent: Agent, given: Sequence[Given]) -> Decision:
    """Commands from the command line: the same functions; raises Refusal."""
    return obeyed(carry_out(facts, case, agent, given), use_token=None)


def carry_out(facts: Facts, case: Case | None, agent: Agent, given: Sequence[Given]) -> Situation:
    """The situation after all commands; raises Refusal if any of them can't be done."""
    refuse_conflicts(given)
    if case is not None and case.erased_at is not None:
        raise Refusal("erased-case", number=case.number)
    situation = begin(facts, case, agent)
    for one in given:
        situation = _step(situation, one)
    return situation


def _step(situation: Situation, one: Given) -> Situation:
    """One command carried out, and what it lets happen."""
    command = COMMANDS[one.name]
    _refuse_wrong(situation, command, one)
    argument = one.argument.strip("\n")
    effect = held(situation, command, argument) or command.run(situation, argument)
    return after_yes(situation, effect, _step) if effect.grant else situation.after(one.name, effect)


def _refuse_wrong(situation: Situation, command: Command, one: Given) -> None:
    """What can be said against a command before it is looked at closely."""
    if command.takes == "nothing" and one.argument:
        raise Refusal("takes-nothing", command=one.name, argument=one.argument)
    lacks_text = command.takes in ("text", "lines", "more") and not one.argument.strip()
    if lacks_text and not command.lists_its_values:
        raise Refusal("needs-text", command=one.name, usage=command.usage)
    if command.scope == "case" and situation.case_or_none is None:
        raise Refusal("which-case", command=one.name)
    if command.roles and not set(command.roles) & set(situation.agent.roles):
        may = [one for one in situation.facts.rulebook.agents if set(command.roles) & set(one.roles)]
        names = tuple(one.name for one in may) or tuple(map(str, command.roles))
        raise Refusal("not-your-role", command=one.name, who=names)


def obeyed(situation: Situation, *, use_token: int | None) -> Decision:
    """All that the commands do together, with the transcript."""
    effects, case = situation.effects, situation.case_or_none
    values = {key: value for effect in effects for key, value in effect.values.items()}
    drafts = [effect.draft for effect in effects if effect.draft]
    opens = next((effect.opens for effect in effects if effect.opens), None)
    change = CaseChange(case.number, case.status, values | {"status": situation.status}) if case else opens
    return Decision(
        mail_kind=MailKind.COMMAND,
        case=change,
        case_number=change.number if change else None,
        events=situation.events(),
        draft=drafts[-1] if drafts else None,
        approve_draft=any(effect.approve_draft for effect in effects),
        reject_draft=any(effect.reject_draft for effect in effects),
        letters=(*(letter for effect in effects for letter in effect.letters), _told(situation)),
        timers=tuple(timer for effect in effects for timer in effect.timers),
        cancel_timers=tuple(kind for effect in effects for kind in effect.cancel_timers),
        use_token=use_token,
        beside=next((effect.beside for effect in effects if effect.beside), None),
        reopen_draft=any(effect.reopen_draft for effect in effects),
        withdraw=tuple(key for effect in effects for key in effect.withdraw),
        revoke_tokens=any(effect.revoke_tokens for effect in effects),
        rows=tuple(row for effect in effects for row in effect.rows),
        changes=tuple(one for effect in effects for one in effect.changes),
    )


def _told(situation: Situation) -> LetterRequest:
    """The transcript: what was done, what was found, and what to do next."""
    effects, facts = situation.effects, situation.facts
    letters = tuple(letter for effect in effects for letter in effect.letters)
    withdrawn = tuple(key for effect in effects for key in effect.withdraw)
    ended, headline = situation.status in ENDED, _headline(situation)
    gave_away = _gave_away(situation) or (headline is not None and not _has_it(situation))
    return agent_mail.transcript(
        situation.facts,
        as_it_is(situation) if situation.case_or_none else None,
        situation.agent,
        tuple(effect.says for effect in effects),
        version=situation.version,
        draft_is_open=situation.draft_open and not (gave_away or ended),
        next_steps=() if headline else _next_steps(situation),
        lists=tuple(effect.shows for effect in effects if effect.shows),
        outgoing=goes_out(facts, letters, withdrawn),
        can_undo=can_be_undone(facts, situation.status, letters, withdrawn) and not gave_away,
        verbs=FOR_WHO_GAVE_IT if gave_away else (ALL,),
        ended=ended,
        letter="" if headline else _letter_to_offer(situation),
        headline=headline,
    )


def _gave_away(situation: Situation) -> bool:
    """Whether the commands gave the case to somebody else, or to nobody."""
    case = situation.case_or_none
    changed = case is not None and situation.assignee != case.assignee
    return changed and situation.assignee != situation.agent.address


def _headline(situation: Situation) -> Say | None:
    """What the agent said to somebody else's wish."""
    return next((effect.headline for effect in situation.effects if effect.headline), None)


def _has_it(situation: Situation) -> bool:
    return situation.assignee == situation.agent.address


def _letter_to_offer(situation: Situation) -> str:
    """The letter that tells the customer what the last command did that has one."""
    return next((one.letter for one in reversed(_still_to_do(situation)) if one.next_step), "")


def _still_to_do(situation: Situation) -> tuple[Effect, ...]:
    """What the commands ask to be done next; who wrote to the customer in the same mail has told them."""
    wrote = any(one.draft or one.approve_draft for one in situation.effects)
    return tuple(one for one in situation.effects if one.next_step and not (one.letter and wrote))


def _next_steps(situation: Situation) -> tuple[Say, ...]:
    named = [effect.next_step for effect in _still_to_do(situation) if effect.next_step]
    if named:
        return (named[-1],)
    if situation.case_or_none is None or situation.status in ENDED:
        return ()
    if not situation.case.customer:
        return (Say("next-no-address"),)
    if situation.draft_open:
        return (Say("next-approve"),)
    if situation.status is Status.ANSWERED:
        return (Say("next-resolve"),)
    return (Say("next-edit"),)
