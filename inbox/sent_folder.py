"""The mailbox's folder for sent mail: a copy of each letter, once, whatever became of an attempt before."""

from __future__ import annotations

import hashlib
import imaplib
import os
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from inbox.imap_connection import ImapConnection, is_refusal, words_of
from inbox.imap_opening import name_on_the_server
from inbox.mailbox import MailboxDown
from inbox.maildir_uids import sync


class SentFolder(Protocol):
    """Where copies go; used by one thread."""

    def keep(self, data: bytes, message_id: str, at: datetime, *, again: bool) -> None:
        """Put a copy there, marked as read; the folder is made if it is missing. `again`: it may be there
        already, and is looked for first. Raises MailboxDown."""
        ...

    def close(self) -> None:
        """Hang up; never raises."""
        ...


class ImapSentFolder:
    """A folder on an IMAP server."""

    def __init__(self, line: ImapConnection, folder: str) -> None:
        self._line, self._folder = line, folder
        self._name = ""

    def keep(self, data: bytes, message_id: str, at: datetime, *, again: bool) -> None:
        if not self._name:
            self._line.open()
            with self._line.plainly("hung up"):
                self._name = name_on_the_server(self._line.client, self._folder)
        with self._line.plainly(f"hung up while a copy was put into {self._folder!r}"):
            if again and self._is_there(message_id):
                return
            try:
                self._append(data, at)
            except imaplib.IMAP4.error as error:
                if not is_refusal(error):
                    raise
                raise self._line.down(
                    f"would not take a copy into the folder {self._folder!r}: {words_of(error)}; "
                    "make room, or check SENT_FOLDER"
                ) from error

    def close(self) -> None:
        self._name = ""
        self._line.close()

    @property
    def _client(self) -> Any:
        return self._line.client

    def _append(self, data: bytes, at: datetime) -> None:
        try:
            self._client.append(self._name, data, (b"\\Seen",), at)
        except imaplib.IMAP4.error as error:
            if not is_refusal(error):
                raise
            # Most likely the folder is not there yet. If it is, the second attempt gives the true reason.
            try:
                self._client.create_folder(self._name)
            except imaplib.IMAP4.error as other:
                if not is_refusal(other):
                    raise
            self._client.append(self._name, data, (b"\\Seen",), at)

    def _is_there(self, message_id: str) -> bool:
        try:
            self._client.select_folder(self._name, readonly=True)
        except imaplib.IMAP4.error as error:
            if isinstance(error, imaplib.IMAP4.abort) or not is_refusal(error):
                raise
            return False
        return bool(self._client.search(["HEADER", "Message-ID", message_id]))


class MaildirSentFolder:
    """A folder of a Maildir. A copy's name is made of the letter's Message-ID, so it is there once."""

    def __init__(self, maildir: Path, folder: str) -> None:
        self._root = maildir / f".{folder.replace('/', '.')}"

    def keep(self, data: bytes, message_id: str, at: datetime, *, again: bool) -> None:
        base = f"{int(at.timestamp())}.{hashlib.sha256(message_id.encode()).hexdigest()[:32]}.peygir"
        try:
            for name in ("tmp", "new", "cur"):
                (self._root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
            (self._root / "maildirfolder").touch(0o600)
            if again and any(one.name.partition(":")[0] == base for one in (self._root / "cur").iterdir()):
                return
            draft = self._root / "tmp" / base
            with draft.open("wb") as file:
                file.write(data.replace(b"\r\n", b"\n"))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._root / "cur" / f"{base}:2,S")
            sync(self._root / "cur")
        except OSError as error:
            why = error.strerror or str(error)
            told = f"no copy can be put into {self._root}: {why}; make room, or check SENT_FOLDER"
            raise MailboxDown(told) from error

    def close(self) -> None:
        """Nothing is open."""
