"""How far a long command is: how many of how many, how fast, how long it still takes."""

from __future__ import annotations

import pytest

from engine.progress import Progress


class Terminal:
    def __init__(self) -> None:
        self.written = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.written += text

    def flush(self) -> None:
        pass


def test_the_bar_says_how_many_of_how_many_and_when_it_knows_how_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("engine.progress.time.monotonic", lambda: now[0])
    terminal = Terminal()
    with Progress(terminal) as progress:  # type: ignore[arg-type]
        progress.reached(7, 0)
        assert terminal.written.endswith("0 mails found")
        now[0] += 1
        progress.reached(8, 0)
        assert terminal.written.endswith("8 mails found")
        now[0] += 1
        progress.reached(0, 1000)
        now[0] += 10
        progress.reached(100, 1000)
        assert terminal.written.endswith("100/1000 mails, 10 %, 10 a second, 90 s left")
        now[0] += 1000
        progress.reached(200, 2_000_000)
        assert "h " in terminal.written.rpartition(",")[2]
    assert terminal.written.endswith("\r\033[K")
