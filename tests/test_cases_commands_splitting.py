"""`split`: a second matter becomes a case of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.commands.splitting import place_of
from cases.decision import AlsoDecided, Decision
from cases.saying import Refusal, Say
from store.models import CaseKind, EventKind, LetterKind, Mail, MailKind, Severity, Status, TimerKind
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, CUSTOMER, NOW, case_facts, rulebook, verdict

OTHER = verdict(kind=CaseKind.PRAISE, category="praise", severity=Severity.LOW, language="fa")


def mail(number: int, **changes: Any) -> Mail:
    values: dict[str, Any] = {
        "id": number,
        "fingerprint": f"f{number}",
        "raw_id": number,
        "size": 1,
        "kind": MailKind.CUSTOMER,
        "case_number": 7,
        "sender": CUSTOMER,
        "subject": f"Mail {number}",
        "received_at": NOW - timedelta(hours=1),
    }
    return Mail(**(values | changes))


ENGLISH = rulebook().words[0].model_copy(update={"subject_prefix": ("Re", "Fwd")})
KNOWS_REPLIES = replace(rulebook(), words=(ENGLISH,))
THREE = (mail(33), mail(22), mail(11))
"""Newest first."""


def split(which: str = "", by: str = AGENT, of: Any = None, **changes: Any) -> Decision:
    given = {"mails": THREE, "verdict": OTHER, "next_number": 8, "new_case_token": "n" * 26} | changes
    facts = case_facts(of, **given)
    who = facts.rulebook.agent(by)
    assert facts.case
    assert who
    return on_command(facts, facts.case, who, [Given("split", which)])


def beside(decision: Decision) -> AlsoDecided:
    assert decision.beside
    return decision.beside


def test_the_newest_mail_becomes_a_case_of_the_same_customer_and_agent() -> None:
    decision = split()
    also = beside(decision)
    assert (also.case.number, also.case.expected) == (8, None)
    assert also.takes_mails == (33,)
    assert not also.takes_all
    values = also.case.values
    assert (values["customer"], values["assignee"], values["subject"]) == (CUSTOMER, AGENT, "Mail 33")
    assert (values["kind"], values["category"], values["language"]) == (CaseKind.PRAISE, "praise", "fa")
    assert (values["status"], values["split_from"], values["reply_token"]) == (Status.NEW, 7, "n" * 26)
    assert also.case.participants == (CUSTOMER,)


def test_the_new_case_gets_its_own_draft_and_its_customer_no_mail() -> None:
    decision = split()
    also = beside(decision)
    assert [(one.kind, one.key, one.due_at) for one in also.timers] == [(TimerKind.DRAFT, "draft/8", NOW)]
    assert also.letters == ()
    assert [one.kind for one in decision.letters] == [LetterKind.TRANSCRIPT]
    assert also.case.values["acknowledged_at"] == NOW - timedelta(days=1), "a check-in may follow"


def test_what_is_due_is_counted_from_when_the_customer_wrote() -> None:
    late = verdict()
    long_ago = (mail(33, received_at=NOW - timedelta(days=7)), mail(11))
    assert beside(split(verdict=late)).case.values["deadline_at"] > NOW
    assert beside(split(verdict=late, mails=long_ago)).case.values["deadline_at"] < NOW


def test_both_cases_say_what_happened() -> None:
    decision = split("1")
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.SPLIT, "#8, from the mail “Mail 11”")
    assert dict(event.data) == {"number": 8, "mail": 11}
    opened, assigned = beside(decision).events
    assert (opened.kind, opened.actor, dict(opened.data)) == (EventKind.OPENED, AGENT, {"split_from": 7})
    assert (assigned.kind, assigned.text) == (EventKind.ASSIGNED, f"to {AGENT}")
    assert decision.letters[-1].variables["lines"] == (Say("split", {"number": 8, "subject": "Mail 11"}),)
    assert decision.case
    assert decision.case.values["status"] is Status.NEW


def test_a_rule_that_names_an_agent_is_followed_and_nobodys_case_is_the_givers() -> None:
    assert beside(split(verdict=verdict(assign=COLLEAGUE))).case.values["assignee"] == COLLEAGUE
    assert beside(split(of={"assignee": ""}, by=ADMIN)).case.values["assignee"] == ADMIN


@pytest.mark.parametrize(("which", "mail_id"), [("", 33), ("3", 33), ("2", 22), ("1", 11), ("#۲", 22)])
def test_mails_are_counted_from_the_first_that_came(which: str, mail_id: int) -> None:
    assert beside(split(which)).takes_mails == (mail_id,)


@pytest.mark.parametrize("which", ["0", "4", "-1", "two", "1.5", "9" * 20])
def test_a_mail_that_is_not_there_is_refused(which: str) -> None:
    with pytest.raises(Refusal) as refused:
        split(which)
    assert refused.value.say == Say("no-such-mail", {"which": which, "count": 3})


@pytest.mark.parametrize("mails", [(), THREE[:1]])
def test_a_case_keeps_its_only_mail(mails: tuple[Mail, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        split(mails=mails, verdict=None)
    assert refused.value.say.code == "split-only-mail"


def test_split_stands_alone() -> None:
    facts = case_facts(mails=THREE, verdict=OTHER)
    assert facts.case
    who = facts.rulebook.agent(AGENT)
    assert who
    for other in ("approve", "resolve", "merge"):
        with pytest.raises(Refusal) as refused:
            on_command(facts, facts.case, who, [Given("split"), Given(other, "")])
        assert refused.value.say.code == "conflict"


def test_the_subject_of_a_thread_is_the_new_cases_without_its_marks() -> None:
    mails = (mail(33, subject="Fwd: Re: Where is it?"), mail(11))
    of = {"subject": "Where is it?"}
    values = beside(split(mails=mails, of=of, rulebook=KNOWS_REPLIES)).case.values
    assert values["subject"] == "Where is it?"


def test_of_no_mails_there_is_no_newest() -> None:
    assert place_of("", 0) is None
    assert place_of("", 2) == 0
