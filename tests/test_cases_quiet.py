"""How agents.yaml says that an agent wants a digest."""

from datetime import time

import pytest

from cases.quiet import Quiet


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("never", Quiet()),
        ("hourly", Quiet(hourly=True)),
        ("daily 09:00", Quiet(daily_at=time(9))),
        (" Daily  7:05 ", Quiet(daily_at=time(7, 5))),
    ],
)
def test_a_digest_is_hourly_or_daily_or_never(text: str, quiet: Quiet) -> None:
    assert Quiet.parse(text) == quiet
    assert bool(quiet) == (text != "never")


@pytest.mark.parametrize(
    "text", ["", "daily", "daily 24:00", "daily 09:60", "weekly", "daily 9", "hourly 09:00"]
)
def test_anything_else_is_told_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="write never, hourly, or daily with a time of day"):
        Quiet.parse(text)
