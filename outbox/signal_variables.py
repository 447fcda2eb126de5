"""What the letter about a cause that grows may say: its variables, with a sample of each."""

from __future__ import annotations

from typing import Any

from outbox import agents_samples as samples
from outbox.variable import AGENT_NAME, FIRM, NOON, Variable

_CASE: dict[str, Any] = {
    "number": 1042,
    "subject": "Broken lamp",
    "words": "The lamp came in pieces.",
    "opened": NOON,
    "link": samples.WAITS["link"],
}
AGENT_SIGNAL = {
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "kind": Variable(
        "threshold (signals.yaml says so), growth (unusually many) or cluster (mails that no rule names)",
        "growth",
        one_of=("threshold", "growth", "cluster"),
    ),
    "description": Variable("what signals.yaml says that it is for", "Many parcels come broken.", ""),
    "categories": Variable("the causes that are counted, a text each; none for all", ("damaged", "lost"), ()),
    "facts": Variable(
        "the facts that the cases share, each with .name, .kind and .value",
        ({"name": "product", "kind": "product", "value": "lamp"},),
        (),
    ),
    "terms": Variable("the words that the mails share, one text each", ("payment", "page"), ()),
    "count": Variable("how many customers wrote", 12, 1),
    "before": Variable("how many they were when it was told before", 6, None),
    "expected": Variable("how many its own history lets one expect", 1.5, None),
    "since": Variable("since when they are counted", NOON),
    "when": Variable("the moment as of which it is", NOON),
    "cases": Variable(
        "the newest cases, each with .number, .subject, .words (the beginning), .opened and .link",
        (_CASE, _CASE | {"number": 1043, "subject": "", "words": ""}),
    ),
    "numbers": Variable("the numbers of the cases, the newest first", (1043, 1042)),
    "more": Variable("how many more there are", 3, 0),
    "issue": Variable("a link that opens a known issue for the cause", samples.WAITS["link"], ""),
    "buttons": Variable("commands as (label, mailto link, what it does)", (samples.BUTTON,), ()),
    "commands": Variable("commands in words, as (name, usage, summary)", (samples.COMMAND,), ()),
}
