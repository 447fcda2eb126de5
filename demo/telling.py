"""Telling the story on the terminal, at a pace that can be read."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Callable, Iterable
from typing import TextIO, TypeVar

WIDTH = 96
BOLD, DIM, GREEN, OFF = "\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[0m"

T = TypeVar("T")


class TookTooLong(Exception):
    """Something that the story waits for did not happen."""


class Teller:
    """Writes headings, paragraphs and mails; colours only on a terminal."""

    def __init__(self, pace: float, stream: TextIO = sys.stdout) -> None:
        self._pace, self._stream = pace, stream
        self._colours = stream.isatty()

    def scene(self, title: str) -> None:
        """A heading."""
        self._line("")
        self._line(self._in(BOLD, title))

    def say(self, text: str) -> None:
        """A paragraph."""
        for line in textwrap.wrap(" ".join(text.split()), WIDTH):
            self._line(line)
        self.pause(0.8)

    def item(self, text: str) -> None:
        """One line of a list."""
        self._line(f"  {self._in(GREEN, '•')} {text}")
        self.pause(0.1)

    def mail(self, heading: str, lines: Iterable[str], most: int = 14) -> None:
        """A mail, shortened, between rules."""
        self._line(self._in(DIM, f"  ┌ {heading}"))
        shown = [part for line in lines for part in textwrap.wrap(line, WIDTH - 4) or [""]]
        for line in shown[:most]:
            self._line(self._in(DIM, "  │ ") + line)
        if len(shown) > most:
            self._line(self._in(DIM, f"  │ … {len(shown) - most} more lines"))
        self._line(self._in(DIM, "  └"))
        self.pause(0.8)

    def pause(self, seconds: float) -> None:
        """Time to read, on a terminal."""
        if self._colours:
            time.sleep(seconds * self._pace)

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{OFF}" if self._colours else text

    def _line(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()


def until(look: Callable[[], T], what: str, seconds: float = 30) -> T:
    """Look again and again until there is something; raises TookTooLong."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise TookTooLong(f"waited {seconds:.0f} s for {what}")
