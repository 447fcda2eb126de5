"""Letters of hundreds of thousands of signs, which must not hold up everybody's work.

None of these would end in minutes if the time grew with the square of the length.
"""

from __future__ import annotations

import pytest

from cases.tone import findings
from cases.toning.finding import Written
from tests.toning import guide_of

SIGNS = 400_000


@pytest.mark.parametrize(
    "piece", ["a", " ", "!", "wow! ", "😀 ", "a@ ", "0", "0 ", "\n", "[", "[name] ", "“", "“a” ", "We will. "]
)
def test_a_very_long_letter_is_looked_at_in_reasonable_time(piece: str) -> None:
    text = piece * (SIGNS // len(piece)) + "\nthe end"
    assert findings(Written(text, "en", words="the kettle leaks"), guide_of("en"))


def test_a_very_long_story_of_the_customer_is_compared_in_reasonable_time() -> None:
    words = " ".join(f"kettle{number}a lid{number}b" for number in range(SIGNS // 20))
    assert findings(Written("We will look into it.", "en", words=words), guide_of("en"))
