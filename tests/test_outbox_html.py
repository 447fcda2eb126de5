"""The HTML of letters keeps to what common mail programs show: simple blocks, styles on each element, nothing
that is loaded or runs."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from language.direction import direction
from outbox.letters import Letters
from tests.agents_letters import AGENTS_LETTERS, rendered
from tests.letters_looked_at import LANGUAGES, TEMPLATES, as_it_leaves, cases, of_customers

FOUND, PROBLEMS = Letters.load(TEMPLATES, ZoneInfo("Asia/Tehran"))
assert FOUND, PROBLEMS
SHIPPED = FOUND
ELEMENTS = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "div",
    "p",
    "h2",
    "ul",
    "li",
    "blockquote",
    "a",
    "br",
    "bdi",
    "span",
}
ATTRIBUTES = {
    "lang",
    "dir",
    "style",
    "href",
    "charset",
    "name",
    "content",
    "role",
    "aria-roledescription",
    "aria-label",
}
STYLES = {
    *(f"margin{side}" for side in ("", "-left", "-right")),
    *(f"padding{side}" for side in ("", "-left", "-right")),
    *("border", "border-left", "border-right", "border-radius", "background-color", "color", "box-sizing"),
    *(
        "font-family",
        "font-size",
        "font-weight",
        "line-height",
        "text-align",
        "text-decoration",
        "white-space",
    ),
    *("max-width", "min-width", "display", "overflow-wrap", "word-wrap"),
}
"""What Gmail, Outlook and Apple Mail know, or leave out without harm."""
CLIPPED = 100_000
"""Bytes from which Gmail cuts a letter off, and a little less."""


class Parts(HTMLParser):
    """The elements of a letter."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


@cache
def letters(language: str) -> dict[str, str]:
    """Every letter of a language as HTML."""
    made = {
        (name, case): as_it_leaves(SHIPPED, name, language, values).html
        for name in of_customers(SHIPPED)
        for case, values in cases(name, language).items()
    }
    found = {f"{name} {case}": html for (name, case), html in made.items()}
    to_agents = AGENTS_LETTERS if SHIPPED.has(AGENTS_LETTERS[0], language) else ()
    return found | {name: rendered(SHIPPED, name, language, language).html for name in to_agents}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_has_nothing_that_mail_programs_drop_or_load(language: str) -> None:
    for name, html in letters(language).items():
        parts = Parts(html).found
        assert {tag for tag, _ in parts} <= ELEMENTS, name
        assert {attribute for _, attributes in parts for attribute in attributes} <= ATTRIBUTES, name
        styles = [rule for _, attributes in parts for rule in attributes.get("style", "").split(";") if rule]
        assert {rule.partition(":")[0].strip() for rule in styles} <= STYLES, name
        assert not [rule for rule in styles if re.search(r"url\(|expression|!important|-1?[0-9]+px", rule)], (
            name
        )
        links = [attributes["href"] for tag, attributes in parts if tag == "a"]
        assert not [link for link in links if not re.match("mailto:|https://", link)], name
        assert len(html.encode()) < CLIPPED, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_says_what_it_is_and_which_way_it_runs_to_screen_readers_too(language: str) -> None:
    for name, html in letters(language).items():
        parts = Parts(html).found
        root = dict(parts)["html"]
        assert (root["lang"], root["dir"]) == (language, direction(language)), name
        # Webmail keeps what is in the body alone.
        (article,) = (attributes for _, attributes in parts if attributes.get("role") == "article")
        assert (article["lang"], article["dir"]) == (language, direction(language)), name
        assert article["aria-label"], name


def test_a_letter_in_the_code_of_a_customer_stays_text() -> None:
    values = cases("ack_complaint", "fa")["full"] | {
        "name": '"><img src=x onerror=alert(1)>',
        "subject": "</div>",
    }
    parts = Parts(SHIPPED.render("ack_complaint", "fa", values).html).found
    assert {tag for tag, _ in parts} <= ELEMENTS
    assert {attribute for _, attributes in parts for attribute in attributes} <= ATTRIBUTES


def test_the_layout_is_the_only_file_of_html() -> None:
    assert [path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html")] == [Path("layout.html")]
