"""Why a mail got no acknowledgement, for its agent to read (promise 11). The case keeps the log's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cases.rules.rulebook import Rulebook
from cases.saying import Say

_ADDRESS = r"(?P<address>\S+)"
_KNOWN = (
    ("unanswered-no-sender", re.compile(r"it has no sender|it has no From address to answer to")),
    ("unanswered-senders", re.compile(r"it has several senders")),
    ("unanswered-domain", re.compile(r"its sender's address has no domain")),
    ("unanswered-address", re.compile(rf"no mail can be sent to the address {_ADDRESS}")),
    ("unanswered-system", re.compile(rf"{_ADDRESS} is a (?:system's address|mail system).*")),
    ("unanswered-return-path", re.compile(r"its Return-Path is empty")),
    ("unanswered-ours", re.compile(r"its (?P<sign>Return-Path|Reply-To) is our own address")),
    ("unanswered-form", re.compile(r"its From is our own address, as a web form writes it")),
    ("unanswered-unproved", re.compile(r"it was forwarded in an agent's name, and our mail server did .*")),
    ("unanswered-restored", re.compile(r"a backup was put back after it came, .*")),
    ("unanswered-imported", re.compile(r"it is old mail that was imported")),
    ("unanswered-loop", re.compile(r"it carries our own loop header")),
    (
        "unanswered-often",
        re.compile(r"(?P<count>\d+) acknowledgements went to this address in the last (?P<time>hour|day)"),
    ),
    (
        "unanswered-category",
        re.compile(r"the rules say that mail of the category (?P<category>\S+) gets none"),
    ),
    ("unanswered-silently", re.compile(r"(?P<agent>\S+) opened it silently")),
    ("unanswered-program", re.compile(r"(?P<sign>.+)", re.DOTALL)),
)
"""The words of the log → the sentence; whatever else is written is a sign of a program."""


def said(reasons: str, rulebook: Rulebook) -> tuple[Say, ...]:
    """The reasons that a case keeps, a sentence each; none for a case that was acknowledged."""
    return tuple(_each(reasons, rulebook)) if reasons else ()


def _each(reasons: str, rulebook: Rulebook) -> Iterator[Say]:
    for reason in reasons.split("; "):
        code, found = next(
            (code, found) for code, known in _KNOWN if (found := known.fullmatch(reason)) is not None
        )
        values: dict[str, Any] = dict(found.groupdict())
        if "agent" in values:
            agent = rulebook.agent(values["agent"])
            values["agent"] = agent.name if agent else values["agent"]
        if "count" in values:
            values["count"] = int(values["count"])
        yield Say(code, values)
