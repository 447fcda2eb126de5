"""What the check-in needs to know of a customer: whether they want it, and whether they ever answer one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from cases.asking import asked_before
from cases.commands.grammar import Given
from cases.facts import Facts, Willing
from store import check_ins, threads


def willing(session: Session, facts: Facts, given: Sequence[Given] = ()) -> Facts:
    """Whether the case's customer may be asked; those who opted out are asked nothing more about."""
    case = facts.case
    if case is None or not case.customer:
        return facts
    opted_out = check_ins.opted_out(session, case.customer)
    if opted_out:
        return replace(facts, willing=Willing(opted_out))
    asked = asked_before(facts)[: facts.rulebook.check_ins.silent_after]
    heard = {number: at for number, _ in asked if (at := threads.customer_wrote(session, number))}
    unreached = check_ins.is_unreached(session, case.number, case.customer)
    return replace(facts, willing=Willing(None, heard, unreached))
