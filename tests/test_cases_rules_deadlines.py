"""rules/deadlines.yaml: deadlines, chains, promises, and what its presets say."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.rules.deadlines import Deadlines, Late, Preset
from cases.rules.loading import load
from cases.rules.presets import PRESETS
from store.models import CaseKind, Severity
from tests.facts_factory import CATEGORIES, rulebook, texts

COMPLAINT, URGENT, NORMAL = CaseKind.COMPLAINT, Severity.URGENT, Severity.NORMAL
OMBUDSMAN = "outside_body: {default: {name: {en: the Ombudsman}, contact: www.example.org}}\n"
INFORMED = CATEGORIES.replace(
    "    answer_template: late\n",
    "    answer_template: late\n    holding_updates: {after: 2 working days, every: 5 working days}\n",
)


def rules(text: str, **others: str) -> Deadlines:
    return rulebook(deadlines=text, **others).deadlines


def told(text: str, **others: str) -> list[str]:
    return [str(problem) for problem in load(texts(deadlines=text, **others))[1]]


def test_without_the_file_nobody_is_told_of_anything() -> None:
    found = rulebook().deadlines
    assert (found.lines, found.chains, found.promises.remind_before) == ((), {}, None)


def test_the_first_line_that_fits_a_case_counts_and_the_preset_fills_the_rest() -> None:
    found = rules(
        "preset: iso10002\n"
        "deadlines:\n"
        "  - {category: late, severity: [high, urgent], resolve_within: 1 working day}\n"
        "  - {kind: question, resolve_within: 20 working days}\n"
    )
    assert str(found.resolve_within(COMPLAINT, URGENT, "late")) == "1 working days"
    assert str(found.final_within(COMPLAINT, URGENT, "late")) == "56 days"
    assert str(found.resolve_within(COMPLAINT, NORMAL, "late")) == "10 working days"
    assert str(found.resolve_within(CaseKind.QUESTION, NORMAL, "late")) == "20 working days"
    assert found.final_within(CaseKind.QUESTION, NORMAL, "late") is None
    assert found.resolve_within(CaseKind.PRAISE, NORMAL, "praise") is None


def test_a_chain_and_a_time_of_the_file_stand_for_the_presets() -> None:
    found = rules(
        "preset: iso10002\nchains: {answer: [{to: admin}], promise: []}\npromises: {remind_before: 1 hour}\n"
    )
    assert [step.to for step in found.chain(Late.ANSWER)] == [("admin",)]
    assert found.chain(Late.PROMISE) == ()
    assert found.chain(Late.RESOLVE) == PRESETS[Preset.ISO10002].chain(Late.RESOLVE)
    assert str(found.promises.remind_before) == "1 hours"
    assert found.promises.customer_told_after == PRESETS[Preset.ISO10002].promises.customer_told_after


def test_fca_disp_is_three_working_days_then_eight_weeks() -> None:
    found = rules("preset: fca-disp\n", letters=OMBUDSMAN, categories=INFORMED)
    for severity in Severity:
        assert str(found.resolve_within(COMPLAINT, severity, "late")) == "3 working days"
        assert str(found.final_within(COMPLAINT, severity, "late")) == "56 days"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"categories": INFORMED}, "names the ombudsman; in letters.yaml write 'outside_body:'"),
        ({"letters": OMBUDSMAN}, "is kept informed; in categories.yaml write 'holding_updates:"),
        (
            {
                "letters": OMBUDSMAN,
                "categories": INFORMED.replace(
                    "    kind: complaint\n", "    kind: complaint\n    acknowledge: false\n"
                ),
            },
            "take 'acknowledge: false' away from: late",
        ),
    ],
)
def test_fca_disp_says_what_the_other_files_lack_for_it(files: dict[str, str], said: str) -> None:
    (problem,) = told("preset: fca-disp\n", **files)
    assert problem.startswith("deadlines.yaml:1:")
    assert said in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("preset: fca-dips\n", "did you mean 'fca-disp'?"),
        (
            "deadlines: [{category: latte, resolve_within: 1 day}]\n",
            "there is no category 'latte'; did you mean 'late'?",
        ),
        ("deadlines: [{category: late}]\n", "say by when: 'resolve_within: 10 working days'"),
        ("deadlines: [{resolve_within: soon}]\n", "write a number and a unit"),
        ("chains: {answer: [{to: boss}]}\n", "there is no role, team or agent 'boss'"),
        ("chains: {answer: [{to: sara@example.org}]}\n", "did you mean 'sara@example.com'?"),
        (
            "chains: {answer: [{before: 1 hour, after: 1 hour, to: agent}]}\n",
            "keep one of 'before' and 'after'",
        ),
        ("chains: {answer: [{after: 1 hour, to: []}]}\n", "say who is told"),
        ("chains: {promise: [{before: 1 hour, to: agent}]}\n", "promises: {remind_before: …}"),
        ("chain: {}\n", "did you mean 'chains'?"),
    ],
)
def test_a_mistake_is_told_with_what_to_write_instead(text: str, said: str) -> None:
    (problem,) = told(text)
    assert problem.startswith("deadlines.yaml:1:")
    assert said in problem


def test_a_chain_can_name_a_team_a_role_and_an_address() -> None:
    agents = (
        "agents:\n"
        "  - {address: sara@example.com, name: Sara, roles: [agent, admin], team: north}\n"
        "  - {address: dana@example.com, name: Dana}\n"
    )
    chain = "chains: {answer: [{to: [agent, north, owner, dana@example.com]}]}\n"
    assert rules(chain, agents=agents).chain(Late.ANSWER)[0].to == (
        "agent",
        "north",
        "owner",
        "dana@example.com",
    )


def test_the_shipped_rules_lack_only_the_ombudsman_for_fca_disp() -> None:
    rules = Path(__file__).parent.parent / "rules"
    files = {path.relative_to(rules).as_posix(): path.read_text("utf-8") for path in rules.rglob("*.yaml")}
    files["deadlines.yaml"] = "preset: fca-disp\n"
    (problem,) = load(files)[1]
    assert "outside_body" in problem.message
    files["letters.yaml"] += f"\n{OMBUDSMAN}"
    assert load(files)[1] == []


def test_the_agent_of_the_case_may_be_written_in_capitals() -> None:
    assert rules("chains: {answer: [{to: [Agent, admin]}]}\n").chain(Late.ANSWER)[0].to == ("agent", "admin")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deadlines: [{resolve_within: 0 days}]\n", "a deadline of no time has passed when a case comes"),
        (
            "deadlines: [{final_within: 0 working days}]\n",
            "a deadline of no time has passed when a case comes",
        ),
        ("chains: {answer: [{before: 0 hours, to: admin}]}\n", "leave 'before' out"),
    ],
)
def test_no_time_at_all_is_no_deadline(text: str, said: str) -> None:
    (problem,) = told(text)
    assert said in problem
