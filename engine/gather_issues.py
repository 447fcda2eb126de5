"""What is known of known issues and commitments, for the decisions that need it (D18, D22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session

from cases import batching, committed
from cases.commands import committing
from cases.commands.grammar import Given
from cases.commands.issues import number_of
from cases.contact import Contact
from cases.facts import Facts
from cases.known import Candidate, Concern, Known
from cases.saying import Refusal
from store import facts as stored_facts
from store import issues, watching
from store.models import Case, Commitment, Concerned, Request
from store.values import canonical


def of_case(session: Session, facts: Facts, given: Sequence[Given] = ()) -> Facts:
    """The issues that concern the case, or may, and what its customer was told that the firm will change."""
    if facts.case is None:
        return facts
    found = issues.commitments_of(session, facts.case.number)
    return _with(of_new_case(session, facts, facts.case), commitments=found)


def of_new_case(session: Session, facts: Facts, case: Case) -> Facts:
    """The issues alone: nobody has told the customer of a new case anything yet."""
    return _with(facts, issues=tuple(Concern(*one) for one in issues.of_case(session, case)))


def _with(facts: Facts, **parts: object) -> Facts:
    return replace(facts, known=replace(facts.known, **parts))  # type: ignore[arg-type]


def named(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The issue that a command names, what else is open, and the number of the next one."""
    number = next((number for one in given if (number := number_of(one.argument)) is not None), None)
    return _with(
        facts,
        named=issues.issue(session, number) if number is not None else None,
        all_open=tuple(issues.open_issues(session)),
        next_issue=issues.next_issue(session),
    )


def next_commitment(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """The number of the next commitment."""
    return _with(facts, next_commitment=issues.next_commitment(session))


def concerned(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """Everybody whom the issue concerns, and what speaks against telling each that it is fixed."""
    facts = named(session, facts, given)
    issue = facts.known.named
    if issue is None:
        return facts
    rows = {row.case_number: row for row in issues.concerned_by(session, issue.id)}
    facts = _with(facts, candidates=candidates(session, tuple(rows), rows))
    return _for_batch(session, facts, batching.FIXED_COMMAND, {issue.id})


def committed_to(session: Session, facts: Facts, given: Sequence[Given]) -> Facts:
    """Everybody who was told what a `done` speaks of, by the choice that the command would make."""
    facts = _with(facts, open_commitments=issues.open_commitments(session))
    try:
        one = committing.meant_by(facts, given[0].argument.strip())
    except Refusal:
        return facts  # the command says so itself
    same = committed.alike(one, facts.known.open_commitments) or (one,)
    facts = _with(facts, candidates=_of_commitments(session, same))
    return _for_batch(session, facts, batching.DONE_COMMAND, {each.id for each in same})


def _of_commitments(session: Session, commitments: Iterable[Commitment]) -> tuple[Candidate, ...]:
    by_case: dict[int, Commitment] = {}
    for one in commitments:
        by_case.setdefault(one.case_number, one)
    found = candidates(session, tuple(by_case), {})
    return tuple(replace(one, commitment=by_case[one.case.number]) for one in found)


def candidates(session: Session, numbers: Sequence[int], rows: dict[int, Concerned]) -> tuple[Candidate, ...]:
    """These cases, oldest first, with what speaks against writing to their customers."""
    cases = issues.cases(session, numbers)
    known = stored_facts.of_cases(session, numbers)
    failed = issues.unreachable(session, numbers)
    silent = issues.opted_out(session, [canonical(case.customer) for case in cases.values()])
    return tuple(
        Candidate(
            case,
            row=rows.get(number),
            facts={name: tuple(values) for name, values in known.get(number, {}).items()},
            unreachable=number in failed,
            opted_out=canonical(case.customer) in silent,
        )
        for number, case in sorted(cases.items())
    )


def _for_batch(session: Session, facts: Facts, command: str, numbers: set[int]) -> Facts:
    """When the letters would leave, what their first readers last wrote, and requests that are replaced."""
    first: dict[str, int] = {}
    for one in facts.known.candidates:
        first.setdefault(one.case.language, one.case.number)
    asked_for = facts.request.key if facts.request else ""
    stale = (one.key for one in issues.waiting(session, facts.now) if is_for(one, command, numbers))
    return _with(
        facts,
        busy_until=issues.last_telling(session),
        samples=issues.last_words(session, list(first.values())),
        stale=tuple(key for key in stale if key != asked_for),
    )


def is_for(request: Request, command: str, numbers: set[int]) -> bool:
    """Whether a request that waits is for the same command about one of these."""
    return any(name == command and number_of(argument) in numbers for name, argument in request.given)


def to_tell(session: Session, facts: Facts, case: Case) -> Facts:
    """What one customer is told when the timer of the facts' cause is due: of an issue, or a commitment."""
    _, which, rest = [*facts.cause.split("/", 2), ""][:3]
    if which == batching.DONE_COMMAND:
        one = issues.commitment(session, int(rest.partition("/")[0]))
        found = candidates(session, [case.number], {})
        return _with(
            _asked(session, facts, case), candidates=tuple(replace(each, commitment=one) for each in found)
        )
    number = int(which)
    rows = {row.case_number: row for row in _row(session, case, number)}
    known = Known(named=issues.issue(session, number), candidates=candidates(session, [case.number], rows))
    return replace(_asked(session, facts, case), known=known)


def _asked(session: Session, facts: Facts, case: Case) -> Facts:
    """The facts with when the customer last asked for something."""
    return replace(facts, contact=Contact(asked_at=watching.customer_asked(session, case.number)))


def _row(session: Session, case: Case, number: int) -> list[Concerned]:
    concerns = issues.of_case(session, case)
    return [row for issue, row in concerns if issue.id == number and row is not None]
