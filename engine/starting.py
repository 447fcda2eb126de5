"""What of a worker begins first, before most of it is even loaded: the process that reads mails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.apart import ReaderProcess
from engine.limits import limits_in
from engine.memory import Memory
from engine.places import addresses_of, base_of, folder
from settings import Settings


def process_of(
    settings: Settings, memory: Memory | None, main: Settings | None = None
) -> ReaderProcess | None:
    """The process that a mailbox's mails are read in, when the settings want one; it is not begun yet.

    `main` are the main mailbox's settings, where these are a further one's.
    """
    if not settings.READ_APART:
        return None
    main = main or settings
    rules = folder(settings.RULES_DIR)
    return ReaderProcess(
        rules,
        folder(settings.TEMPLATES_DIR),
        limits_in(settings),
        addresses_of(main),
        base=base_of(rules, main),
        mailbox=settings.name,
        memory=memory,
    )


@contextmanager
def begun(process: ReaderProcess | None) -> Iterator[ReaderProcess | None]:
    """The process, begun at once and ended in the end."""
    if process is None:
        yield None
        return
    process.prepare()
    process.start()
    try:
        yield process
    finally:
        # It would outlive a worker that could not begin, and Python waits for it before it ends.
        process.end()
