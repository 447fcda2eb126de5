"""What commands need to know of promises, of money, and of what waits for a yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from cases.commands.grammar import Given
from cases.facts import Facts
from store import desk_looks
from store.models import Case, Compensation

A_YEAR = timedelta(days=365)


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


def waiting(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What waits for a yes on the case."""
    if facts.case is None:
        return facts
    return replace(facts, waiting=desk_looks.waiting_on(session, facts.case.number, facts.now))


def request(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """What a yes or no is about: what its reply address speaks of, or the only one that waits on the case."""
    if facts.token and facts.token.request_key:
        return replace(facts, request=desk_looks.request(session, facts.token.request_key))
    return replace(facts, request=facts.waiting[0] if len(facts.waiting) == 1 else None)


def given_lately(session: Session, case: Case, now: datetime) -> tuple[Compensation, ...]:
    """Everything that the customer was offered within a year, this case included."""
    if not case.customer:  # nobody whom other cases could be about
        return desk_looks.compensations_of(session, case.number)
    return desk_looks.given_since(session, case.customer, now - A_YEAR)
