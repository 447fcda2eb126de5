"""`reopen`: whose the case is then, and what of it nobody has read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.facts import Presence
from store.models import EventKind, Mail, MailKind, Status
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, NOW, case_facts

SPAM = {"spam": True, "status": Status.CLOSED, "closed_at": NOW - timedelta(days=2)}


def mail(words: str, days_ago: int) -> Mail:
    at = NOW - timedelta(days=days_ago)
    return Mail(words=words, raw_id=1, fingerprint=words, size=1, kind=MailKind.CUSTOMER, received_at=at)


CAME = (mail("And where is my refund?", 0), mail("Hello?", 1), mail("Buy now!", 3))
"""Newest first; the last one is the case's own."""


def reopened(of: dict[str, Any], by: str = AGENT, **changes: Any) -> Decision:
    facts = case_facts(of, **({"draft": None} | changes))
    who = facts.rulebook.agent(by)
    assert facts.case
    assert who
    return on_command(facts, facts.case, who, [Given("reopen", "")])


def test_what_came_while_the_case_was_spam_is_counted_and_drafted() -> None:
    decision = reopened(SPAM, mails=CAME)
    assert decision.draft
    assert (decision.draft.version, decision.draft.template) == (1, "answer/follow_up")
    assert decision.draft.variables["words"] == "Hello?\n\nAnd where is my refund?"
    assert EventKind.DRAFTED in [event.kind for event in decision.events]
    (line,) = decision.letters[-1].variables["lines"]
    assert line.values["unseen"] == 2
    assert decision.case
    assert decision.case.values["status"] is Status.OPEN


@pytest.mark.parametrize("of", [SPAM | {"closed_at": NOW}, SPAM | {"spam": False}])
def test_without_unread_mail_nothing_is_drafted(of: dict[str, Any]) -> None:
    decision = reopened(of, mails=CAME)
    assert decision.draft is None
    (line,) = decision.letters[-1].variables["lines"]
    assert line.values["unseen"] == 0


def test_the_colleague_who_has_it_is_mailed_the_words_and_the_draft() -> None:
    decision = reopened(SPAM, by=ADMIN, mails=CAME)
    (letter,) = [one for one in decision.letters if one.recipient.key == AGENT]
    assert letter.variables["words"] == "Hello?\n\nAnd where is my refund?"
    assert letter.reply_to
    assert letter.reply_to.draft_version == 1


def test_a_case_of_who_is_away_goes_on_with_another() -> None:
    away = Presence(away={COLLEAGUE: NOW + timedelta(days=3)})
    decision = reopened({"status": Status.RESOLVED, "assignee": COLLEAGUE}, by=ADMIN, presence=away)
    assert decision.case
    assert decision.case.values["assignee"] == AGENT
    assert [event.text for event in decision.events if event.kind is EventKind.ASSIGNED] == [f"to {AGENT}"]
    assert [one.recipient.key for one in decision.letters] == [AGENT, ADMIN]
