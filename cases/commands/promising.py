"""What a customer is promised, and by when (D11)."""

from __future__ import annotations

from datetime import datetime

from cases.about import same_promise
from cases.commands.command import Command
from cases.commands.dates import by_when, rests_on, what_and_day
from cases.commands.situation import Effect, Situation
from cases.commands.telling_customers import PROMISE_DELAYED, PROMISE_MADE, told_with
from cases.drafts import as_known
from cases.saying import Refusal, Say
from store.models import EventKind, Promise, PromiseState
from store.values import NewRow, RowChange


def promise(situation: Situation, text: str) -> Effect:
    """A promise is written down on the case. It tells the customer nothing by itself.

    One that is open and has the same words gives way to it: the day was put off, or brought forward.
    """
    facts, case = situation.facts, situation.case
    parts = what_and_day(facts, text)
    if parts is None:
        raise Refusal("promise-without-day", text=text)
    what, day = parts
    due = by_when(facts, day)
    before = _in_the_same_words(situation, what)
    was = before[-1].due_at if before else None
    row = {
        "case_number": case.number,
        "what": what,
        "due_at": due,
        "made_by": situation.agent.address,
        "state": PromiseState.OPEN,
        "made_at": facts.now,
        "ended_at": None,
    }
    given_up = tuple((EventKind.WITHDRAWN, _logged(one.what, one.due_at)) for one in before)
    return Effect(
        events=((EventKind.PROMISED, _logged(what, due)), *given_up),
        says=Say("promised", {"what": what, "due": due, "closed": rests_on(facts, due), "was": was}),
        values={"seen_at": facts.now},
        data={"what": what, "due": due.isoformat()},
        rows=(NewRow("promise", row),),
        changes=tuple(_given_up(one, facts.now) for one in before),
        **told_with(situation, PROMISE_DELAYED if was and was < due else PROMISE_MADE),
    )


def _in_the_same_words(situation: Situation, what: str) -> tuple[Promise, ...]:
    """Open promises of the case that this one takes the place of."""
    return tuple(
        one
        for one in as_known(situation).promises
        if one.id is not None and one.state is PromiseState.OPEN and same_promise(one.what, what)
    )


def _given_up(one: Promise, now: datetime) -> RowChange:
    ended = {"state": PromiseState.WITHDRAWN, "ended_at": now}
    return RowChange("promise", {"id": one.id}, {"state": PromiseState.OPEN}, ended)


def _logged(what: str, due: datetime) -> str:
    return f"{what}, by {due.isoformat(timespec='minutes')}"


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
