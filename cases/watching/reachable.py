"""Whether the software may write to a case's customer by itself, beyond the acknowledgement."""

from __future__ import annotations

from cases.contact import Contact
from cases.facts import Facts
from cases.sendable import sendable
from store.models import Case


def why_no_letter(facts: Facts, case: Case) -> str:
    """Why this customer gets no automatic letter now; "" when one may leave."""
    contact = facts.contact or Contact()
    if case.spam:
        return "it is spam"
    if not sendable(case.customer):
        return "there is no address that mail can be sent to"
    if case.acknowledged_at is None and case.first_answered_at is None:
        return "its mail was not acknowledged, and nobody has answered it yet"
    if _floods(case, contact):
        return "its sender wrote more than anybody does"
    return "a letter did not arrive" if _unreached(contact) else ""


def _floods(case: Case, contact: Contact) -> bool:
    """Whether the customer flooded us and no person has answered since."""
    if contact.flooded_at is None:
        return False
    return case.answered_at is None or case.answered_at < contact.flooded_at


def _unreached(contact: Contact) -> bool:
    """Whether a letter failed since the customer last wrote; who writes can be reached again."""
    return any(
        one.failed and (contact.wrote_at is None or one.at >= contact.wrote_at) for one in contact.letters
    )
