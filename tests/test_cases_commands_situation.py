"""Where a case stands between two commands of one mail."""

from __future__ import annotations

import pytest

from cases.commands.situation import Effect, Situation, begin
from cases.decision import DraftRequest
from cases.saying import Refusal, Say
from store.models import EventKind, Status
from tests.facts_factory import AGENT, agent, command_facts

NEW_DRAFT = Effect(((EventKind.EDITED, ""),), Say("edited"), draft=DraftRequest(2, "en", AGENT, body="words"))
APPROVED = Effect(((EventKind.APPROVED, ""),), Say("approved"), approve_draft=True)
REJECTED = Effect(((EventKind.REJECTED, ""),), Say("rejected"), reject_draft=True)
UNDONE = Effect(((EventKind.UNDONE, ""),), Say("undone"), reopen_draft=True)


def at_the_start() -> Situation:
    facts = command_facts()
    return begin(facts, facts.case, agent())


def test_a_new_draft_is_the_one_that_is_approved() -> None:
    situation = at_the_start().after("edit", NEW_DRAFT).after("approve", APPROVED)
    assert (situation.version, situation.body, situation.draft_open) == (2, "words", False)
    assert situation.status is Status.ANSWERED


def test_a_draft_that_was_taken_back_is_open() -> None:
    situation = at_the_start().after("approve", APPROVED).after("undo", UNDONE)
    assert situation.draft_open
    assert situation.status is Status.OPEN


def test_no_draft_is_made_after_an_approval_in_the_same_mail() -> None:
    with pytest.raises(Refusal) as why:
        at_the_start().after("approve", APPROVED).after("edit", NEW_DRAFT)
    assert why.value.say == Say("draft-after-approve", {"command": "edit"})


def test_a_draft_that_the_mail_made_is_not_rejected_by_it() -> None:
    with pytest.raises(Refusal) as why:
        at_the_start().after("edit", NEW_DRAFT).after("reject", REJECTED)
    assert why.value.say == Say("reject-of-new", {"command": "reject"})
