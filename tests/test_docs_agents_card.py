"""docs/agents-card*.md: made from the registry, whole in each language, and one sheet of A4."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cases.commands.registry import COMMANDS
from reports import agents_card
from tests.browser import CHROMIUM, NO_CHROMIUM
from tests.chromium import printed
from tests.docs_printed import printable

EVERYDAY = [name for names in agents_card.GROUPS.values() for name in names]
PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.mark.parametrize("language", agents_card.LANGUAGES)
def test_a_card_is_current(language: str) -> None:
    kept = agents_card.path_of(language).read_text("utf-8")
    assert kept == agents_card.card(language), "write it anew: make agents-page"


def test_each_command_of_a_card_is_in_the_registry_once() -> None:
    assert len(EVERYDAY) == len(set(EVERYDAY))
    assert set(EVERYDAY) <= set(COMMANDS)


@pytest.mark.parametrize("language", agents_card.FROM_RIGHT)
def test_a_card_speaks_its_language_alone(language: str) -> None:
    text = agents_card.card(language)
    body = re.sub(r"<[^>]*>|`[^`]*`|\([a-z]+\)", "", text)
    assert re.findall(r"[A-Za-z]{2,}", body) == []
    for name in EVERYDAY:
        assert f"({name})`" in text, "the English name stands beside the other"


@pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
@pytest.mark.parametrize("language", agents_card.LANGUAGES)
def test_a_card_fits_on_one_sheet(language: str, tmp_path: Path) -> None:
    sheet = tmp_path / "card.pdf"
    printed(printable(agents_card.card(language)), sheet)
    assert len(PAGES.findall(sheet.read_bytes())) == 1


@pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)
def test_a_card_with_three_times_the_words_would_not(tmp_path: Path) -> None:
    sheet = tmp_path / "card.pdf"
    printed(printable(agents_card.card("en") * 3), sheet)
    assert len(PAGES.findall(sheet.read_bytes())) > 1
