"""`merge`: one matter that became two cases is one case again."""

from __future__ import annotations

import re

from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.facts import AlsoDecided
from cases.lifecycle import ENDED, OPEN_ENDS, advance
from cases.saying import Refusal, Say
from language.normalise import ascii_digits
from store.models import Case, EventKind
from store.values import CaseChange, NewEvent

_NUMBER = re.compile(r"#?(\d{1,9})\Z")
_ANYWHERE = re.compile(r"\b\d{1,9}\b")
_MOST = 5


def numbers_in(text: str) -> tuple[int, ...]:
    """The first few numbers of a command mail, among them those that its commands name."""
    found = (int(number) for number in _ANYWHERE.findall(ascii_digits(text)[:2000]))
    return tuple(dict.fromkeys(found))[:_MOST]


def merge(situation: Situation, which: str) -> Effect:
    """The case becomes part of the other one: its mails, its people, and what still comes for it."""
    case, other = situation.case, _other(situation, which)
    # It has words now that nobody answered, so it waits for its agent again.
    status = advance(other.status, (EventKind.CUSTOMER_WROTE,))
    return Effect(
        events=((EventKind.MERGED, f"into #{other.number}"),),
        says=Say("merged", {"number": other.number}),
        values={
            "merged_into": other.number,
            "closed_at": situation.facts.now,
            "seen_at": situation.facts.now,
        },
        reject_draft=situation.draft_open,
        cancel_timers=OPEN_ENDS,
        revoke_tokens=True,
        beside=AlsoDecided(
            CaseChange(other.number, other.status, {"status": status, "seen_at": None}),
            (NewEvent(EventKind.TOOK_IN, f"#{case.number}", situation.agent.address),),
            takes_all=True,
        ),
    )


def _other(situation: Situation, which: str) -> Case:
    found = _NUMBER.match(ascii_digits(which.strip()))
    number = int(found[1]) if found else 0
    other = next((one for one in situation.facts.named if one.number == number), None)
    if other is None or other.merged_into is not None:
        raise Refusal("no-such-case", which=which.strip())
    if other.number == situation.case.number:
        raise Refusal("merge-with-itself", number=number)
    if other.customer != situation.case.customer:
        raise Refusal("merge-of-two-customers", number=number)
    if other.status in ENDED:
        raise Refusal("merge-into-ended", number=number)
    return other


COMMANDS = (
    Command(
        "merge",
        "merge NUMBER",
        "Make this case part of another one of the same customer.",
        "text",
        merge,
        alone=True,
    ),
)
