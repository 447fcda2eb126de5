"""Promises to customers (D11): their agent is reminded; one that is broken is escalated step by step, and the
customer is told that it takes longer before they have to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases import asks
from cases.about import Promised
from cases.calendar import after, before
from cases.commands.telling_customers import PROMISE_DELAYED
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.rules.deadlines import AGENT, ChainStep, Late
from cases.rules.types import Agent
from cases.saying import Say
from cases.skipping import skipped
from cases.watching import chain, telling
from cases.watching.chain import Followed, Link
from cases.watching.reachable import why_no_letter
from cases.watching.step import NOTHING, Step
from cases.watching.telling import Notice
from cases.watching.waits import hears_again
from store.models import Case, EventKind, Promise, PromiseState, TimerKind
from store.values import SOFTWARE, NewEvent, RowChange

LETTER = "holding_promise"


@dataclass(slots=True)
class _Done:
    """What is due of all promises of a case."""

    events: list[NewEvent] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    followed: dict[str, Any] = field(default_factory=dict)
    late: list[Promise] = field(default_factory=list)
    """Those of which the customer is told that they take longer."""


def next_at(facts: Facts, case: Case) -> datetime | None:
    """When something is next to be done about one of the case's promises."""
    return min((at for one in _open(facts) for at in _times(facts, case, one)), default=None)


def _times(facts: Facts, case: Case, one: Promise) -> Iterator[datetime]:
    if (at := _remind_at(facts, case, one)) is not None and one.reminded_at is None and one.broken_at is None:
        yield at
    if one.broken_at is None:
        yield one.due_at
    links, followed = _chain(facts, case, one), _followed(case, one)
    if (further := chain.next_link(links, followed, one.made_at)) is not None:
        yield further
    if (told := _tell_at(facts, case, one)) is not None:
        yield told


def due(facts: Facts, case: Case) -> Step:
    """Reminders, steps of the chain and the customer's letter, for every promise that has come so far."""
    done = _Done(followed=dict(case.followed or {}))
    for one in _open(facts):
        if one.due_at <= facts.now:
            _broken(facts, case, one, done)
        elif (at := _remind_at(facts, case, one)) and at <= facts.now and one.reminded_at is None:
            _near(facts, case, one, done)
    letters = _to_customer(facts, case, done)
    if not (done.events or done.changes or done.notices):
        return NOTHING
    return Step(
        events=tuple(done.events),
        letters=letters,
        values={"followed": done.followed} if done.followed != (case.followed or {}) else {},
        changes=tuple(_change(number, values) for number, values in done.changes.items()),
        notices=tuple(done.notices),
    )


def _change(number: int, values: Mapping[str, Any]) -> RowChange:
    return RowChange("promise", {"id": number}, {"state": PromiseState.OPEN}, values)


def _open(facts: Facts) -> Iterator[Promise]:
    return (one for one in facts.promises if one.state is PromiseState.OPEN)


def _remind_at(facts: Facts, case: Case, one: Promise) -> datetime | None:
    """When its agent is reminded; None where it was made too late for that."""
    wait = facts.rulebook.deadlines.promises.remind_before
    at = before(one.due_at, wait, facts.rulebook.calendar_of(case)) if wait else None
    return at if at and one.made_at < at else None


def _tell_at(facts: Facts, case: Case, one: Promise) -> datetime | None:
    """When the customer is told that it takes longer; None where they were, or are not to be."""
    wait = facts.rulebook.deadlines.promises.customer_told_after
    if wait is None or one.told_at is not None or _followed(case, one).missed:
        return None
    return after(one.due_at, wait, facts.rulebook.calendar_of(case))


def _chain(facts: Facts, case: Case, one: Promise) -> tuple[Link, ...]:
    steps: Sequence[ChainStep] = facts.rulebook.deadlines.chain(Late.PROMISE)
    return chain.links(steps, one.due_at, facts.rulebook.calendar_of(case))


def _name(one: Promise) -> str:
    return chain.name_of(Late.PROMISE, one.id)


def _followed(case: Case, one: Promise) -> Followed:
    """How far its chain has come; `missed` says that the customer is not to be told by us any more."""
    return Followed.of(case, _name(one), one.due_at)


def _near(facts: Facts, case: Case, one: Promise, done: _Done) -> None:
    reminder = Link(facts.now, (AGENT,), is_before=True)
    people = chain.people(facts, case, (reminder, *_chain(facts, case, one)), 0)
    says = Say("watch-promise-near", {"what": one.what, "due": one.due_at})
    done.notices += (Notice(agent, telling.PROMISE_NEAR, says) for agent in people)
    done.events.append(NewEvent(EventKind.PROMISE_NEAR, _logged(one), SOFTWARE, _data(one, people)))
    done.changes.setdefault(one.id or 0, {})["reminded_at"] = facts.now


def _broken(facts: Facts, case: Case, one: Promise, done: _Done) -> None:
    followed, links = _followed(case, one), _chain(facts, case, one)
    reached = chain.reached(links, followed, one.made_at, facts.now)
    people = chain.people(facts, case, links, reached.steps - 1) if reached.link else ()
    tell_at = _tell_at(facts, case, one)
    tells = tell_at if tell_at and tell_at > facts.now and not why_no_letter(facts, case) else None
    says = Say("watch-promise-broken", {"what": one.what, "due": one.due_at, "tells": tells})
    done.notices += (Notice(agent, telling.PROMISE_BROKEN, says, PROMISE_DELAYED) for agent in people)
    if reached.skipped:
        steps = "one step" if reached.skipped == 1 else f"{reached.skipped} steps"
        before_this = f"{steps} before this one about the promise: {_logged(one)}"
        done.events.append(skipped(TimerKind.WATCH, before_this))
    if one.broken_at is None:
        done.events.append(NewEvent(EventKind.PROMISE_BROKEN, _logged(one), SOFTWARE, _data(one, people)))
        done.changes.setdefault(one.id or 0, {})["broken_at"] = facts.now
    for agent in people:
        if agent.address != case.assignee:
            data = {"deadline": Late.PROMISE.value, "by": one.due_at.isoformat(), "to": agent.address}
            done.events.append(NewEvent(EventKind.ESCALATED, f"to {agent.address}", SOFTWARE, data))
    late = tell_at is not None and tell_at <= facts.now
    if late:
        done.late.append(one)
    kept = Followed(one.due_at, reached.steps, followed.missed or late)
    if kept != followed:
        done.followed[_name(one)] = kept.kept()


def _to_customer(facts: Facts, case: Case, done: _Done) -> tuple[LetterRequest, ...]:
    """One letter, about every promise that takes longer. Whom a person has written to since needs none."""
    told = [one for one in done.late if not _why_untold(facts, case, one)]
    for one in done.late:
        if because := _why_untold(facts, case, one):
            untold = f"the customer is not told of the promise ({_logged(one)}): {because}"
            done.events.append(skipped(TimerKind.WATCH, untold))
    if not told:
        return ()
    wait = facts.rulebook.deadlines.promises.next_update_within
    again = after(facts.now, wait, facts.rulebook.calendar_of(case)) if wait else None
    for one in told:
        done.changes.setdefault(one.id or 0, {})["told_at"] = facts.now
    text = f"it takes longer: {'; '.join(map(_logged, told))}{hears_again(again)}"
    numbers = [one.id for one in told]
    done.events.append(NewEvent(EventKind.HOLDING_SENT, text, SOFTWARE, {"promises": numbers}))
    more = {
        "promises": tuple(Promised(one.what, one.due_at) for one in told),
        "next_update": again,
        "opened": case.opened_at,
    }
    return (asks.holding(facts, case, f"promise-{numbers[0]}", LETTER, more),)


def _why_untold(facts: Facts, case: Case, one: Promise) -> str:
    if case.answered_at is not None and case.answered_at >= one.due_at:
        return "somebody has written to the customer since"
    return why_no_letter(facts, case)


def _logged(one: Promise) -> str:
    return f"{one.what}, by {one.due_at.isoformat(timespec='minutes')}"


def _data(one: Promise, people: Sequence[Agent]) -> dict[str, Any]:
    told = [agent.address for agent in people]
    return {"promise": one.id, "what": one.what, "by": one.due_at.isoformat(), "told": told}
