"""The page: one static HTML file that needs no network."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.figures import Figures

MINUTE, HOUR, DAY = 60, 3600, 86400


def render(figures: Figures) -> str:
    """The whole page as HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["length_of"] = length_of
    groups = [
        ("By status", figures.by_status),
        ("By kind", figures.by_kind),
        ("By category", figures.by_category),
        ("By language", figures.by_language),
        ("Check-in scores", figures.scores),
    ]
    times = [
        ("the acknowledgement", figures.acknowledged),
        ("the first answer", figures.answered),
        ("resolution", figures.resolved),
    ]
    return environment.get_template("page.html").render(figures=figures, groups=groups, times=times)


def length_of(time: timedelta | None) -> str:
    """A length of time in the unit that suits it."""
    if time is None:
        return "–"
    seconds = time.total_seconds()
    for length, unit in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "min")):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.1f} s"
