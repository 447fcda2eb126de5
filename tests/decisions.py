"""What a test looks at in a decision, or in a watcher's step."""

from __future__ import annotations

from typing import Any

from cases.decision import Decision, LetterRequest
from cases.watching.step import Step
from store.models import EventKind


def kinds(of: Decision | Step) -> list[EventKind]:
    """What happens, in order."""
    return [event.kind for event in of.events]


def values(decision: Decision) -> dict[str, Any]:
    """The columns that it sets on the case, which it must change."""
    assert decision.case
    return dict(decision.case.values)


def only_letter(decision: Decision) -> LetterRequest:
    """The one letter that it asks for."""
    (letter,) = decision.letters
    return letter
