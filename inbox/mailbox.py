"""What a mailbox can do, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from language.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as it lies in the mailbox."""

    uid: int
    raw: bytes
    size: int
    cut: bool
    """The mail is over the limit: `raw` holds only its headers and its start (promise 5)."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A mail that was put away, as it lies there."""

    uid: int
    """Of the folder for such mails."""
    message_id: str
    size: int


class MailboxDown(Trouble):
    """The mailbox can't be used. The message names it and says what to do."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        """Waiting won't help: a setting must change first."""


class LoginRefused(MailboxDown):
    """The server would not let us in, and won't until somebody changes something.

    Trying it again and again could lock the account.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


class NotFiled(MailboxDown):
    """Mail can be read but not be put away; the mailbox stays open."""


class Mailbox(Protocol):
    """A mailbox of one owner, used by one thread; only `wake` may be called from another."""

    name: str
    """user@host/folder"""

    def open(self) -> int:
        """Connect, log in and select the folder; give its UIDVALIDITY. Raises MailboxDown."""
        ...

    def reopen(self) -> int:
        """Select the folder anew: only so it shows that it was deleted, renamed or made anew; as `open`."""
        ...

    def uids(self, above: int = 0) -> list[int]:
        """Give the UID of every mail in the folder that has a higher one, read or unread (promise 2)."""
        ...

    def senders(self, uids: Sequence[int]) -> dict[int, str]:
        """Give the From field of each mail as it stands there, to share out turns by; cheap for thousands."""
        ...

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        """Read mails in this order without marking them; those that have gone meanwhile are left out."""
        ...

    def file(self, uids: Sequence[int]) -> None:
        """Put mails away without ever destroying one (promise 1); one that has gone is no error.

        Raises NotFiled when the server refuses it.
        """
        ...

    def bring_back(self, wanted: Callable[[Sequence[Filed]], Collection[int]]) -> int:
        """Put mails that were put away back into the folder that is read; how many.

        `wanted` is asked, of some at a time, which: it gives their UIDs. The folder is open afterwards.
        """
        ...

    def wait(self, seconds: float) -> bool:
        """Sleep until something may have come (True) or the time is up or `wake` was called (False)."""
        ...

    def wake(self) -> None:
        """Make `wait` return soon; may be called from another thread."""
        ...

    def close(self) -> None:
        """Log out if that is possible, hang up in any case; never raises."""
        ...
