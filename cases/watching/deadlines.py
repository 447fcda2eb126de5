"""Deadlines: of the answer, the resolution and the final answer. Who is told when one is near, and when
it has passed (D16). They send nothing to customers: the final answer is offered to an agent as a draft.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.asks import ANSWERS
from cases.assigning import members
from cases.facts import Facts
from cases.rules.deadlines import Late
from cases.rules.types import Agent, Role
from cases.saying import Say
from cases.skipping import skipped
from cases.watching import chain, telling
from cases.watching.answered import is_answered
from cases.watching.chain import Followed, Link, Reached
from cases.watching.step import NOTHING, Step
from cases.watching.telling import Notice
from language.normalise import normalise
from store.models import FOR_A_PERSON, Case, CaseKind, DraftState, EventKind, Status, TimerKind
from store.values import SOFTWARE, NewEvent

FINAL = "final"
"""The answer letter that names the body outside the firm."""
CLOSING = (f"{ANSWERS}{FINAL}", f"{ANSWERS}resolution")
"""The letters that end a complaint."""
ESCALATED_WHEN_ANSWERED = (Late.FINAL,)
"""While the customer has an answer, the case's agent alone is told of the others."""


@dataclass(frozen=True, slots=True)
class Running:
    """A deadline of a case that is still to be kept, or has passed."""

    late: Late
    by: datetime
    chain: tuple[Link, ...]
    followed: Followed


def next_at(facts: Facts, case: Case) -> datetime | None:
    """When the next step of any chain is due, or a deadline passes."""
    since = _since(facts, case)
    times = [at for one in _running(facts, case) for at in _times(one, since)]
    return min(times, default=None)


def _times(one: Running, since: datetime) -> Iterator[datetime]:
    if not one.followed.missed:
        yield one.by
    if (at := chain.next_link(one.chain, one.followed, since)) is not None:
        yield at


def due(facts: Facts, case: Case) -> Step:
    """The furthest step that is due of each deadline; those before it are skipped."""
    since, followed = _since(facts, case), dict(case.followed or {})
    events: list[NewEvent] = []
    notices: list[Notice] = []
    for one in _running(facts, case):
        reached = chain.reached(one.chain, one.followed, since, facts.now)
        missed = one.by <= facts.now
        people = _people(facts, case, one, reached) if reached.link else ()
        notices += (_notice(facts, case, one, agent) for agent in people)
        events += _events(facts, case, one, reached, people)
        kept = Followed(one.by, reached.steps, missed)
        if kept != one.followed:
            followed[chain.name_of(one.late)] = kept.kept()
    if followed == (case.followed or {}):
        return NOTHING
    return Step(tuple(events), values={"followed": followed}, notices=tuple(notices))


def _running(facts: Facts, case: Case) -> Iterator[Running]:
    rules = facts.rulebook.deadlines
    for late, by in _deadlines(facts, case):
        links = chain.links(rules.chain(late), by, facts.rulebook.calendar_of(case))
        yield Running(late, by, links, Followed.of(case, chain.name_of(late), by))


def _deadlines(facts: Facts, case: Case) -> Iterator[tuple[Late, datetime]]:
    """Those that a case still has to keep, while somebody follows them."""
    if case.spam or case.kind is CaseKind.PRAISE:
        return
    waits = case.status in FOR_A_PERSON and not is_answered(facts, case)
    if case.deadline_at and waits:
        yield Late.ANSWER, case.deadline_at
    if case.resolve_by:
        yield Late.RESOLVE, case.resolve_by
    if case.final_by and not _has_final_answer(facts, case):
        yield Late.FINAL, case.final_by


def _has_final_answer(facts: Facts, case: Case) -> bool:
    """Whether the last answer was one that ends the complaint, or that names the body outside the firm."""
    draft = facts.draft
    if case.status is not Status.ANSWERED or draft is None or draft.state is not DraftState.APPROVED:
        return False
    if draft.template in CLOSING:
        return True
    body = facts.rulebook.letters.turn_to(case.category)
    said = normalise(draft.body)
    return body is not None and any(normalise(one) in said for one in (*body.name.values(), body.contact))


def _since(facts: Facts, case: Case) -> datetime:
    """When the case's agent was last mailed about it anyway: when it came, or the customer wrote again."""
    wrote_at = facts.contact.wrote_at if facts.contact else None
    return max(case.opened_at, wrote_at) if wrote_at else case.opened_at


def _people(facts: Facts, case: Case, one: Running, reached: Reached) -> tuple[Agent, ...]:
    """Who is told; of a threat to the firm's name also who answers for that, once it is late (D4)."""
    at = reached.steps - 1
    people = {agent.address: agent for agent in chain.people(facts, case, one.chain, at)}
    if one.by <= facts.now and is_threat(facts, case):
        owners = members(Role.OWNER, facts.rulebook)
        people |= {agent.address: agent for agent in owners}
    if case.status is Status.ANSWERED and one.late not in ESCALATED_WHEN_ANSWERED:
        return tuple(agent for agent in people.values() if agent.address == case.assignee)
    return tuple(people.values())


def is_threat(facts: Facts, case: Case) -> bool:
    """Whether the case's mail threatened the firm's name."""
    return any(hit.get("rule") in facts.rulebook.threats for hit in case.why)


def _notice(facts: Facts, case: Case, one: Running, agent: Agent) -> Notice:
    missed = one.by <= facts.now
    values: dict[str, Any] = {"due": one.by}
    if one.late is Late.FINAL:
        body = facts.rulebook.letters.turn_to(case.category)
        languages = (agent.languages or ("en",)) + facts.rulebook.letters.chain(case.language)
        values["body"] = body.called(languages) if body else ""
    return Notice(
        agent,
        telling.DEADLINE_MISSED if missed else telling.DEADLINE_NEAR,
        Say(_CODES[one.late, missed], values),
        FINAL if one.late is Late.FINAL and _exists(facts) else "",
    )


def _exists(facts: Facts) -> bool:
    """Whether there is the letter of a final answer; where nobody knows, the shipped ones are there."""
    return not facts.answers or FINAL in facts.answers


_CODES = {
    (Late.ANSWER, False): "watch-answer-near",
    (Late.ANSWER, True): "watch-answer-missed",
    (Late.RESOLVE, False): "watch-resolve-near",
    (Late.RESOLVE, True): "watch-resolve-missed",
    (Late.FINAL, False): "watch-final-near",
    (Late.FINAL, True): "watch-final-missed",
}
_CALLED = {Late.ANSWER: "the answer", Late.RESOLVE: "the resolution", Late.FINAL: "the final answer"}


def _events(
    facts: Facts, case: Case, one: Running, reached: Reached, people: tuple[Agent, ...]
) -> Iterator[NewEvent]:
    told = [agent.address for agent in people]
    data: Mapping[str, Any] = {"deadline": one.late.value, "by": one.by.isoformat()}
    what = f"{_CALLED[one.late]} by {one.by.isoformat(timespec='minutes')}"
    text = f"{what}; told: {', '.join(told) or 'nobody'}"
    missed = one.by <= facts.now
    if reached.skipped:
        steps = "one step" if reached.skipped == 1 else f"{reached.skipped} steps"
        yield skipped(TimerKind.WATCH, f"{steps} before this one about {what}")
    if missed and not one.followed.missed:
        yield NewEvent(EventKind.DEADLINE_MISSED, text, SOFTWARE, {**data, "told": told})
    elif reached.link and not missed:
        yield NewEvent(EventKind.DEADLINE_NEAR, text, SOFTWARE, {**data, "told": told})
    for address in told if missed else ():
        if address != case.assignee:
            yield NewEvent(EventKind.ESCALATED, f"to {address}", SOFTWARE, {**data, "to": address})
