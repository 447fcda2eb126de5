"""The tone check on letters that were written for it by people who had not seen its words.

tests/letters/<language>-good.yaml and -bad.yaml. The words were tuned on the `dev` half first, and on the
`held` half after it had been measured: it tells little of letters that are still to be written.
`python -m bench.tone` prints the figures by half and check.
"""

from __future__ import annotations

from functools import cache

import pytest

from bench.tone import HALVES, Figures, measured, samples
from cases.toning.kinds import Check, Part
from tests.toning import LANGUAGES

RECALL, PRECISION = 0.9, 0.95
FEWEST, FEWEST_OF_A_HALF = 60, 25


@cache
def every(language: str) -> Figures:
    return measured(language, *HALVES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_letters_enough_to_tell(language: str) -> None:
    letters = list(samples(language))
    for good in (True, False):
        some = [one for one in letters if (not one.expect) is good]
        assert len(some) >= FEWEST
        for half in ("dev", "held"):
            assert sum(one.half == half for one in some) >= FEWEST_OF_A_HALF


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_bad_letters_are_said_to_have_is_something_that_is_looked_for(language: str) -> None:
    named = {name for one in samples(language) for name in one.expect}
    assert named <= {*Check, *(f"{Check.MISSING_PART}:{part}" for part in Part)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_bad_letters_is_found(language: str) -> None:
    assert every(language).recall >= RECALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_good_letters_are_left_alone(language: str) -> None:
    assert every(language).precision >= PRECISION
