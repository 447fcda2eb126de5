"""Who takes part in a case, and who writes too much."""

from __future__ import annotations

from dataclasses import replace

from cases import agent_mail
from cases.facts import Facts, LetterRequest
from cases.saying import Say
from cases.sendable import sendable
from cases.tokens import tokens_in
from store.models import EventKind
from store.values import SOFTWARE, Address, Message, NewEvent, canonical

_MOST_PARTICIPANTS = 20


def is_ours(address: Address, facts: Facts) -> bool:
    """Whether it is the complaints address, also with a +tag or as a reply address of any form."""
    ours, form = facts.policy.complaints_address, facts.policy.reply_form
    return canonical(address.address) == canonical(ours) or bool(tokens_in([address.address], ours, form))


def participants(facts: Facts, message: Message) -> tuple[str, ...]:
    """Who may write into the case from now on: the sender and those whom the mail went to besides us.

    Agents are none: what they write is a command or a case of their own (promise 13).
    """
    others = (
        one.key
        for one in (*message.to, *message.cc)
        if sendable(one.key) and not is_ours(one, facts) and facts.rulebook.agent(one.key) is None
    )
    sender = (message.sender.key,) if message.sender.key else ()
    return tuple(dict.fromkeys((*sender, *others)))[:_MOST_PARTICIPANTS]


def floods(facts: Facts) -> bool:
    """Whether the sender wrote so much within the hour that agents are no longer mailed about it."""
    return facts.counts.mails_last_hour >= facts.policy.mails_per_hour


def flood_event(facts: Facts) -> NewEvent:
    """Says on the case why its agent got no mail about it."""
    limit = facts.policy.mails_per_hour
    return NewEvent(
        EventKind.FLOOD, f"no mail to agents: the sender wrote more than {limit} within an hour", SOFTWARE
    )


def flood_alerts(facts: Facts, message: Message) -> tuple[LetterRequest, ...]:
    """Tells the admins once a day that a sender floods the mailbox (promise 12)."""
    sender = message.sender.key or "nobody"
    told = replace(facts, cause=f"flood/{sender}/{facts.now:%Y-%m-%d}")
    headline = Say("flood-from", {"sender": sender, "limit": facts.policy.mails_per_hour})
    return tuple(agent_mail.admin_alert(told, admin, headline) for admin in agent_mail.admins(facts))
