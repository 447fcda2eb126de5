"""New versions of a draft from a letter."""

from __future__ import annotations

from typing import Any

import pytest

from cases.commands.situation import Effect, Situation, begin
from cases.decision import DraftRequest
from cases.drafts import as_it_is, is_untouched, redrafted
from cases.saying import Say
from store.models import DraftState, EventKind, Status
from tests.facts_factory import AGENT, COLLEAGUE, agent, command_facts, draft


def situation(of: dict[str, Any] | None = None, **changes: Any) -> Situation:
    facts = command_facts(of, **({"draft": draft(3, template="answer/late")} | changes))
    return begin(facts, facts.case, agent())


def an_effect(**fields: Any) -> Effect:
    return Effect(((EventKind.NOTED, ""),), Say("noted"), **fields)


def test_a_new_version_is_from_the_letter_that_is_named() -> None:
    made = redrafted(situation(), "lost")
    assert (made.version, made.template, made.language, made.agent) == (4, "answer/lost", "en", AGENT)


def test_a_new_version_without_a_name_is_from_the_letter_of_the_category() -> None:
    assert redrafted(situation()).template == "answer/late"
    assert redrafted(situation(), category="praise").template == "answer/praise"


def test_a_new_version_is_for_the_case_as_the_command_makes_it() -> None:
    made = redrafted(situation(), language="fa", assignee=COLLEAGUE)
    assert (made.language, made.agent, made.variables["agent_name"]) == ("fa", COLLEAGUE, "Dana Levi")


def test_a_new_version_is_for_the_case_as_earlier_commands_made_it() -> None:
    after = situation().after("language", an_effect(values={"language": "he"}))
    assert as_it_is(after).language == "he"
    assert redrafted(after, category="praise").language == "he"
    assert after.case.language == "en"


def test_versions_count_on_within_one_mail() -> None:
    after = situation().after("language", an_effect(draft=redrafted(situation(), language="fa")))
    assert redrafted(after, category="praise").version == 5


def test_the_case_as_it_is_has_the_status_of_the_moment() -> None:
    after = situation().after("edit", Effect(((EventKind.EDITED, ""),), Say("edited")))
    assert as_it_is(after).status is Status.OPEN


@pytest.mark.parametrize(
    ("found", "untouched"),
    [
        (draft(3, template="answer/late"), True),
        (draft(3, template=""), False),
        (draft(3, template="answer/late", state=DraftState.APPROVED), False),
        (draft(3, template="answer/late", state=DraftState.REJECTED), False),
        (None, False),
    ],
)
def test_only_an_open_draft_that_nobody_wrote_is_untouched(found: Any, untouched: bool) -> None:
    assert is_untouched(situation(draft=found)) is untouched


def test_a_draft_that_the_same_mail_wrote_is_not_untouched() -> None:
    edited = an_effect(draft=DraftRequest(4, "en", AGENT, body="my own words"))
    assert not is_untouched(situation().after("edit", edited))


def test_a_draft_that_the_same_mail_made_anew_from_a_letter_is_untouched() -> None:
    start = situation(draft=draft(3, template=""))
    assert is_untouched(start.after("template", an_effect(draft=redrafted(start, "lost"))))
