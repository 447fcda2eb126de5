"""The letters that the software sends, and what each may say: its variables, with a sample of each.

An admin's template may use these names and no others: they are checked when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cases.about import FactValues, Offered, OutsideBody, Promised
from outbox.agents_variables import OF_AGENTS
from outbox.places import ANSWERS
from outbox.variable import AGENT_NAME, DEADLINE, FIRM, NOON, NUMBER, REQUIRED, SUBJECT, WORDS, Variable

DEFAULT_ANSWER = "answer/default"
WEEK = timedelta(7)
_KINDS = ("complaint", "question", "praise", "other")
_FAULTS = ("ours", "third-party", "customer", "unknown")
_SCORES = (1, 2, 3, 4, 5)
_WISHES = ("", "stop", "again")
_FACTS = {
    "order_number": "AB-4711",
    "product": "K-200",
    "amount": "45.00 EUR",
    "date": "2026-11-20",
    "place": "Mill Road",
    "person": "Kim",
}

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
        FactValues(_FACTS),
        FactValues(),
        others=tuple(FactValues({name: value}) for name, value in _FACTS.items()),
    ),
    "written": Variable("whether the customer wrote; no: it came by phone or in person", True, True),
    "kind": Variable(
        "the kind of the case: complaint, question, praise or other", "complaint", "complaint", one_of=_KINDS
    ),
    "days": Variable(
        "how many working days there are until the deadline; nothing when that can't be said, and in drafts",
        2,
        None,
        others=(0, 1, 7),
    ),
    "complaints": Variable(
        "how many complaints of this customer there were within a year, with this one", 3, 1, others=(2,)
    ),
}
_ACKNOWLEDGEMENT = _CUSTOMER | {
    "opens": Variable("when somebody is here again; nothing during working hours", NOON, None),
}
_HOLDING = _CUSTOMER | {
    "turn": Variable("which holding update of the case this is, counted from 1", 2, 1, others=(3, 4, 5)),
    "next_update": Variable("when the customer hears from us again", NOON, None),
    "opened": Variable("when the case was opened", NOON, None),
}
_ANSWER = _CUSTOMER | {
    "fault": Variable(
        "whose fault it was: ours, third-party, customer or unknown", "ours", "unknown", one_of=_FAULTS
    ),
    "promise": Variable(
        "the promise it is about: promise.what, promise.due, promise.was_due (where it was put off)",
        Promised("the new kettle is at your door", NOON, NOON - WEEK),
        None,
        others=(Promised("the new kettle is at your door", NOON),),
    ),
    "promises": Variable(
        "what was promised and is still open, each as promise is",
        (Promised("we call you", NOON), Promised("a new kettle", NOON + WEEK, NOON)),
        (),
        others=((Promised("we call you", NOON),),),
    ),
    "compensation": Variable(
        "what was offered: compensation.kind, .amount, .currency (or .percent), .visible_by",
        Offered("refund", "45.00", "EUR", "", NOON),
        None,
        others=(Offered("discount", "", "", "10", None), Offered("voucher", "20.00", "EUR", "", NOON)),
    ),
    "outside_body": Variable(
        "whom the customer may turn to outside the firm: outside_body.name, outside_body.contact",
        OutsideBody("Consumer Ombudsman", "help@ombudsman.example"),
        None,
        others=(OutsideBody("Consumer Ombudsman", ""),),
    ),
    "known_issue": Variable("the note about a known issue, as an admin wrote it", "A batch leaks.", ""),
    "fix": Variable("what was done about a known issue, as an agent wrote it", "New lids are here.", ""),
    "commitment": Variable("what we said we would change", "we now pack glass twice", ""),
    "score": Variable("the score of the check-in, 1 to 5", 2, None, one_of=_SCORES),
}
_CHECK_IN = _CUSTOMER | {
    "buttons": Variable(
        "the answers as (label, mailto link): 1 to 5, then “not solved”",
        tuple((one, f"mailto:complaints@example.com?body={one}") for one in (*"12345", "not-solved")),
        (),
    ),
    "stop_link": Variable(
        "the link of a reply that asks for no more check-ins", "mailto:complaints@example.com?body=stop", ""
    ),
    "stop_word": Variable("the word that says so", "stop", ""),
}

LETTERS: Mapping[str, Mapping[str, Variable]] = {
    "ack_complaint": _ACKNOWLEDGEMENT,
    "ack_question": _ACKNOWLEDGEMENT,
    "ack_praise": _ACKNOWLEDGEMENT,
    "ack_repeated": _ACKNOWLEDGEMENT,
    "ack_out_of_hours": _ACKNOWLEDGEMENT,
    "ack_threat": _ACKNOWLEDGEMENT,
    "holding_first": _HOLDING,
    "holding_later": _HOLDING,
    "holding_promise": {name: one for name, one in _HOLDING.items() if name != "turn"}
    | {
        "promises": Variable(
            "what was promised and is late, each with .what and .due",
            (Promised("we call you", NOON), Promised("a new kettle", NOON + WEEK)),
            others=((Promised("we call you", NOON),),),
        )
    },
    "answer": _CUSTOMER | {"body": Variable("the approved answer", "Dear Ann,\n\nit comes tomorrow.")},
    "check_in": _CHECK_IN,
    "check_in_reminder": _CHECK_IN,
    "check_in_thanks": _CUSTOMER
    | {
        "score": Variable("the score that the customer gave, 1 to 5", 4, None, one_of=_SCORES),
        "wish": Variable("stop: no more check-ins; again: to get them again", "stop", "", one_of=_WISHES),
        "again": Variable("the words that ask for check-ins again", "ask me again", ""),
    },
    "invitation_card": {
        "firm": FIRM,
        "contact": Variable("the complaints address", "complaints@example.com"),
    },
    DEFAULT_ANSWER: _ANSWER,
    **OF_AGENTS,
}
"""Every letter that must exist in English, and its variables; further answers have those of the default."""


def variables_of(letter: str) -> Mapping[str, Variable] | None:
    """What a letter may say; None when there is no such letter."""
    return LETTERS[DEFAULT_ANSWER] if letter.startswith(ANSWERS) else LETTERS.get(letter)


def samples(letter: str) -> list[dict[str, Any]]:
    """Values to try a letter with: everything given, then only what must be."""
    variables = variables_of(letter) or {}
    return [full(variables), bare(variables)]


def full(variables: Mapping[str, Variable]) -> dict[str, Any]:
    """A sample of everything."""
    return {name: variable.sample for name, variable in variables.items()}


def bare(variables: Mapping[str, Variable]) -> dict[str, Any]:
    """A sample of what must be given, and blanks for all else."""
    return {name: one.sample if one.required else one.blank for name, one in variables.items()}


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
