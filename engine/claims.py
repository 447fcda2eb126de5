"""Letters of which a worker can't know whether it claimed them."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from store.queue import Claimed


@dataclass(frozen=True, slots=True)
class Claims:
    """What was claimed in transactions whose end is not known, as when the line breaks during a COMMIT.

    Such letters are in no sender's hand and may stand as `sending` all the same, for as long as this worker
    lives. All senders of a worker claim under `lock`, and give them back first: so nobody can have claimed
    the very same attempt in between.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    _unsure: dict[tuple[int, int], Claimed] = field(default_factory=dict)

    @property
    def unsure(self) -> list[Claimed]:
        """To be given back; where they were not claimed after all, the fence sees to it."""
        return list(self._unsure.values())

    def lost(self, claimed: Iterable[Claimed]) -> None:
        """Note what was claimed by a transaction that failed."""
        self._unsure.update({(one.id, one.attempt): replace(one, data=b"") for one in claimed})

    def settled(self) -> None:
        """Note that all that was unsure is given back."""
        self._unsure.clear()
