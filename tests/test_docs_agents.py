"""docs/agents.md: its table of commands is the registry's."""

from pathlib import Path

import pytest

from cases.commands.registry import COMMANDS
from reports import commands_table

PAGE = Path(__file__).parent.parent / "docs" / "agents.md"
WORDS = commands_table.shipped_words()


def test_the_table_of_commands_is_current() -> None:
    page = PAGE.read_text("utf-8")
    assert page == commands_table.updated(page, COMMANDS.values(), WORDS), "write it anew: make agents-page"


def test_the_table_has_a_row_for_every_command_with_its_names_in_each_language() -> None:
    rows = commands_table.table(COMMANDS.values(), WORDS).split("\n")[2:]
    assert len(rows) == len(COMMANDS)
    for row, name in zip(rows, COMMANDS, strict=True):
        assert row.startswith(f"| `{name}")
        assert row.count(" · ") == 2, f"{name} has no name in fa, he or ar (rules/words)"
        assert row.replace("\\|", "").count("|") == 4


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="the page has no place for the table"):
        commands_table.updated("# For agents\n", COMMANDS.values(), WORDS)


def test_the_table_is_made_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    page = tmp_path / "agents.md"
    old = f"{commands_table.BEGIN}\na row of long ago\n{commands_table.END}"
    page.write_text(f"before\n{old}\nafter\n", "utf-8")
    commands_table.write(page)
    text = page.read_text("utf-8")
    assert text.startswith(f"before\n{commands_table.BEGIN}\n\n| write |")
    assert text.endswith(f"|\n\n{commands_table.END}\nafter\n")
    assert "long ago" not in text
