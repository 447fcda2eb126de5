"""What the case is: category, severity, fault, language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision
from cases.facts import Facts
from cases.saying import Refusal, Say
from store.models import CaseKind, DraftState, EventKind, Fault, LetterKind, Severity, Status
from tests.facts_factory import ADMIN, AGENT, CATEGORIES, NOW, case_facts, draft, rulebook

LOST = """\
  lost:
    kind: complaint
    description: It never came.
    severity: high
    fault: third-party
    answer_template: lost
"""
RULES = rulebook(categories=CATEGORIES.replace("  praise:\n", f"{LOST}  praise:\n"))
MADE = draft(template="answer/late")


def facts_of(of: dict[str, Any] | None = None, **changes: Any) -> Facts:
    return case_facts(of, **({"rulebook": RULES, "draft": MADE} | changes))


def command(text: str) -> Given:
    name, _, argument = text.partition(" ")
    return Given(name, argument)


def given(*texts: str, by: str = AGENT, facts: Facts | None = None) -> Decision:
    facts = facts or facts_of()
    who = facts.rulebook.agent(by)
    assert facts.case
    assert who
    return on_command(facts, facts.case, who, [command(text) for text in texts])


def refused(*texts: str, facts: Facts | None = None) -> Say:
    with pytest.raises(Refusal) as why:
        given(*texts, facts=facts)
    return why.value.say


def changed(decision: Decision) -> dict[str, Any]:
    assert decision.case
    return dict(decision.case.values)


def said(decision: Decision) -> tuple[Say, ...]:
    return tuple(decision.letters[-1].variables["lines"])


def test_a_corrected_category_is_learned_from_by_what_opened_the_case() -> None:
    [row] = given("category lost").rows
    assert row.table == "correction"
    assert row.values == {
        "key": "case/7",
        "case_number": 7,
        "category": "lost",
        "kind": "complaint",
        "actor": AGENT,
        "at": NOW,
    }
    assert given("category late").rows == (), "it was late already"


def test_a_corrected_category_is_an_event_to_learn_from_and_a_new_draft() -> None:
    why = [{"rule": "late-words", "words": ["late"], "says": "category late", "weight": 1.0}]
    decision = given("category lost", facts=facts_of({"why": why, "confidence": 0.6}))
    corrected, drafted = decision.events
    assert (corrected.kind, corrected.actor) == (EventKind.CORRECTED, AGENT)
    assert dict(corrected.data) == {"from": "late", "to": "lost", "why": why, "confidence": 0.6}
    assert drafted.kind is EventKind.DRAFTED
    assert decision.draft
    assert (decision.draft.version, decision.draft.template) == (2, "answer/lost")
    assert said(decision) == (Say("category-set", {"category": "lost", "draft": "new"}),)
    assert changed(decision)["category"] == "lost"
    assert changed(decision)["confidence"] == 1.0
    (reason,) = changed(decision)["why"]
    assert (reason["by"], reason["says"]) == (AGENT, "category lost"), "a person said so"


def test_what_the_category_brings_along_is_taken_over() -> None:
    values = changed(given("category lost"))
    assert values["severity"] is Severity.HIGH, "the least that a case of this cause has"
    assert values["fault"] is Fault.THIRD_PARTY
    assert changed(given("category praise"))["kind"] is CaseKind.PRAISE
    assert "deadline_at" not in values, "the customer was told it"


def test_what_an_agent_said_before_is_kept() -> None:
    values = changed(
        given("category lost", facts=facts_of({"fault": Fault.OURS, "severity": Severity.URGENT}))
    )
    assert not {"fault", "severity"} & values.keys()


def test_an_agents_own_words_are_never_overwritten() -> None:
    decision = given("category lost", facts=facts_of(draft=draft()))
    assert decision.draft is None
    assert said(decision) == (Say("category-set", {"category": "lost", "draft": "kept"}),)
    decision = given("language fa", facts=facts_of(draft=draft()))
    assert decision.draft is None


@pytest.mark.parametrize("newest", [None, draft(state=DraftState.APPROVED, template="answer/late")])
def test_where_no_draft_is_open_none_is_made(newest: Any) -> None:
    decision = given("category lost", facts=facts_of({"status": Status.ANSWERED}, draft=newest))
    assert decision.draft is None
    assert said(decision)[0].values["draft"] == "none"
    assert changed(decision)["status"] is Status.ANSWERED


def test_the_category_of_a_closed_case_can_still_be_corrected() -> None:
    decision = given("category lost", facts=facts_of({"status": Status.CLOSED}))
    assert (changed(decision)["category"], changed(decision)["status"]) == ("lost", Status.CLOSED)
    assert decision.draft is None


@pytest.mark.parametrize("written", ["Lost", "LOST.", "lost"])
def test_a_category_is_known_however_it_is_written(written: str) -> None:
    assert changed(given(f"category {written}"))["category"] == "lost"


@pytest.mark.parametrize(("written", "meant"), [("lsot", "lost"), ("unsure", ""), ("xyz", "")])
def test_an_unknown_category_is_refused_with_all_there_are(written: str, meant: str) -> None:
    values = {"command": "category", "written": written, "meant": meant, "known": ("late", "lost", "praise")}
    assert refused(f"category {written}") == Say("unknown-value", values)


def test_the_colleague_who_has_the_case_gets_the_new_draft() -> None:
    decision = given("category lost", by=ADMIN)
    drafts = [one for one in decision.letters if one.kind is LetterKind.DRAFT]
    assert [(one.recipient.key, one.variables["headline"]) for one in drafts] == [(AGENT, "redrafted")]
    assert drafts[0].variables["category"] == "lost"
    assert drafts[0].reply_to
    assert drafts[0].reply_to.draft_version == 2
    assert [one.kind for one in given("category lost").letters] == [LetterKind.TRANSCRIPT]


def test_severity_is_changed_and_says_from_what_to_what() -> None:
    decision = given("severity urgent")
    (event,) = decision.events
    assert (event.kind, event.text) == (EventKind.CHANGED, "severity from normal to urgent")
    assert dict(event.data) == {"what": "severity", "from": "normal", "to": "urgent"}
    assert changed(decision) == {"severity": "urgent", "status": Status.NEW, "seen_at": NOW}
    assert decision.draft is None


def test_fault_is_changed() -> None:
    decision = given("fault third party")
    assert changed(decision)["fault"] == "third-party"
    assert dict(decision.events[0].data) == {"what": "fault", "from": "unknown", "to": "third-party"}


@pytest.mark.parametrize("written", ["fa", "فارسی", "FA"])
def test_the_draft_is_written_anew_in_the_customers_language(written: str) -> None:
    decision = given(f"language {written}")
    assert changed(decision)["language"] == "fa"
    assert decision.draft
    assert (decision.draft.language, decision.draft.template, decision.draft.version) == (
        "fa",
        "answer/late",
        2,
    )
    assert [event.kind for event in decision.events] == [EventKind.CHANGED, EventKind.DRAFTED]


def test_a_language_without_letters_makes_no_draft_and_says_so() -> None:
    letters = frozenset({"en", "fa"})
    decision = given("language he", facts=facts_of(languages=letters))
    assert decision.draft is None
    assert changed(decision)["language"] == "he", "an agent may write it"
    assert said(decision) == (
        Say("language-set", {"language": "he", "draft": "no-letters", "instead": "en"}),
    )
    assert given("language fa", facts=facts_of(languages=letters)).draft
    assert refused("language klingon", facts=facts_of(languages=letters)).values["known"] == ("en", "fa")


def test_a_language_is_kept_in_what_it_was_drafted_from() -> None:
    decision = given("language he", facts=facts_of(draft=draft(template="answer/follow_up")))
    assert decision.draft
    assert decision.draft.template == "answer/follow_up"


def test_several_corrections_make_one_draft_for_all_of_them() -> None:
    decision = given("category lost", "language fa")
    assert decision.draft
    assert (decision.draft.template, decision.draft.language, decision.draft.version) == (
        "answer/lost",
        "fa",
        3,
    )
    assert changed(decision)["category"] == "lost"


@pytest.mark.parametrize(
    "text", ["category late", "severity normal", "fault unknown", "language en", "language English"]
)
def test_what_is_so_already_changes_nothing(text: str) -> None:
    decision = given(text)
    assert (decision.events, decision.draft) == ((), None)
    assert changed(decision) == {"status": Status.NEW}
    assert said(decision)[0].code == "already-so"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("severity hgih", "high"), ("fault our", "ours"), ("language Englich", "English"), ("fault x", "")],
)
def test_a_mistyped_value_is_refused_with_what_was_meant(text: str, meant: str) -> None:
    say = refused(text)
    assert (say.code, say.values["meant"]) == ("unknown-value", meant)
    assert say.values["known"]


def test_one_wrong_value_and_nothing_is_changed() -> None:
    assert refused("severity high", "fault nobodys").code == "unknown-value"


def test_the_answer_names_the_severity_as_it_is_now() -> None:
    assert given("severity urgent").letters[-1].variables["severity"] == "urgent"


def test_a_fault_makes_the_draft_anew_where_nobody_wrote_into_it() -> None:
    decision = given("fault ours", facts=facts_of(draft=draft(template="answer/follow_up")))
    assert decision.draft
    assert (decision.draft.template, decision.draft.variables["fault"]) == ("answer/follow_up", "ours")
    assert said(decision)[0] == Say("fault-set", {"fault": "ours", "draft": "new", "template": "late"})
    assert EventKind.DRAFTED in {event.kind for event in decision.events}


def test_a_fault_leaves_an_agents_own_words_and_offers_the_letter_for_it() -> None:
    decision = given("fault ours", facts=facts_of(draft=draft(template="")))
    assert decision.draft is None
    assert said(decision)[0].values["draft"] == "kept"
    assert decision.letters[-1].letter == "late"


@pytest.mark.parametrize(("line", "changes"), [("fault ours", {"draft": None}), ("fault unknown", {})])
def test_a_fault_without_a_draft_or_a_change_offers_nothing(line: str, changes: dict[str, Any]) -> None:
    decision = given(line, facts=facts_of(**changes))
    assert (decision.draft, decision.letters[-1].letter) == (None, "")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("category", ("late", "lost", "praise")),
        ("severity", ("low", "normal", "high", "urgent")),
        ("fault", ("ours", "third-party", "customer", "unknown")),
        ("language", ("en", "fa")),
    ],
)
def test_a_command_without_its_value_gets_all_there_are(name: str, known: tuple[str, ...]) -> None:
    why = refused(name, facts=facts_of(languages=frozenset({"en", "fa"})))
    values = {"command": name, "written": "", "meant": "", "known": known}
    assert why == Say("unknown-value", values)


def test_a_category_is_known_by_its_name_in_any_language_and_a_slip_is_told_it() -> None:
    late = RULES.categories["late"].model_copy(update={"names": {"fa": "دیرکرد"}})
    named = replace(RULES, categories={**RULES.categories, "late": late})
    facts = facts_of({"category": "lost"}, rulebook=named)
    assert changed(given("category دیرکرد", facts=facts))["category"] == "late"
    assert refused("category دیرکر", facts=facts).values["meant"] == "دیرکرد"
