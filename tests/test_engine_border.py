"""What `check` says of the border whose word counts."""

from __future__ import annotations

import pytest

from engine import check
from settings import Settings
from tests.journeys import Journey


def received(journey: Journey, *, proved: int, bare: int) -> Journey:
    journey.only_english()
    for _ in range(proved):
        journey.customer_writes("It is late.", passes=True)
    for _ in range(bare):
        journey.customer_writes("It is late.")
    journey.work()
    return journey


def about_the_border(settings: Settings) -> list[str]:
    return [note for note in check.notes(settings) if "learning" not in note]


def test_a_border_that_never_writes_its_field_is_a_problem(quick_journey: Journey) -> None:
    journey = received(quick_journey, proved=0, bare=5)
    (problem,) = check.problems(journey.settings)
    assert journey.host.authserv_id in problem
    assert about_the_border(journey.settings) == []


def test_a_few_mails_tell_nothing_of_a_border(quick_journey: Journey) -> None:
    assert check.problems(received(quick_journey, proved=0, bare=4).settings) == []


@pytest.mark.parametrize(("proved", "bare"), [(5, 0), (0, 0)])
def test_a_border_that_always_writes_its_field_needs_no_words(
    quick_journey: Journey, proved: int, bare: int
) -> None:
    settings = received(quick_journey, proved=proved, bare=bare).settings
    assert check.problems(settings) == about_the_border(settings) == []


def test_where_some_mails_lack_it_the_operator_is_told_what_is_believed_then(quick_journey: Journey) -> None:
    settings = received(quick_journey, proved=4, bare=2).settings
    assert check.problems(settings) == []
    (note,) = about_the_border(settings)
    assert "2 of the last 6 mails" in note
    assert "forger" in note
