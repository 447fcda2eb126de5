"""What of a worker begins first, before most of it is even loaded: the process that reads mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.apart import ReaderProcess
from engine.limits import READING, limits_of
from engine.memory import Memory
from engine.places import folder
from settings import Settings


def process_of(settings: Settings, memory: Memory | None) -> ReaderProcess | None:
    """The process that mails are read in, when the settings want one; it is not begun yet."""
    if not settings.READ_APART:
        return None
    return ReaderProcess(
        folder(settings.RULES_DIR),
        folder(settings.TEMPLATES_DIR),
        limits_of(settings.model_dump(include=set(READING))),
        settings.COMPLAINTS_ADDRESS,
        memory=memory,
    )


@contextmanager
def begun(process: ReaderProcess | None) -> Iterator[ReaderProcess | None]:
    """The process, begun at once and ended in the end."""
    if process is None:
        yield None
        return
    process.start()
    try:
        yield process
    finally:
        # It would outlive a worker that could not begin, and Python waits for it before it ends.
        process.end()
