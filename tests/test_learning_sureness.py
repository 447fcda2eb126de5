"""How sure a guess is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from learning.judging import ENOUGH, Held, sureness_of, trials_of
from learning.sureness import SIGNS, Sureness, signs


def held(number: int, *, agrees: bool, right: bool) -> Held:
    lean = "late" if agrees else "lost"
    seen = signs([0.6, 0.4], 0, lean, "late", 0.5, 20)
    return Held("en", number % 5, 0.6, seen, right, 0.6, alone=True, agrees=agrees)


def test_a_guess_that_the_rules_lean_to_as_well_is_surer_where_that_was_borne_out() -> None:
    agreeing = [held(number, agrees=True, right=number % 20 > 0) for number in range(100)]
    differing = [held(number, agrees=False, right=number % 2 > 0) for number in range(100)]
    learned = sureness_of([*agreeing, *differing])
    with_rules, against = (learned.of(one.signs, 0.6) for one in (agreeing[0], differing[0]))
    assert with_rules > 0.9
    assert 0.4 < against < 0.6


def test_each_trial_is_judged_by_what_the_others_teach() -> None:
    some = [held(number, agrees=number % 2 == 0, right=number % 5 > number % 3) for number in range(60)]
    trials = trials_of(some)
    assert len(trials) == len(some)
    assert len({trial.sure for trial in trials}) > 2, "not the same sureness in each fold"


def test_without_enough_mistakes_a_guess_is_as_sure_as_it_is_likely() -> None:
    few = [held(number, agrees=True, right=number >= ENOUGH - 1) for number in range(50)]
    assert sureness_of(few) == Sureness()
    assert {trial.sure for trial in trials_of(few)} == {0.6}


def test_a_guess_against_what_the_rules_decided_is_no_trial_for_it_would_not_be_said() -> None:
    decided = [replace(held(number, agrees=number % 2 == 0, right=True), alone=False) for number in range(50)]
    assert len(trials_of(decided)) == 25


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(0, 1), st.integers(0, 4000))
def test_there_are_signs_of_every_guess(chances: list[float], confidence: float, words: int) -> None:
    seen = signs(chances, 0, "", "late", confidence, words)
    assert len(seen) == SIGNS
    assert 0 <= Sureness(1.0, (5.0,) * SIGNS).of(seen, 0.5) <= 1
