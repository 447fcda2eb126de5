"""Commands that came without proof of who wrote them: the registered address is asked, nothing is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cases.commands.consent import requested
from cases.commands.grammar import Given
from cases.commands.together import refuse_to_wait
from cases.decision import Decision
from cases.facts import Facts
from cases.rules.types import Agent
from store.models import EventKind, MailKind, RequestKind
from store.values import Message, NewEvent


def challenged(facts: Facts, message: Message, agent: Agent, given: Sequence[Given]) -> Decision:
    """Ask the agent whether the commands are theirs; nothing goes to whoever sent them.

    The case is left alone until the yes: not even the event stands on it. Past the limit of an hour the
    mail leaves an event and nothing else. Raises Refusal for what no yes could let happen.
    """
    refuse_to_wait(given)
    names = ", ".join(one.name for one in given)
    actor = message.sender.key or "nobody"
    if facts.counts.challenges_last_hour >= facts.policy.alerts_per_hour:
        said = f"without proof, and too many such mails within an hour: {names}"
        return Decision(mail_kind=MailKind.COMMAND, events=(NewEvent(EventKind.REFUSED, said, actor),))
    expires_at = facts.now + timedelta(minutes=facts.policy.challenge_minutes)
    waits = requested(facts, facts.case, agent, given, RequestKind.CHALLENGE, (agent,), expires_at)
    said = f"without proof, {agent.address} is asked: {names}"
    about = {"number": facts.case.number} if facts.case else {}
    return Decision(
        mail_kind=MailKind.COMMAND,
        events=(NewEvent(EventKind.REQUESTED, said, actor, about),),
        letters=waits.letters,
        rows=waits.rows,
    )
