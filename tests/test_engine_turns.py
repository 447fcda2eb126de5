"""Whose mail is read next."""

from __future__ import annotations

from engine.turns import SEEN_AHEAD, in_turn, to_share_out


def test_each_senders_first_mail_comes_before_anyones_second() -> None:
    flood = dict.fromkeys(range(1, 1000), "robot")
    assert in_turn({**flood, 500: "ann", 900: "bo"})[:4] == [1, 500, 900, 2]


def test_a_senders_own_mails_stay_in_order() -> None:
    turns = in_turn({5: "ann", 3: "ann", 9: "bo", 4: "ann"})
    assert [uid for uid in turns if uid != 9] == [3, 4, 5]


def test_every_mail_gets_its_turn() -> None:
    senders = {uid: str(uid % 7) for uid in range(100)}
    assert sorted(in_turn(senders)) == sorted(senders)


def test_of_a_long_backlog_the_oldest_and_the_newest_are_shared_out() -> None:
    uids = list(range(10 * SEEN_AHEAD))
    shared = to_share_out(uids)
    assert len(shared) == 2 * SEEN_AHEAD
    assert (shared[0], shared[-1]) == (0, uids[-1])
    assert to_share_out([3, 1, 2]) == [1, 2, 3]
