"""The worker under faults and kills; and that whoever judges it would see what goes wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.harness import Chaos
from tests.chaos.judge import Attempt, Seen, excused, violations
from tests.hosts import Border, Dovecot, DovecotHost

ANN = "<ann-1@example.com>"
ACK = Attempt("<ack-1@shop.example>", "d1", "ann@example.com", ANN, at=9.9, until=10.0, kept=True, code=250)
WELL = Seen({ANN: "ann@example.com"}, [ACK], [], [[ANN]], [ANN])


def seen(*attempts: Attempt, **changes: Any) -> Seen:
    return replace(WELL, attempts=list(attempts), **changes)


def test_one_acknowledgement_of_one_case_is_well() -> None:
    assert violations(WELL) == {}
    assert excused(WELL) == 0


@pytest.mark.parametrize(
    ("what", "name"),
    [
        (seen(), "lost"),
        (
            seen(ACK, replace(ACK, message_id="<ack-2@x>", at=11, until=11)),
            "answered twice with different Message-IDs",
        ),
        (seen(ACK, replace(ACK, at=11, until=11)), "kept twice without excuse"),
        (seen(ACK, replace(ACK, at=14, until=14), kills=[12.5]), "kept twice without excuse"),
        (seen(replace(ACK, code=None), replace(ACK, digest="d2", at=11, until=11)), "changed bytes"),
        (seen(replace(ACK, kept=False, code=550), replace(ACK, at=11, until=11)), "tried again after a 5xx"),
        (seen(replace(ACK, answers="")), "unthreaded"),
        (seen(replace(ACK, message_id="")), "without a Message-ID"),
        (replace(WELL, of_cases=[]), "no case"),
        (replace(WELL, of_cases=[[ANN], [ANN]]), "several cases"),
        (replace(WELL, in_folders=[]), "gone from the mailbox"),
    ],
)
def test_what_goes_wrong_is_seen(what: Seen, name: str) -> None:
    assert list(violations(what)) == [name]


@pytest.mark.parametrize(
    "what",
    [
        seen(replace(ACK, code=None), replace(ACK, at=11, until=11)),
        seen(ACK, replace(ACK, at=14, until=14), kills=[10.5]),
        seen(ACK, replace(ACK, at=14, until=14), kills=[9.8]),
    ],
    ids=["no answer was given", "killed before it could note the answer", "killed while it was on its way"],
)
def test_a_letter_in_doubt_may_arrive_twice(what: Seen) -> None:
    assert violations(what) == {}
    assert excused(what) == 1


@pytest.mark.parametrize("code", [451, None])
def test_a_letter_that_was_tried_and_never_arrived_is_seen_too(code: int | None) -> None:
    found = violations(seen(replace(ACK, kept=False, code=code)))
    assert sorted(found) == ["a letter that never arrived", "lost"]


def test_a_refused_customer_is_not_lost() -> None:
    assert violations(seen(replace(ACK, kept=False, code=550))) == {}


@pytest.mark.parametrize("seed", [1])
def test_faults_and_kills_lose_nothing_and_answer_nothing_twice(
    dovecot: Dovecot, border: Border, tmp_path: Path, seed: int
) -> None:
    chaos = Chaos(DovecotHost(dovecot, border), dovecot, tmp_path, seed=seed, mails=40, kills=8)
    report = chaos.run()
    assert report.violations == {}, report.text()
    assert report.kills == 8
    assert report.ended_with == 0
    assert "Traceback" not in report.log
