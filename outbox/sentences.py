"""Single sentences in a person's language: templates/<language>/sentences.yaml, code: "words {{ value }}"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from language.problem import Problem
from outbox.check import Draft, Made, attempt, compiled
from outbox.filters import Marked
from outbox.source import mapping

FILE = "sentences.yaml"

_LINE = {"line": "aprove", "meant": "approve"}
_WHO = {"sender": "stranger@example.org"}
_TWO = {"first": "approve", "second": "reject"}
SENTENCES: Mapping[str, Mapping[str, Any]] = {
    "approved": {"version": 2, "recipient": "ann@example.com"},
    "edited": {"version": 2},
    "rejected": {"version": 2},
    "assigned": {"agent": "Sam"},
    "noted": {},
    "resolved": {"check_in": datetime(2026, 11, 25, 12, tzinfo=UTC)},
    "merged": {"number": 1042},
    "helped": {},
    "next-approve": {},
    "next-resolve": {},
    "next-edit": {},
    "not-a-command": _LINE,
    "no-command": {},
    "edit-without-end": {},
    "edit-empty": {},
    "edit-cut": {},
    "takes-nothing": {"command": "approve", "argument": "it"},
    "needs-text": {"command": "reject", "usage": "reject REASON"},
    "unknown-agent": {"who": "Kim", "known": "Sam, Noa"},
    "no-open-draft": {"command": "approve"},
    "no-customer": {},
    "placeholder": {"words": "[the date]"},
    "illegal": {"command": "approve", "status": "closed"},
    "conflict": _TWO,
    "twice": {"command": "approve"},
    "approve-before-edit": {},
    "which-case": {"command": "approve"},
    "not-your-role": {"command": "paid", "who": "Noa"},
    "not-allowed": {"command": "approve"},
    "no-such-case": {"which": "1042"},
    "merge-with-itself": {"number": 1042},
    "merge-of-two-customers": {"number": 1042},
    "merge-into-ended": {"number": 1042},
    "several-senders": {},
    "no-token": {},
    "wrong-sender": _WHO,
    "no-longer-an-agent": _WHO,
    "not-genuine": {},
    "automatic": {},
    "token-used": {},
    "token-expired": {},
    "stale-draft": {"version": 2},
    "no-case": {},
    "unparsed": {"number": 1042},
    "set-aside": {"uid": 77},
    "reused-message-id": {"number": 1042, "message_id": "<id@example.com>"},
    "files-wrong": {},
    "flood": {"limit": 300},
    "flood-from": {"sender": "ann@example.com", "limit": 20},
    "letter-late": {"number": 1042, "recipient": "ann@example.com", "hours": 4},
    "letter-in-doubt": {"number": 1042, "recipient": "ann@example.com", "final": True},
    "mail-stuck": {"since": datetime(2026, 11, 25, 12, tzinfo=UTC)},
}
"""Every sentence that decisions may say, with a sample of each value. English must have them all."""

Sentences = Mapping[str, Template]


def read(file: str, text: str, environment: SandboxedEnvironment) -> tuple[dict[str, Made], list[Problem]]:
    """The sentences of one file, each tried with its samples."""
    fields, problems = mapping(file, text, 0, tuple(SENTENCES))
    sentences: dict[str, Made] = {}
    for code, (words, line) in fields.items():
        draft = Draft("\n" * (line - 1) + words, environment)
        made, found = compiled(file, text, draft, list(SENTENCES[code]))
        if made:
            found = attempt(file, text, made.template, SENTENCES[code])
            sentences[code] = made
        problems += found
    return sentences, problems


def missing(file: str, sentences: Collection[str]) -> list[Problem]:
    """What the last resort of all languages lacks."""
    lacking = [code for code in SENTENCES if code not in sentences]
    return [Problem(file, 0, 0, f'the sentence {code} is missing; write {code}: "…"') for code in lacking]


def say(template: Template, values: Mapping[str, Any]) -> str:
    """The sentence with its values, on one line; a letter prints it as it is."""
    return Marked(" ".join(template.render(values).split()))
