"""The page: one static HTML file that needs no network."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from language.direction import direction
from reports import page_sections as first
from reports import page_sections_after as after
from reports.figures import Figures
from reports.page_parts import Block, Section
from reports.tables import tables
from reports.words import Words

HERE = Path(__file__).parent


def render(figures: Figures, words: Words) -> str:
    """The whole page as HTML, in the language of the words and its direction."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    days, before = figures.days, figures.before
    return environment.get_template("page.html").render(
        lang=words.language,
        direction=direction(words.language),
        style=Markup((HERE / "page.css").read_text("utf-8")),  # noqa: S704 - a file of ours
        title=words.say("title"),
        period=words.say("period", first=days.first, last=days.last),
        made=words.say(
            "made",
            at=figures.made_at,
            zone=days.zone.key,
            days=days.count,
            first=before.first,
            last=before.last,
        ),
        tiles=after.tiles(figures, words),
        sections=sections(figures, words),
        texts=words.texts,
    )


def sections(figures: Figures, words: Words) -> list[Section]:
    """What there is to tell, in order."""
    behind, rtl = tables(figures), direction(words.language) == "rtl"
    found = (
        first.volumes(figures, behind, words, rtl=rtl),
        first.causes(figures, behind, words, rtl=rtl),
        first.signals(figures, behind, words),
        after.queue(figures, behind, words, rtl=rtl),
        first.times(figures, behind, words, rtl=rtl),
        after.deadlines(figures, behind, words, rtl=rtl),
        after.satisfaction(figures, behind, words, rtl=rtl),
        after.reopened(figures, behind, words, rtl=rtl),
        after.compensation(figures, behind, words),
        first.praise(figures, behind, words, rtl=rtl),
        after.agents(figures, behind, words, rtl=rtl),
        _notes(figures, words),
    )
    return [section for section in found if section is not None]


def _notes(figures: Figures, words: Words) -> Section:
    names = ["volumes", "queue", "times", "deadlines", "satisfaction", "reopened"]
    names += ["agents"] if figures.agents is not None else []
    said = Markup("<strong>{}.</strong> {}")
    notes = tuple(
        Block(said.format(words.texts[f"section-{name}"], words.say(f"note-{name}", hours=words.day_hours)))
        for name in names
    )
    return Section("notes", words.texts["section-notes"], notes)
