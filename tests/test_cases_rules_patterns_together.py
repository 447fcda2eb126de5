from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases.rules import patterns_together
from cases.rules.patterns import Pattern
from cases.rules.patterns_together import Together

NARROW = ["refund", r"\bby (mon|tues)day\b", "با احترام", "בכבוד", r"order \d{4}"]
WIDE = "☎ \\d+"
"""Names a sign that narrow texts do not tell from others."""


def found(texts: list[str], text: str) -> list[str]:
    patterns = [Pattern(one) for one in texts]
    within = Together(patterns).within(text)
    return [one.written for one in patterns if one in within]


def test_only_patterns_that_match_somewhere_are_within_a_text() -> None:
    assert found(NARROW, "your refund for order 1234, با احترام") == ["refund", "با احترام", r"order \d{4}"]
    assert found(NARROW, "nothing of it") == []


def test_a_pattern_that_narrow_texts_can_not_tell_is_always_looked_for() -> None:
    assert found([*NARROW, WIDE], "by monday") == [r"\bby (mon|tues)day\b", WIDE]


def test_no_patterns_are_within_no_text() -> None:
    assert found([], "anything") == []


@given(
    text=some.text(alphabet="abdefmnoruy 1234☎با\n", max_size=40),
    piece=some.sampled_from(["", *NARROW, "☎ 12"]),
)
def test_what_matches_is_never_missed(text: str, piece: str) -> None:
    whole = f"{text} {piece.replace(chr(92) + 'b', '')} {text}"
    for one in [*NARROW, WIDE]:
        if Pattern(one).spans(whole):
            assert one in found([*NARROW, WIDE], whole)


def test_where_memory_does_not_suffice_all_patterns_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns_together, "MOST_MEMORY", 1)
    assert found(NARROW, "nothing of it") == NARROW


def test_patterns_are_found_together_after_they_were_packed() -> None:
    patterns = [Pattern(one) for one in NARROW]
    unpacked, within = pickle.loads(pickle.dumps((patterns, Together(patterns))))  # noqa: S301 - our own
    assert [one.written for one in unpacked if one in within.within("a refund")] == ["refund"]


class RunOutOfMemory:
    """What the engine does when it can't go on: it finds nothing and says nothing."""

    def Match(self, text: bytes) -> list[int]:  # noqa: N802 - the engine's own name
        return []


def test_where_the_engine_gives_up_in_a_text_all_patterns_are_looked_for() -> None:
    patterns = [Pattern(one) for one in NARROW]
    together = Together(patterns)
    _, numbered, others = together._made
    together.__dict__["_made"] = RunOutOfMemory(), numbered, others
    assert together.within("nothing of it") == frozenset(patterns)
