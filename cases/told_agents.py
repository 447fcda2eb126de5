"""What an agent is told of a case: everything that is needed to decide about it (D5, D15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from cases import why_unanswered
from cases.authority_limits import total
from cases.facts import Facts, Remark
from cases.rules.extractors import FactKind
from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from cases.saying import Say
from cases.time_left import time_left
from cases.wishes import wish_of
from language.normalise import normalise
from store.models import ENDED, Case, CaseKind, Compensation, CompensationState, PromiseState, Request
from store.values import CORRECTIONS

BY = "by"
"""In the reasons for a case's category: the address of who corrected it."""
A_YEAR = timedelta(days=365)
MOST_CHOICES = 4
"""Categories that a mail offers to choose with one touch; any other is written."""


def fact_said(name: str, values: Sequence[str], rulebook: Rulebook) -> Say:
    """A fact with its values, in a sentence."""
    return Say("fact-known", {"name": name, "kind": kind_of(name, rulebook), "values": tuple(values)})


def name_of(address: str, rulebook: Rulebook) -> str:
    """An agent's name; the address of one who is none any more."""
    agent = rulebook.agent(address)
    return agent.name if agent else address


def beginning(words: str, most: int) -> str:
    """The beginning of what a customer wrote, as one line of a list shows it."""
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[:most].rstrip()} …"


def told(facts: Facts, case: Case) -> dict[str, Any]:
    """The values of a letter that asks an agent about a case."""
    history = facts.history
    known = {other.number for other in history.others}
    others = [_other(facts, case, other) for other in history.others if other.merged_into is None]
    return {
        "number": case.number,
        "customer": case.customer,
        "customer_name": case.customer_name,
        "subject": case.subject,
        "words": history.last_words,
        "attachments": history.attachments,
        "kind": case.kind.value,
        "category": case.category,
        "severity": case.severity.value,
        "language": case.language,
        "channel": case.channel,
        "confidence": None if corrected_by(facts, case) else case.confidence,
        "corrected_by": corrected_by(facts, case),
        "unsure": case.category == UNSURE,
        "hits": tuple(_hit(facts, case, one) for one in case.why if BY not in one),
        "facts": facts_told(facts),
        "deadline": case.deadline_at,
        "left": left_of(facts, case),
        "score": case.score,
        "complaints": complaints_lately(facts, case),
        "open_cases": tuple(one for one in others if one["is_open"]),
        "earlier": tuple(one for one in others if not one["is_open"]),
        "mentions": tuple(number for number in case.mentions if number not in known),
        "promises": _promises(facts),
        "given": given_in_all(facts.given_lately),
        "waiting": tuple(_waiting(facts, one) for one in facts.waiting),
        "damage": history.damage,
        "unparsed": history.unparsed,
        "not_acknowledged": why_unanswered.said(case.not_acknowledged_because, facts.rulebook),
    }


def corrected_by(facts: Facts, case: Case) -> str:
    """The name of who said what the case is about; "" while it is what the rules say."""
    by = next((str(one[BY]) for one in case.why if BY in one), "")
    agent = facts.rulebook.agent(by)
    return agent.name if agent else by


def _hit(facts: Facts, case: Case, hit: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that matched, and whether all that it found stands in the subject alone."""
    said = normalise(facts.history.last_words)
    found = [normalise(str(word)) for word in hit.get("words", ())]
    subject = normalise(case.subject)
    in_subject = bool(found) and all(one in subject and one not in said for one in found)
    return {CORRECTIONS: None, **hit, "in_subject": in_subject}


def complaints_lately(facts: Facts, case: Case) -> int:
    """How many complaints the customer has made within a year, this one included; 0 when it is none.

    What became part of another case is counted with that one.
    """
    if case.kind is not CaseKind.COMPLAINT:
        return 0
    since = facts.now - A_YEAR
    return 1 + sum(
        other.kind is CaseKind.COMPLAINT
        and other.opened_at >= since
        and not other.spam
        and other.merged_into is None
        for other in facts.history.others
    )


def given_in_all(compensations: Iterable[Compensation]) -> tuple[tuple[str, str], ...]:
    """What was offered or paid, added up: amount and currency."""
    given = [one for one in compensations if one.state is not CompensationState.WITHDRAWN]
    return tuple((f"{total(given, one):f}", one) for one in sorted({each.currency for each in given}))


def choices(facts: Facts, case: Case) -> tuple[str, ...]:
    """Other categories that the case may belong to: those that its words spoke for, then, where the rules
    could not tell, the usual ones of the same kind."""
    categories = facts.rulebook.categories
    named = [name for hit in case.why for name in _named(hit) if name in categories]
    if case.category == UNSURE:
        named += [name for name, one in categories.items() if one.kind is CaseKind.COMPLAINT]
    wanted = [name for name in dict.fromkeys(named) if name not in (case.category, UNSURE)]
    return tuple(wanted[:MOST_CHOICES])


def _named(hit: Mapping[str, Any]) -> Iterable[str]:
    """The categories that a rule spoke for, as `Verdict` writes it down."""
    spoken = (part.partition(" ") for part in str(hit.get("says", "")).split(", "))
    return [name for what, _, name in spoken if what == "category"]


def facts_told(facts: Facts) -> tuple[dict[str, Any], ...]:
    """What is known of the case and what its newest mail adds: each fact once, in the order of the rules."""
    extractors = facts.rulebook.extracting.names
    removed = {(fact.name, fact.value) for fact in facts.removed_facts}
    known: dict[str, dict[str, None]] = {name: {} for name in extractors}
    for fact in (*facts.case_facts, *facts.mail_facts):
        if (fact.name, fact.value) not in removed:
            known.setdefault(fact.name, {})[fact.value] = None
    return tuple(
        {"name": name, "kind": kind_of(name, facts.rulebook), "found": tuple(values)}
        for name, values in known.items()
        if values
    )


def kind_of(name: str, rulebook: Rulebook) -> str:
    """What kind of fact it is; text when the rules no longer know it."""
    extractor = rulebook.extracting.names.get(name)
    return extractor.kind.value if extractor else FactKind.TEXT.value


def people_in(rulebook: Rulebook) -> frozenset[str]:
    """The names of the facts whose values are people; one may bear the name of its kind."""
    known = rulebook.extracting.names.items()
    return frozenset({FactKind.PERSON.value, *(name for name, one in known if one.kind is FactKind.PERSON)})


def left_of(facts: Facts, case: Case) -> Mapping[str, Any] | None:
    """The working time until the case's deadline, for a letter; None where it has none."""
    if case.deadline_at is None:
        return None
    left = time_left(facts.now, case.deadline_at, facts.rulebook.calendar_of(case))
    return {"overdue": left.overdue, "unit": left.unit, "amount": left.amount}


def _other(facts: Facts, case: Case, other: Case) -> dict[str, Any]:
    return {
        "number": other.number,
        "subject": other.subject,
        "status": other.status.value,
        "kind": other.kind.value,
        "category": other.category,
        "opened": other.opened_at,
        "score": other.score,
        "is_open": other.status not in ENDED,
        "same": other.number in case.mentions,
    }


def remarks(facts: Facts, written: Iterable[Remark]) -> tuple[dict[str, Any], ...]:
    """What was noted, for a letter: when, by whom, and the words."""
    names = ((one, facts.rulebook.agent(one.who)) for one in written)
    return tuple(
        {"at": one.at, "who": agent.name if agent else one.who, "words": one.words} for one, agent in names
    )


def _promises(facts: Facts) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"what": one.what, "due": one.due_at, "overdue": one.due_at < facts.now}
        for one in facts.promises
        if one.state is PromiseState.OPEN
    )


def _waiting(facts: Facts, request: Request) -> dict[str, Any]:
    """A request that waits for a yes: who wants it, and what."""
    agent, wish = facts.rulebook.agent(request.agent), wish_of(facts.rulebook, request)
    return {"by": agent.name if agent else request.agent, "wish": wish, "kind": request.kind.value}
