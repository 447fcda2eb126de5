"""What goes out to customers, and when, as agents are told of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from cases.decision import LetterRequest
from cases.facts import Facts
from cases.saying import Say
from store.models import ENDED, TO_CUSTOMERS, LetterKind, Status


def goes_out(
    facts: Facts, letters: Iterable[LetterRequest] = (), withdrawn: Collection[str] = ()
) -> tuple[Say, ...]:
    """A sentence for the answer that still waits, unless it is withdrawn, and for each new letter."""
    still = _still_leaving(facts, withdrawn)
    new = (
        _line(one.kind, one.recipient.address, facts.now + one.wait, facts)
        for one in letters
        if one.kind in TO_CUSTOMERS
    )
    return (*still, *new)


def can_be_undone(
    facts: Facts, status: Status, letters: Iterable[LetterRequest] = (), withdrawn: Collection[str] = ()
) -> bool:
    """Whether an answer waits that `undo` would take back."""
    held = any(one.kind is LetterKind.ANSWER and one.wait for one in letters)
    return status not in ENDED and (held or bool(_still_leaving(facts, withdrawn)))


def _still_leaving(facts: Facts, withdrawn: Collection[str]) -> tuple[Say, ...]:
    leaving, case = facts.leaving, facts.case
    if leaving is None or case is None or leaving.key in withdrawn:
        return ()
    return (_line(LetterKind.ANSWER, case.customer, leaving.due_at, facts),)


def _line(kind: LetterKind, recipient: str, at: datetime, facts: Facts) -> Say:
    return Say(
        "goes-out", {"letter": kind.value, "recipient": recipient, "at": at if at > facts.now else None}
    )
