"""What the letter may say that asks for a yes to many letters at once."""

from __future__ import annotations

from collections.abc import Mapping

from outbox import agents_samples as samples
from outbox.variable import AGENT_NAME, FIRM, NOON, Variable

AGENT_BATCH: Mapping[str, Variable] = {
    "what": Variable("fixed (a known issue) or done (a commitment)", "fixed", one_of=("fixed", "done")),
    "issue": Variable("the number of the known issue or the commitment", 3),
    "title": Variable("what agents call it", "Kettles of the October delivery leak"),
    "count": Variable("how many customers are told", 120, others=(1,)),
    "samples": Variable(
        "the first letter of each language: .language (the customers'), .written_in, .fix_in (of what was "
        "written for them), .says_nothing (there is nothing that they could read), .count, .numbers (their "
        "cases), .number, .draft_to, .draft_to_name, .draft_subject and .draft (as it would leave)",
        (samples.SAMPLED, samples.OTHER_SAMPLED, samples.SILENT_SAMPLED),
        (),
    ),
    "left": Variable("cases that are left out, each with .number and .why", samples.LEFT_OUT, ()),
    "unanswered": Variable("cases that nobody has answered yet", (1050,), ()),
    "an_hour": Variable("how many letters leave within an hour", 60),
    "last": Variable("when the last of them would leave", NOON),
    "giver": Variable("who says that it is done", "Sam"),
    "own": Variable("whether that is who reads the letter", True, False),
    "why": Variable("why somebody else has to say yes, in a sentence", "It needs a second person.", ""),
    "again": Variable("why the answer before did not count", "“yess” is no command.", ""),
    "until": Variable("until when a yes counts", NOON),
    "firm": FIRM,
    "agent_name": AGENT_NAME,
    "buttons": Variable("commands as (label, mailto link, what it does)", (samples.BUTTON,), ()),
    "commands": Variable(
        "commands in words, as (name, usage, summary)",
        (("yes", "yes", "so be it"), ("no", "no", "it is not done")),
        (),
    ),
}
