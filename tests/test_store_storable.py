"""Text that every database can hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from store import storable

ANY_TEXT = some.text(alphabet=some.characters(codec=None))


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_is_left_alone_after_that(text: str) -> None:
    cleaned = storable.clean(text)
    assert "\0" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert storable.clean(cleaned) == cleaned


@given(some.text(max_size=2000))
def test_honest_text_is_kept_and_a_key_is_its_beginning(text: str) -> None:
    honest = text.replace("\0", "")
    assert storable.clean(honest) == honest
    assert honest.startswith(storable.key(honest))
    assert len(storable.key(honest).encode()) <= storable.KEY_BYTES


def test_text_is_cleaned_however_deep_it_lies() -> None:
    assert storable.clean({"a\0": ["b\0", ("c\0", 1, None)]}) == {
        "a\ufffd": ["b\ufffd", ["c\ufffd", 1, None]]
    }
    assert storable.row({"a": "b\0"}) == {"a": "b\ufffd"}


def test_two_halves_of_a_character_are_put_together() -> None:
    assert storable.clean("\ud83d\ude00 and \ud83d") == "😀 and \ufffd"
