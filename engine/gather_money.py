"""What commands need to know of promises, of money, and of what waits for a yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from cases.commands.grammar import Given
from cases.facts import Facts
from cases.requests import asking_key
from cases.told_agents import A_YEAR
from store import desk_looks, issues, queries
from store.models import Case, Compensation
from store.values import canonical


def promises(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What the case's customer was promised."""
    if facts.case is None:
        return facts
    return replace(facts, promises=desk_looks.promises_of(session, facts.case.number))


def money(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What the case's customer was offered: on the case, and in all within a year."""
    if facts.case is None:
        return facts
    return replace(
        facts,
        compensations=desk_looks.compensations_of(session, facts.case.number),
        given_lately=given_lately(session, facts.case, facts.now),
    )


def to_give(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What the customer was offered, for a command that gives more: nobody else gives them anything until
    this transaction ends, so that limits hold for offers made at the same moment."""
    case = facts.case
    if case is None:
        return facts
    # The case first, as every other way to it does: two who hold what the other wants would both fail.
    queries.case(session, case.number, lock=True)
    if case.customer:
        desk_looks.hold_customer(session, canonical(case.customer))
    return money(session, facts, given)


def categories(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The categories that the case was ever in: a colleague's look is owed to what it was, not to a name."""
    if facts.case is None:
        return facts
    return replace(facts, categories=desk_looks.categories_been(session, facts.case))


def waiting(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What waits for a yes on the case; at the command line, with no case, the letters to many customers."""
    if facts.case is None:
        at_the_desk = facts.message is None and facts.agent is not None
        return replace(facts, waiting=issues.waiting(session, facts.now)) if at_the_desk else facts
    return replace(facts, waiting=desk_looks.waiting_on(session, facts.case.number, facts.now))


def request(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What a yes or no is about: what its reply address speaks of. At the command line, the only one that
    waits on the case; a mail of one's own may have been written before that one was asked for."""
    if facts.token and facts.token.request_key:
        return request_of_key(session, facts, facts.token.request_key)
    if facts.message is not None or len(facts.waiting) != 1:
        return facts
    return _with_asked(session, replace(facts, request=facts.waiting[0]))


def request_of_key(session: Session, facts: Facts, key: str) -> Facts:
    """The request of that key, and who was asked for it."""
    return _with_asked(session, replace(facts, request=desk_looks.request(session, key)))


def _with_asked(session: Session, facts: Facts) -> Facts:
    found, known = facts.request, facts.rulebook.agents
    if found is None or found.case_number is None:
        return facts
    letters = desk_looks.request_letters(session, found.case_number)
    keys = {one.address: asking_key(found.key, one.address) for one in known}
    return replace(facts, asked={agent: letters[key] for agent, key in keys.items() if key in letters})


def given_lately(session: Session, case: Case, now: datetime) -> tuple[Compensation, ...]:
    """Everything that the customer was offered within a year, this case included."""
    if not case.customer:  # nobody whom other cases could be about
        return desk_looks.compensations_of(session, case.number)
    return desk_looks.given_since(session, canonical(case.customer), now - A_YEAR)
