"""The HTML form of a letter: its blocks, escaped, in the frame of templates/layout.html."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Template
from markupsafe import Markup, escape

from language.direction import direction, first_strong, has_right_to_left
from outbox.markup import START, Block, grouped

Shown = tuple[str, list[tuple[str, Markup, Markup]]]
"""A group for the layout: kind, then direction, content and link of each part."""
_AS_WRITTEN = frozenset({"words", "frame", "prose"})
"""Kinds whose isolates are the writer's own characters; elsewhere they are ours, and become elements."""
_OF_OTHERS = frozenset({"words", "frame"})
"""Texts that somebody else wrote, or will read: each line of them runs its own way."""
_KINDS = {"prose": "paragraph"}
"""What the layout knows a kind as, where it has another name there."""
_NONE = Markup("")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_UNBROKEN = re.compile(r"(?<![\w.@/&;#=-])(?=[\w-]{3,24}(?![\w-]))(?=[a-zA-Z-]*\d)\w+(?:-\w+)+(?![@/]|\.\w)")
"""A number such as AB-4711: broken by an end of line it could read backwards, and is hard to find."""
_WITHOUT_END = r'<span style="white-space:nowrap;">\g<0></span>'
_ISOLATED = re.compile("(?P<begins>[\u2067\u2068])(?P<text>[^\u2066-\u2069]*)\u2069")


def page(layout: Template, blocks: list[Block], language: str, subject: str) -> str:
    """The whole page."""
    groups = shown(blocks, language)
    return layout.render(lang=language, dir=direction(language), subject=subject, groups=groups)


def shown(blocks: list[Block], language: str) -> list[Shown]:
    """What the layout gets. Whatever the blocks hold is text: it can't become an element."""
    parts = list(_paragraphs(blocks, language))
    contents = _contents(parts)
    return [
        (
            _KINDS.get(kind, kind),
            [(one.direction, next(contents), escape(one.link) if one.link else _NONE) for one in members],
        )
        for kind, members in grouped(parts)
    ]


def _paragraphs(blocks: list[Block], language: str) -> Iterator[Block]:
    """The blocks, prose as its paragraphs; each has its own direction where that is not the letter's."""
    for block in blocks:
        if block.kind != "prose":
            yield block
            continue
        for text in _BLANK_LINES.split(block.content):
            own = first_strong(text)
            yield Block("prose", own if own != direction(language) else "", text)


def _contents(parts: list[Block]) -> Iterator[Markup]:
    # All at once: each call has its price, and START stands in no content.
    escaped = str(escape(START.join([one.content for one in parts]))).replace("\n", "<br>\n")
    for one, given in zip(parts, escaped.split(START), strict=bool(parts)):
        text = _turned(one, given) if one.kind in _OF_OTHERS else given
        if "-" in text and not one.link:
            text = _UNBROKEN.sub(_WITHOUT_END, text)
        ours = "\u2069" in text and one.kind not in _AS_WRITTEN
        yield Markup(_ISOLATED.sub(_element, text) if ours else text)  # noqa: S704 - escaped above


def _turned(block: Block, escaped: str) -> str:
    """The text with an element around each stretch of lines that runs against the block."""
    if not has_right_to_left(block.content):
        return escaped
    lines = zip(block.content.split("\n"), escaped.split("<br>\n"), strict=True)
    runs: list[tuple[str, list[str]]] = []
    for line, shown in lines:
        own = _own(line, block.direction) if line.strip() or not runs else runs[-1][0]
        if runs and runs[-1][0] == own:
            runs[-1][1].append(shown)
        else:
            runs.append((own, [shown]))
    if len(runs) == 1:
        return escaped
    return "\n".join(_run(own, "<br>\n".join(shown)) for own, shown in runs)


def _own(line: str, around: str) -> str:
    """Which way a line runs: in text from right to left, another way only without a word of that."""
    found = first_strong(line)
    if not found or (around == "rtl" and has_right_to_left(line)):
        return around
    return found


def _run(own: str, shown: str) -> str:
    side = "right" if own == "rtl" else "left"
    # A line break at the end of an element shows nothing.
    end = "<br>" if shown.endswith("<br>\n") else ""
    return f'<div dir="{own}" style="text-align:{side};">{shown}{end}</div>'


def _element(isolated: re.Match[str]) -> str:
    direction = ' dir="rtl"' if isolated["begins"] == "\u2067" else ""
    return f"<bdi{direction}>{isolated['text']}</bdi>"
