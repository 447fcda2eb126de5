"""What had become pointless by the time it was due says so, the same way wherever it is found out."""

from __future__ import annotations

import pytest

from cases import requests
from cases.check_in_timers import on_check_in_timer
from cases.decision import Decision
from cases.skipping import only_skipped, skipped
from cases.watching.watch import on_watch
from store.models import EventKind, RequestState, Status, TimerKind
from store.values import SOFTWARE
from tests.facts_factory import case, case_facts
from tests.money_facts import request


def test_the_event_names_the_timer_and_why_and_is_the_softwares_own() -> None:
    event = skipped(TimerKind.SNOOZE, "it was taken")
    assert (event.kind, event.text, event.actor) == (
        EventKind.TIMER_SKIPPED,
        "snooze: it was taken",
        SOFTWARE,
    )


def test_nothing_else_is_decided() -> None:
    event = skipped(TimerKind.CLOSE, "it is open")
    assert only_skipped(case(), TimerKind.CLOSE, "it is open") == Decision(case_number=7, events=(event,))


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (
            requests.expired(case_facts(request=request(state=RequestState.GRANTED)), case()),
            "request: it was decided",
        ),
        (requests.expired(case_facts(), case()), "request: it was decided"),
        (on_watch(case_facts(), case(status=Status.CLOSED)), "watch: the case is closed"),
        (
            on_check_in_timer(case_facts(), case(status=Status.OPEN), TimerKind.CHECK_IN),
            "check-in: the case is open",
        ),
    ],
)
def test_who_comes_too_late_only_says_so(decision: Decision, said: str) -> None:
    kind, _, because = said.partition(": ")
    assert decision == only_skipped(case(), TimerKind(kind), because)
