"""What is said to a person, before it is put into their language.

Decisions name a sentence by its code; templates/<language>/sentences.yaml holds the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence by its code, with the values that stand in it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        told = {name: _in_a_line(value) for name, value in self.values.items()}
        shown = ", ".join(f"{name} {value}" for name, value in told.items() if value)
        return f"{self.code.replace('-', ' ')}{': ' if shown else ''}{shown}"


def _in_a_line(value: Any) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(map(_in_a_line, value))
    return "" if value is None else str(value)


class Refusal(Exception):
    """Commands that are not obeyed; `say` tells the agent why and what to do."""

    def __init__(self, code: str, **values: Any) -> None:
        self.say = Say(code, values)
        super().__init__(str(self.say))
