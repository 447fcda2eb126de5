"""Waking several groups of loops at once."""

from __future__ import annotations

import threading


class Bell(threading.Event):
    """An event of its own for each group; whoever sets one sets all. Clearing one leaves the others."""

    def __init__(self) -> None:
        super().__init__()
        self._beside: tuple[Bell, ...] = ()

    def set(self) -> None:
        """Ring them all."""
        super().set()
        for one in self._beside:
            threading.Event.set(one)

    def join(self, *others: Bell) -> None:
        """From now on these ring together; to be called before anybody waits."""
        together = (self, *others)
        for one in together:
            one._beside = tuple(each for each in together if each is not one)
