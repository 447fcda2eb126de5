"""What comes from a sender whose mail an agent called spam: it is kept, and nobody is bothered with it."""

from __future__ import annotations

from cases.decision import Decision
from cases.facts import Facts
from store.models import Case, EventKind
from store.values import Message, NewEvent


def spam_of(facts: Facts) -> Case | None:
    """The sender's spam, which a new mail of theirs belongs to; None for who is none of those senders.

    Whom we once answered is a customer, whatever an agent said of one of their mails; and a case that became
    part of another takes nothing in.
    """
    if any(other.answered_at or other.resolved_at for other in facts.history.others if not other.spam):
        return None
    return next((one for one in facts.history.others if one.spam and one.merged_into is None), None)


def joined_silently(message: Message, case: Case) -> Decision:
    """The mail is kept on the case, which stays shut: no answer, no agent, no place in the queue."""
    event = NewEvent(EventKind.IGNORED, "its sender's mail is spam", message.sender.key or "nobody")
    return Decision(case_number=case.number, events=(event,))
