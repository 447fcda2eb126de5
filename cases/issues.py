"""Known issues: which cases one concerns, and what its note says in a customer's language (D18)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from cases.facts import Facts
from cases.known import Concern, Known
from cases.told_agents import facts_told
from store.models import Case, Concerned, EventKind, IssueState, KnownIssue, TimerKind, plain
from store.values import SOFTWARE, NewEvent, NewRow, NewTimer, RowChange

KNOWN_ISSUE, FIXED = "known_issue", "fixed"
"""The answer letters that tell of an issue, and that it is fixed."""
Values = Mapping[str, Iterable[str]]
"""The facts of a case: the values of each name."""


class Said(NamedTuple):
    """A text that exists in some languages, in one of them."""

    text: str = ""
    language: str = ""


def is_of_cause(issue: KnownIssue, case: Case, values: Values) -> bool:
    """Whether the case is of the issue's cause: its category, with all of its facts."""
    if issue.category not in ("", case.category):
        return False
    return all(value in values.get(name, ()) for name, value in issue.facts.items())


def values_of(facts: Facts) -> dict[str, tuple[str, ...]]:
    """What is known of the case: the values of each fact."""
    return {one["name"]: one["found"] for one in facts_told(facts)}


def concerning(facts: Facts, case: Case) -> tuple[KnownIssue, ...]:
    """The open issues that concern the case, the most precise first: as an agent said, or by its cause."""
    values = values_of(facts)
    found = [one for one in facts.known.issues if one.issue.state is IssueState.OPEN]
    found = [one for one in found if _concerns(one, case, values)]
    return tuple(one.issue for one in sorted(found, key=_precise))


def _precise(one: Concern) -> tuple[int, int, int]:
    said = 0 if one.row is not None and one.row.by else 1
    return said, -len(one.issue.facts) - bool(one.issue.category), -(one.issue.id or 0)


def _concerns(one: Concern, case: Case, values: Values) -> bool:
    if one.row is not None and one.row.by:
        return not one.row.removed
    return is_of_cause(one.issue, case, values)


def said_in(texts: Mapping[str, str], languages: Sequence[str]) -> Said:
    """The text in the first of these languages that it exists in; nothing where there is none."""
    return next((Said(texts[one], one) for one in languages if texts.get(one)), Said())


def carried(facts: Facts, case: Case) -> tuple[KnownIssue, Said] | None:
    """The issue whose note a draft for the case carries, with the note; None where there is none to carry."""
    languages = facts.rulebook.letters.chain(case.language)
    notes = ((one, said_in(one.notes, languages)) for one in concerning(facts, case))
    return next(((issue, said) for issue, said in notes if said.text), None)


def note_for(facts: Facts, case: Case) -> str:
    """What letters about the case say of it; "" for nothing."""
    found = carried(facts, case)
    return found[1].text if found else ""


def told(facts: Facts, case: Case) -> tuple[dict[str, Any], ...]:
    """The issues that concern a case, as its agent is told of them."""
    languages, found = facts.rulebook.letters.chain(case.language), carried(facts, case)
    own = (case.language, case.language.partition("-")[0])
    return tuple(
        {
            "number": one.id,
            "title": one.title,
            "carried": found is not None and found[0].id == one.id,
            "language": said_in(one.notes, languages).language,
            "stands_in": said_in(one.notes, languages).language not in own,
        }
        for one in concerning(facts, case)
    )


class Noticed(NamedTuple):
    """What is written down of a case that turns out to be of an issue's cause."""

    events: tuple[NewEvent, ...] = ()
    rows: tuple[NewRow, ...] = ()
    timers: tuple[NewTimer, ...] = ()


def noticed(facts: Facts, case: Case) -> Noticed:
    """The issues of whose cause the case is, and which nobody has written down for it yet.

    One that was fixed after the case had come is noticed too: its customer is told like the others.
    """
    values = values_of(facts)
    new = [one.issue for one in facts.known.issues if one.row is None]
    new = [one for one in new if one.state is not IssueState.WITHDRAWN and is_of_cause(one, case, values)]
    return Noticed(
        tuple(_event(one, EventKind.CONCERNED, SOFTWARE) for one in new),
        tuple(concerned(one, case, facts) for one in new),
        tuple(
            NewTimer(TimerKind.FIXED, telling_key(one, case.number), facts.now)
            for one in new
            if one.state is IssueState.FIXED
        ),
    )


def _event(issue: KnownIssue, kind: EventKind, actor: str) -> NewEvent:
    return NewEvent(kind, in_words(issue), actor, {"issue": issue.id})


def in_words(issue: KnownIssue) -> str:
    """An issue in a line, for the log."""
    return f"issue {issue.id}: {issue.title}"


def concerned(issue: KnownIssue, case: Case, facts: Facts, by: str = "", *, removed: bool = False) -> NewRow:
    """That the issue concerns the case, or that it does not."""
    row = {"issue_id": issue.id, "case_number": case.number, "at": facts.now, "told_fixed_at": None}
    return NewRow("concerned", {**row, "removed": removed, "by": by})


def telling_key(issue: KnownIssue, number: int) -> str:
    """The key of the timer, and of the letter, that tells a case's customer that the issue is fixed."""
    return f"{TimerKind.FIXED}/{issue.id}/{number}"


def after(known: Known, rows: Iterable[NewRow], changes: Iterable[RowChange]) -> Known:
    """What is known once an agent has said what concerns the case."""
    issues = list(known.issues)
    for row in rows:
        if row.table == "concerned":
            made = plain(Concerned, row.values)
            issues = [replace(one, row=made) if one.issue.id == made.issue_id else one for one in issues]
            named = known.named
            if named and named.id == made.issue_id and all(one.issue.id != named.id for one in issues):
                issues.append(Concern(named, made))
    for change in changes:
        if change.table == "concerned":
            issues = [
                replace(one, row=one.row.model_copy(update=dict(change.values)))
                if one.row is not None and one.issue.id == change.key["issue_id"]
                else one
                for one in issues
            ]
    return replace(known, issues=tuple(issues))
