"""Sizes of files in the words of a language."""

import pytest

from language.sizes import file_size


@pytest.mark.parametrize(
    ("count", "language", "written"),
    [
        (0, "en", "0 kB"),
        (1, "en", "1 kB"),
        (4000, "en", "4 kB"),
        (4001, "he", "5 kB"),
        (999_999, "en", "1000 kB"),
        (3_120_994, "en", "3.1 MB"),
        (25_000_000, "en", "25 MB"),
        (4000, "fa", "۴ کیلوبایت"),
        (3_120_994, "fa", "۳٫۱ مگابایت"),
        (3_120_994, "ar", "٣٫١ ميغابايت"),
    ],
)
def test_a_size_is_written_shortly_and_never_too_small(count: int, language: str, written: str) -> None:
    assert file_size(count, language) == written
