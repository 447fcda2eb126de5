"""What waits for a yes, in words for who is asked, who asked, and who looks on (D13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cases.offers import read_offer
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from store.models import Request

Commands = Sequence[Sequence[str]]
"""Commands as they were given: name and argument of each."""


def in_words(given: Iterable[Sequence[str]]) -> str:
    """Commands as they were written, in a line: for the log and the command line."""
    return "; ".join(" ".join(part for part in one if part) for one in given)


def wishes(
    rulebook: Rulebook, giver: Agent | None, given: Commands, version: int = 0, *, brief: bool = False
) -> tuple[Say, ...]:
    """A sentence for each command; brief ones leave reasons out. `version` is that of the draft meant."""
    languages = giver.languages if giver else ()
    return tuple(_wish(rulebook, languages, one[0], one[1], version, brief) for one in given)


def wish(
    rulebook: Rulebook, giver: Agent | None, given: Commands, version: int = 0, *, brief: bool = False
) -> Say:
    """All of it in one sentence."""
    each = wishes(rulebook, giver, given, version, brief=brief)
    return each[0] if len(each) == 1 else Say("wishes", {"all": each})


def wish_of(rulebook: Rulebook, request: Request, *, brief: bool = False) -> Say:
    """What a request is for, in one sentence."""
    giver = rulebook.agent(request.agent)
    return wish(rulebook, giver, request.given, request.draft_version, brief=brief)


def _wish(
    rulebook: Rulebook, languages: Sequence[str], name: str, argument: str, version: int, brief: bool
) -> Say:
    if name == "approve" and version:
        return Say("wish-approve", {"version": version})
    if name == "offer":
        return _offer(rulebook, languages, argument, brief)
    return Say("wish-command", {"command": name, "argument": argument})


def _offer(rulebook: Rulebook, languages: Sequence[str], text: str, brief: bool) -> Say:
    try:
        one = read_offer(text, rulebook.words, languages)
    except Refusal:  # an offer that can't be read any more is shown as it was written
        return Say("wish-command", {"command": "offer", "argument": text})
    shown = {"kind": one.kind, "amount": f"{one.money.amount:f}", "currency": one.money.currency}
    return Say("wish-offer", shown | {"reason": "" if brief else one.reason})
