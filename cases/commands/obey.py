"""A command mail, whole: authority first, then every command or none (promise 15)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from cases import asks
from cases.commands.authority import is_authenticated, is_unspent, why_not
from cases.commands.command import Command
from cases.commands.consent import held
from cases.commands.grammar import Given, names_of, read
from cases.commands.registry import COMMANDS, conflict
from cases.commands.situation import Situation, begin, is_open
from cases.facts import Decision, Facts, LetterRequest
from cases.lifecycle import ENDED
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
from cases.verbs import ALL
from store.models import Case, EventKind, MailKind, Status
from store.values import CaseChange, Message, NewEvent


def on_command_mail(facts: Facts, message: Message) -> Decision:
    """What an agent's reply to a draft leads to."""
    refusal = why_not(facts, message)
    if facts.case is None or facts.agent is None or facts.token is None:
        return _not_obeyed(facts, message, refusal or Say("no-case"))
    if refusal:
        if is_authenticated(facts, message):
            return _sent_back(facts, facts.case, facts.agent, refusal)
        return _not_obeyed(facts, message, refusal)
    try:
        given = read(message.reply_text, message.text, names_of(facts.rulebook.words))
        _refuse_forbidden(given, tuple(facts.token.verbs))
        situation = carry_out(facts, facts.case, facts.agent, given)
    except Refusal as why:
        return _sent_back(facts, facts.case, facts.agent, why.say)
    return _obeyed(situation, use_token=facts.token.id)


def on_command(facts: Facts, case: Case | None, agent: Agent, given: Sequence[Given]) -> Decision:
    """Commands from the command line: the same functions; raises Refusal."""
    return _obeyed(carry_out(facts, case, agent, given), use_token=None)


def carry_out(facts: Facts, case: Case | None, agent: Agent, given: Sequence[Given]) -> Situation:
    """The situation after all commands; raises Refusal if any of them can't be done."""
    _refuse_conflicts(given)
    situation = begin(facts, case, agent)
    for one in given:
        command = COMMANDS[one.name]
        _refuse_wrong(situation, command, one)
        argument = one.argument.strip("\n")
        effect = held(situation, command, argument) or command.run(situation, argument)
        situation = situation.after(one.name, effect)
    return situation


def _refuse_wrong(situation: Situation, command: Command, one: Given) -> None:
    """What can be said against a command before it is looked at closely."""
    if command.takes == "nothing" and one.argument:
        raise Refusal("takes-nothing", command=one.name, argument=one.argument)
    if command.takes in ("text", "lines") and not one.argument.strip():
        raise Refusal("needs-text", command=one.name, usage=command.usage)
    if command.scope == "case" and situation.case_or_none is None:
        raise Refusal("which-case", command=one.name)
    if command.roles and not set(command.roles) & set(situation.agent.roles):
        may = [one for one in situation.facts.rulebook.agents if set(command.roles) & set(one.roles)]
        names = ", ".join(one.name for one in may) or ", ".join(command.roles)
        raise Refusal("not-your-role", command=one.name, who=names)


def _refuse_conflicts(given: Sequence[Given]) -> None:
    names = [one.name for one in given]
    for first, second in combinations(dict.fromkeys(names), 2):
        if conflict(COMMANDS[first], COMMANDS[second]):
            raise Refusal("conflict", first=first, second=second)
    twice = next((n for n in names if names.count(n) > 1 and not COMMANDS[n].repeatable), None)
    if twice:
        raise Refusal("twice", command=twice)
    if "edit" in names and "approve" in names and names.index("approve") < names.index("edit"):
        raise Refusal("approve-before-edit")


def _refuse_forbidden(given: Sequence[Given], verbs: tuple[str, ...]) -> None:
    forbidden = next((one.name for one in given if ALL not in verbs and one.name not in verbs), None)
    if forbidden:
        raise Refusal("not-allowed", command=forbidden)


def _obeyed(situation: Situation, *, use_token: int | None) -> Decision:
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
    effects = situation.effects
    return asks.transcript(
        situation.facts,
        situation.case_or_none,
        situation.agent,
        tuple(effect.says for effect in effects),
        version=situation.version,
        draft_is_open=situation.draft_open,
        next_steps=_next_steps(situation),
        lists=tuple(effect.shows for effect in effects if effect.shows),
    )


def _next_steps(situation: Situation) -> tuple[Say, ...]:
    named = [effect.next_step for effect in situation.effects if effect.next_step]
    if named:
        return (named[-1],)
    if situation.case_or_none is None or situation.status in ENDED:
        return ()
    if situation.draft_open:
        return (Say("next-approve"),)
    if situation.status is Status.ANSWERED:
        return (Say("next-resolve"),)
    return (Say("next-edit"),)


def _sent_back(facts: Facts, case: Case, agent: Agent, why: Say) -> Decision:
    """An agent's slip: nothing is done, and the answer says why, with a fresh reply address."""
    version = facts.draft.version if facts.draft else 0
    return Decision(
        mail_kind=MailKind.COMMAND,
        case_number=case.number,
        events=(NewEvent(EventKind.REFUSED, str(why), agent.address),),
        letters=(
            asks.transcript(
                facts, case, agent, (why,), version=version, draft_is_open=is_open(facts.draft), refused=True
            ),
        ),
        use_token=facts.token.id if facts.token and is_unspent(facts.token) else None,
    )


def _not_obeyed(facts: Facts, message: Message, why: Say) -> Decision:
    """Somebody without authority: an event, and an alert to the agent in whose name it was tried."""
    return Decision(
        mail_kind=MailKind.COMMAND,
        case_number=facts.case.number if facts.case else None,
        events=(NewEvent(EventKind.REFUSED, str(why), message.sender.key or "nobody"),),
        letters=_alert(facts, why),
    )


def _alert(facts: Facts, why: Say) -> tuple[LetterRequest, ...]:
    bound = facts.rulebook.agent(facts.token.agent) if facts.token else facts.agent
    if bound is None or facts.counts.alerts_last_hour >= facts.policy.alerts_per_hour:
        return ()
    return (asks.refused(facts, facts.case, bound, why),)
