"""A command mail, whole: authority first, then every command or none (promise 15)."""

from __future__ import annotations

from collections.abc import Sequence

from cases import asks
from cases.commands.authority import is_authenticated, is_unspent, why_not
from cases.commands.grammar import Given, names_of, read
from cases.commands.registry import COMMANDS, CONFLICTS, REPEATABLE
from cases.commands.situation import Situation, begin, is_open
from cases.facts import Decision, Facts, LetterRequest
from cases.lifecycle import ENDED
from cases.ruletypes import Agent
from cases.saying import Refusal, Say
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


def on_command(facts: Facts, case: Case, agent: Agent, given: Sequence[Given]) -> Decision:
    """Commands from the command line: the same functions; raises Refusal."""
    return _obeyed(carry_out(facts, case, agent, given), use_token=None)


def carry_out(facts: Facts, case: Case, agent: Agent, given: Sequence[Given]) -> Situation:
    """The situation after all commands; raises Refusal if any of them can't be done."""
    _refuse_conflicts(given)
    situation = begin(facts, case, agent)
    for one in given:
        command = COMMANDS[one.name]
        if command.takes == "nothing" and one.argument:
            raise Refusal("takes-nothing", command=one.name, argument=one.argument)
        if command.takes != "nothing" and not one.argument.strip():
            raise Refusal("needs-text", command=one.name, usage=command.usage)
        situation = situation.after(one.name, command.run(situation, one.argument.strip("\n")))
    return situation


def _refuse_conflicts(given: Sequence[Given]) -> None:
    names = [one.name for one in given]
    for first, second in CONFLICTS:
        if first in names and second in names:
            raise Refusal("conflict", first=first, second=second)
    twice = next((n for n in names if names.count(n) > 1 and n not in REPEATABLE), None)
    if twice:
        raise Refusal("twice", command=twice)
    if "edit" in names and "approve" in names and names.index("approve") < names.index("edit"):
        raise Refusal("approve-before-edit")


def _refuse_forbidden(given: Sequence[Given], verbs: tuple[str, ...]) -> None:
    forbidden = next((one.name for one in given if one.name not in verbs), None)
    if forbidden:
        raise Refusal("not-allowed", command=forbidden)


def _obeyed(situation: Situation, *, use_token: int | None) -> Decision:
    facts, case, agent = situation.facts, situation.case, situation.agent
    effects = situation.effects
    values = {key: value for effect in effects for key, value in effect.values.items()}
    says = tuple(effect.says for effect in effects)
    drafts = [effect.draft for effect in effects if effect.draft]
    return Decision(
        mail_kind=MailKind.COMMAND,
        case=CaseChange(case.number, case.status, values | {"status": situation.status}),
        case_number=case.number,
        events=situation.events(),
        draft=drafts[-1] if drafts else None,
        approve_draft=any(effect.approve_draft for effect in effects),
        reject_draft=any(effect.reject_draft for effect in effects),
        letters=(
            *(letter for effect in effects for letter in effect.letters),
            asks.transcript(
                facts,
                case,
                agent,
                says,
                version=situation.version,
                draft_is_open=situation.draft_open,
                next_steps=_next_steps(situation),
            ),
        ),
        timers=tuple(timer for effect in effects for timer in effect.timers),
        cancel_timers=tuple(kind for effect in effects for kind in effect.cancel_timers),
        use_token=use_token,
        merge=next((effect.merge for effect in effects if effect.merge), None),
    )


def _next_steps(situation: Situation) -> tuple[Say, ...]:
    if situation.status in ENDED:
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
