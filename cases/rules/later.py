"""A value that stays packed until somebody asks for it."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")
QUICKLY = 1


class Later(Generic[Value]):
    """A value that may be large, and that not every process needs which has the value that holds this one.

    Once pickled it stays packed until it is asked for, and is packed well until then.
    """

    __slots__ = ("_packed", "_values")

    def __init__(self, *values: Value, packed: bytes = b"") -> None:
        self._values, self._packed = values, packed

    @property
    def value(self) -> Value:
        """The value. Threads that ask at the same time may each get one of their own."""
        values = self._values
        if not values:
            # Nobody else can have written it: whoever unpickled this one answers for it.
            values = self._values = (pickle.loads(zlib.decompress(self._packed)),)  # noqa: S301
        self._packed = b""
        return values[0]

    def __reduce__(self) -> tuple[Callable[[bytes], Later[Value]], tuple[bytes]]:
        return _packed, (self._packed or zlib.compress(pickle.dumps(self.value), QUICKLY),)


def _packed(data: bytes) -> Later[Value]:
    return Later(packed=data)
