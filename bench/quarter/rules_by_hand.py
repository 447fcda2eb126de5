"""What the firm's rules ask for, as the script understands them: from the rule files, or written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

AGENT, APPROVER, OWNER = "agent", "approver", "owner"
BEFORE, AT, AFTER = "before", "at", "after"
Step = tuple[str, str, tuple[str, ...]]
"""Before, at or after; how long; who is told."""
CHAINS: dict[str, tuple[Step, ...]] = {
    "answer": (
        (BEFORE, "4 working hours", (AGENT,)),
        (AT, "", (AGENT, APPROVER)),
        (AFTER, "1 working day", (OWNER,)),
    ),
    "resolve": (
        (BEFORE, "1 working day", (AGENT,)),
        (AT, "", (AGENT, APPROVER)),
        (AFTER, "3 working days", (OWNER,)),
    ),
    "final": (
        (BEFORE, "5 working days", (AGENT,)),
        (BEFORE, "1 working day", (AGENT, APPROVER)),
        (AT, "", (AGENT, OWNER)),
    ),
    "promise": (
        (AT, "", (AGENT,)),
        (AFTER, "4 working hours", (APPROVER,)),
        (AFTER, "1 working day", (OWNER,)),
    ),
}
REMIND_BEFORE, TOLD_AFTER, NEXT_WITHIN = "4 working hours", "2 working hours", "2 working days"
RESOLVE_WITHIN = {"urgent": "2 working days", "high": "5 working days"}
OTHERS_WITHIN = "10 working days"
FINAL_WITHIN = "8 weeks"
REMINDER_AFTER, CLOSE_AFTER = "4 days", "7 days"
NOT_AGAIN_WITHIN = "30 days"
SILENT_AFTER = 2
UNDO = "10 minutes"


@dataclass(frozen=True, slots=True)
class Cause:
    """What a category's lines say."""

    kind: str
    answer_within: str
    check_in_after: str
    reminder_after: str
    close_after: str
    held_after: str = ""
    held_every: str = ""
    at_most: int = 0


def causes(rules: Path) -> dict[str, Cause]:
    """The lines of rules/categories.yaml."""
    written = yaml.safe_load((rules / "categories.yaml").read_text("utf-8"))["categories"]
    return {name: _cause(one) for name, one in written.items()}


def _cause(one: dict[str, Any]) -> Cause:
    held = one.get("holding_updates", {})
    return Cause(
        one["kind"],
        one["answer_within"],
        one["check_in_after"],
        one.get("check_in_reminder_after", REMINDER_AFTER),
        one.get("close_after", CLOSE_AFTER),
        held.get("after", ""),
        held.get("every", ""),
        held.get("at_most", 0),
    )


def resolve_within(kind: str, severity: str) -> str:
    """By the standard's preset; "" for what is no complaint."""
    return RESOLVE_WITHIN.get(severity, OTHERS_WITHIN) if kind == "complaint" else ""
