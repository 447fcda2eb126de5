"""Whether a mail may be answered by the software at all (promises 11 and 12)."""

from __future__ import annotations

from cases.facts import Facts
from cases.people import is_ours
from cases.sendable import sendable
from store.values import Message, canonical


def why_no_acknowledgement(facts: Facts, message: Message) -> tuple[str, ...]:
    """Every reason against an automatic answer; none means that it may leave."""
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
