from __future__ import annotations

import pickle
from typing import Any

from cases.rules.later import Later

made: list[str] = []


class Noted:
    """Says when one is made."""

    def __init__(self) -> None:
        made.append("one")

    def __reduce__(self) -> tuple[type[Noted], tuple[()]]:
        return Noted, ()


def sent(value: Any) -> Any:
    """A value as another process gets it."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301


def test_a_value_is_the_same_once_it_was_packed_and_unpacked() -> None:
    value = {"phrase": ["late"] * 1000}
    later = Later(value)
    again = sent(later)
    assert later.value is value
    assert again.value == value
    assert again.value is again.value, "and is unpacked once"


def test_what_nobody_asked_for_is_handed_on_as_it_was_packed() -> None:
    packed = pickle.dumps(Later(["late"] * 1000))
    assert pickle.dumps(sent(sent(Later(["late"] * 1000)))) == packed
    assert len(packed) < 300


def test_what_stays_packed_is_not_made() -> None:
    made.clear()
    again = sent(Later(Noted()))
    assert made == ["one"]
    assert isinstance(again.value, Noted)
    assert made == ["one", "one"]
