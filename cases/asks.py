"""The letters to customers that decisions ask for: each one's key, recipient, template and values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from cases import issues
from cases.about import about, acknowledged, answered
from cases.acknowledging import letter_for, nobody_until
from cases.checkin import Wish
from cases.decision import DraftRequest, LetterRequest, ReplyTo
from cases.facts import Facts
from cases.priorities import ACK_FIRST, TO_CUSTOMER
from cases.rules.categories import category_of
from cases.rules.types import Agent
from store.models import Case, LetterKind, TokenPurpose
from store.values import Address, Alarm, Message

ASK_AGAIN = "ask me again"
"""What takes an opt-out back, where the customer's language has no words for it."""
ANSWERS = "answer/"
"""The folder of the answer letters."""


def with_words(facts: Facts, message: Message) -> Facts:
    """The facts with this mail as the customer's last one."""
    history = replace(
        facts.history,
        last_words=message.reply_text or message.text,
        attachments=attachments_of(message),
        damage=message.damage,
        unparsed=message.unparsed,
    )
    return replace(facts, history=history)


def attachments_of(message: Message) -> tuple[str, ...]:
    """A mail's attachments as agents are told of them."""
    return tuple(f"{one.filename} ({one.size:,} bytes)" for one in message.attachments)


def acknowledgement(
    facts: Facts,
    case: Case,
    thread: tuple[str, ...],
    wait: timedelta = timedelta(0),
    alarms: Iterable[Alarm] = (),
) -> LetterRequest:
    """The one acknowledgement of a case (D6); `alarms` are those that its first mail set off."""
    opens = nobody_until(facts, case)
    return LetterRequest(
        kind=LetterKind.ACK,
        key=f"{LetterKind.ACK}/{case.number}",
        template=letter_for(facts, case, alarms, opens),
        language=case.language,
        recipient=Address(case.customer, case.customer_name),
        variables=acknowledged(facts, case, opens),
        priority=ACK_FIRST,
        thread=thread,
        case_token=case.reply_token,
        wait=wait,
    )


def answer(
    facts: Facts, case: Case, version: int, body: str, agent: Agent, language: str = ""
) -> LetterRequest:
    """An approved draft, on its way to the customer once it can no longer be taken back.

    It is set in the language that it was drafted in, which may stand in for the customer's.
    """
    letter = _to_customer(facts, case, LetterKind.ANSWER, f"{case.number}/{version}", "answer")
    variables = {**letter.variables, "body": body, "agent_name": agent.name}
    wait = facts.policy.undo
    return replace(
        letter,
        language=language or case.language,
        variables=variables,
        automatic=False,
        case_token=case.reply_token,
        wait=wait,
    )


def check_in(facts: Facts, case: Case, count: int, *, reminder: bool) -> LetterRequest:
    """The question whether the customer is satisfied, or its one reminder (D21)."""
    template = "check_in_reminder" if reminder else "check_in"
    letter = _to_customer(facts, case, LetterKind.CHECK_IN, f"{case.number}/{facts.cause}", template)
    return replace(letter, reply_to=ReplyTo(TokenPurpose.CHECK_IN, check_in=count))


def holding(facts: Facts, case: Case, name: str, template: str, more: Mapping[str, Any]) -> LetterRequest:
    """A word to a customer who waits (D12); `name` tells it from the case's other ones."""
    letter = _to_customer(facts, case, LetterKind.HOLDING, f"{case.number}/{name}", template)
    return replace(letter, variables={**letter.variables, **more}, case_token=case.reply_token)


def check_in_thanks(facts: Facts, case: Case, score: int | None, wish: Wish | None) -> LetterRequest:
    """Thanks for the answer to a check-in, once a case; it also says what a wish about check-ins led to."""
    letter = _to_customer(facts, case, LetterKind.THANKS, f"{case.number}", "check_in_thanks")
    variables = {**letter.variables, "score": score, "wish": wish.value if wish else ""}
    again = next((one.ask_again for one in facts.rulebook.words if one.language == case.language), ())
    return replace(
        letter,
        variables=variables | {"again": again[0] if again else ASK_AGAIN},
        case_token=case.reply_token,
    )


def draft_for(facts: Facts, case: Case, template: str, version: int) -> DraftRequest:
    """A draft from a template, in the customer's language."""
    values = answered(facts, case, template)
    return DraftRequest(version, case.language, case.assignee, f"{ANSWERS}{template}", values)


def letter_of(facts: Facts, case: Case) -> str:
    """The answer letter that a draft is first made from: where a known issue has a note for the customer, the
    letter that carries it, and else the category's."""
    carries = issues.carried(facts, case) is not None
    return issues.KNOWN_ISSUE if carries else category_of(case.category, facts.rulebook).answer_template


def written(facts: Facts, case: Case, key: str, words: DraftRequest, agent_name: str) -> LetterRequest:
    """An answer that was approved together with others: its words are rendered when it is made."""
    letter = _to_customer(facts, case, LetterKind.ANSWER, key, "answer")
    return replace(
        letter,
        key=key,
        variables={**letter.variables, "body": "", "agent_name": agent_name},
        words=words,
        automatic=False,
        case_token=case.reply_token,
    )


def _to_customer(facts: Facts, case: Case, kind: LetterKind, key: str, template: str) -> LetterRequest:
    return LetterRequest(
        kind=kind,
        key=f"{kind}/{key}",
        template=template,
        language=case.language,
        recipient=Address(case.customer, case.customer_name),
        variables=about(facts, case),
        priority=TO_CUSTOMER,
        thread=facts.history.customer_thread,
    )
