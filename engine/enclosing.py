"""What of a customer's mail goes along with a letter to an agent: all of it, or the files that fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cases.facts import Facts
from engine.limits import READING, limits_of
from inbox.files import files_in
from settings import Settings
from store.values import File

Original = Callable[[], tuple[int | None, bytes] | None]
"""Gives the id that the customer's mail is stored under (None is the mail being recorded), and the mail."""


@dataclass(frozen=True, slots=True)
class Enclosing:
    """What goes along, and what the letter says of it."""

    raw_id: int | None = None
    original: bytes | None = None
    files: tuple[File, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)


def enclosed(original: Original, facts: Facts, settings: Settings) -> Enclosing:
    """The whole mail where the policy's limit allows it; else its files in order, while they fit."""
    found = original()
    if found is None:
        return Enclosing(values={"original_attached": False})
    raw_id, raw = found
    most = facts.policy.attach_bytes
    if len(raw) <= most:
        return Enclosing(raw_id, raw, values={"original_attached": True})
    limits = limits_of(settings.model_dump(include=set(READING)))
    files, others = ([], []) if facts.history.unparsed else files_in(raw, limits, most)
    left_out = others if files or others else [("original.eml", len(raw))]
    shown = tuple(f"{name} ({size:,} bytes)" for name, size in left_out)
    return Enclosing(files=tuple(files), values={"original_attached": False, "left_out": shown})
