"""What the command `causes` shows."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from cases.facts import Facts, Listing
from cases.rules.types import Agent
from cases.signals import listing
from store import causes, signals

A_WEEK = timedelta(days=7)


def causes_now(session: Session, facts: Facts, _: Agent, __: str) -> Listing:
    """What was told and goes on, and which categories have more customers than usual."""
    since = facts.now - A_WEEK
    weeks = listing.Weeks(
        causes.by_category(session, since, facts.now),
        causes.by_category(session, since - listing.WEEKS * A_WEEK, since),
    )
    return listing.causes(signals.open_ones(session), weeks, facts.rulebook, since)
