"""Charts as inline SVG: they need no network, take the colours of the page, and grow with its width.

Across, everything is in percent, so that nothing is squeezed on a phone; a page that runs from right to left
has its charts so, too. What a chart shows stands in words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from markupsafe import Markup

HIGH, TOP, BELOW, SIDE = 180, 12, 22, 12.0
"""Height of the columns, room above and below them in pixels, and beside them in percent."""
BAR = 12
LINES = 3


class Series(NamedTuple):
    """One kind of what is stacked: its class in the style, and its values."""

    look: str
    name: str
    values: Sequence[int]


class Axis(NamedTuple):
    """What stands below the columns: the first and the last one's names, each one's in full."""

    first: str
    last: str
    each: Sequence[str]
    short: frozenset[int]
    """Those that are not whole: the week that has just begun."""


def columns(
    series: Sequence[Series], axis: Axis, called: str, numbers: Sequence[str], *, rtl: bool
) -> Markup:
    """Stacked columns. `numbers` are the words of `steps`, from the lowest line to the highest."""
    many = len(axis.each)
    highest = steps(
        max((sum(values) for values in zip(*(one.values for one in series), strict=True)), default=0)
    )
    high, wide = HIGH - TOP - BELOW, (100 - SIDE) / max(many, 1)
    drawn = [_lines(highest, numbers, rtl=rtl)]
    for at in range(many):
        below = float(HIGH - BELOW)
        for one in series:
            tall = one.values[at] / highest[-1] * high
            if tall:
                below -= tall
                x = _across(SIDE + at * wide + wide * 0.1, wide * 0.8, rtl=rtl)
                title = f"{axis.each[at]}: {one.name}"
                look = f"{one.look} short" if at in axis.short else one.look
                drawn.append(_rect(x, below, wide * 0.8, tall, look, title))
    drawn.append(_axis(axis, rtl=rtl))
    return _svg(HIGH, drawn, "columns", called)


def steps(highest: int) -> list[int]:
    """Round numbers for the lines of a chart, up to one that nothing exceeds."""
    if highest < 1:
        return [1]
    rough = highest / LINES
    ten = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = next(each * ten for each in (1, 2, 5, 10) if each * ten >= rough)
    return [int(step * (n + 1)) for n in range(ceil(highest / step))]


def bar(share: float, before: float | None, look: str, *, rtl: bool) -> Markup:
    """A bar of a share of the width, and a mark where it was before."""
    drawn = [_rail(BAR - 1)]
    if share:
        drawn.append(_rect(_across(0, share * 100, rtl=rtl), 1, share * 100, BAR - 2, look))
    if before is not None:
        drawn.append(_mark(min(before, 1.0), rtl=rtl))
    return _svg(BAR, drawn, "bar")


def stack(parts: Sequence[tuple[str, float]], *, rtl: bool) -> Markup:
    """Shares side by side that fill the width, each by its look."""
    drawn, x = [], 0.0
    for look, share in parts:
        if share:
            drawn.append(_rect(_across(x, share * 100, rtl=rtl), 1, share * 100, BAR - 2, look))
        x += share * 100
    return _svg(BAR, drawn, "bar")


def span(low: float, middle: float, high: float, look: str, *, rtl: bool) -> Markup:
    """A line from one share of the width to another, and a dot on it."""
    x1, x2, dot = (_at(share, rtl=rtl) for share in (low, high, middle))
    half = BAR / 2
    drawn = [
        _rail(half),
        Markup('<line class="{} span" x1="{}%" x2="{}%" y1="{}" y2="{}"/>').format(look, x1, x2, half, half),
        Markup('<circle class="{} dot" cx="{}%" cy="{}" r="5"/>').format(look, dot, half),
    ]
    return _svg(BAR, drawn, "bar")


def spark(values: Sequence[int], look: str, *, rtl: bool) -> Markup:
    """Small columns without any number: how something went."""
    highest, wide, tall = max(values, default=0) or 1, 100 / max(len(values), 1), 20
    drawn = [
        _rect(_across(at * wide, wide * 0.85, rtl=rtl), tall - high, wide * 0.85, high, look)
        for at, value in enumerate(values)
        if (high := max(1.0, value / highest * tall)) and value
    ]
    return _svg(tall, drawn, "spark")


def swatch(look: str) -> Markup:
    """A colour of a legend."""
    return _sign(Markup('<rect class="{}" width="12" height="12"/>').format(look))


def mark() -> Markup:
    """The mark of a bar, in a legend."""
    return _sign(Markup('<line class="was" x1="6" x2="6" y1="0" y2="12"/>'))


def dot(look: str) -> Markup:
    """The dot of a line, in a legend."""
    return _sign(Markup('<circle class="{} dot" cx="6" cy="6" r="5"/>').format(look))


def line(look: str) -> Markup:
    """The line itself, in a legend."""
    return _sign(Markup('<line class="{} span" x1="1" x2="11" y1="6" y2="6"/>').format(look))


def _sign(drawn: Markup) -> Markup:
    return Markup(
        '<svg class="swatch" width="12" height="12" aria-hidden="true" focusable="false">{}</svg>'
    ).format(drawn)


def _lines(highest: Sequence[int], numbers: Sequence[str], *, rtl: bool) -> Markup:
    floor_at, high = HIGH - BELOW, HIGH - TOP - BELOW
    drawn = [_line(floor_at, rtl=rtl)]
    for step, words in zip(highest, numbers, strict=True):
        y = floor_at - step / highest[-1] * high
        drawn.append(_line(y, rtl=rtl))
        x = 100 - SIDE + 1.5 if rtl else SIDE - 1.5
        drawn.append(_text(x, y + 4, "end", words))
    return Markup("").join(drawn)


def _line(y: float, *, rtl: bool) -> Markup:
    left, right = (0, 100 - SIDE) if rtl else (SIDE, 100)
    return Markup('<line class="grid" x1="{}%" x2="{}%" y1="{}" y2="{}"/>').format(left, right, _r(y), _r(y))


def _axis(axis: Axis, *, rtl: bool) -> Markup:
    begins, ends = (100 - SIDE, 0.0) if rtl else (SIDE, 100.0)
    first = _text(begins, HIGH - 5, "start", axis.first)
    return first + _text(ends, HIGH - 5, "end", axis.last) if len(axis.each) > 1 else first


def _text(x: float, y: float, anchor: str, words: str) -> Markup:
    return Markup('<text x="{}%" y="{}" text-anchor="{}">{}</text>').format(_r(x), _r(y), anchor, words)


def _rail(y: float) -> Markup:
    return Markup('<line class="rail" x1="0" x2="100%" y1="{y}" y2="{y}"/>').format(y=y)


def _mark(share: float, *, rtl: bool) -> Markup:
    x = _at(share, rtl=rtl)
    return Markup('<line class="was" x1="{x}%" x2="{x}%" y1="0" y2="{y}"/>').format(x=x, y=BAR)


def _rect(x: float, y: float, wide: float, tall: float, look: str, title: str = "") -> Markup:
    within = Markup("<title>{}</title>").format(title) if title else Markup("")
    return Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}">{}</rect>').format(
        look, _r(x), _r(y), _r(wide), _r(tall), within
    )


def _across(x: float, wide: float, *, rtl: bool) -> float:
    """Where something that wide begins, counted from the left."""
    return 100 - x - wide if rtl else x


def _at(share: float, *, rtl: bool) -> float:
    return _r(100 - share * 100 if rtl else share * 100)


def _r(number: float) -> float:
    return round(number, 2)


def _svg(high: int, drawn: Sequence[Markup], look: str, called: str = "") -> Markup:
    about = (
        Markup('role="img" aria-label="{}"').format(called)
        if called
        else Markup('aria-hidden="true" focusable="false"')
    )
    return Markup('<svg class="{}" width="100%" height="{}" {}>{}</svg>').format(
        look, high, about, Markup("").join(drawn)
    )
