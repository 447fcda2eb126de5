"""Phrases in mails: whole words, what is written onto them, and gaps."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.fold import fold
from cases.rules.matching import GAP, Finder, Phrase, Span
from cases.rules.patterns import Pattern
from cases.rules.vocabulary import Affixes

ENGLISH = Affixes.of([], ["s", "es", "ed", "ing"])
HEBREW = Affixes.of(["ו", "ה", "ב", "ל", "ש", "וה"], ["ים"])


def spans(phrase: str, text: str, affixes: Affixes | None = None) -> list[Span]:
    return Finder([Phrase.of(phrase, affixes or Affixes())]).find(fold("", text)).get(0, [])


@pytest.mark.parametrize(
    ("phrase", "text", "affixes"),
    [
        ("broken item", "two broken items came", ENGLISH),
        ("order arrive late", "orders arrived late", Affixes.of([], ["s", "d"])),
        ("item * broken", "the items that were broken", ENGLISH),
        ("בית חולים", "בבית החולים", HEBREW),
        ("לא עונים", "ולא עונים לי", HEBREW),
        ("שירות לקוחות", "לשירות הלקוחות", HEBREW),
    ],
)
def test_every_word_of_a_phrase_may_have_what_is_written_onto_words(
    phrase: str, text: str, affixes: Affixes
) -> None:
    assert spans(phrase, text, affixes)


@pytest.mark.parametrize(
    ("phrase", "text", "affixes"),
    [("לא", "הלא", HEBREW), ("bus", "busing", Affixes.of([], ["ing", "e"])), ("cat", "cats", ENGLISH)],
)
def test_a_short_word_alone_has_less_written_onto_it(phrase: str, text: str, affixes: Affixes) -> None:
    assert bool(spans(phrase, text, affixes)) is (phrase == "bus")


def test_a_gap_is_three_words_at_most_and_stays_within_its_sentence() -> None:
    assert spans("lost * parcel", "lost parcel") == [Span(0, 1)]
    assert spans("lost * parcel", "lost a b c parcel") == [Span(0, 4)]
    assert not spans("lost * parcel", "lost a b c d parcel")
    assert not spans("lost * parcel", "lost it. parcel")
    assert spans("lost * my * parcel", "lost a my b parcel") == [Span(0, 4)]


def naive(parts: list[list[str]], words: list[str]) -> bool:
    """The same by trying every place."""

    def from_(at: int, rest: list[list[str]]) -> bool:
        if words[at : at + len(rest[0])] != rest[0]:
            return False
        after = at + len(rest[0])
        if not rest[1:]:
            return True
        return any(from_(after + skipped, rest[1:]) for skipped in range(GAP + 1))

    return any(from_(at, parts) for at in range(len(words)))


WORDS = st.sampled_from(["a", "b", "cc"])
PARTS = st.lists(st.lists(WORDS, min_size=1, max_size=2), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=6), st.lists(WORDS, max_size=14))
def test_the_tree_finds_what_trying_every_place_finds(
    phrases: list[list[list[str]]], words: list[str]
) -> None:
    written = [" * ".join(" ".join(part) for part in parts) for parts in phrases]
    found = Finder([Phrase.of(one, Affixes()) for one in written]).find(fold("", " ".join(words)))
    assert sorted(found) == [number for number, parts in enumerate(phrases) if naive(parts, words)]


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        (r"\borders?\b", {"order"}),
        ("colou?r", {"colo"}),
        ("late|early", {"late", "early"}),
        ("(late|delayed) x", {"late", "delayed"}),
        ("(ab(cd|ef)x|gh[0-9])+z", {"ab", "gh"}),
        ("x{2,3}yz", {"yz"}),
        ("[abc]+late", {"late"}),
        ("شكايت", {"شکایت"}),
        ("[?؟]", set()),
        ("(a|bcd)", set()),
        ("(late)?x", set()),
        (r"\Qab|cd\E", set()),
    ],
)
def test_letters_that_a_pattern_needs_are_known(written: str, letters: set[str]) -> None:
    assert Pattern(written).letters == letters


PIECES = st.sampled_from(
    ["ab", "cd", "e", "(ab|cd)", "(e|fg)", "[ab]", "a?", "(cd)*", "b+", ".", "(a(b|c)d)"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4), st.text("abcdefg ", max_size=30))
def test_no_match_is_overlooked_because_of_letters(pieces: list[str], text: str) -> None:
    try:
        pattern = Pattern("".join(pieces))
    except ValueError:  # it would match an empty text
        return
    found = re.search(pattern.written, text)
    assert bool(pattern.spans(text)) == bool(found)
    if found and pattern.letters:
        assert any(letters in text for letters in pattern.letters)
