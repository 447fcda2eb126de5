"""How much work the files of one mail may make, whatever they say of themselves (promise 5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """What is left for looking into the files of one mail; shared by all of them."""

    unpacked: int = 48 * 2**20
    """Bytes that are unpacked, in all."""
    members: int = 3000
    """Files in archives that are looked at, in all."""
    depth: int = 4
    """Archives in archives."""

    def take(self, size: int) -> bool:
        """Take so many bytes; False where they are not left."""
        self.unpacked -= size
        return self.unpacked >= 0
