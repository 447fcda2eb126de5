"""What is said of a mail that could not be taken in: no more than is known."""

from __future__ import annotations

from engine.attempts import Attempts
from engine.recording import Box

MAIL, OTHER = (Box(1, 7), 5), (Box(1, 7), 6)


def test_attempts_of_earlier_workers_came_to_no_end_and_nobody_knows_why() -> None:
    attempts = Attempts()
    assert attempts.told(MAIL, 2) == "a worker began with it 2 times and came to no end"
    assert attempts.told(MAIL, 1) == "a worker began with it once and came to no end"


def test_what_could_not_be_recorded_has_stopped_nobody() -> None:
    attempts = Attempts()
    attempts.not_recorded(MAIL, ZeroDivisionError(), counted=False)
    attempts.not_recorded(MAIL, ZeroDivisionError(), counted=True)
    attempts.not_recorded(MAIL, KeyError("x"), counted=True)
    assert attempts.told(MAIL, 2) == "recording it failed 3 times, at last with KeyError"
    assert attempts.told(OTHER, 1) == "a worker began with it once and came to no end"


def test_each_kind_of_end_is_told() -> None:
    attempts = Attempts()
    attempts.reader_lost(MAIL, "the process that reads mails ended")
    attempts.not_recorded(MAIL, OSError(), counted=True)
    assert attempts.told(MAIL, 4) == (
        "a worker began with it 2 times and came to no end; the process that reads mails ended (once); "
        "recording it failed once, at last with OSError"
    )


def test_a_mail_that_is_over_begins_anew() -> None:
    attempts = Attempts()
    attempts.not_recorded(MAIL, OSError(), counted=True)
    attempts.over(MAIL)
    assert attempts.told(MAIL, 1) == "a worker began with it once and came to no end"


def test_an_attempt_that_was_spared_goes_on_once() -> None:
    attempts = Attempts()
    attempts.spare({MAIL: 2})
    assert attempts.spared([MAIL, OTHER]) == {MAIL: 2}
    assert attempts.spared([MAIL]) == {MAIL: 2}, "until it goes on"
    attempts.go_on([MAIL])
    assert attempts.spared([MAIL]) == {}
