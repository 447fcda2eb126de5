"""Which mails of a folder wait, and what becomes of one that breaks the line."""

from __future__ import annotations

from engine.backlog import BREAKS, FIRST_PAUSE, LONGEST_PAUSE, Backlog


def with_mails(*uids: int, begun: tuple[int, ...] = ()) -> Backlog:
    backlog = Backlog()
    backlog.learn(uids, [uid for uid in uids if uid not in begun], begun)
    return backlog


def test_after_a_look_only_what_lies_above_is_asked_for() -> None:
    backlog = with_mails(3, 9)
    assert backlog.above == 9
    backlog.asked([3, 9], {3, 9})
    backlog.learn([12], [12], ())
    assert backlog.above == 12
    assert backlog.waiting() == [12]


def test_an_empty_look_learns_nothing_and_forgets_nothing() -> None:
    backlog = with_mails(3, 9)
    backlog.learn([], [], ())
    assert backlog.above == 9
    assert backlog.waiting() == [3, 9]


def test_what_was_begun_before_comes_alone() -> None:
    backlog = with_mails(1, 2, 3, begun=(2,))
    assert backlog.together(backlog.waiting()) == [1, 3]
    assert backlog.one_by_one(backlog.waiting()) == [2]


def test_a_mail_that_is_to_be_tried_again_waits_though_it_lies_below() -> None:
    backlog = with_mails(1, 2)
    backlog.asked([1, 2], {1, 2})
    backlog.learn([], [], (1,))
    assert backlog.waiting() == [1]


def test_a_mail_that_was_begun_and_has_gone_is_not_asked_for_at_each_look() -> None:
    backlog = with_mails(5, begun=(2, 5))
    assert backlog.waiting() == [5]
    backlog.asked([5], set())
    backlog.learn([], [], (2, 5))
    assert backlog.waiting() == []


def test_a_look_at_everything_finds_what_was_taken_for_gone() -> None:
    backlog = with_mails(5)
    backlog.asked([5], set())
    backlog.forget()
    backlog.learn([5], [5], ())
    assert backlog.waiting() == [5]


def test_of_mails_that_broke_the_line_together_each_is_asked_for_alone() -> None:
    backlog = with_mails(1, 2, 3)
    backlog.broke([2, 3], now=0.0)
    assert backlog.together(backlog.waiting()) == [1]
    assert backlog.one_by_one(backlog.waiting()) == [2, 3]
    assert backlog.hopeless() == []
    backlog.asked([2], {2})
    assert backlog.one_by_one(backlog.waiting()) == [3]


def test_a_mail_that_broke_the_line_alone_rests_while_others_are_read() -> None:
    backlog = with_mails(1, 2)
    backlog.broke([2], now=100.0)
    assert backlog.waiting() == [1]
    assert backlog.due(now=100.0) == []
    assert backlog.pause(now=101.0) == FIRST_PAUSE - 1
    assert backlog.due(now=100.0 + FIRST_PAUSE) == [2]


def test_each_break_makes_the_rest_longer_until_the_mail_is_hopeless() -> None:
    backlog, now = with_mails(2), 0.0
    for _ in range(BREAKS):
        assert backlog.hopeless() == []
        assert backlog.due(now) == ([2] if now else [])
        backlog.broke([2], now)
        now += backlog.pause(now) or 0.0
    assert now == sum(FIRST_PAUSE * 2**n for n in range(BREAKS)) == 5 + 10 + 20 + 40 + 80 + 160
    assert FIRST_PAUSE * 2 ** (BREAKS - 1) == LONGEST_PAUSE
    assert backlog.hopeless() == [2]
    backlog.give_up(2)
    assert (backlog.waiting(), backlog.due(now), backlog.hopeless(), backlog.pause(now)) == ([], [], [], None)


def test_a_mail_that_came_after_all_is_no_suspect_any_more() -> None:
    backlog = with_mails(2)
    backlog.broke([2], now=0.0)
    backlog.asked([2], {2})
    assert backlog.suspects == {}
    assert backlog.waiting() == []


def test_suspicion_outlives_the_connection() -> None:
    backlog = with_mails(1, 2, 3)
    backlog.broke([3], now=0.0)
    backlog.broke([1, 2], now=0.0)
    backlog.forget()
    backlog.learn([1, 2, 3], [1, 2, 3], ())
    assert backlog.one_by_one(backlog.waiting()) == [1, 2]
    assert backlog.due(now=FIRST_PAUSE) == [3]


def test_the_least_suspicious_is_tried_first() -> None:
    backlog = with_mails(1, 2)
    for uid in (1, 1, 2):
        backlog.broke([uid], now=0.0)
    assert backlog.due(now=1000.0) == [2, 1]
