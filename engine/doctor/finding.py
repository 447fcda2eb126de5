"""What the doctor finds: of what, how it is, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is."""

    RIGHT = "right"
    NOTE = "note"
    """It works; better it were otherwise, or it could not be seen from here."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried."""

    state: State
    words: str
    todo: str = ""
    """What to do, for whoever is no programmer."""
    topic: str = ""

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return {"topic": self.topic, "state": str(self.state), "words": self.words, "todo": self.todo}


Findings = Iterable[Finding]


def right(words: str) -> Finding:
    """It is as it must be."""
    return Finding(State.RIGHT, words)


def note(words: str, todo: str = "") -> Finding:
    """It works, but somebody should know."""
    return Finding(State.NOTE, words, todo)


def wrong(words: str, todo: str = "") -> Finding:
    """It keeps the worker from its work, now or soon."""
    return Finding(State.WRONG, words, todo)


def text(findings: list[Finding]) -> Iterator[str]:
    """Lines for a person: topic by topic, and what to do below what is not right."""
    marks = {State.RIGHT: "ok   ", State.NOTE: "note ", State.WRONG: "WRONG"}
    topic = None
    for one in findings:
        if one.topic != topic:
            topic = one.topic
            yield f"{topic}"
        yield f"  {marks[one.state]}  {one.words}"
        if one.todo:
            yield f"         → {one.todo}"
    yield summary(findings)


def summary(findings: list[Finding]) -> str:
    """The last line."""
    bad, told = (sum(one.state is state for one in findings) for state in (State.WRONG, State.NOTE))
    notes = f", {told} to know of" if told else ""
    if not bad:
        return f"all is well: {len(findings)} things tried{notes}"
    things = "1 thing is" if bad == 1 else f"{bad} things are"
    return f"{things} wrong, of {len(findings)} tried{notes}; mend them in this order"
