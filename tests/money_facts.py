"""People with limits, and what a case was given: for tests of promises, money and consent."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.facts import Facts
from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from store.models import (
    Compensation,
    CompensationState,
    Promise,
    PromiseState,
    Request,
    RequestKind,
    RequestState,
)
from tests.facts_factory import CATEGORIES, CUSTOMER, NOW, WORDS, case_facts, texts
from tests.test_language_when import RULES

SARA, DANA, NOA, OLA, MAY, ADA = (
    f"{name}@example.com" for name in ("sara", "dana", "noa", "ola", "may", "ada")
)
AGENTS = """\
agents:
  - address: sara@example.com
    name: Sara
    languages: [en]
    authority:
      EUR: {per_case: 50, per_customer_year: 80.50}
      IRR: {per_case: 20000000, per_customer_year: 50000000}
  - {address: dana@example.com, name: Dana}
  - {address: noa@example.com, name: Noa, roles: [agent, approver]}
  - {address: ola@example.com, name: Ola, roles: [owner]}
  - {address: may@example.com, name: May, draft_only: true}
  - {address: ada@example.com, name: Ada, roles: [admin]}
"""
NOBODY_DECIDES = """\
agents:
  - {address: sara@example.com, name: Sara, roles: [agent, admin]}
  - {address: dana@example.com, name: Dana}
  - {address: may@example.com, name: May, draft_only: true}
"""


def people(agents: str = AGENTS, *, four_eyes: bool = False) -> Rulebook:
    """The rules with these people, and the words that are shipped."""
    shipped = {f"words/{one}.yaml": (RULES / "words" / f"{one}.yaml").read_text("utf-8") for one in WORDS}
    categories = CATEGORIES.replace("answer_template: late", "answer_template: late\n    four_eyes: true")
    files = texts(agents=agents, categories=categories if four_eyes else CATEGORIES) | shipped
    return loaded(tuple(files.items()))


@cache
def loaded(files: tuple[tuple[str, str], ...]) -> Rulebook:
    found, problems = load(dict(files))
    assert found, problems
    return found


def who(address: str, rules: Rulebook | None = None) -> Agent:
    found = (rules or people()).agent(address)
    assert found
    return found


def given(*lines: str, by: str = SARA, of: dict[str, Any] | None = None, **facts: Any) -> Decision:
    """What commands of an agent lead to, a line each."""
    known = about(of, **facts)
    commands = [Given(*_parts(line)) for line in lines]
    return on_command(known, known.case, who(by, known.rulebook), commands)


def about(of: dict[str, Any] | None = None, **facts: Any) -> Facts:
    return case_facts(of, **({"rulebook": people()} | facts))


def _parts(line: str) -> tuple[str, str]:
    name, _, argument = line.partition(" ")
    return name, argument


def promise(what: str = "a new parcel", **changes: Any) -> Promise:
    values: dict[str, Any] = {
        "id": 1,
        "case_number": 7,
        "what": what,
        "due_at": NOW + timedelta(days=2),
        "made_by": SARA,
        "state": PromiseState.OPEN,
        "made_at": NOW,
    }
    return Promise(**(values | changes))


def compensation(amount: str = "20.00", currency: str = "EUR", **changes: Any) -> Compensation:
    values: dict[str, Any] = {
        "id": 1,
        "case_number": 7,
        "customer": CUSTOMER,
        "kind": "refund",
        "amount": amount,
        "currency": currency,
        "reason": "late",
        "offered_by": SARA,
        "state": CompensationState.OFFERED,
        "offered_at": NOW - timedelta(days=10),
    }
    return Compensation(**(values | changes))


def request(*given_: tuple[str, str], **changes: Any) -> Request:
    values: dict[str, Any] = {
        "id": 1,
        "key": "authority/f0/0",
        "kind": RequestKind.AUTHORITY,
        "case_number": 7,
        "agent": SARA,
        "given": [list(one) for one in given_] or [["offer", "refund 90 EUR late"]],
        "state": RequestState.WAITING,
        "made_at": NOW - timedelta(hours=1),
        "expires_at": NOW + timedelta(days=6),
    }
    return Request(**(values | changes))


def codes(decision: Decision, letter: int = -1) -> list[str]:
    """What the transcript says, by the codes of its sentences."""
    return [line.code for line in decision.letters[letter].variables["lines"]]
