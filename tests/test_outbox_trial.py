"""Trying letters: every branch is taken, and what fails in any of them is told with its line."""

from datetime import UTC

import pytest

from language.problem import Problem
from outbox import markup, mistakes
from outbox.compiling import Draft, compiled
from outbox.filters import environment, only_texts
from outbox.trial import Trial
from outbox.variables import variables_of

PLAIN = environment("en", UTC, {}, html=False)
TRYING = PLAIN.overlay(finalize=only_texts)


def tried(body: str, letter: str = "answer/late") -> list[Problem]:
    """What is wrong in a letter's body."""
    source, errors = markup.translate(body, 1)
    assert not errors
    known = variables_of(letter) or {}
    made, problems = compiled("f.md", body, Draft(source, PLAIN), known)
    return problems if made is None else Trial("f.md", body, made, TRYING).of_samples(known)


@pytest.mark.parametrize(
    "body",
    [
        "{% if deadline %}By {{ deadline|day }}{% endif %}",
        '{% if fault == "ours" %}\nWe\n{% elif fault == "customer" %}\nYou\n{% else %}\nx\n{% endif %}',
        "{% for one in promises %}\n- {{ one.what }}{% if one.was_due %}, {{ one.was_due|day }}{% endif %}\n"
        "{% else %}\nNone\n{% endfor %}",
        "{% if complaints > 20 %}\nAgain\n{% endif %}",
        '{% if "kettle" in subject %}\n{{ deadline|day if deadline else "" }}\n{% endif %}',
        "{% if facts.order_number %}{{ facts.order_number }}{% elif facts.product %}x{% endif %}",
        '{% set soon = deadline and days == 1 %}{{ "today" if soon else "later" }}',
        "{% if not firm %}\nx\n{% endif %}",
        "{{ score }} {{ number }}",
        # An “else” for what nobody can foresee.
        "{% if written %}a{% elif not written %}b{% else %}c{% endif %}",
    ],
)
def test_what_is_right_for_all_that_can_be_given_has_no_problem(body: str) -> None:
    assert tried(body) == []


@pytest.mark.parametrize(
    ("body", "line", "column", "says"),
    [
        ("By {{ deadline }}", 1, 7, "a date needs a form; write {{ deadline|day }}"),
        ("{{ firm }}: {% if deadline %}{{ deadline }}{% endif %}", 1, 33, "write {{ deadline|day }}"),
        ("{% if deadline %}{{ deadline|isolated }}{% endif %}", 1, 21, "write {{ deadline|day|isolated }}"),
        ("{{ written }}", 1, 4, "a yes or no and no text; write {% if written %}"),
        ("{{ promises }}", 1, 4, "no single text; name one of its parts"),
        ("a\n{{ promise.what }}", 2, 4, "there may be no promise; put {% if promise %} and {% endif %}"),
        ("{% if promise %}{{ promise.wat }}{% endif %}", 1, 28, "no “wat” in it; did you mean “what”?"),
        ("{% for one in promises %}\n{{ one.due }}\n{% endfor %}", 2, 4, "write {{ one.due|day }}"),
        ('{% if fault == "ours" %}\nx\n{% else %}\n{{ deadline|day }}\n{% endif %}', 4, 1, "may be no date"),
        ("{% if compensation %}{{ compensation.amount|money('EUR') }}{% endif %}", 1, 22, "no amount"),
        # Branches that no sample reaches
        ("{% if complaints > 20 %}\n{{ deadline }}\n{% endif %}", 2, 4, "write {{ deadline|day }}"),
        ('{% if "kettle" in subject %}\n{{ promise.wat }}\n{% endif %}', 2, 12, "did you mean “what”?"),
        ('a\n{% if fault == "our" %}\nx\n{% endif %}', 2, 1, "never comes true: fault is ours or third-p"),
        ("{% if score == 6 and written %}x{% endif %}", 1, 1, "never comes true: score is 1 or 2 or 3 or 4"),
        # Two things at once
        (
            '{% if fault == "customer" %}\n{{ outside_body.name if not promise }}\n{% endif %}',
            2,
            4,
            "there may be no outside_body",
        ),
    ],
)
def test_what_fails_for_some_values_is_told(body: str, line: int, column: int, says: str) -> None:
    (problem,) = tried(body)
    assert (problem.line, problem.column) == (line, column)
    assert says in problem.message


def test_a_turn_that_fails_only_later_is_found() -> None:
    body = "{% if turn % 3 %}\na\n{% else %}\n{{ next_update|day }}\n{% endif %}"
    assert [problem.line for problem in tried(body, "holding_later")] == [4]


def test_what_only_some_values_of_a_condition_by_chance_do_is_no_problem() -> None:
    body = '{% if "kettle" in subject %}\n{{ promise.was_due|day }}\n{% endif %}'
    assert tried(body) == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            '{{ "a" if score is divisibl(2) else "b" }}',
            "“is divisibl” is not known; did you mean “divisibleby”?",
        ),
        ("{% set x = nme %}{{ x }}", "there is no “nme” here; did you mean “name”?"),
        ("{% if written %}{{ name|isolatd }}{% endif %}", "no filter “isolatd”; did you mean “isolated”?"),
        ("{{ (name|isolatd)|day }} {{ nmae }}", "there is no “nmae” here"),
    ],
)
def test_what_does_not_exist_is_told_in_any_branch(body: str, says: str) -> None:
    assert says in " ".join(problem.message for problem in tried(body))


def test_facts_that_nobody_looks_for_are_told() -> None:
    body = 'a\n{{ facts.oder_number }}\n{{ facts["produkt"] }} {{ facts.product }}'
    source, _ = markup.translate(body, 1)
    made, _ = compiled("f.md", body, Draft(source, PLAIN), variables_of("answer/late") or {})
    assert made
    found = mistakes.unknown_facts("f.md", body, made.source, {"order_number", "product"})
    assert [(one.line, one.column) for one in found] == [(2, 10), (3, 11)]
    assert "did you mean “order_number”?" in found[0].message
    assert mistakes.unknown_facts("f.md", body, made.source, None) == []


def test_what_a_trial_adds_is_not_in_the_letter() -> None:
    draft = Draft("\x02p-{% if name %}a{% endif %}", PLAIN)
    made, _ = compiled("f.md", draft.source, draft, {"name"})
    assert made
    assert len(made.ways.branches) == 1
    assert "the branches" not in str(made.code.co_consts)
    assert PLAIN.from_string(draft.source).render(name="x") == made.traced(PLAIN).render(
        {"name": "x", "the branches reached": set()}
    )
