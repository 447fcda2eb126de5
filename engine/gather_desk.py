"""What agents' commands need to know of a case, beside what its own row and mails say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from sqlmodel import Session

from cases.commands.grammar import Given
from cases.facts import Facts, Leaving
from store import queries
from store.answers import holdings_between, newest_answers, unsent_to_customer
from store.models import Letter, LetterKind, LetterState

MOST_ANSWERS = 10
"""Of a case, that are looked at; nobody approves more while one of them can still be taken back."""


def leaving(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The newest approved answer that can still be taken back."""
    if facts.case is None:
        return facts
    answers = newest_answers(session, facts.case.number, MOST_ANSWERS)
    leaving = _leaving(answers)
    if leaving is None:
        return facts
    approved_at = next(one.created_at for one in answers if one.key == leaving.key)
    held = holdings_between(session, facts.case.number, leaving.answered_before, approved_at)
    return replace(facts, leaving=replace(leaving, holdings_before=held))


def words_of_leaving(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The words of the answer that can still be taken back."""
    leaving = facts.leaving
    if facts.case is None or leaving is None:
        return facts
    drafts = queries.drafts_of(session, facts.case.number)
    body = next((draft.body for draft in drafts if draft.version == leaving.version), "")
    return replace(facts, leaving=replace(leaving, body=body))


def unsent(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The letters to the case's customer that wait to leave."""
    if facts.case is None:
        return facts
    return replace(facts, unsent=tuple(one.key for one in unsent_to_customer(session, facts.case.number)))


def _leaving(answers: Sequence[Letter]) -> Leaving | None:
    # What was approved for many customers at once is no version of a draft, and is not taken back.
    own = (one for one in answers if one.key.startswith(f"{LetterKind.ANSWER}/"))
    for answer, before in pairwise((*own, None)):
        if answer and answer.state is LetterState.QUEUED and not answer.in_doubt:
            version = int(answer.key.rpartition("/")[2])
            return Leaving(answer.key, version, answer.due_at, before.created_at if before else None)
    return None
