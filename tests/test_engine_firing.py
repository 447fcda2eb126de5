"""When timers are decided: soon, in short transactions, and after every acknowledgement that could leave."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from engine import firing, ticking
from engine.desk import Desk
from engine.reading import Reader
from engine.sending import Sender
from outbox.smtp import Outcome
from store.ledger import Conflict
from tests.hosts import until
from tests.journeys import Journey


class Nowhere:
    """A way out on which every letter arrives."""

    login_refused = False

    def send(self, letter: object, **_: Any) -> Outcome:
        return Outcome("sent", 250, "taken")

    def reach(self) -> str:
        return ""

    def close(self) -> None:
        pass


def taken_in(journey: Journey, count: int = 1) -> Desk:
    """A desk with complaints that wait for their acknowledgement and their draft."""
    for number in range(count):
        journey.customer_writes("My parcel has not arrived.", sender=f"c{number}@example.com")
    desk = journey.worker.desk
    Reader(desk, journey.worker.mailbox).once()
    return desk


def drafted(journey: Journey) -> int:
    return len(journey.events("drafted"))


def test_who_took_mail_in_says_that_there_are_timers(quick_journey: Journey) -> None:
    desk = taken_in(quick_journey)
    assert desk.timers_wait.is_set()
    assert not desk.reading.is_set()


def test_an_acknowledgement_that_could_leave_goes_before_any_draft(quick_journey: Journey) -> None:
    desk = taken_in(quick_journey)
    firing.fire_soon(desk)
    assert drafted(quick_journey) == 0
    assert desk.timers_wait.is_set(), "it is tried again"
    Sender(desk, Nowhere()).once()
    firing.fire_soon(desk)
    assert drafted(quick_journey) == 1


def test_while_mail_is_taken_in_drafts_are_made_only_at_their_pace(quick_journey: Journey) -> None:
    desk = taken_in(quick_journey)
    Sender(desk, Nowhere()).once()
    desk.reading.set()
    firing.fire_soon(desk)
    assert drafted(quick_journey) == 0
    firing.fire_some(desk)
    assert drafted(quick_journey) == 1


def test_acknowledgements_that_no_server_takes_hold_up_no_draft(quick_journey: Journey) -> None:
    desk = taken_in(quick_journey)
    desk.way_out.unreachable("it is away", looked=False)
    assert desk.way_out.trouble
    firing.fire_soon(desk)
    assert drafted(quick_journey) == 1


def test_one_transaction_is_short_and_the_rest_comes_in_the_next(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "A_TURN", 0)
    desk = taken_in(quick_journey, 3)
    assert [firing.fire_some(desk) for _ in range(4)] == [1, 1, 1, 0]
    assert drafted(quick_journey) == 3


def test_all_are_decided_even_while_acknowledgements_wait(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "PACE", 0.01)
    desk = taken_in(quick_journey, 3)
    firing.fire_all(desk)
    assert drafted(quick_journey) == 3


def test_a_draft_that_met_another_worker_is_tried_again_soon(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def met(*_: object) -> None:
        raise Conflict("another worker changed the same rows at the same time")

    desk = taken_in(quick_journey)
    with monkeypatch.context() as patch:
        patch.setattr(firing, "on_timer", met)
        assert firing.fire_some(desk) == 1
    assert firing.fire_some(desk) == 0
    quick_journey.clock.skip(seconds=3)
    assert firing.fire_some(desk) == 1
    assert drafted(quick_journey) == 1


def test_agents_need_not_wait_for_the_end_of_a_long_backlog(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "PACE", 0.01)
    desk, ended = taken_in(quick_journey), threading.Event()
    desk.reading.set()
    pace = threading.Thread(target=ticking.keep_pace, args=(desk, ended))
    pace.start()
    assert until(lambda: drafted(quick_journey) == 1)
    ended.set()
    pace.join(10)
    assert not pace.is_alive()


def test_drafts_wake_the_senders(quick_journey: Journey) -> None:
    desk = taken_in(quick_journey)
    desk.letters_wait.clear()
    firing.fire_some(desk)
    assert desk.letters_wait.is_set()
