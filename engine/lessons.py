"""Corrections from outside: read, kept and learned from at once; and the model that a database has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cases.rules.rulebook import Rulebook
from cases.rules.types import UNSURE
from engine.learned import KINDS, Learned
from engine.teaching import Order, Training, TrainingFailed, can_train
from learning.model import Model
from learning.samples import ENOUGH_CORRECTIONS
from store import corrections, learned, storable
from store.database import Database
from store.values import SOFTWARE

NOT_INSTALLED = (
    "scikit-learn is not installed, so nothing is learned: run make, or pip install -r requirements-learn.txt"
)
_SQLITE = "sqlite:///"
_EXAMPLE = '{"id": 1, "subject": "…", "text": "…", "category": "late", "kind": "complaint"}'


@dataclass(frozen=True, slots=True)
class Lesson:
    """Corrections as they were given, and what was wrong with others."""

    given: Sequence[Mapping[str, Any]]
    """Of those with the same id the last."""
    wrong: Sequence[str] = ()
    warnings: Sequence[str] = ()


class WrongLine(Exception):
    """A line that nothing can be learned from; why."""


def read(lines: Iterable[str], rulebook: Rulebook) -> Lesson:
    """Corrections, a JSON object a line; whatever is wrong in some, the others are read."""
    given: dict[str, Mapping[str, Any]] = {}
    wrong, unknown = list[str](), dict[str, None]()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            one = _correction(line, rulebook)
        except WrongLine as trouble:
            wrong.append(f"line {number} {trouble}")
            continue
        given[one["key"]] = one
        if one["category"] and one["category"] not in rulebook.categories:
            unknown[one["category"]] = None
    warnings = [_unknown(name, rulebook) for name in unknown]
    return Lesson(list(given.values()), wrong, warnings)


def _correction(line: str, rulebook: Rulebook) -> Mapping[str, Any]:
    try:
        said = storable.clean(json.loads(line))
        texts = {name: _text(said.get(name)) for name in ("id", "subject", "text", "category", "kind")}
    except (ValueError, AttributeError, RecursionError):
        raise WrongLine(f"is not a JSON object such as {_EXAMPLE}") from None
    if not texts["id"]:
        raise WrongLine(
            "has no id: give each mail its own, so that a later word about it can replace this one"
        )
    if not texts["subject"] and not texts["text"]:
        raise WrongLine("has neither subject nor text: there is nothing to learn from")
    if texts["kind"] and texts["kind"] not in KINDS:
        raise WrongLine(f"says kind {texts['kind']}; write one of {', '.join(sorted(KINDS))}")
    if texts["category"] == UNSURE:
        raise WrongLine(f"says category {UNSURE}, which is no answer; say what the mail is about")
    if not texts["category"] and not texts["kind"]:
        raise WrongLine("says neither category nor kind: there is nothing to learn")
    known = rulebook.categories.get(texts["category"])
    kind = texts["kind"] or (known.kind.value if known else "")
    return {
        "key": corrections.given(texts["id"]),
        "subject": texts["subject"],
        "text": texts["text"],
        "category": texts["category"],
        "kind": kind,
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return str(value).strip()
    raise ValueError(value)


def _unknown(name: str, rulebook: Rulebook) -> str:
    near = get_close_matches(name, rulebook.categories, 1, 0.0)
    nearest = f"; the nearest is {near[0]}" if near else ""
    return (
        f"there is no category {name} in the rules{nearest}. It is learned, and `classify` says it; the "
        "worker suggests only what rules/categories.yaml knows"
    )


def keep(session: Session, lesson: Lesson, now: datetime) -> None:
    """Write the corrections down."""
    rows = ({**one, "actor": SOFTWARE, "at": now} for one in lesson.given)
    corrections.correct(session, rows)


def learn(order: Order) -> list[dict[str, Any]]:
    """Learn at once from all corrections that the database has: figures by language, all of them last.

    Raises TrainingFailed.
    """
    if not can_train():
        raise TrainingFailed(NOT_INSTALLED)
    training = Training(order)
    try:
        first, *others = training.result()["figures"]
    finally:
        training.end()
    return [*others, first]


def notes(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """What whoever gave the corrections should know of what was learned."""
    of_all = figures[-1]
    said = int(of_all["corrections"]) + int(of_all["approvals"])
    if "precision" not in of_all and said < ENOUGH_CORRECTIONS:
        return [f"{said} corrections are too few to learn from: {ENOUGH_CORRECTIONS - said} more are needed"]
    if "precision" not in of_all:
        return ["nothing was learned: all corrections say the same"]
    if not any(one["speaks"] for one in figures):
        return ["what was learned is not right often enough yet, so it says nothing: give more corrections"]
    return []


def model_of(url: str) -> Model | None:
    """The model that a database has; None where there is none, or no such database."""
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).exists():
        return None
    database = Database(url)
    try:
        with database.read() as session:
            if not learned.can_be_kept(session):
                return None
            newest = learned.newest_id(session)
            data = learned.data(session, newest) if newest is not None else None
    finally:
        database.close()
    found = Learned.of(data) if data else None
    return found.model if found else None
