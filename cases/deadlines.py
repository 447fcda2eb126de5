"""By when a case is to be resolved, and its customer gets the final answer: counted from its receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cases.calendar import after
from cases.facts import Facts
from cases.rules.durations import Duration
from store.models import Case

RESOLVE_BY, FINAL_BY = "resolve_by", "final_by"


def of_a_new_case(facts: Facts, case: Case) -> dict[str, Any]:
    """The values of a case that has just come, where the rules say by when; what it has already stays."""
    known = {RESOLVE_BY: case.resolve_by, FINAL_BY: case.final_by}
    found = _counted(facts, case, case.opened_at)
    return {name: by for name, by in found.items() if by is not None and known[name] is None}


def anew(facts: Facts, case: Case) -> dict[str, Any]:
    """The values of a case that goes on after its end: what is still to come holds, the rest is set anew."""
    known = {RESOLVE_BY: case.resolve_by, FINAL_BY: case.final_by}
    past = [name for name, by in known.items() if by is None or by <= facts.now]
    found = _counted(facts, case, facts.now)
    return {name: found[name] for name in past if found[name] != known[name]}


def tightened(facts: Facts, case: Case) -> dict[str, Any]:
    """The values of a case that has just become more severe: what that asks for, counted from now."""
    known = {RESOLVE_BY: case.resolve_by, FINAL_BY: case.final_by}
    found = _counted(facts, case, facts.now)
    return {name: by for name, was in known.items() if was and (by := found[name]) and by < was}


def _counted(facts: Facts, case: Case, since: datetime) -> dict[str, datetime | None]:
    rules, about = facts.rulebook.deadlines, (case.kind, case.severity, case.category)
    return {
        RESOLVE_BY: _after(facts, case, since, rules.resolve_within(*about)),
        FINAL_BY: _after(facts, case, since, rules.final_within(*about)),
    }


def _after(facts: Facts, case: Case, since: datetime, within: Duration | None) -> datetime | None:
    return after(since, within, facts.rulebook.calendar_of(case)) if within else None
