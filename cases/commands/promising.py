"""What a customer is promised, and by when (D11)."""

from __future__ import annotations

from cases.commands.command import Command
from cases.commands.dates import by_when, rests_on, what_and_day
from cases.commands.situation import Effect, Situation
from cases.saying import Refusal, Say
from store.models import EventKind, PromiseState
from store.values import NewRow


def promise(situation: Situation, text: str) -> Effect:
    """A promise is written down on the case. It tells the customer nothing by itself."""
    facts, case = situation.facts, situation.case
    parts = what_and_day(facts, text)
    if parts is None:
        raise Refusal("promise-without-day", text=text)
    what, day = parts
    due = by_when(facts, day)
    row = {
        "case_number": case.number,
        "what": what,
        "due_at": due,
        "made_by": situation.agent.address,
        "state": PromiseState.OPEN,
        "made_at": facts.now,
        "ended_at": None,
    }
    return Effect(
        events=((EventKind.PROMISED, f"{what}, by {due.isoformat(timespec='minutes')}"),),
        says=Say("promised", {"what": what, "due": due, "closed": rests_on(facts, due)}),
        values={"seen_at": facts.now},
        data={"what": what, "due": due.isoformat()},
        rows=(NewRow("promise", row),),
        next_step=Say("next-tell-customer") if situation.draft_open else None,
    )


COMMANDS: tuple[Command, ...] = (
    Command(
        "promise",
        "promise WHAT by DATE",
        "Write down what the customer is promised, and by when.",
        "text",
        promise,
        repeatable=True,
    ),
)
