"""A letter to many customers at once: shown before it leaves, and let go by one yes (D7, D18, D22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from cases import agent_mail
from cases.audience import HOUR, Audience, audience
from cases.authority_limits import other_eyes
from cases.commands import issue_text
from cases.committed import alike
from cases.decision import LetterRequest, Preview, ReplyTo, Sample
from cases.facts import Facts
from cases.known import Candidate
from cases.numbers import number_in
from cases.priorities import TO_AGENT
from cases.requests import Waits, asking_key, decided, waits
from cases.rules.categories import category_of
from cases.rules.types import Agent
from cases.saying import Refusal, Say
from cases.telling import as_its_own, fix, words_of
from cases.verbs import YES_OR_NO
from cases.why_held import of_answer
from store.models import (
    Commitment,
    KnownIssue,
    LetterKind,
    Request,
    RequestKind,
    RequestState,
    TokenPurpose,
    plain,
)
from store.values import Address, RowChange

FIXED_COMMAND, DONE_COMMAND = "fixed", "done"


@dataclass(frozen=True, slots=True)
class Batch:
    """What many customers are to be told."""

    what: Literal["fixed", "done"]
    number: int
    title: str
    audience: Audience
    issue: KnownIssue | None = None
    commitments: tuple[Commitment, ...] = ()


def of_issue(facts: Facts, issue: KnownIssue) -> Batch:
    """That an issue is fixed, with the words that it has."""
    return Batch("fixed", issue.id, issue.title, audience(facts.known.candidates, issue), issue)


def of_commitments(facts: Facts, commitments: Sequence[Commitment]) -> Batch:
    """That what was said of these, in the same words, is done."""
    one = commitments[0]
    return Batch("done", one.id, one.what, audience(facts.known.candidates), commitments=tuple(commitments))


def of_known(facts: Facts, number: int) -> tuple[Commitment, ...]:
    """The open commitments in the words of the one of this number."""
    known = facts.known.open_commitments
    one = next((one for one in known if one.id == number), None)
    return alike(one, known) if one else ()


def of_request(facts: Facts, request: Request) -> Batch | None:
    """What a request is for, by what is known now; None where it can't be told any more."""
    what, argument = request.given[0]
    if what == "fixed" and facts.known.named is not None:
        try:
            texts = issue_text.read(argument, facts.rulebook).texts
        except Refusal:  # the rules read it otherwise since then
            return None
        return of_issue(facts, facts.known.named.model_copy(update={"fixes": dict(texts)}))
    number = number_in(argument)
    commitments = of_known(facts, number) if number is not None else ()
    return of_commitments(facts, commitments) if commitments else None


def who_decides(facts: Facts, giver: Agent) -> tuple[Agent, ...]:
    """Whose yes lets it leave: the giver's own, or another's where answers need a second person."""
    categories = {one.case.category for one in facts.known.candidates}
    categories |= {facts.known.named.category} if facts.known.named else set()
    wants = any(category_of(name, facts.rulebook).four_eyes for name in categories)
    return other_eyes(facts.rulebook, giver) if giver.draft_only or wants else (giver,)


def requested(facts: Facts, giver: Agent, argument: str, batch: Batch, asked: Sequence[Agent]) -> Waits:
    """The request, with a letter that shows it to each who may say yes."""
    until = facts.now + timedelta(days=facts.policy.request_days)
    made = waits(facts, None, giver, ((batch.what, argument),), RequestKind.BATCH, (), until)
    request = plain(Request, {"id": None, **made.rows[0].values})
    return replace(made, letters=tuple(letter(facts, request, giver, one, batch) for one in asked))


def replaced(facts: Facts, giver: Agent) -> tuple[RowChange, ...]:
    """The end of earlier requests for the same: a yes to what they show would send other words."""
    ended = (plain(Request, {"key": key}) for key in facts.known.stale)
    return tuple(
        change
        for one in ended
        for change in decided(facts, one, RequestState.EXPIRED, giver.address, "asked anew")
    )


def letter(
    facts: Facts, request: Request, giver: Agent, agent: Agent, batch: Batch, again: Say | None = None
) -> LetterRequest:
    """The mail that asks for the yes: what leaves in each language, for whom, and who is left out and why."""
    told = batch.audience.told
    fresh = f"{LetterKind.REQUEST}-again/{facts.cause}/{request.id}/{agent.address}"
    return LetterRequest(
        kind=LetterKind.REQUEST,
        key=fresh if again else asking_key(request.key, agent.address),
        template="agent_batch",
        language=agent_mail.language_of(agent),
        recipient=Address(agent.address, agent.name),
        variables={
            "what": batch.what,
            "issue": batch.number,
            "title": batch.title,
            "count": len(told),
            "left": tuple({"number": one.number, "why": one.why} for one in batch.audience.left),
            "unanswered": tuple(one.case.number for one in told if one.case.answered_at is None),
            "an_hour": facts.rulebook.issues.an_hour,
            "last": _last(facts, len(told)),
            "giver": giver.name,
            "own": giver.address == agent.address,
            "why": "" if giver.address == agent.address else of_answer(giver),
            "again": again or "",
            "until": request.expires_at,
            "agent_name": agent.name,
        },
        priority=TO_AGENT,
        reply_to=ReplyTo(TokenPurpose.REQUEST, agent.address, verbs=YES_OR_NO, request_key=request.key),
        offers=YES_OR_NO,
        samples=samples(facts, batch, giver),
    )


def _last(facts: Facts, count: int) -> Any:
    """When the last of them would leave, were the yes said now."""
    begins = max(facts.now, facts.known.busy_until or facts.now)
    return begins + HOUR / facts.rulebook.issues.an_hour * count


def samples(facts: Facts, batch: Batch, giver: Agent) -> tuple[Sample, ...]:
    """The first letter of each language, whole, the commonest language first."""
    by_language: dict[str, list[Candidate]] = {}
    for one in batch.audience.told:
        by_language.setdefault(one.case.language, []).append(one)
    ordered = sorted(by_language.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_sample(facts, batch, giver, language, cases) for language, cases in ordered)


def _sample(facts: Facts, batch: Batch, giver: Agent, language: str, cases: Sequence[Candidate]) -> Sample:
    first = cases[0]
    own, case = as_its_own(facts, first), first.case
    issue = batch.issue
    if issue is not None:
        draft = words_of(own, case, issue.model_copy(update={"fixed_by": giver.address}))
    else:
        commitment = first.commitment or batch.commitments[0]
        draft = words_of(own, case, commitment.model_copy(update={"ended_by": giver.address}))
    answer = agent_mail.preview(own, case, giver)
    answer = Preview(
        answer.language,
        answer.recipient,
        {**answer.variables, "agent_name": draft.variables["agent_name"]},
        answer.fault,
    )
    about = {
        "language": language,
        "count": len(cases),
        "numbers": tuple(one.case.number for one in cases),
        "number": case.number,
        "fix_in": fix(own, case, issue).language if issue else "",
        "says_nothing": bool(issue and issue.fixes and not fix(own, case, issue).text),
    }
    return Sample(draft, answer, about)
