"""Lists of known issues and of commitments for agents: `issues`, `commitments`, and their part of `show`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cases.facts import Listing
from cases.known import Concern
from cases.saying import Say
from store.models import Commitment, Concerned, KnownIssue

MOST = 50
"""Issues or commitments of one list."""
MOST_CASES = 100
"""Cases of one issue that are named."""
Line = str | Say
Named = Callable[[str], str]
"""The name of the agent of an address."""


@dataclass(frozen=True, slots=True)
class WholeIssue:
    """Everything that is stored of an issue."""

    issue: KnownIssue
    rows: Sequence[Concerned] = ()
    waits_until: datetime | None = None
    """Until when a yes to its letters is waited for."""


def issues(found: Sequence[KnownIssue], counts: Mapping[int, int]) -> Listing:
    """The newest issues; `counts` says how many cases each concerns."""
    title = Say("issues", {"count": len(found), "shown": min(len(found), MOST)})
    rows = tuple(
        (
            Say("cell-count", {"count": one.id}),
            one.title,
            Say("cell-issue-state", {"state": one.state.value}),
            Say("cell-category", {"category": one.category}) if one.category else "",
            Say("cell-count", {"count": counts.get(one.id, 0)}),
            Say("cell-languages", {"languages": tuple(sorted(one.notes))}),
        )
        for one in found[:MOST]
    )
    return Listing(title, ("number", "what", "status", "category", "cases", "languages"), rows)


def one_issue(whole: WholeIssue) -> Listing:
    """An issue, whole: its cause, what customers are told in each language, the cases."""
    return Listing(_title(whole.issue), parts=tuple(_parts(whole)))


def _title(one: KnownIssue) -> Say:
    return Say("issue-shown", {"number": one.id, "title": one.title, "state": one.state.value})


def _parts(whole: WholeIssue) -> Iterator[Line]:
    one = whole.issue
    known = tuple({"name": name, "value": value} for name, value in sorted(one.facts.items()))
    yield Say("issue-cause", {"category": one.category, "facts": known})
    if whole.waits_until:
        yield Say("issue-waits", {"until": whole.waits_until})
    for language, text in sorted(one.notes.items()):
        yield from (Say("issue-note", {"language": language}), text)
    for language, text in sorted(one.fixes.items()):
        yield from (Say("issue-fix", {"language": language}), text)
    numbers = tuple(row.case_number for row in whole.rows if not row.removed)
    more = max(0, len(numbers) - MOST_CASES)
    yield Say("issue-cases", {"numbers": numbers[:MOST_CASES], "more": more})
    if spared := tuple(row.case_number for row in whole.rows if row.removed):
        yield Say("issue-spared", {"numbers": spared[:MOST_CASES]})


def commitments(found: Sequence[Commitment], count: int, named: Named) -> Listing:
    """What the firm has still to change, the oldest first; `count` is how much that is in all."""
    title = Say("commitments", {"count": count, "shown": min(len(found), MOST)})
    rows = tuple(
        (
            Say("cell-count", {"count": one.id}),
            one.what,
            Say("cell-number", {"number": one.case_number}),
            Say("cell-moment", {"at": one.made_at}),
            Say("cell-agent", {"agent": named(one.made_by)}),
        )
        for one in found[-MOST:]
    )
    return Listing(title, ("number", "what", "cases", "since", "assignee"), rows)


def shown(concerns: Sequence[Concern], made: Sequence[Commitment], named: Named) -> Iterator[Line]:
    """What `show` says of a case: the issues that concern it, or were said not to, and its commitments."""
    for one in concerns:
        if one.row is not None:
            said = {"number": one.issue.id, "title": one.issue.title, "state": one.issue.state.value}
            who = named(one.row.by)
            yield Say(
                "show-issue", said | {"told": one.row.told_fixed_at, "removed": one.row.removed, "who": who}
            )
    for each in made:
        state = each.state.value
        yield Say(
            "show-commitment", {"number": each.id, "what": each.what, "state": state, "at": each.made_at}
        )
