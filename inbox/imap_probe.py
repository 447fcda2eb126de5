"""A mailbox looked over for the doctor: what its server can do, and whether it lets us do it."""

from __future__ import annotations

import imaplib
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from inbox.imap import ImapMailbox
from inbox.imap_connection import is_refusal, words_of

T = TypeVar("T")
_LEAF = (
    b"From: peygir@localhost\r\nSubject: To compare clocks\r\nAuto-Submitted: auto-generated\r\n\r\n"
    b"Written by worker.py doctor, and taken away again at once.\r\n"
)
_APPENDED = re.compile(rb"\[APPENDUID \d+ (\d+)\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quota:
    """How full a mailbox is, in units of 1024 bytes (RFC 9208)."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail that was looked for."""

    folder: str
    raw: bytes


class Looked:
    """A mailbox that is open, looked over by one thread. Every failure is MailboxDown."""

    def __init__(self, mailbox: ImapMailbox) -> None:
        self._mailbox = mailbox
        self._line = mailbox.line

    @property
    def _client(self) -> Any:
        return self._line.client

    @property
    def line(self) -> socket.socket:
        """The connection itself, for its TLS."""
        found: socket.socket = self._client.socket()
        return found

    @property
    def offers(self) -> frozenset[str]:
        """What the server says that it can do."""
        return frozenset(one.decode("ascii", "replace").upper() for one in self._client.capabilities())

    @property
    def keeps_keyword(self) -> bool:
        """Whether a mark of ours stays on a mail."""
        return self._mailbox.keeps_keyword

    def mails(self) -> int:
        """How many mails wait to be read."""
        return len(self._mailbox.uids())

    def quota(self) -> Quota | None:
        """How full the mailbox is; None where the server does not say, or sets no limit."""
        if "QUOTA" not in self.offers:
            return None
        told = self._answer("hung up while it was asked for its quota", self._client.get_quota) or ()
        kept = (one for one in told if one.resource == "STORAGE" and one.limit)
        return next((Quota(int(one.usage), int(one.limit)) for one in kept), None)

    def filed_folder(self) -> tuple[str, str]:
        """The folder that mail is moved to, made if need be, and why that is not possible, or "".

        ("", "") where nothing is moved: mail stays in its place and is marked.
        """
        with self._line.plainly("hung up while its folders were looked at"):
            name = self._mailbox.moves_to()
            if not name or self._client.folder_exists(name):
                return name, ""
            try:
                # As the first mail that is filed would.
                self._client.create_folder(name)
            except imaplib.IMAP4.error as error:
                if not is_refusal(error):
                    raise
                return name, words_of(error)
        return name, ""

    def ahead(self, folder: str, now: Callable[[], datetime]) -> timedelta | None:
        """How far the server's clock is before ours, by when it says that a mail of ours came.

        None where such a mail could not be taken away again alone, or was not taken.
        """
        if "UIDPLUS" not in self.offers:
            return None
        return self._answer("hung up while its clock was asked for", lambda: self._ahead(folder, now))

    def _ahead(self, folder: str, now: Callable[[], datetime]) -> timedelta | None:
        before = now()
        answer = self._client.append(folder, _LEAF, [b"\\Seen", b"\\Deleted"])
        after = now()
        appended = _APPENDED.search(answer if isinstance(answer, bytes) else str(answer).encode())
        if not appended:
            return None
        at = self._written(folder, int(appended[1]))
        # It is given in whole seconds: between them both clocks agree.
        if at + timedelta(seconds=1) < before:
            return at + timedelta(seconds=1) - before
        return max(at - after, timedelta())

    def find(self, message_id: str, folders: tuple[str, ...]) -> Arrived | None:
        """A mail by its Message-ID, in one of the folders."""
        for folder in filter(None, folders):
            words = "hung up while a mail was looked for"
            if raw := self._answer(words, partial(self._found, folder, message_id)):
                return Arrived(folder, raw)
        return None

    def _found(self, folder: str, message_id: str) -> bytes | None:
        self._client.select_folder(folder, readonly=True)
        uids = self._client.search(["HEADER", "Message-ID", message_id])
        answer = self._client.fetch(uids[:1], ["BODY.PEEK[]"]) if uids else {}
        return next((bytes(one[b"BODY[]"] or b"") for one in answer.values()), None)

    def _written(self, folder: str, uid: int) -> datetime:
        try:
            self._client.select_folder(folder)
            at: datetime = self._client.fetch([uid], ["INTERNALDATE"])[uid][b"INTERNALDATE"]
        finally:
            self._client.uid_expunge([uid])
        return at.astimezone(UTC)

    def _answer(self, what: str, question: Callable[[], T]) -> T | None:
        """None where the server says no: it is as good as one that can't answer."""
        with self._line.plainly(what):
            try:
                return question()
            except imaplib.IMAP4.error as error:
                if not is_refusal(error):
                    raise
        return None
