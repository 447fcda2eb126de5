"""What is this mail: a customer's, a machine's, a command, an answer to a check-in?"""

from __future__ import annotations

from cases import checkin
from cases.commands.grammar import names_of, starts_with_command
from cases.facts import Facts
from cases.lifecycle import ENDED
from cases.people import is_ours
from cases.sendable import sendable
from store.models import MailKind, TokenPurpose
from store.values import Message, canonical


def what_is_it(facts: Facts, message: Message) -> tuple[MailKind, str]:
    """The kind of the mail, and why; "" when it is an ordinary customer's mail."""
    if any(is_ours(address, facts) for address in message.senders):
        return MailKind.LOOP, "it comes from our own address"
    if message.kind is not MailKind.CUSTOMER:
        return message.kind, message.kind_because
    if facts.token and facts.token.purpose is TokenPurpose.DRAFT:
        return MailKind.COMMAND, "it is addressed to a draft's reply address"
    if facts.agent and starts_with_command(message.reply_text, names_of(facts.rulebook.words)):
        return MailKind.COMMAND, "it begins with a command"
    if _may_answer_check_in(facts, message) and checkin.read(message.reply_text, facts.rulebook.words):
        return MailKind.CHECK_IN_ANSWER, "it answers the check-in"
    return MailKind.CUSTOMER, ""


def _may_answer_check_in(facts: Facts, message: Message) -> bool:
    if facts.case is None:
        return False
    if facts.token and facts.token.purpose is TokenPurpose.CHECK_IN:
        return True
    asked = facts.case.check_ins > 0 and facts.case.status in ENDED
    return asked and bool(facts.joined_by) and message.sender.key == facts.case.customer


def why_no_acknowledgement(facts: Facts, message: Message) -> tuple[str, ...]:
    """Every reason against an automatic answer (promises 11 and 12); none means that it may leave."""
    counts, policy = facts.counts, facts.policy
    reasons = list(message.no_auto_reply)
    if not message.sender.key:
        reasons.append("it has no From address to answer to")
    elif not sendable(message.sender.key):
        reasons.append(f"no mail can be sent to the address {message.sender.address}")
    if any(
        canonical(path.strip("<> ")) == canonical(policy.complaints_address)
        for path in message.header("return-path")
    ):
        reasons.append("its Return-Path is our own address")
    if any(is_ours(address, facts) for address in message.reply_to):
        reasons.append("its Reply-To is our own address")
    if counts.acks_last_hour >= policy.acks_per_hour:
        reasons.append(f"{counts.acks_last_hour} acknowledgements went to this address in the last hour")
    if counts.acks_last_day >= policy.acks_per_day:
        reasons.append(f"{counts.acks_last_day} acknowledgements went to this address in the last day")
    return tuple(dict.fromkeys(reasons))
