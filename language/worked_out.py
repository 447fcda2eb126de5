"""What is worked out of the words of all languages: once, for as long as the same words are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from language.words import Words

_MOST = 8
T = TypeVar("T")


class WorkedOut(Generic[T]):
    """What a function makes of some words."""

    def __init__(self, make: Callable[[Sequence[Words]], T]) -> None:
        self._make = make
        # The words are held on to, so that no other object can get one of their ids.
        self._known: dict[tuple[int, ...], tuple[Sequence[Words], T]] = {}
        self._last: tuple[Sequence[Words], T] | None = None

    def of(self, words: Sequence[Words]) -> T:
        """What was made of these words; of the same tuple as before without a look at each of them."""
        if self._last is not None and self._last[0] is words:
            return self._last[1]
        key = tuple(map(id, words))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            found = self._known[key] = (tuple(words), self._make(words))
        if isinstance(words, tuple):
            self._last = (words, found[1])
        return found[1]
