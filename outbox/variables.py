"""The letters that the software sends, and what each may say: its variables, with a sample of each.

An admin's template may use these names and no others: they are checked when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases.about import FactValues
from outbox.agents_variables import OF_AGENTS
from outbox.variable import AGENT_NAME, DEADLINE, FIRM, NUMBER, REQUIRED, SUBJECT, WORDS, Variable

ANSWERS = "answer/"
"""Letters of this folder are the first drafts of an answer: one a category, text only, without a subject."""
DEFAULT_ANSWER = "answer/default"


_CUSTOMER = {
    "name": Variable("the customer's name", "Ann Example", ""),
    "number": NUMBER,
    "subject": SUBJECT,
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "contact": Variable("the complaints address", "complaints@example.com", ""),
    "deadline": DEADLINE,
    "words": WORDS,
    "facts": Variable(
        "what is known of the case, by the names in rules/extractors.yaml: facts.order_number",
        FactValues({"order_number": "AB-4711"}),
        FactValues(),
    ),
    "written": Variable("whether the customer wrote; no: it came by phone or in person", False, True),
}
_CHECK_IN = _CUSTOMER | {
    "buttons": Variable(
        "the answers as (label, mailto link): 1 to 5, then “not solved”",
        (
            ("5", "mailto:complaints@example.com?body=5"),
            ("not solved", "mailto:complaints@example.com?body=no"),
        ),
        (),
    ),
}

LETTERS: Mapping[str, Mapping[str, Variable]] = {
    "ack_complaint": _CUSTOMER,
    "ack_question": _CUSTOMER,
    "ack_praise": _CUSTOMER,
    "answer": _CUSTOMER | {"body": Variable("the approved answer", "Dear Ann,\n\nit comes tomorrow.")},
    "check_in": _CHECK_IN,
    "check_in_reminder": _CHECK_IN,
    DEFAULT_ANSWER: _CUSTOMER,
    **OF_AGENTS,
}
"""Every letter that must exist in English, and its variables; further answers have those of the default."""


def variables_of(letter: str) -> Mapping[str, Variable] | None:
    """What a letter may say; None when there is no such letter."""
    return LETTERS[DEFAULT_ANSWER] if letter.startswith(ANSWERS) else LETTERS.get(letter)


def samples(letter: str) -> list[dict[str, Any]]:
    """Values to try a letter with: everything given, then only what must be."""
    variables = variables_of(letter) or {}
    full = {name: variable.sample for name, variable in variables.items()}
    bare = {name: v.sample if v.required else v.blank for name, v in variables.items()}
    return [full, bare]


def complete(letter: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, with a blank for what was left out. Raises ValueError for a wrong set of names."""
    variables = variables_of(letter)
    if variables is None:
        raise ValueError(f"there is no letter {letter!r}")
    if unknown := sorted(given.keys() - variables.keys()):
        raise ValueError(f"the letter {letter!r} has no variable {', '.join(unknown)}")
    values = {name: variable.blank for name, variable in variables.items()} | dict(given)
    if missing := sorted(name for name, value in values.items() if value is REQUIRED):
        raise ValueError(f"the letter {letter!r} needs {', '.join(missing)}")
    return values
