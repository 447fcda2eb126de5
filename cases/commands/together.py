"""Which commands can't be done together, in whatever way they came."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from cases.commands.grammar import Given
from cases.commands.registry import COMMANDS, conflict
from cases.saying import Refusal


def refuse_conflicts(given: Sequence[Given]) -> None:
    """Raises Refusal where one mail says two things, or the same thing twice."""
    names = [one.name for one in given]
    for first, second in combinations(dict.fromkeys(names), 2):
        if conflict(COMMANDS[first], COMMANDS[second]):
            raise Refusal("conflict", first=first, second=second)
    twice = next((n for n in names if names.count(n) > 1 and not COMMANDS[n].repeatable), None)
    if twice:
        raise Refusal("twice", command=twice)
    if "edit" in names and "approve" in names and names.index("approve") < names.index("edit"):
        raise Refusal("approve-before-edit")


def refuse_to_wait(given: Sequence[Given]) -> None:
    """Raises Refusal where commands can't wait for a yes: they contradict, or are a yes or no themselves."""
    refuse_conflicts(given)
    if any(COMMANDS[one.name].scope == "request" for one in given):
        raise Refusal("no-request")
