"""How far a long command is, on one line of a terminal; nothing where nobody looks."""

from __future__ import annotations

from types import TracebackType
from typing import Self, TextIO

WIDTH = 30


class Progress:
    """A bar that grows with `step`, and is wiped at the end."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream, self._total, self._done = stream, total, 0
        self._shown = stream.isatty()

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()

    def step(self, count: int) -> None:
        """So many more are done."""
        self._done += count
        self._draw()

    def _draw(self) -> None:
        if not self._shown:
            return
        whole = max(self._total, self._done, 1)
        full = WIDTH * self._done // whole
        bar = "#" * full + "." * (WIDTH - full)
        self._stream.write(f"\r[{bar}] {self._done}/{whole} mails")
        self._stream.flush()
