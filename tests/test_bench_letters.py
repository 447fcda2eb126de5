"""The pictures of letters: every language that has letters can be looked at."""

from __future__ import annotations

from bench.letters import pages, shipped
from outbox import samples
from tests.agents_letters import AGENTS_LETTERS

SHIPPED = shipped()


def test_a_language_with_letters_for_customers_alone_shows_those() -> None:
    titles = {title for title, _ in pages(SHIPPED, "de", samples.FULL)}
    assert "ack_complaint" in titles
    assert not titles & set(AGENTS_LETTERS)


def test_a_language_of_agents_shows_theirs_too() -> None:
    assert {title for title, _ in pages(SHIPPED, "he", samples.FULL)} > set(AGENTS_LETTERS)
