"""Which of several open things a command means: the only one, or the one of that number or those words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cases.saying import Refusal, Say
from language.normalise import ascii_digits, normalise

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Thing]):
    """One that a command can mean."""

    number: int
    words: str
    thing: Thing
    shown: Say
    """How it is listed where it is not clear which one is meant."""


def pick(choices: Sequence[Choice[Thing]], argument: str, command: str, none: Say) -> Thing:
    """The one that is meant of those still open; raises Refusal, with `none` where nothing is."""
    if not choices:
        raise Refusal(none.code)
    known = tuple(one.shown for one in choices)
    found = meant(choices, argument)
    if not found:
        raise Refusal("no-such-owed", command=command, which=argument.strip(), known=known)
    if len(found) > 1:
        raise Refusal("which-owed", command=command, known=known)
    return found[0].thing


def meant(choices: Sequence[Choice[Thing]], argument: str) -> list[Choice[Thing]]:
    """Those that an argument can mean."""
    wanted = normalise(ascii_digits(argument)).removeprefix("#")
    if wanted.isdecimal():
        return [one for one in choices if str(one.number) == wanted.lstrip("0")]
    return [one for one in choices if wanted in normalise(one.words)]
