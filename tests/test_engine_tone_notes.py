"""The tone of the letters' templates, as `check` tells it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.tone_notes import notes
from language.problem import Problem
from outbox.letters import Letters
from tests.toning import LANGUAGES, ROOT, rulebook

TEMPLATES = ROOT / "templates"


def told(folder: Path) -> list[Problem]:
    letters, problems = Letters.load(folder)
    assert letters, problems
    return list(notes(folder, letters, rulebook()))


@pytest.fixture(scope="module")
def shipped() -> list[Problem]:
    return told(TEMPLATES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_shipped_letter_has_anything_to_be_told(shipped: list[Problem], language: str) -> None:
    assert [str(one) for one in shipped if Path(one.file).is_relative_to(TEMPLATES / language)] == []


def test_what_is_found_is_told_once_at_its_line_with_a_better_wording(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder, ignore=shutil.ignore_patterns("fa", "he", "ar", "de"))
    late = folder / "en" / "answer" / "late.md"
    text = late.read_text("utf-8")
    late.write_text(f"{text}\nKindly note: we are sorry if you feel that way.\n", "utf-8")
    found = [one for one in told(folder) if one.file == str(late)]
    assert [(one.line, one.column) for one in found] == [
        (text.count("\n") + 2, 21),
        (text.count("\n") + 2, 1),
    ]
    assert "(D10): “sorry if you feel that way” is sorry for how the customer feels" in found[0].message
    assert "Better: “" in found[0].message


def test_a_part_that_a_letter_lacks_in_one_of_its_branches_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder, ignore=shutil.ignore_patterns("fa", "he", "ar", "de"))
    late = folder / "en" / "answer" / "late.md"
    late.write_text(
        "---\nparts: [apology, contact]\n---\n"
        "{% if fault == 'ours' %}It is late.{% else %}We are sorry.{% endif %}\n\nReply to this mail.\n",
        "utf-8",
    )
    found = [one for one in told(folder) if one.file == str(late)]
    assert [one.line for one in found] == [0]
    assert "It has no apology, and the fault is ours." in found[0].message
