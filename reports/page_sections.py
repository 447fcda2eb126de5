"""The first half of the page: what came in, its causes, signals, and how long things took."""

from __future__ import annotations

from collections.abc import Mapping

from language import dates
from reports import charts
from reports.charts import Axis, Series
from reports.figures import Cause, Figures
from reports.page_parts import Block, Key, Row, Section, shown
from reports.tables import KINDS, Table
from reports.words import Words
from store.models import CaseKind

MOST_CAUSES, MOST_TIMES = 12, 8
LEAST_GROWN = 3
"""A cause grew when it had so many cases more than before."""
Tables = Mapping[str, Table]


def volumes(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section:
    """How much came in, and of which kind."""
    if not figures.received:
        blocks = (Block(words.say("empty")),)
        return Section("volumes", words.texts["section-volumes"], blocks)
    parts = [sum(each) for each in zip(*figures.by_kind.values(), strict=True)]
    most = max(parts)
    at = figures.bins.parts[parts.index(most)]
    sentence = words.say(
        "says-volumes",
        count=figures.received,
        before=figures.received_before,
        most=most,
        where=words.say("part", unit=figures.bins.unit.value, first=at.first),
    )
    series = [
        Series(f"s-{kind}", words.label("kind", kind), figures.by_kind[kind])
        for kind in KINDS
        if any(figures.by_kind[kind])
    ]
    days = [part.first for part in figures.bins.parts]
    year = days[0].year != days[-1].year
    axis = Axis(
        dates.short_day(days[0], words.here, year=year),
        dates.short_day(days[-1], words.here, year=year),
        [dates.day(day, words.here, words.zone) for day in days],
        figures.bins.short,
    )
    numbers = [words.number(step) for step in charts.steps(most)]
    keys = tuple(
        Key(charts.swatch(one.look), f"{one.name}: {words.number(sum(one.values))}") for one in series
    )
    chart = charts.columns(series, axis, words.texts["section-volumes"], numbers, rtl=rtl)
    names = ("volumes", "kinds", "severity", "channel", "language")
    behind = tuple(shown(tables[name], words) for name in names)
    return Section("volumes", words.texts["section-volumes"], (Block(sentence, chart, (), keys, behind),))


def causes(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section | None:
    """What people complain about, against the time before."""
    complaints = [one for one in figures.causes if one.kind == CaseKind.COMPLAINT and one.count]
    if not complaints:
        return None
    grown = _grown(complaints)
    sentence = words.say(
        "says-causes",
        cause=complaints[0].category,
        count=complaints[0].count,
        all=sum(one.count for one in complaints),
        grown=grown.category if grown else "",
        grown_count=grown.count if grown else 0,
        grown_before=grown.before if grown else 0,
    )
    top = max(max(one.count, one.before) for one in complaints)
    rows = tuple(
        Row(
            words.cause(one.category),
            f"{words.number(one.count)} ({words.number(one.before)})",
            charts.bar(one.count / top, one.before / top, "s-complaint", rtl=rtl)
            + charts.spark(one.parts, "s-complaint", rtl=rtl),
        )
        for one in complaints[:MOST_CAUSES]
    )
    blocks = [Block(sentence, "", rows, _against(words), (shown(tables["causes"], words),))]
    if figures.together:
        first = figures.together[0]
        said = words.say(
            "says-together", cause=first.category, fact=first.fact, value=first.value, count=first.count
        )
        top = max(max(one.count, one.before) for one in figures.together)
        rows = tuple(
            Row(
                words.say("fact", name=one.fact, value=one.value) + f" · {words.cause(one.category)}",
                f"{words.number(one.count)} ({words.number(one.before)})",
                charts.bar(one.count / top, one.before / top, "s-complaint", rtl=rtl),
            )
            for one in figures.together[:MOST_TIMES]
        )
        blocks.append(Block(said, "", rows, _against(words), (shown(tables["causes_with_facts"], words),)))
    return Section("causes", words.texts["section-causes"], tuple(blocks))


def signals(figures: Figures, tables: Tables, words: Words) -> Section:
    """What somebody was told of."""
    last = figures.signals[-1].raised_at if figures.signals else None
    sentence = words.say("says-signals", count=len(figures.signals), last=last)
    behind = (shown(tables["signals"], words),) if figures.signals else ()
    block = Block(sentence, tables=behind, open=True)
    return Section("signals", words.texts["section-signals"], (block,))


def times(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section | None:
    """How long it took to acknowledge, to answer and to resolve."""
    blocks = []
    keys = (
        Key(charts.dot("s-complaint"), words.texts["column-median"]),
        Key(charts.line("s-complaint"), words.texts["column-p90"]),
    )
    for name, found in figures.times.items():
        if not found.all.count:
            continue
        sentence = words.say(
            f"says-{name}",
            count=found.all.count,
            median=found.all.median,
            p90=found.all.p90,
            work_median=found.all.work_median,
            work_p90=found.all.work_p90,
            before=found.before.median,
        )
        top = max(wait.p90 or 0 for _, wait in found.by_category[:MOST_TIMES]) or 1
        rows = tuple(
            Row(
                words.cause(category),
                f"{words.length(wait.median or 0)} – {words.length(wait.p90 or 0)}",
                charts.span(0, (wait.median or 0) / top, (wait.p90 or 0) / top, "s-complaint", rtl=rtl),
            )
            for category, wait in found.by_category[:MOST_TIMES]
        )
        behind = (shown(tables[f"time_to_{name}"], words),)
        # An acknowledgement takes seconds, whatever it is about.
        if name == "acknowledgement":
            blocks.append(Block(sentence, tables=behind))
        else:
            blocks.append(Block(sentence, "", rows, keys, behind))
    return Section("times", words.texts["section-times"], tuple(blocks)) if blocks else None


def praise(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section | None:
    """What people are glad about."""
    one = next(count for count in figures.kinds if count.name == CaseKind.PRAISE)
    if not one.count and not one.before:
        return None
    chart = charts.spark(figures.by_kind[CaseKind.PRAISE], "s-praise", rtl=rtl)
    sentence = words.say("says-praise", count=one.count, before=one.before)
    block = Block(sentence, chart, tables=(shown(tables["praise"], words),))
    return Section("praise", words.texts["section-praise"], (block,))


def _against(words: Words) -> tuple[Key, ...]:
    return (
        Key(charts.swatch("s-complaint"), words.texts["column-cases"]),
        Key(charts.mark(), words.texts["of-before"]),
    )


def _grown(complaints: list[Cause]) -> Cause | None:
    """The cause that has most cases more than before, where they are some."""
    most = max(complaints, key=lambda one: one.count - one.before)
    return most if most.count - most.before >= LEAST_GROWN else None
