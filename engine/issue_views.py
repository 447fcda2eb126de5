"""What `issues` and `commitments` find."""

from __future__ import annotations

from sqlmodel import Session

from cases import batching, issue_lists
from cases.facts import Facts, Listing
from cases.issue_lists import MOST, WholeIssue
from cases.numbers import number_in
from cases.rules.types import Agent
from cases.saying import Say
from cases.told_agents import name_of
from engine.gather_issues import is_for
from store import issues
from store.models import IssueState

MOST_LOOKED_AT = 200
"""Issues that are looked at for the list."""


def listed(session: Session, facts: Facts, _: Agent, which: str) -> Listing | Say:
    """The issues, or the one of that number."""
    if not which.strip():
        found = issues.newest(session, MOST_LOOKED_AT)
        counts = {one.id: issues.count_concerned(session, one.id) for one in found[:MOST]}
        return issue_lists.issues(found, counts)
    number = number_in(which)
    one = issues.issue(session, number) if number is not None else None
    if one is None:
        known = tuple(
            Say("issue-named", {"number": each.id, "title": each.title})
            for each in issues.open_issues(session)
        )
        return Say("no-such-issue", {"command": "issues", "which": number, "known": known})
    waiting = [
        each.expires_at
        for each in issues.waiting(session, facts.now)
        if one.state is IssueState.OPEN and is_for(each, batching.FIXED_COMMAND, {one.id})
    ]
    whole = WholeIssue(one, issues.concerned_by(session, one.id), max(waiting, default=None))
    return issue_lists.one_issue(whole)


def to_change(session: Session, facts: Facts, _: Agent, __: str) -> Listing:
    """What the firm has still to change."""
    found, count = issues.open_commitments(session, MOST), issues.count_commitments(session)
    return issue_lists.commitments(found, count, lambda address: name_of(address, facts.rulebook))
