"""What rules may ask about a customer's earlier cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from cases.checkin import LOW
from cases.rules.durations import Duration
from cases.rules.fields import Strict
from store.kinds import ENDED, CaseKind

if TYPE_CHECKING:
    # The tables cost more to load than all the rest that reading a mail needs, and here only name a type.
    from store.models import Case

MOST = 20
"""Of a customer's cases, the newest that are looked at."""
_WRITTEN = re.compile(r"(\d{1,4})(?: +in +(.+))?")


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many cases or more, within a time or ever."""

    number: int
    within: Duration | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "3 in 90 days" or "3"; ValueError says what to write."""
        found = _WRITTEN.fullmatch(text.strip())
        if not found:
            raise ValueError("write a number, or a number and a time: '3' or '3 in 90 days'")
        number = int(found[1])
        if not 1 <= number <= MOST:
            raise ValueError(f"write a number from 1 to {MOST}")
        within = Duration.parse(found[2]) if found[2] else None
        if within and within.working:
            raise ValueError("write the time in days or weeks, not in working days: '3 in 90 days'")
        return cls(number, within)

    def __str__(self) -> str:
        return f"{self.number} in {self.within}" if self.within else str(self.number)


def _parsed(value: Any) -> Any:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return AtLeast.parse(str(value)) if is_number or isinstance(value, str) else value


Number = Annotated[AtLeast, BeforeValidator(_parsed)]


class History(Strict):
    """The customer's cases before this mail. Every line must hold."""

    complaints: Number | None = None
    """So many complaints or more: '3 in 90 days', or 3 for ever."""
    cases: Number | None = None
    """So many cases of any kind or more."""
    open: Annotated[int, Field(ge=1, le=MOST, strict=True)] | None = None
    """So many cases that have not ended, or more."""
    low_score: StrictBool | None = None
    """Whether a check-in was answered with a low score."""
    new: StrictBool | None = None
    """Whether the customer never wrote before."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in type(self).model_fields):
            raise ValueError("say what to look for, such as 'complaints: 3 in 90 days' or 'new: true'")
        return self


@dataclass(frozen=True, slots=True)
class Past:
    """A customer's earlier cases, as they are known at a moment."""

    now: datetime
    cases: tuple[Case, ...] = ()

    def fits(self, history: History) -> bool:
        """Whether every line holds. Spam and cases that became part of others are none of the customer's."""
        cases = [case for case in self.cases if not case.spam and case.merged_into is None]
        return all(self._held(history, cases))

    def _held(self, history: History, cases: list[Case]) -> Iterator[bool]:
        complaints = [case for case in cases if case.kind is CaseKind.COMPLAINT]
        if history.complaints:
            yield self._reached(history.complaints, complaints)
        if history.cases:
            yield self._reached(history.cases, cases)
        if history.open is not None:
            yield sum(case.status not in ENDED for case in cases) >= history.open
        if history.low_score is not None:
            low = any(case.score is not None and case.score <= LOW for case in cases)
            yield low == history.low_score
        if history.new is not None:
            yield (not cases) == history.new

    def _reached(self, wanted: AtLeast, cases: list[Case]) -> bool:
        since = self.now - wanted.within.elapsed if wanted.within else None
        return sum(since is None or case.opened_at >= since for case in cases) >= wanted.number
