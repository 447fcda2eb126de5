"""What the page is made of: sections, and in each what is said, drawn and tabled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup, escape

from language import dates
from reports.tables import ALL, BEFORE, Table
from reports.words import Words

OF, CAUSE = "of", "cause"
NUMBERS = frozenset({"n", "share", "length", "work", "money", "days"})
LONG = frozenset({"text", "terms", "facts", "causes"})
NOTHING = "–"
SAID_WHEN_EMPTY = ("agent", "compensation")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a chart: what it is about, its value in words, and what is drawn."""

    name: Markup | str
    value: Markup | str
    drawn: Markup


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour of a chart stands for."""

    drawn: Markup
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A table in words."""

    name: str
    columns: tuple[tuple[str, str], ...]
    """What each is called, and how it looks: "n" for numbers, "long" for what may take several lines."""
    rows: tuple[tuple[Markup | str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence, the chart that it tells of, and the tables behind it."""

    sentence: Markup | str = ""
    chart: Markup | str = ""
    rows: tuple[Row, ...] = ()
    keys: tuple[Key, ...] = ()
    tables: tuple[Shown, ...] = ()
    open: bool = False
    """The table itself is what is to be seen."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure on top of the page."""

    name: str
    value: str
    before: Markup | str = ""


def shown(table: Table, words: Words, most: int = 0) -> Shown:
    """The table in the words of a language; `most` rows at most, where that is said."""
    columns = [column for column in table.columns if column.kind != OF or not _has_causes(table)]
    rows = table.rows[:most] if most else table.rows
    return Shown(
        table.name,
        tuple((_heading(column.key, words), _look(column.kind)) for column in columns),
        tuple(tuple(_cells(table, row, words)) for row in rows),
    )


def _look(kind: str) -> str:
    return "n" if kind in NUMBERS else "long" if kind in LONG else ""


def _heading(key: str, words: Words) -> str:
    kind = words.labels.get(("kind", key))
    return kind or str(words.texts[f"column-{key}"])


def _cells(table: Table, row: Sequence[Any], words: Words) -> Iterable[Markup | str]:
    of = next((value for column, value in zip(table.columns, row, strict=True) if column.kind == OF), "")
    for column, value in zip(table.columns, row, strict=True):
        if column.kind == OF and _has_causes(table):
            continue
        if of in (ALL, BEFORE) and column.kind in (OF, CAUSE):
            yield words.texts[f"of-{of}"]
        else:
            yield cell(column.kind, value, row, words)


def _has_causes(table: Table) -> bool:
    """Then what a row is of stands where its cause would."""
    return any(column.kind == CAUSE for column in table.columns)


def cell(kind: str, value: Any, row: Sequence[Any], words: Words) -> Markup | str:
    """A value as people of the language read it."""
    if value is None or (value == "" and kind not in SAID_WHEN_EMPTY):
        return NOTHING
    if kind == "money":
        return words.amount(value, row[0])
    return _SAYS.get(kind, _as_written)(value, words)


def _as_written(value: Any, words: Words) -> Markup:
    """What others wrote, so that it can't turn the words around it."""
    del words
    return isolated(value)


def _compensation(value: str, words: Words) -> str:
    return words.compensation(value) if value else str(words.texts["of-all"])


def _moment(value: datetime, words: Words) -> str:
    at = value.astimezone(words.zone)
    return f"{_day(at.date(), words)}{_comma(words)}{dates.clock(at, words.here, words.zone)}"


def _day(value: date, words: Words) -> str:
    return dates.short_day(value, words.here, year=True)


def _facts(value: Mapping[str, str], words: Words) -> Markup:
    said = (words.say("fact", name=name, value=each) for name, each in value.items())
    return escape(_comma(words)).join(said)


def _terms(value: Sequence[str], words: Words) -> Markup:
    return escape(_comma(words)).join(map(isolated, value))


def _causes(value: str, words: Words) -> str:
    return _comma(words).join(words.cause(name) for name in value.split(","))


def _comma(words: Words) -> str:
    return words.labels.get(("list", "comma"), ", ")


def _labelled(kind: str) -> Callable[[Any, Words], str]:
    return lambda value, words: words.label(kind, value)


def _written(kind: str) -> Callable[[Any, Words], str]:
    return lambda value, words: words.texts[f"{kind}-{value}"]


_SAYS: Mapping[str, Callable[[Any, Words], Markup | str]] = {
    "n": lambda value, words: words.number(value),
    "days": lambda value, words: words.number(value),
    "share": lambda value, words: words.share(value),
    "length": lambda value, words: words.length(value),
    "work": lambda value, words: words.work(value),
    "cause": lambda value, words: words.cause(value),
    "causes": _causes,
    "fact": lambda value, words: words.fact(value),
    "facts": _facts,
    "terms": _terms,
    "agent": lambda value, words: words.agent(value),
    "currency": lambda value, words: words.currency(value),
    "compensation": _compensation,
    "day": _day,
    "moment": _moment,
    "score": lambda value, words: words.say("score", score=value),
    "case": lambda value, words: dates.number(value, words.here),
    "language": lambda value, words: dates.language_name(value, words.language),
    **{kind: _labelled(kind) for kind in ("kind", "severity", "channel")},
    **{kind: _written(kind) for kind in ("which", "why")},
}
"""How a value is said, by its kind; any other is what others wrote."""


def isolated(text: object) -> Markup:
    """What others wrote, so that it can't turn the words around it."""
    return Markup("<bdi>{}</bdi>").format(escape(text))
