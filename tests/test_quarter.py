"""Two weeks of a firm in three countries: what leaves when, and what the page says; bench/quarter has all."""

from __future__ import annotations

from pathlib import Path

from bench.quarter.checking import check
from bench.quarter.page import tables
from bench.quarter.story import BATCH, SMALL, WAVE
from bench.quarter.world import live


def test_two_weeks_go_as_the_rules_say_and_the_page_tells_them(tmp_path: Path) -> None:
    lived = live(SMALL, tmp_path)
    checked = check(lived, tmp_path, tables(lived))
    assert checked.wrong == ()
    for what in ("holding", "holding-promise", "check-in", "thanks", "deadline-missed", "promise-near"):
        assert checked.looked_at[what], f"nothing shows whether {what} is right"
    assert {WAVE, BATCH} <= set(checked.found)
