"""The second half of the page: what was kept, what customers said, what it cost, what waits, who did it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from markupsafe import Markup

from reports import charts
from reports.counting import AGES
from reports.figures import Figures, Kept
from reports.page_parts import Block, Key, Row, Section, Tile, shown
from reports.page_sections import MOST_TIMES, Tables
from reports.statistics import share
from reports.words import Words

WEEK_OLD = 7
GOOD, FAIR, BAD, OPEN = "s-good", "s-fair", "s-bad", "s-other"
_LOOKS = {"kept": GOOD, "late": FAIR, "missed": BAD, "running": OPEN}


def deadlines(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section:
    """Deadlines for an answer, a resolution and the final answer, and promises."""
    answer = figures.deadlines["answer"]
    sentence = words.say("says-no-deadlines")
    if answer.all.decided:
        sentence = words.say(
            "says-deadlines",
            kept=answer.all.kept,
            decided=answer.all.decided,
            share=_share(answer.all),
            before=_share(answer.before),
        )
    rows = tuple(
        Row(words.texts[f"which-{which}"], _kept_of(found.all, words), _stack(found.all, rtl=rtl))
        for which, found in figures.deadlines.items()
        if sum(found.all)
    )
    blocks = [Block(sentence, "", rows, _keys(words, late=False), (shown(tables["deadlines"], words),))]
    promises = figures.promises
    if sum(promises.all):
        said = words.say(
            "says-promises",
            kept=promises.all.kept,
            late=promises.all.late,
            missed=promises.all.missed,
            decided=promises.all.decided,
            share=_share(promises.all) or 0,
            before=_share(promises.before),
        )
        row = Row(words.texts["of-all"], _kept_of(promises.all, words), _stack(promises.all, rtl=rtl))
        blocks.append(Block(said, "", (row,), _keys(words, late=True), (shown(tables["promises"], words),)))
    else:
        blocks.append(Block(words.say("says-no-promises")))
    return Section("deadlines", words.texts["section-deadlines"], tuple(blocks))


def satisfaction(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section:
    """What customers said, and how sure one can be of it."""
    said = figures.satisfaction
    blocks = []
    if said.asked:
        asked = words.say("says-asked", asked=said.asked, answered=said.answered)
        blocks.append(Block(asked, tables=(shown(tables["check_ins"], words),)))
    if not said.satisfied.whole:
        blocks.append(Block(words.say("says-no-scores")))
        return Section("satisfaction", words.texts["section-satisfaction"], tuple(blocks))
    one = said.satisfied
    values = {"part": one.part, "whole": one.whole, "share": one.share, "low": one.low, "high": one.high}
    sentence = words.say("says-scores", **values, before=said.before.share)
    top = max(said.scores)
    rows = tuple(
        Row(
            words.say("score", score=score),
            words.number(many),
            charts.bar(many / top, None, GOOD if score >= 4 else FAIR if score == 3 else BAD, rtl=rtl),
        )
        for score, many in reversed(list(enumerate(said.scores, 1)))
    )
    blocks.append(Block(sentence, "", rows, (), (shown(tables["scores"], words),)))
    lowest = min(said.by_category, key=lambda each: each[1].share or 0)
    told = words.say("says-satisfied", cause=lowest[0], share=lowest[1].share, whole=lowest[1].whole)
    rows = tuple(
        Row(
            words.cause(category),
            f"{words.share(found.share or 0)} ({words.number(found.whole)})",
            charts.span(found.low or 0, found.share or 0, found.high or 0, GOOD, rtl=rtl),
        )
        for category, found in said.by_category[:MOST_TIMES]
    )
    keys = (Key(charts.dot(GOOD), words.texts["column-satisfied"]),)
    blocks.append(Block(told, "", rows, keys, (shown(tables["satisfaction"], words),)))
    return Section("satisfaction", words.texts["section-satisfaction"], tuple(blocks))


def reopened(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section:
    """What was ended and went on all the same."""
    ended, again = sum(one.ended for one in figures.reopened), sum(one.reopened for one in figures.reopened)
    title = words.texts["section-reopened"]
    if not ended:
        return Section("reopened", title, (Block(words.say("says-no-reopened")),))
    past = share(
        sum(one.reopened for one in figures.reopened_before),
        sum(one.ended for one in figures.reopened_before),
    )
    sentence = words.say("says-reopened", ended=ended, reopened=again, share=again / ended, before=past.share)
    some = [one for one in figures.reopened if one.reopened][:MOST_TIMES]
    top = max((one.reopened / one.ended for one in some), default=1)
    rows = tuple(
        Row(
            words.cause(one.category),
            f"{words.number(one.reopened)} ({words.share(one.reopened / one.ended)})",
            charts.bar(one.reopened / one.ended / top, None, BAD, rtl=rtl),
        )
        for one in some
    )
    block = Block(sentence, "", rows, (), (shown(tables["reopened"], words),))
    return Section("reopened", title, (block,))


def compensation(figures: Figures, tables: Tables, words: Words) -> Section:
    """What was offered, paid and is owed, by currency."""
    whole = [one for one in figures.compensation if not one.kind]
    sentences = [words.say("says-compensation", **one._asdict()) for one in whole]
    sentence = Markup(" ").join(sentences) if sentences else words.say("says-no-compensation")
    behind = (shown(tables["compensation"], words),) if whole else ()
    return Section(
        "compensation", words.texts["section-compensation"], (Block(sentence, tables=behind, open=True),)
    )


def queue(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section:
    """What waits for a person now."""
    found = figures.queue
    sentence = words.say(
        "says-queue",
        count=found.waiting,
        unassigned=found.unassigned,
        overdue=found.overdue,
        put_off=found.put_off,
    )
    title = words.texts["section-queue"]
    if not found.waiting:
        return Section("queue", title, (Block(sentence),))
    by_severity = _counts(
        [(words.label("severity", name), many) for name, many in found.by_severity],
        "s-complaint",
        words,
        rtl=rtl,
    )
    behind = (shown(tables["queue"], words), shown(tables["queue_by_severity"], words))
    old = sum(found.by_age[sum(age.days <= WEEK_OLD for age in AGES) :])
    ages = _counts(list(zip(_ages(words), found.by_age, strict=True)), "s-question", words, rtl=rtl)
    oldest = found.oldest[0]
    return Section(
        "queue",
        title,
        (
            Block(sentence, "", by_severity, (), behind),
            Block(
                words.say("says-age", count=old, days=WEEK_OLD),
                "",
                ages,
                (),
                (shown(tables["queue_by_age"], words),),
            ),
            Block(
                words.say("says-oldest", number=oldest.number, opened=oldest.opened_at),
                tables=(shown(tables["oldest"], words),),
                open=True,
            ),
        ),
    )


def agents(figures: Figures, tables: Tables, words: Words, *, rtl: bool) -> Section | None:
    """What each agent did, for those who may see it."""
    if figures.agents is None:
        return None
    approved = sum(one.approved for one in figures.agents)
    sentence = words.say(
        "says-agents", count=approved, agents=sum(one.approved > 0 for one in figures.agents)
    )
    top = max((one.approved for one in figures.agents), default=0) or 1
    rows = tuple(
        Row(
            words.agent(one.address),
            words.number(one.approved),
            charts.bar(one.approved / top, None, "s-complaint", rtl=rtl),
        )
        for one in figures.agents
    )
    block = Block(sentence, "", rows, (), (shown(tables["agents"], words),))
    return Section("agents", words.texts["section-agents"], (block,))


def tiles(figures: Figures, words: Words) -> list[Tile]:
    """The figures on top."""
    answer, kept = figures.times["answer"], figures.deadlines["answer"]
    said = figures.satisfaction
    ended = sum(one.ended for one in figures.reopened)
    again = sum(one.reopened for one in figures.reopened)
    before = sum(one.ended for one in figures.reopened_before)
    past = sum(one.reopened for one in figures.reopened_before)
    found: list[tuple[str, str | None, str | None]] = [
        ("received", words.number(figures.received), words.number(figures.received_before)),
        ("waiting", words.number(figures.queue.waiting), None),
        ("answer", _if(words.length, answer.all.median), _if(words.length, answer.before.median)),
        ("deadlines", _if(words.share, _share(kept.all)), _if(words.share, _share(kept.before))),
        ("satisfied", _if(words.share, said.satisfied.share), _if(words.share, said.before.share)),
        (
            "reopened",
            _if(words.share, share(again, ended).share),
            _if(words.share, share(past, before).share),
        ),
    ]
    return [
        Tile(words.texts[f"tile-{name}"], value, words.say("tile-before", value=before) if before else "")
        for name, value, before in found
        if value is not None
    ]


def _if(said: Callable[[float], str], value: float | None) -> str | None:
    return None if value is None else said(value)


def _counts(rows: list[tuple[str, int]], look: str, words: Words, *, rtl: bool) -> tuple[Row, ...]:
    top = max(many for _, many in rows) or 1
    return tuple(
        Row(name, words.number(many), charts.bar(many / top, None, look, rtl=rtl)) for name, many in rows
    )


def _ages(words: Words) -> list[str]:
    days = [age.days for age in AGES]
    between = [words.say("age", **{"from": low, "to": high}) for low, high in pairwise(days)]
    return [words.say("age-first", to=days[0]), *between, words.say("age-last", **{"from": days[-1]})]


def _share(kept: Kept) -> float | None:
    return share(kept.kept, kept.decided).share


def _kept_of(kept: Kept, words: Words) -> str:
    return f"{words.number(kept.kept)} / {words.number(kept.decided)}"


def _stack(kept: Kept, *, rtl: bool) -> Markup:
    whole = sum(kept)
    return charts.stack([(_LOOKS[name], many / whole) for name, many in kept._asdict().items()], rtl=rtl)


def _keys(words: Words, *, late: bool) -> tuple[Key, ...]:
    return tuple(
        Key(charts.swatch(look), words.texts[f"column-{name}"])
        for name, look in _LOOKS.items()
        if late or name != "late"
    )
