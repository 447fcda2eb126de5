"""Mail that threatens the firm's name: who is mailed at once, in one letter each (D4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases import agent_mail
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.people import floods
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent, Role
from store.models import Case, EventKind, Severity
from store.values import SOFTWARE, Alarm, Message, NewEvent

_BY_URGENCY = list(Severity)


def recipients(alarm: Alarm, rulebook: Rulebook) -> tuple[Agent, ...]:
    """The agents of the role, or the one at the address; the admins where there is none of them."""
    return rulebook.named(alarm.to) or rulebook.with_role(Role.ADMIN)


def raised(severity: Severity, alarms: Iterable[Alarm]) -> Severity:
    """How severe a case is once it has such mail: never less than before."""
    return max([severity, *(one.severity for one in alarms if one.severity)], key=_BY_URGENCY.index)


def told(
    facts: Facts, case: Case, message: Message, alarms: Sequence[Alarm]
) -> tuple[tuple[LetterRequest, ...], tuple[NewEvent, ...]]:
    """A letter to each who is to be told, and what the case says of it.

    Who had as many alerts within the hour as anybody gets is told no more; in a flood nobody is.
    """
    if floods(facts):
        return (), ()
    letters: list[LetterRequest] = []
    events: list[NewEvent] = []
    for agent, theirs in _by_agent(alarms, facts.rulebook).items():
        count = facts.alerted.get(agent, 0)
        if count >= facts.policy.alerts_per_hour:
            why = f"{agent} is not mailed about it: {count} alerts went there within the hour"
        else:
            why = f"{agent} is mailed at once: {', '.join(one.rule for one in theirs)}"
            letters += _letters(facts, case, message, agent, theirs)
        events.append(NewEvent(EventKind.ALERT, why, SOFTWARE))
    return tuple(letters), tuple(events)


def _by_agent(alarms: Sequence[Alarm], rulebook: Rulebook) -> dict[str, list[Alarm]]:
    found: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        for agent in recipients(alarm, rulebook):
            found.setdefault(agent.address, []).append(alarm)
    return found


def _letters(
    facts: Facts, case: Case, message: Message, address: str, alarms: Sequence[Alarm]
) -> list[LetterRequest]:
    agent = facts.rulebook.agent(address)
    return [agent_mail.alarm(facts, case, message, agent, alarms)] if agent else []
