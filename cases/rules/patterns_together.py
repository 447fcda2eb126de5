"""Many patterns in one pass over a text: which of them match in it at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cached_property
from typing import Any

import re2

from cases.rules import narrow
from cases.rules.patterns import Pattern, narrowed, options

ALWAYS = 0
MOST_MEMORY = 64 << 20
"""Bytes that they may take at most; some hundreds take a few millions."""


class Together:
    """Patterns that are looked for at once, in time that hardly grows with their number."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._patterns = tuple(patterns)

    def __reduce__(self) -> tuple[Callable[..., Together], tuple[tuple[Pattern, ...]]]:
        return Together, (self._patterns,)

    def within(self, text: str) -> frozenset[Pattern]:
        """Those that may match in the text; all others match nowhere in it."""
        engine, numbered, others = self._made
        if engine is None:
            return others
        found = engine.Match(narrow.text_of(text))
        # It finds nothing where its memory did not suffice: what always matches tells the two apart.
        if ALWAYS not in found:
            return frozenset(self._patterns)
        return others.union(numbered[number] for number in found if number != ALWAYS)

    @cached_property
    def _made(self) -> tuple[Any, dict[int, Pattern], frozenset[Pattern]]:
        """What finds those that are written for narrow texts, these by its numbers, and the rest."""
        engine = re2.Set.SearchSet(options(MOST_MEMORY))
        engine.Add(b"")
        numbered: dict[int, Pattern] = {}
        for one in self._patterns:
            if (source := narrowed(one.written)) is not None:
                with suppress(re2.error):  # then it was compiled for the texts themselves
                    numbered[engine.Add(source.encode("latin-1"))] = one
        try:
            engine.Compile()
        except re2.error:  # its memory does not suffice
            return None, {}, frozenset(self._patterns)
        return engine, numbered, frozenset(self._patterns).difference(numbered.values())
