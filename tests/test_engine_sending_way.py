"""Whether mail can leave: when the way counts as closed, who looks, and whom the closure excuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.sending_way import FIRST_PAUSE, IN_A_ROW, LONGEST_PAUSE, Turn, WayOut

Skip = Callable[[float], None]


@pytest.fixture
def skip(monkeypatch: pytest.MonkeyPatch) -> Skip:
    """A monotonic clock that only this moves."""
    now = [1000.0]
    monkeypatch.setattr("engine.sending_way.time.monotonic", lambda: now[0])

    def skipped(seconds: float) -> None:
        now[0] += seconds

    return skipped


def closed(why: str = "it is away") -> WayOut:
    way = WayOut()
    assert way.unreachable(why, looked=False)
    return way


def test_a_way_is_open_until_something_is_wrong(skip: Skip) -> None:
    way = WayOut()
    assert (way.turn(), way.wait(), way.closed_for()) == (Turn.SEND, 0.0, 0.0)
    assert way.works() == (False, ())


def test_a_server_that_can_not_be_reached_is_news_once(skip: Skip) -> None:
    way = closed()
    assert not way.unreachable("it is away", looked=False)
    assert way.works() == (True, ())
    assert way.trouble == ""


def test_one_looks_and_the_others_wait(skip: Skip) -> None:
    way = closed()
    assert way.turn() is Turn.WAIT
    skip(FIRST_PAUSE)
    assert [way.turn() for _ in range(3)] == [Turn.TRY, Turn.WAIT, Turn.WAIT]
    way.left()
    assert way.turn() is Turn.TRY


def test_pauses_double_to_a_minute(skip: Skip) -> None:
    way = closed()
    waited = []
    for _ in range(8):
        waited.append(way.wait())
        skip(way.wait())
        assert way.turn() is Turn.TRY
        way.unreachable("still away", looked=True)
    assert waited == [1, 2, 4, 8, 16, 32, 60, 60]
    assert way.wait() == LONGEST_PAUSE


def test_a_second_sender_that_fails_at_the_same_time_makes_the_pause_no_longer(skip: Skip) -> None:
    way = closed()
    way.unreachable("it is away", looked=False)
    assert way.wait() == FIRST_PAUSE


def test_after_the_server_was_back_pauses_are_short_again(skip: Skip) -> None:
    way = closed()
    for _ in range(5):
        skip(60)
        way.turn()
        way.unreachable("still away", looked=True)
    way.works()
    way.unreachable("away again", looked=False)
    assert way.wait() == FIRST_PAUSE


def test_letters_that_fail_alike_one_after_another_close_the_way(skip: Skip) -> None:
    way = WayOut()
    news = [way.suffered(number, 1, "it hung up", looked=False) for number in range(IN_A_ROW)]
    assert news == [False] * (IN_A_ROW - 1) + [True]


def test_a_letter_that_is_taken_in_between_keeps_the_way_open(skip: Skip) -> None:
    way = WayOut()
    for number in range(10):
        assert not way.suffered(number, 1, "it hung up", looked=False)
        assert way.works() == (False, ())


def test_letters_that_suffered_from_an_unreachable_server_are_due_when_it_is_back(skip: Skip) -> None:
    way = WayOut()
    way.suffered(7, 1, "it hung up", looked=False)
    way.unreachable("it is away", looked=False)
    assert way.works() == (True, (7,))


def test_a_letter_that_makes_the_server_fail_is_not_excused_for_ever(skip: Skip) -> None:
    way = WayOut()
    way.suffered(7, 4, "it hung up", looked=False)
    way.unreachable("it is away", looked=False)
    assert way.works() == (True, ())


def test_a_long_closure_excuses_every_letter(skip: Skip) -> None:
    way = WayOut()
    for number in range(IN_A_ROW):
        way.suffered(number, 9, "530 log in", looked=False)
    skip(3600)
    assert way.works() == (True, (0, 1, 2))


def test_a_short_row_of_failures_excuses_none(skip: Skip) -> None:
    way = WayOut()
    for number in range(IN_A_ROW):
        way.suffered(number, 1, "it hung up", looked=False)
    skip(5)
    assert way.works() == (True, ())


def test_a_server_that_lets_us_in_is_proof_only_if_that_was_the_trouble(skip: Skip) -> None:
    assert closed().nothing_to_try()
    way = WayOut()
    for number in range(IN_A_ROW):
        way.suffered(number, 1, "530 log in", looked=False)
    skip(FIRST_PAUSE)
    assert way.turn() is Turn.TRY
    assert not way.nothing_to_try()
    assert way.turn() is Turn.WAIT, "it is looked at again after a longer pause"
    assert way.wait() == 2 * FIRST_PAUSE


def test_a_login_that_is_refused_is_tried_seldom_so_that_no_account_is_locked(skip: Skip) -> None:
    way = WayOut()
    way.unreachable("refused", looked=False, refused=True)
    waited = []
    for _ in range(8):
        waited.append(way.wait())
        skip(way.wait())
        assert way.turn() is Turn.TRY
        way.unreachable("refused", looked=True, refused=True)
    assert waited == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a_server_that_is_away_after_a_refused_login_is_tried_as_often_as_any(skip: Skip) -> None:
    way = WayOut()
    for _ in range(6):
        way.unreachable("refused", looked=True, refused=True)
    way.unreachable("it is away", looked=True)
    assert way.wait() == LONGEST_PAUSE
    way.works()
    way.unreachable("away again", looked=False)
    assert way.wait() == FIRST_PAUSE
