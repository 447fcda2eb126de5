"""Texts with one byte for each sign: patterns find in them what they find in the texts themselves."""

from __future__ import annotations

import pytest
import re2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.rules import narrow
from cases.rules.patterns import WORD, Pattern
from language.normalise import normalise

MIXED = st.text(st.sampled_from("abz 09.-؟،بکی پאבתéß٣४Ж文…😡_́"), max_size=40)


@pytest.mark.parametrize(
    "written",
    [
        r"\bכן\b",
        "شكايت",
        r"order \d{3}",
        r"[؟?](\W|$)",
        r"\b(ال)?(رد|رجع)\S* [^.!?؟]*(مال|فلوس)",
        r"[^\w ]+é",
        r"[\d۰]+",
        "(?:a|b)c",
    ],
)
def test_a_pattern_of_common_letters_looks_at_narrow_texts(written: str) -> None:
    assert isinstance(Pattern(written)._compiled.pattern, bytes)


@pytest.mark.parametrize("written", ["Ж", "[آ-ی]+", r"\p{Hebrew}+", "[😡🤬]", "(?i:a)", r"\x41", r"[\Da]"])
def test_a_pattern_that_asks_for_more_looks_at_the_text_itself(written: str) -> None:
    assert isinstance(Pattern(written)._compiled.pattern, str)


@settings(max_examples=200, deadline=None)
@given(
    MIXED,
    st.sampled_from([r"\b\w+\b", r"\d+", r"\W\w", r"[^\w]+", r"\D\d", "ب.", r"\bא\w*", "[aא؟]+"]),
)
@example("४ ٣", r"\d+")
@example("ЖЖ b", r"\b\w+\b")
def test_both_find_the_same(text: str, written: str) -> None:
    text = normalise(text)
    pattern = Pattern(written)
    options = re2.Options()
    options.log_errors = False
    assert isinstance(pattern._compiled.pattern, bytes)
    classes = {
        r"\w": f"[{WORD}]",
        r"\W": f"[^{WORD}]",
        r"\d": r"\p{Nd}",
        r"\D": r"\P{Nd}",
    }
    border = f"(?:^|$|[^{WORD}])"
    plain = written.replace(r"[^\w]", r"\W")
    for sign, meant in classes.items():
        plain = plain.replace(sign, meant)
    found = re2.compile(plain.replace(r"\b", border), options).search(text)
    assert bool(pattern.spans(text)) == bool(found)


def test_a_text_keeps_its_length_whatever_its_signs() -> None:
    text = "سلام abc é ؟ Ж ٤ ४ 😀"
    assert len(narrow.text_of(text)) == len(text)
    assert narrow.text_of("Ж४😀").decode("latin-1") == (
        narrow.OTHER_LETTER + narrow.OTHER_DIGIT + narrow.OTHER_SIGN
    )
