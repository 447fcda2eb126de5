"""Of troubles of the operation."""

from __future__ import annotations

from enum import StrEnum


class AlertState(StrEnum):
    """How a trouble of the operation stands."""

    OPEN = "open"
    ENDED = "ended"
    """It is over, and nobody was told of that yet."""
    OVER = "over"


class AlertPhase(StrEnum):
    """What was told of a trouble."""

    NOTHING = "nothing"
    BEGUN = "begun"
    STILL = "still"
    RECOVERED = "recovered"
    UNSEEN = "unseen"
    """Nobody noticed it any more, nor that it was over."""
