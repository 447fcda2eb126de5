"""What rules may ask about the facts of a mail: that there is one, what it says, how much it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from cases.rules.wild import Wild
from language.normalise import normalise
from store.values import Fact

_COMPARES: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "more than": lambda given, limit: given > limit,
    "less than": lambda given, limit: given < limit,
    "at least": lambda given, limit: given >= limit,
    "at most": lambda given, limit: given <= limit,
}
_COMPARED = re.compile(rf"({'|'.join(_COMPARES)})\b *(.*)", re.IGNORECASE)
_NUMBER = re.compile(r"(-?\d{1,15}(?:\.\d{1,6})?)(?: *([A-Za-z]{3}))?")


class WantedFact:
    """A fact of a name: any ('*'), one that says this (with `*` for what differs), or so much."""

    def __init__(self, name: str, written: str) -> None:
        """ValueError says what to write instead."""
        self.name, self._written = name, written
        compared = _COMPARED.fullmatch(written.strip())
        self._compares = _COMPARES[compared[1].lower()] if compared else None
        self._limit = _amount(compared[2]) if compared else None
        if compared and self._limit is None:
            raise ValueError(
                f"write a number after '{compared[1].lower()}', with a currency where it is an amount: "
                f"'{compared[1].lower()} 100' or '{compared[1].lower()} 100 EUR'"
            )
        if not written.strip():
            raise ValueError("this is empty; write what the fact says, or '*' for anything")
        self._wild = Wild.of(normalise(written))

    def __reduce__(self) -> tuple[type[WantedFact], tuple[str, str]]:
        return WantedFact, (self.name, self._written)

    def first(self, facts: Iterable[Fact]) -> Fact | None:
        """The first of the facts that is meant."""
        return next((fact for fact in facts if fact.name == self.name and self._fits(fact.value)), None)

    def _fits(self, value: str) -> bool:
        if self._compares is None or self._limit is None:
            return self._wild.fits(normalise(value))
        given = _amount(value)
        if given is None or (self._limit[1] and given[1] != self._limit[1]):
            return False
        return self._compares(given[0], self._limit[0])


def _amount(written: str) -> tuple[Decimal, str] | None:
    """A number and its currency, or "" where it has none."""
    found = _NUMBER.fullmatch(written.strip().replace(",", ""))
    return (Decimal(found[1]), (found[2] or "").upper()) if found else None
