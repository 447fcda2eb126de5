"""The holidays of countries, as the library `holidays` knows them; it is loaded when a country is named."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from inspect import signature
from typing import Any

from cases.rules.errors import meant

FIRST, LAST = 2000, 2099
"""The years whose holidays are worked out. All at once: it takes no longer than loading the library does."""
MARKED = "islamic_show_estimated"
"""What a country is asked so that it says which of its dates are estimated."""
SOME = "write it by its two letters: 'IR', 'IL', 'AE', 'DE' …"


@dataclass(frozen=True, slots=True)
class Known:
    """The holidays of a country, or of a part of it."""

    days: frozenset[date]
    estimated_from: int | None
    """The first of the years whose holidays by the moon are not announced yet, and so perhaps a day off."""
    last: int
    """The last year that anything is known of."""


def code_of(written: str) -> str:
    """A country's two letters, in capitals; ValueError says what to write instead."""
    code = written.strip().upper()
    if code in _codes():
        return code
    plain = "".join(sign for sign in written.lower() if sign.isalpha())
    named = next((one for one, names in _codes().items() if plain in names), "")
    raise ValueError(f"write '{named}' for this country" if named else f"no such country; {SOME}")


def part_of(country: str, written: str) -> str:
    """A part of a country as the library calls it; ValueError says what to write instead."""
    kind = _kind(country)
    parts = {str(one).lower(): str(one) for one in kind.subdivisions}
    parts |= {str(name).lower(): str(one) for name, one in kind.subdivisions_aliases.items()}
    if found := parts.get(written.strip().lower()):
        return found
    if not parts:
        raise ValueError(f"nothing is known of parts of {country}; leave this out")
    raise ValueError(f"no such part of {country}; {meant(written, set(parts.values()))}")


@lru_cache(32)
def holidays(country: str, part: str = "") -> Known:
    """What is known of a country that there is, or of a part of it."""
    with warnings.catch_warnings():
        # It warns of years that it knows less about; `check` tells of those.
        warnings.simplefilter("ignore")
        kind = _kind(country)
        asked = {MARKED: True} if MARKED in signature(kind.__init__).parameters else {}
        found = kind(years=range(FIRST, LAST + 1), subdiv=part or None, expand=False, **asked)
        mark = found.tr(getattr(kind, "estimated_label", "")).replace("%s", "").strip()
    days: dict[date, str] = dict(found)
    guessed = {day.year for day, name in days.items() if mark and mark in name}
    sure = max({day.year for day in days} - guessed, default=FIRST - 1)
    return Known(
        days=frozenset(days),
        estimated_from=sure + 1 if guessed and max(guessed) > sure else None,
        last=max((day.year for day in days), default=FIRST - 1),
    )


def _kind(country: str) -> Any:
    """The library's class for a country."""
    module, name = next((module, names[0]) for module, names in _registry() if names[1] == country)
    return getattr(importlib.import_module(f"holidays.countries.{module}"), name)


@lru_cache(1)
def _codes() -> Mapping[str, frozenset[str]]:
    """Every country by its two letters, with its names and other codes, in small letters."""
    return {
        names[1]: frozenset({module.replace("_", ""), *(one.lower() for one in names)})
        for module, names in _registry()
    }


def _registry() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Modules of countries, each with its class, its codes and perhaps other names."""
    yield from importlib.import_module("holidays.registry").COUNTRIES.items()
