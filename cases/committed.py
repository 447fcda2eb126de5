"""What the firm told its customers that it will change, as letters and lists say it (D22)."""

from __future__ import annotations

from collections.abc import Iterable

from cases.facts import Facts
from language.normalise import normalise
from store.models import Commitment, CommitmentState, TimerKind

DONE = "commitment_done"
"""The answer letter that tells of one that was kept."""


def said_in(facts: Facts, letter: str) -> str:
    """What a letter says of it: the one that was kept last, or the last that is still open; "" for none."""
    wanted = CommitmentState.DONE if letter == DONE else CommitmentState.OPEN
    found = [one for one in facts.known.commitments if one.state is wanted]
    last = max(found, key=lambda one: one.ended_at or one.made_at, default=None)
    return last.what if last else ""


def alike(one: Commitment, others: Iterable[Commitment]) -> tuple[Commitment, ...]:
    """Those in the same words: the firm changes it once, for all of their customers."""
    return tuple(other for other in others if normalise(other.what) == normalise(one.what))


def telling_key(one: Commitment) -> str:
    """The key of the timer, and of the letter, that tells its customer that it was kept."""
    return f"{TimerKind.FIXED}/done/{one.id}"
