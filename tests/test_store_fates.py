"""store.fates: no column that can hold words is forgotten when a customer is erased."""

from __future__ import annotations

import pytest

from store.fates import FATES, GO_WITH_A_CASE, OF_A_CASE, Fate, Kept, blanks, can_tell
from store.writing import TABLES


def test_every_column_that_can_hold_words_says_what_becomes_of_it() -> None:
    there = {name: {one.name for one in table.columns if can_tell(one)} for name, table in TABLES.items()}
    named = {name: set(columns) for name, columns in FATES.items()}
    assert there == named, "say in store/fates.py what happens to a new column, and see that it happens"


def test_whatever_stays_says_why_it_may() -> None:
    kept = [fate for columns in FATES.values() for fate in columns.values() if isinstance(fate, Kept)]
    assert all(len(one.because) > 5 for one in kept)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_of_cases_with_words_is_emptied_with_its_case(name: str) -> None:
    by_code = {"case", "event", "letter", "mail", "correction", "opt_out", "token"}
    words = [fate for fate in FATES[name].values() if not isinstance(fate, Kept)]
    if "case_number" not in TABLES[name].c or not words or name in by_code:
        return
    assert (name in OF_A_CASE) != (name in GO_WITH_A_CASE)
    assert (Fate.GOES in words) == (name in GO_WITH_A_CASE)


def test_what_is_blanked_holds_nothing() -> None:
    assert all(not value for name in TABLES for value in blanks(name).values())
