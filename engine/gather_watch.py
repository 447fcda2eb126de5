"""What is known of a case that is watched: what went to and fro, and what was promised."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from cases.contact import Contact, Sent
from cases.facts import Facts
from store import desk_looks, threads, watching
from store.models import Case


def watched(session: Session, facts: Facts, case: Case) -> Facts:
    """The facts with all that tells when the case, as it is stored now, is to be looked at."""
    number = case.number
    contact = Contact(
        wrote_at=threads.customer_wrote(session, number),
        asked_at=watching.customer_asked(session, number) or case.opened_at,
        letters=tuple(Sent(*row) for row in watching.letters_to_customer(session, number, case.customer)),
        flooded_at=watching.flooded(session, number),
    )
    return replace(facts, case=case, contact=contact, promises=desk_looks.promises_of(session, number))
