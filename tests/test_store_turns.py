"""The lock before a database of one writer: who asked first has it first."""

from __future__ import annotations

import threading

from store.turns import Turns
from tests.hosts import until


def test_who_waits_comes_before_who_asks_again() -> None:
    turns, order = Turns(), list[str]()
    turns.acquire(1)

    def wait() -> None:
        turns.acquire(10)
        order.append("who waited")
        turns.release()

    other = threading.Thread(target=wait)
    other.start()
    assert until(lambda: turns.waiting == 1)
    turns.release()
    turns.acquire(10)
    order.append("who asked again")
    turns.release()
    other.join()
    assert order == ["who waited", "who asked again"]


def test_who_waits_too_long_gives_up_and_keeps_nobody_waiting() -> None:
    turns = Turns()
    assert turns.acquire(1)
    assert not turns.acquire(0.01)
    assert turns.waiting == 0
    turns.release()
    assert turns.acquire(0)


def test_one_thread_at_a_time() -> None:
    turns, inside, most = Turns(), list[int](), list[int]()

    def write() -> None:
        for _ in range(200):
            turns.acquire(10)
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turns.release()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 800
    assert max(most) == 1
