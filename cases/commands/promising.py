"""What a customer is promised, by when, and whether it was kept (D11)."""

from __future__ import annotations

from cases.commands.command import Command
from cases.commands.dates import by_when, rests_on, what_and_day
from cases.commands.picking import Doubts, pick
from cases.commands.situation import Effect, Situation
from cases.saying import Refusal, Say
from store.models import EventKind, Promise, PromiseState
from store.values import NewRow, RowChange

OPENS = PromiseState.OPEN
WHICH = Doubts(Say("no-open-promise"), Say("no-such-promise"), Say("which-promise"))


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
        "state": OPENS,
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


def kept(situation: Situation, which: str) -> Effect:
    """A promise was kept."""
    facts = situation.facts
    one = pick(_open(situation), which, WHICH)
    return Effect(
        events=((EventKind.PROMISE_KEPT, one.what),),
        says=Say("promise-kept", {"what": one.what}),
        values={"seen_at": facts.now},
        data={"what": one.what},
        changes=(
            RowChange(
                "promise",
                {"id": one.id},
                {"state": OPENS},
                {"state": PromiseState.KEPT, "ended_at": facts.now},
            ),
        ),
    )


def _open(situation: Situation) -> dict[int, tuple[Promise, str]]:
    """The promises that are still open, numbered among all of the case."""
    ended = {
        change.key["id"] for effect in situation.effects for change in effect.changes if "id" in change.key
    }
    return {
        number: (one, one.what)
        for number, one in enumerate(situation.facts.promises, 1)
        if one.state is OPENS and one.id not in ended
    }


COMMANDS: tuple[Command, ...] = (
    Command(
        "promise",
        "promise WHAT by DATE",
        "Write down what the customer is promised, and by when.",
        "text",
        promise,
        repeatable=True,
    ),
    Command("kept", "kept WHAT", "The promise was kept.", "maybe", kept, repeatable=True),
)
