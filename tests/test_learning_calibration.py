"""From where on a model may speak."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from learning.calibration import LEAST, PER_LANGUAGE, PLENTY, Trial, quality, threshold, thresholds
from learning.model import ANY, NEVER

PRECISION = 0.95


def trials(right: int, wrong: int, *, language: str = "en", sure: float = 0.9) -> list[Trial]:
    return [Trial(language, sure, True)] * right + [Trial(language, sure, False)] * wrong


def test_it_speaks_from_the_lowest_level_at_which_it_was_right_often_enough() -> None:
    good, doubtful = trials(60, 0, sure=0.8), trials(5, 20, sure=0.5)
    assert threshold([*good, *doubtful], PRECISION) == 0.8


def test_a_few_lucky_guesses_are_no_proof() -> None:
    assert threshold(trials(LEAST - 1, 0), PRECISION) == NEVER


def test_with_many_mails_what_was_right_is_enough_and_with_few_it_is_not() -> None:
    assert threshold(trials(38, 2), PRECISION) == NEVER
    many = [*trials(38, 2), *trials(50, 70, sure=0.1)]
    assert len(many) >= PLENTY
    assert threshold(many, PRECISION) == 0.9


def test_one_that_is_wrong_too_often_never_speaks() -> None:
    assert threshold(trials(80, 20), PRECISION) == NEVER


def test_equal_sureness_is_judged_together() -> None:
    mixed = [*trials(40, 0), *trials(0, 40)]
    assert threshold(mixed, PRECISION) == threshold(mixed[::-1], PRECISION) == NEVER


def test_it_must_be_right_where_it_speaks_alone_too() -> None:
    with_rules = trials(200, 0)
    alone = [Trial("en", 0.5, number % 5 > 0, alone=True) for number in range(20)]
    assert threshold([*with_rules, *alone], PRECISION) == 0.9
    good = [Trial("en", 0.5, number > 0, alone=True) for number in range(20)]
    assert threshold([*with_rules, *good], PRECISION) == 0.5


def test_a_language_with_enough_mails_has_its_own_threshold() -> None:
    levels = thresholds([*trials(200, 0), *trials(PER_LANGUAGE, PER_LANGUAGE, language="fa")], PRECISION)
    assert levels == {ANY: NEVER, "en": 0.9, "fa": NEVER}


def test_a_language_with_few_mails_goes_by_all() -> None:
    levels = thresholds([*trials(200, 0), *trials(1, 1, language="he", sure=0.2)], PRECISION)
    assert set(levels) == {ANY, "en"}


def test_quality_counts_what_would_have_been_said() -> None:
    tried = [*trials(8, 2), *trials(0, 5, sure=0.1), *trials(1, 0, language="fa")]
    found = quality(tried, {ANY: 0.5, "fa": NEVER})
    assert (found["en"].tried, found["en"].spoken, found["en"].right) == (15, 10, 8)
    assert found["fa"].spoken == 0
    assert found["fa"].precision == 0.0
    assert found[ANY].coverage == 10 / 16


PAIRS = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), st.booleans()), max_size=200)


@given(PAIRS)
def test_what_is_said_was_right_often_enough_on_what_was_held_back(pairs: list[tuple[float, bool]]) -> None:
    tried = [Trial("en", sure, right) for sure, right in pairs]
    level = threshold(tried, PRECISION)
    spoken = [trial.right for trial in tried if trial.sure >= level]
    assert not spoken or sum(spoken) / len(spoken) >= PRECISION
