"""Letters as they would leave, side by side on one page that needs no network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from language.direction import direction


class Preview(NamedTuple):
    """A letter in a language, filled in with a sample case."""

    letter: str
    language: str
    """The one that it was asked for in."""
    cases: tuple[str, ...]
    """The sample cases in which it says just this."""
    subject: str
    html: str
    text: str
    written_in: str
    """The language that it is in, which may be a stand-in."""

    @property
    def place(self) -> str:
        """A name for links to it."""
        return f"{self.letter}-{self.language}".replace("/", "-")

    @property
    def direction(self) -> str:
        """Which way it runs."""
        return direction(self.written_in)


class Group(NamedTuple):
    """A letter in one language."""

    place: str
    letter: str
    language: str
    previews: Sequence[Preview]


def page(previews: Iterable[Preview]) -> str:
    """The whole page. Each letter stands in a frame of its own, in which nothing runs or is loaded."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parted = groupby(previews, lambda one: (one.place, one.letter, one.language))
    groups = [Group(*about, list(members)) for about, members in parted]
    letters = [(letter, list(members)) for letter, members in groupby(groups, lambda group: group.letter)]
    return environment.get_template("previews.html").render(letters=letters)
