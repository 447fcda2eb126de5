"""Whom the check-in asks whether a solved case is solved, and whom it leaves alone (D21)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from cases.calendar import after
from cases.facts import Facts
from store.models import ENDED, Case, CaseKind, Status

ASKED_ABOUT = (CaseKind.COMPLAINT, CaseKind.QUESTION)


class Because(NamedTuple):
    """Why a customer is not asked."""

    code: str
    """For sentences in an agent's language."""
    text: str
    """For the log."""


def why_never(facts: Facts, case: Case) -> Because | None:
    """Why the customer will not be asked about this case, as far as that can be known before it is time."""
    if case.kind not in ASKED_ABOUT or case.spam:
        return Because("kind", "nobody is asked about praise, or about what is no customer's matter")
    if not case.customer or not case.acknowledged_at:
        return Because("no-mail", "the customer got no automatic mail about it")
    since = facts.willing.opted_out
    if since:
        return Because("opted-out", f"the customer wants no check-ins since {since:%Y-%m-%d}")
    if _is_silent(facts, case):
        many = facts.rulebook.check_ins.silent_after
        return Because("silent", f"the customer said nothing to the last {many} check-ins")
    if facts.willing.unreached:
        return Because("unreached", "the last mail to the customer came back")
    return None


def why_not(facts: Facts, case: Case, *, reminder: bool) -> Because | None:
    """Why the customer is not asked now, or not reminded; None when they are."""
    never = why_never(facts, case)
    if never:
        return never
    others = (one for one in facts.history.others if one.status not in ENDED and not one.spam)
    still_open = min((one.number for one in others), default=None)
    if still_open is not None:
        return Because("open-case", f"the customer has another open case, #{still_open}")
    asked = None if reminder else _asked_lately(facts, case)
    return Because("asked-lately", f"the customer was asked on {asked:%Y-%m-%d}") if asked else None


def _asked_lately(facts: Facts, case: Case) -> datetime | None:
    """When the customer was last asked, about whatever case, where that is not long ago."""
    asked = max((one.asked_at for one in (case, *facts.history.others) if one.asked_at), default=None)
    wait = facts.rulebook.check_ins.not_again_within
    return asked if asked and after(asked, wait, facts.rulebook.calendar_of(case)) > facts.now else None


def _is_silent(facts: Facts, case: Case) -> bool:
    """Whether the customer was left to say nothing so often, and lately, that they are silent by choice."""
    rules, heard = facts.rulebook.check_ins, facts.willing.heard
    asked = asked_before(facts)[: rules.silent_after]
    if not asked or len(asked) < rules.silent_after:
        return False
    spoke = any(number in heard and heard[number] > at for number, at in asked)
    return (
        not spoke and after(asked[0][1], rules.left_alone_for, facts.rulebook.calendar_of(case)) > facts.now
    )


def asked_before(facts: Facts) -> list[tuple[int, datetime]]:
    """The customer's other cases that ended after they were asked, the one asked last first, and when.

    What became part of another case is none of them: what the customer said then stands there.
    """
    ended = (one for one in facts.history.others if one.status is Status.CLOSED and one.merged_into is None)
    asked = [(one.number, one.asked_at) for one in ended if one.asked_at and not one.spam]
    return sorted(asked, key=lambda one: one[1], reverse=True)
