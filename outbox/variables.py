"""The letters that the software sends, and what each may say: its variables, with a sample of each.

An admin's template may use these names and no others: they are checked when it is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Variable:
    """One value that a letter may show."""

    describes: str
    sample: Any
    blank: Any = _REQUIRED
    """What stands for it when there is none; a variable without a blank must be given."""

    @property
    def required(self) -> bool:
        """Whether a letter can't be rendered without it."""
        return self.blank is _REQUIRED


ANSWERS = "answer/"
"""Letters of this folder are the first drafts of an answer: one a category, text only, without a subject."""
DEFAULT_ANSWER = "answer/default"

_NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
_BUTTON = ("approve", "mailto:complaints%2Btoken@example.com?body=approve", "sends the draft")
_COMMAND = ("approve", "approve", "sends the draft as it is")
_CASE = {"number": 987, "subject": "Late again", "status": "closed", "same": False}
_LIST = {"title": "The queue", "columns": ("number",), "rows": (("1042", "Late again"),), "words": "Dear …"}
_HIT = {"rule": "late parcel", "words": ("two weeks", "not arrived"), "says": "category late", "weight": 2.0}
_PROBLEM = {
    "file": "rules/en.yaml",
    "line": 3,
    "column": 7,
    "message": "“categry” is unknown; write “category”",
}

_NUMBER = Variable("the case number", 1042)
_FIRM = Variable("the firm's name (FROM_NAME)", "Example Shop")
_SUBJECT = Variable("the subject of the customer's mail, as written", "Parcel is late", "")
_WORDS = Variable("the customer's own words, as written", "Where is my parcel?\n\nIt is two weeks late.", "")
_DEADLINE = Variable("when the customer will have an answer", _NOON, None)
_AGENT_NAME = Variable("the name of the agent", "Sam", "")
_DRAFT = Variable("the draft exactly as it would leave", "Dear Ann,\n\nyour parcel comes tomorrow.", "")
_BUTTONS = Variable("commands as (label, mailto link, what it does)", (_BUTTON,), ())
_COMMANDS = Variable("commands in words, as (name, usage, summary)", (_COMMAND,), ())

_CUSTOMER = {
    "name": Variable("the customer's name", "Ann Example", ""),
    "number": _NUMBER,
    "subject": _SUBJECT,
    "firm": _FIRM,
    "agent_name": _AGENT_NAME,
    "contact": Variable("the complaints address", "complaints@example.com", ""),
    "deadline": _DEADLINE,
    "words": _WORDS,
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
_AGENT_DRAFT = {
    "headline": Variable("why this mail: new, again, edited, redrafted, assigned or check-in-low", "new"),
    "number": _NUMBER,
    "firm": _FIRM,
    "agent_name": _AGENT_NAME,
    "customer": Variable("the customer's address", "ann@example.com"),
    "customer_name": Variable("the customer's name", "Ann Example", ""),
    "subject": _SUBJECT,
    "words": _WORDS,
    "attachments": Variable("what came with the mail, one text each", ("photo.jpg (120 kB)",), ()),
    "kind": Variable("complaint, praise, question or other", "complaint"),
    "category": Variable("the category's name", "late"),
    "severity": Variable("low, normal, high or urgent", "high"),
    "language": Variable("the customer's language, as a code", "en", ""),
    "confidence": Variable("how sure the classification is, 0 to 1", 0.82, None),
    "unsure": Variable("whether it is too unsure to rely on", True, False),
    "hits": Variable("why: the rules that matched, each with .rule, .words and .says", (_HIT,), ()),
    "deadline": _DEADLINE,
    "score": Variable("the score of the check-in, 1 to 5", 2, None),
    "earlier": Variable(
        "the customer's other cases, each with .number, .subject, .status and .same", (_CASE,), ()
    ),
    "mentions": Variable("numbers of other cases that the mail names", (77,), ()),
    "draft": _DRAFT,
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
    "damage": Variable("what of the mail could not be read, one text each", ("unknown charset",), ()),
    "unparsed": Variable("whether the mail could not be read at all", True, False),
    "original_attached": Variable("whether the customer's mail is attached", True, False),
    "not_acknowledged": Variable("why the customer got no acknowledgement", "it is an automatic mail", ""),
}
_TRANSCRIPT = {
    "number": Variable("the case number", 1042, None),
    "firm": _FIRM,
    "agent_name": _AGENT_NAME,
    "refused": Variable("whether nothing was done", True, False),
    "lines": Variable(
        "what was done, or why it was not, one text each", ("approve: the answer leaves now",), ()
    ),
    "outgoing": Variable("what goes out, and when, one text each", ("to ann@example.com, now",), ()),
    "next": Variable("what to do next, one text each", ("resolve, when it is solved",), ()),
    "lists": Variable("what was found, as title, columns, rows and words", (_LIST,), ()),
    "draft_is_open": Variable("whether the draft waits for a decision", True, False),
    "draft": _DRAFT,
    "buttons": _BUTTONS,
    "commands": _COMMANDS,
}
_AGENT_REFUSED = {
    "number": Variable("the case number", 1042, None),
    "firm": _FIRM,
    "agent_name": _AGENT_NAME,
    "reason": Variable("why the command was refused", "the token is used up"),
    "sender": Variable("the address that the mail claims to come from", "stranger@example.org", ""),
    "words": Variable("the command as it was written", "approve", ""),
    "when": Variable("when it came", _NOON, None),
}
_AGENT_UNDELIVERED = {
    "number": _NUMBER,
    "firm": _FIRM,
    "agent_name": _AGENT_NAME,
    "recipient": Variable("who did not get the letter", "ann@example.com"),
    "letter": Variable("the subject of the letter", "Re: Parcel is late", ""),
    "reason": Variable("what the mail server said", "550 no such user", ""),
    "bounced": Variable("whether it came back later; else it was refused at once", True, False),
    "when": Variable("when we learned of it", _NOON, None),
}
_ADMIN_ALERT = {
    "firm": _FIRM,
    "headline": Variable("what is wrong, in one line", "The rules were not changed"),
    "lines": Variable("more about it, one text each", ("The last good rules stay in force.",), ()),
    "problems": Variable(
        "mistakes in files, each with .file, .line, .column and .message",
        (_PROBLEM, _PROBLEM | {"line": 0}),
        (),
    ),
    "when": Variable("when it was noticed", _NOON, None),
}

LETTERS: Mapping[str, Mapping[str, Variable]] = {
    "ack_complaint": _CUSTOMER,
    "ack_question": _CUSTOMER,
    "ack_praise": _CUSTOMER,
    "answer": _CUSTOMER | {"body": Variable("the approved answer", "Dear Ann,\n\nit comes tomorrow.")},
    "check_in": _CHECK_IN,
    "check_in_reminder": _CHECK_IN,
    DEFAULT_ANSWER: _CUSTOMER,
    "agent_draft": _AGENT_DRAFT,
    "transcript": _TRANSCRIPT,
    "agent_refused": _AGENT_REFUSED,
    "agent_undelivered": _AGENT_UNDELIVERED,
    "admin_alert": _ADMIN_ALERT,
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
    if missing := sorted(name for name, value in values.items() if value is _REQUIRED):
        raise ValueError(f"the letter {letter!r} needs {', '.join(missing)}")
    return values
