"""The mailboxes that a worker reads, each by itself: what is wrong with one is no other's trouble."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from engine.apart import ReaderProcess
from engine.desk import Desk
from engine.reading import Reader
from inbox.mailbox import Mailbox, MailboxDown


@dataclass(frozen=True, slots=True)
class Post:
    """A mailbox that this worker reads."""

    desk: Desk
    mailbox: Mailbox
    process: ReaderProcess | None

    @property
    def reader(self) -> Reader:
        """What reads it."""
        return Reader(self.desk, self.mailbox, self.process)


def read_each(posts: Sequence[Post]) -> int:
    """Read what is there, each mailbox in a thread of its own where there are several; how many mails.

    One that hangs or is away keeps no other waiting. Raises MailboxDown with what is wrong with any, in the
    end.
    """
    if len(posts) == 1:
        return posts[0].reader.once()
    taken: list[int] = []
    wrong: list[Exception] = []

    def read(post: Post) -> None:
        try:
            taken.append(post.reader.once())
        except Exception as trouble:  # noqa: BLE001 - raised when all are read
            wrong.append(trouble)

    threads = [threading.Thread(target=read, args=(post,), daemon=True) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for trouble in wrong:
        if not isinstance(trouble, MailboxDown):
            raise trouble
    if wrong:
        raise MailboxDown("; ".join(map(str, wrong)))
    return sum(taken)
