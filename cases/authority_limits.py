"""Whether an agent may give a compensation alone, and who may say yes to what they may not (D13, D14)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent, Role
from language.money import Money
from store.models import Compensation, CompensationState

DECIDERS = (Role.APPROVER, Role.OWNER)


def total(compensations: Iterable[Compensation], currency: str) -> Decimal:
    """What was given in a currency, added up; what was withdrawn was not given."""
    amounts = (
        Decimal(one.amount)
        for one in compensations
        if one.currency == currency and one.state is not CompensationState.WITHDRAWN
    )
    return sum(amounts, Decimal(0))


def may_give_alone(
    agent: Agent, money: Money, on_case: Iterable[Compensation], lately: Iterable[Compensation]
) -> bool:
    """Whether it is within the agent's authority, with all that the case and its customer were given."""
    limits = agent.authority.get(money.currency)
    if limits is None:
        return False
    case = total(on_case, money.currency) + money.amount
    year = total(lately, money.currency) + money.amount
    return case <= limits.per_case and year <= limits.per_customer_year


def deciders(rulebook: Rulebook, giver: Agent) -> tuple[Agent, ...]:
    """Who may say yes to what the giver may not do alone; never the giver."""
    return tuple(one for one in rulebook.agents if one.address != giver.address and is_decider(one))


def other_eyes(rulebook: Rulebook, giver: Agent) -> tuple[Agent, ...]:
    """Who may be the second person that looks at an answer: who decides, or any colleague if nobody does."""
    others = (one for one in rulebook.agents if one.address != giver.address and not one.draft_only)
    return deciders(rulebook, giver) or tuple(others)


def is_decider(agent: Agent) -> bool:
    """Whether the agent's yes counts for what others want."""
    return bool(set(DECIDERS) & set(agent.roles)) and not agent.draft_only
