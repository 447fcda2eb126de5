"""`fact`: what agents say of a case's facts: they correct what its mails told, and add what these did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cases.commands.choosing import meant
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.naming import MARKS, folded
from cases.rules.extracting import Extracting
from cases.rules.extracting_values import LONGEST
from cases.rules.extractors import Extractor, FactKind
from cases.saying import Refusal, Say
from language import when
from language.money import Unclear, is_currency, read_money
from store.models import EventKind
from store.values import NewRow, RowChange

TABLE: Literal["fact"] = "fact"
NONE = ("-", "–", "—", "−")
"""Behind a fact's name: it has no value, or not the one that follows."""
LONGEST_NAME = 6
"""Words of a fact's name."""


@dataclass(frozen=True, slots=True)
class _Values:
    """What is known of one fact, once the commands so far have been obeyed."""

    known: tuple[str, ...]
    removed: tuple[str, ...]


def fact(situation: Situation, text: str) -> Effect:
    """A value that an agent knows better; with `-` none, or not that one."""
    extracting = situation.facts.rulebook.extracting
    name, rest = _named(extracting, text)
    extractor, values = extracting.names[name], _values(situation, name)
    head, _, behind = rest.partition(" ")
    if head in NONE:
        return _without(situation, name, _meant(extracting, name, behind), values)
    if not rest:
        raise Refusal("needs-text", command=TABLE, usage=COMMANDS[0].usage)
    value = extracting.called(name, read_value(situation, name, extractor, rest))
    return _with(situation, name, extractor, value, values, rest)


def _named(extracting: Extracting, text: str) -> tuple[str, str]:
    """The fact whose name the text begins with, and the rest; raises Refusal."""
    ways = _ways(extracting.names)
    words = text.split()
    ends = next((at for at, word in enumerate(words) if word in NONE), len(words))
    for count in range(min(LONGEST_NAME, ends), 0, -1):
        if name := ways.get(folded(" ".join(words[:count]))):
            return name, " ".join(words[count:]).lstrip(MARKS + "= ")
    first = words[0] if words else ""
    near = meant(" ".join(words[:2]), ways) or meant(first, ways) if first else ""
    if not ways:
        raise Refusal("no-facts")
    known = tuple(extracting.names)
    raise Refusal("unknown-value", command=TABLE, written=first, meant=ways.get(near, near), known=known)


def _ways(names: Mapping[str, Extractor]) -> dict[str, str]:
    """Every way to name a fact, to compare by, and the name that the rules give it."""
    called = {folded(one): name for name, about in names.items() for one in about.called.values()}
    return called | {folded(name): name for name in names}


def _values(situation: Situation, name: str) -> _Values:
    facts = situation.facts
    known = dict.fromkeys(one.value for one in facts.case_facts if one.name == name)
    removed = dict.fromkeys(one.value for one in facts.removed_facts if one.name == name)
    for effect in situation.effects:
        for row in effect.rows:
            if row.table == TABLE and row.values["name"] == name:
                known[row.values["value"]] = None
        for change in effect.changes:
            if change.table == TABLE and change.key["name"] == name:
                here, there = (known, removed) if change.values["removed"] else (removed, known)
                here.pop(change.key["value"], None)
                there[change.key["value"]] = None
    return _Values(tuple(known), tuple(removed))


def read_value(situation: Situation, name: str, extractor: Extractor, written: str) -> str:
    """The value in the form that all ways to write it share; raises Refusal."""
    if len(written) > LONGEST:
        raise Refusal("fact-long", name=name, most=LONGEST)
    if extractor.kind is FactKind.AMOUNT:
        return _amount(situation, written)
    if extractor.kind is FactKind.DATE:
        return _day(situation, written)
    value = situation.facts.rulebook.extracting.value(name, written)
    if not value:
        raise Refusal("fact-unreadable", name=name, kind=extractor.kind.value, written=written)
    return value


def _amount(situation: Situation, written: str) -> str:
    read = read_money(written, situation.facts.rulebook.words, situation.agent.languages)
    if isinstance(read, Unclear):
        raise Refusal(read.code, **read.values)
    money, behind = read
    if not is_currency(money.currency):  # a share of something is no sum
        raise Refusal("money-currency", word=money.currency)
    if behind:
        raise Refusal("money-unclear", text=written)
    return str(money)


def _day(situation: Situation, written: str) -> str:
    facts = situation.facts
    zone = facts.rulebook.calendar.zone
    read = when.read_when(written, facts.now, zone, facts.rulebook.words)
    if isinstance(read, when.Unclear):
        raise Refusal(read.code, **read.values)
    if not isinstance(read, when.Day):
        raise Refusal("when-unknown", text=written, word="")
    return read.day.isoformat()


def _meant(extracting: Extracting, name: str, written: str) -> str:
    """The value behind a `-`, as it is stored; "" where none is named."""
    return extracting.value(name, written) or written if written else ""


def _without(situation: Situation, name: str, value: str, values: _Values) -> Effect:
    """No value any more, or not this one."""
    gone = tuple(one for one in values.known if value in ("", one))
    if not gone:
        shown = _shown(situation, name, values.known)
        raise Refusal("no-such-fact", name=name, kind=shown["kind"], known=values.known)
    return Effect(
        events=((EventKind.NO_FACT, f"{name}: {', '.join(gone)}"),),
        says=Say("fact-removed", _shown(situation, name, gone)),
        values={"seen_at": situation.facts.now},
        data={"name": name, "values": list(gone)},
        changes=tuple(_change(situation, name, one, removed=True) for one in gone),
    )


def _with(
    situation: Situation, name: str, extractor: Extractor, value: str, values: _Values, written: str
) -> Effect:
    """This value; of a fact that has one alone, instead of the others."""
    others = () if extractor.many else tuple(one for one in values.known if one != value)
    if value in values.known and not others:
        return Effect((), Say("fact-set", _shown(situation, name, (value,)) | {"already": True}))
    changes = tuple(_change(situation, name, one, removed=True) for one in others)
    rows: tuple[NewRow, ...] = ()
    if value in values.removed:
        changes += (_change(situation, name, value, removed=False),)
    elif value not in values.known:
        rows = (NewRow(TABLE, _row(situation, name, value, written)),)
    return Effect(
        events=((EventKind.FACT, f"{name}: {value}"),),
        says=Say("fact-set", _shown(situation, name, (value,)) | {"already": False}),
        values={"seen_at": situation.facts.now},
        data={"name": name, "values": [value], "instead": list(others)},
        rows=rows,
        changes=changes,
    )


def _shown(situation: Situation, name: str, values: tuple[str, ...]) -> dict[str, Any]:
    """A fact as a sentence says it."""
    kind = situation.facts.rulebook.extracting.names[name].kind.value
    return {"name": name, "kind": kind, "values": values}


def _row(situation: Situation, name: str, value: str, written: str) -> dict[str, object]:
    return {
        "case_number": situation.case.number,
        "name": name,
        "value": value,
        "as_written": written,
        "found_in": "",
        "said_by": situation.agent.address,
    }


def _change(situation: Situation, name: str, value: str, *, removed: bool) -> RowChange:
    key = {"case_number": situation.case.number, "name": name, "value": value}
    said = {"removed": removed, "said_by": situation.agent.address}
    return RowChange(TABLE, key, {"removed": not removed}, said)


COMMANDS = (
    Command(
        "fact",
        "fact NAME VALUE",
        "Say what a fact of the case is, such as: fact order_number AB-4711; - for VALUE means none.",
        "text",
        fact,
        repeatable=True,
        lists_its_values=True,
    ),
)
