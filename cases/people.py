"""Who takes part in a case, and who writes too much."""

from __future__ import annotations

from dataclasses import replace

from cases import agent_mail
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.policy import Policy
from cases.saying import Say
from cases.sendable import sendable
from cases.tokens import tokens_of
from store.models import EventKind
from store.values import SOFTWARE, Address, Message, NewEvent, canonical

_MOST_PARTICIPANTS = 20


def is_ours(address: Address, facts: Facts) -> bool:
    """Whether it is an address of ours, also with a +tag or as a reply address of any form."""
    key, ours = canonical(address.address), facts.policy.all_ours
    if any(key == one.key for one in ours):
        return True
    return bool(tokens_of([address.address], [(one.address, one.form) for one in ours]))


def mailbox_of(message: Message, policy: Policy) -> str:
    """The mailbox that a mail is meant for: that of the first address of ours that it is written to; the one
    that it came to where it names none."""
    for one in (*message.to, *message.cc):
        exact = (each.mailbox for each in policy.all_ours if each.address.lower() == one.key)
        alike = (each.mailbox for each in policy.all_ours if each.key == canonical(one.key))
        if (found := next(exact, next(alike, None))) is not None:
            return found
    return policy.mailbox


def alias_of(facts: Facts, message: Message) -> str:
    """The further address of the mailbox that the customer wrote to; "" for its own one, and where letters
    never come from others."""
    policy = facts.policy
    if not policy.answer_from_alias:
        return ""
    mine = {one.key: one.address for one in policy.all_ours if one.mailbox == policy.mailbox}
    written_to = (*(one.key for one in (*message.to, *message.cc)), *message.delivered_to)
    used = next((mine[key] for one in written_to if (key := canonical(one)) in mine), "")
    return "" if canonical(used) == canonical(policy.complaints_address) else used


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
