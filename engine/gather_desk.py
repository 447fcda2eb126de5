"""What agents' commands need to know of a case, beside what its own row and mails say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from sqlmodel import Session

from cases.commands.grammar import Given
from cases.facts import Facts, Leaving
from store.answers import newest_answers
from store.models import Letter, LetterState

MOST_ANSWERS = 10
"""Of a case, that are looked at; nobody approves more while one of them can still be taken back."""


def leaving(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The newest approved answer that can still be taken back."""
    if facts.case is None:
        return facts
    answers = newest_answers(session, facts.case.number, MOST_ANSWERS)
    return replace(facts, leaving=_leaving(answers))


def _leaving(answers: Sequence[Letter]) -> Leaving | None:
    for answer, before in pairwise((*answers, None)):
        if answer and answer.state is LetterState.QUEUED and answer.attempts == 0:
            version = int(answer.key.rpartition("/")[2])
            return Leaving(answer.key, version, answer.due_at, before.created_at if before else None)
    return None
