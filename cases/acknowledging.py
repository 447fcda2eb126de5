"""Whether a mail may be answered by the software at all (promises 11 and 12), and in which words (D6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cases.assigning import Matter, is_there, routed
from cases.calendar import after, closed_until
from cases.channels import Channel
from cases.facts import Facts
from cases.people import is_ours
from cases.rules.categories import category_of
from cases.rules.types import UNSURE, During
from cases.sendable import sendable
from store.models import ENDED, Case, CaseKind
from store.values import Alarm, Message, canonical

COMPLAINT, REPEATED, OUT_OF_HOURS, THREAT = "ack_complaint", "ack_repeated", "ack_out_of_hours", "ack_threat"
BY_KIND = {CaseKind.PRAISE: "ack_praise", CaseKind.QUESTION: "ack_question"}


def letter_for(facts: Facts, case: Case, alarms: Iterable[Alarm], opens: datetime | None) -> str:
    """Which acknowledgement a new case gets: of a threat, of a complaint that is repeated or comes while
    nobody is there (until `opens`), or by its kind."""
    is_complaint = case.kind is CaseKind.COMPLAINT
    if is_complaint and any(one.rule in facts.rulebook.threats for one in alarms):
        return THREAT
    if is_complaint and is_repeated(facts, case):
        return REPEATED
    if by_kind := BY_KIND.get(case.kind):
        return by_kind
    return OUT_OF_HOURS if opens else COMPLAINT


def is_repeated(facts: Facts, case: Case) -> bool:
    """Whether the customer complains once more: an earlier complaint is open, or was lately of the same."""
    return any(
        other.kind is CaseKind.COMPLAINT
        and not other.spam
        and other.merged_into is None
        and (other.status not in ENDED or _is_of_late_and_alike(facts, case, other))
        for other in facts.history.others
    )


def _is_of_late_and_alike(facts: Facts, case: Case, other: Case) -> bool:
    """Whether a complaint was lately of this category; a general one does not say what it was about."""
    rules = facts.rulebook
    is_clear = case.category != UNSURE and not category_of(case.category, rules).general
    if case.category != other.category or not is_clear:
        return False
    return facts.now < after(other.opened_at, rules.letters.repeated_within, rules.calendar_of(case))


def nobody_until(facts: Facts, case: Case) -> datetime | None:
    """When somebody is there to read the case; None where somebody is: the firm is open, the case went to
    those who have it after hours or who work other hours, or a colleague has just written it down."""
    opens = closed_until(facts.now, facts.rulebook.calendar_of(case))
    if opens is None or case.channel != Channel.MAIL:
        return None
    place, _ = routed(Matter.of(case), facts.rulebook, facts.now)
    if place is not None and facts.rulebook.routes[place].during is During.AFTER_HOURS:
        return None
    agent = facts.rulebook.agent(case.assignee)
    return None if agent and agent.working_hours and is_there(agent, facts) else opens


def why_no_acknowledgement(facts: Facts, message: Message) -> tuple[str, ...]:
    """Every reason against an automatic answer; none means that it may leave."""
    counts, policy = facts.counts, facts.policy
    reasons = list(message.no_auto_reply)
    if facts.before_restore:
        reasons.append("a backup was put back after it came, so it may have been acknowledged before")
    if not message.sender.key:
        reasons.append("it has no From address to answer to")
    elif not sendable(message.sender.key):
        reasons.append(f"no mail can be sent to the address {message.sender.address}")
    if any(
        canonical(path.strip("<> ")) == one.key
        for path in message.header("return-path")
        for one in policy.all_ours
    ):
        reasons.append("its Return-Path is our own address")
    if any(is_ours(address, facts) for address in message.reply_to):
        reasons.append("its Reply-To is our own address")
    if counts.acks_last_hour >= policy.acks_per_hour:
        reasons.append(f"{counts.acks_last_hour} acknowledgements went to this address in the last hour")
    if counts.acks_last_day >= policy.acks_per_day:
        reasons.append(f"{counts.acks_last_day} acknowledgements went to this address in the last day")
    return tuple(dict.fromkeys(reasons))
