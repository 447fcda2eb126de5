"""The pictures of letters: every language that has letters can be looked at."""

from __future__ import annotations

import pytest

from bench.letters import pages, shipped
from outbox import samples
from outbox.letters import Letters
from tests.agents_letters import AGENTS_LETTERS


@pytest.fixture(scope="module")
def letters() -> Letters:
    return shipped()


def test_a_language_with_letters_for_customers_alone_shows_those(letters: Letters) -> None:
    titles = {title for title, _ in pages(letters, "de", samples.FULL)}
    assert "ack_complaint" in titles
    assert not titles & set(AGENTS_LETTERS)


def test_a_language_of_agents_shows_theirs_too(letters: Letters) -> None:
    assert {title for title, _ in pages(letters, "he", samples.FULL)} > set(AGENTS_LETTERS)
