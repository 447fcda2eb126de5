"""Lines without what mail clients put around words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.commands.lines import as_written, without_bold, without_bullet, without_links


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("- approve", "approve"),
        ("• x", "x"),
        ("12) x", "x"),
        ("-- ", "--"),
        ("-5", "-5"),
        ("2026. x", "2026. x"),
    ],
)
def test_a_lists_mark_goes(line: str, bare: str) -> None:
    assert without_bullet(line) == bare


@pytest.mark.parametrize(
    ("line", "bare"),
    [("*approve*", "approve"), ("__x y__", "x y"), ("*x", "*x"), ("**", "**"), ("*a* and *b*", "a* and *b")],
)
def test_the_marks_of_bold_go(line: str, bare: str) -> None:
    assert without_bold(line) == bare


@pytest.mark.parametrize(
    ("rest", "left"),
    [
        ("<https://x.example>", ""),
        ("(mailto:dana@example.com)", ""),
        ("dana@example.com<mailto:dana@example.com>", "dana@example.com"),
        ("dana@example.com <mailto:eve@example.org>", "dana@example.com <mailto:eve@example.org>"),
        ("see <https://x.example> first", "see <https://x.example> first"),
    ],
)
def test_the_marks_of_a_link_go(rest: str, left: str) -> None:
    assert without_links(rest) == left


LINES = st.lists(st.sampled_from(["approve", "note x", "", "Sara", "x y"]), min_size=1, max_size=8)


@given(LINES)
def test_doubled_line_ends_are_read_as_they_were_written(lines: list[str]) -> None:
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    said = [line for line in lines if line]
    if len(said) < 2 or "" not in lines:
        return
    whole = "\n\n".join(line or "\xa0" for line in lines)
    assert as_written("\n\n".join(said), whole) == lines


@given(LINES)
def test_lines_that_nobody_doubled_stay(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert as_written(text, text) == text.splitlines()
