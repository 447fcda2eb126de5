"""Which of several open things a command means: the only one, or the one of that number or those words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from cases.saying import Refusal, Say
from language.normalise import ascii_digits, normalise

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Doubts:
    """What is said where it is not clear which one is meant."""

    none: Say
    """Nothing is open."""
    unknown: Say
    """There is no such thing; those that there are stand with it."""
    several: Say


def pick(things: Mapping[int, tuple[Thing, str]], argument: str, doubts: Doubts) -> Thing:
    """The one that is meant of those still open, by number, each with its words; raises Refusal."""
    if not things:
        raise Refusal(doubts.none.code)
    known = "; ".join(f"{number}: {words}" for number, (_, words) in things.items())
    wanted = normalise(ascii_digits(argument)).removeprefix("#")
    if wanted.isdecimal():
        found = [thing for number, (thing, _) in things.items() if str(number) == wanted.lstrip("0")]
    else:
        found = [thing for thing, words in things.values() if wanted in normalise(words)]
    if not found:
        raise Refusal(doubts.unknown.code, which=argument.strip(), known=known)
    if len(found) > 1:
        raise Refusal(doubts.several.code, known=known)
    return found[0]
