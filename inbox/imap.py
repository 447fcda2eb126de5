"""A mailbox over IMAP: IDLE where the server has it, a poll where it hasn't."""

from __future__ import annotations

import contextlib
import imaplib
import os
import select
import socket
import ssl
import time
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from inbox.imap_connection import ImapConnection, lasting, words_of
from inbox.mailbox import Fetched

KEYWORD = b"$Peygir"
"""Marks a mail that was taken in where it can't be moved."""

_IDLE_RENEWAL = 9 * 60.0
"""Servers may hang up after 30 minutes (RFC 2177), and routers forget a silent connection sooner."""
_POLL_STEP = 5.0
_BATCH_BYTES = 8 * 2**20
_BATCH_MAILS = 50
_UIDS_A_COMMAND = 500
_FROM_BYTES = 500
_CUT_HEADERS = 256 * 2**10
_CUT_TEXT = 64 * 2**10


class ImapMailbox:
    """One folder of one account; see `Mailbox` for what each method promises."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str,
        tls: str,
        folder: str,
        filed_folder: str,
        ca_file: str = "",
        size_limit: int = 25 * 2**20,
        timeout: float = 30.0,
    ) -> None:
        self.name = f"{user}@{host}/{folder}"
        self._line = ImapConnection(
            host=host, port=port, user=user, password=password, tls=tls, ca_file=ca_file, timeout=timeout
        )
        self._folder, self._filed_folder = folder, filed_folder
        self._size_limit = size_limit
        self._filed_name = ""
        self._flags: tuple[bytes, ...] = ()
        self._ear, self._bell = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._bell, False)
        weakref.finalize(self, _close_pipe, self._ear, self._bell)

    def open(self) -> int:
        self._filed_name = ""
        self._line.open()
        return self._select()

    def uids(self) -> list[int]:
        with self._line.plainly("stopped answering"):
            # What was announced so far is answered by this search; what comes later is news for wait().
            self._wire.untagged_responses.clear()
            return sorted(int(uid) for uid in self._client.search(["ALL"]))

    def senders(self, uids: Sequence[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for chunk in _chunks(uids, _UIDS_A_COMMAND):
            for uid, item in self._parts(chunk, "BODY.PEEK[HEADER.FIELDS (FROM)]").items():
                field = next((value for key, value in item.items() if key.startswith(b"BODY[HEADER")), b"")
                found[uid] = (field or b"")[:_FROM_BYTES].decode("latin-1").strip().lower()
        return found

    def fetch(self, uids: Sequence[int]) -> Iterator[Fetched]:
        for chunk in _chunks(uids, _UIDS_A_COMMAND):
            sizes = self._sizes(chunk)
            for batch in self._batches({uid: sizes[uid] for uid in chunk if uid in sizes}):
                yield from self._read(batch)

    def file(self, uids: Sequence[int]) -> None:
        for chunk in _chunks(uids, _UIDS_A_COMMAND):
            with self._line.plainly(f"would not file mail in {self._filed_folder or self._folder!r}"):
                if self._filed_folder and self._client.has_capability("MOVE"):
                    self._move(chunk)
                else:
                    self._client.add_flags(chunk, self._flags, silent=True)

    def wait(self, seconds: float) -> bool:
        with self._line.plainly("hung up while waiting for mail"):
            end = time.monotonic() + seconds
            if self._announced():
                return True
            if self._client.has_capability("IDLE"):
                return self._idle(end)
            return self._poll(end)

    def wake(self) -> None:
        # A full pipe has rung already.
        with contextlib.suppress(BlockingIOError):
            os.write(self._bell, b"!")

    def close(self) -> None:
        self._line.close()

    @property
    def _client(self) -> Any:
        return self._line.client

    @property
    def _wire(self) -> Any:
        return self._line.wire

    # -- opening

    def _select(self) -> int:
        with self._line.plainly(f"hung up while opening the folder {self._folder!r}"):
            try:
                answer = self._client.select_folder(self._folder)
            except imaplib.IMAP4.error as error:
                raise self._unopened(error) from error
            allowed = answer.get(b"PERMANENTFLAGS", ())
            keyword = (KEYWORD,) if b"\\*" in allowed or KEYWORD in allowed else ()
            self._flags = (b"\\Seen", *keyword)
            return int(answer[b"UIDVALIDITY"])

    def _unopened(self, error: Exception) -> Exception:
        # imaplib takes a folder that can't be changed for a lost connection.
        if isinstance(error, imaplib.IMAP4.abort) and not isinstance(error, imaplib.IMAP4.readonly):
            return error
        said = words_of(error)
        words = f"would not open the folder {self._folder!r}: {said}; check IMAP_FOLDER"
        return self._line.down(words, lasting(said))

    # -- fetching

    def _read(self, batch: dict[int, int]) -> Iterator[Fetched]:
        cut = max(batch.values()) > self._size_limit
        bodies = self._starts(list(batch)) if cut else self._bodies(list(batch))
        for uid, size in batch.items():
            if (raw := bodies.pop(uid, None)) is not None:
                yield Fetched(uid, raw, size, cut)

    def _sizes(self, uids: list[int]) -> dict[int, int]:
        answer = self._parts(uids, "RFC822.SIZE")
        return {uid: int(item[b"RFC822.SIZE"]) for uid, item in answer.items() if b"RFC822.SIZE" in item}

    def _batches(self, sizes: dict[int, int]) -> Iterator[dict[int, int]]:
        """Share mails out so that little is held in memory at a time; one over the limit goes alone."""
        batch: dict[int, int] = {}
        for uid, size in sizes.items():
            full = len(batch) == _BATCH_MAILS or sum(batch.values()) + size > _BATCH_BYTES
            if batch and (full or size > self._size_limit):
                yield batch
                batch = {}
            batch[uid] = size
            if size > self._size_limit:
                yield batch
                batch = {}
        if batch:
            yield batch

    def _bodies(self, uids: list[int]) -> dict[int, bytes]:
        answer = self._parts(uids, "BODY.PEEK[]")
        return {uid: item[b"BODY[]"] or b"" for uid, item in answer.items() if b"BODY[]" in item}

    def _starts(self, uids: list[int]) -> dict[int, bytes]:
        headers, text = f"BODY.PEEK[HEADER]<0.{_CUT_HEADERS}>", f"BODY.PEEK[TEXT]<0.{_CUT_TEXT}>"
        answer = self._parts(uids, headers, text)
        return {
            uid: _ended(item[b"BODY[HEADER]<0>"] or b"") + (item.get(b"BODY[TEXT]<0>") or b"")
            for uid, item in answer.items()
            if b"BODY[HEADER]<0>" in item
        }

    def _parts(self, uids: list[int], *parts: str) -> dict[int, dict[bytes, Any]]:
        with self._line.plainly("stopped answering"):
            answer: dict[int, dict[bytes, Any]] = self._client.fetch(uids, list(parts))
            return answer

    # -- filing

    def _move(self, uids: list[int]) -> None:
        self._filed_name = self._filed_name or self._name_on_the_server(self._filed_folder)
        try:
            self._client.move(uids, self._filed_name)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            # Most likely the folder is not there yet. If it is, the second MOVE gives the true reason.
            with contextlib.suppress(imaplib.IMAP4.error):
                self._client.create_folder(self._filed_name)
            self._client.move(uids, self._filed_name)

    def _name_on_the_server(self, folder: str) -> str:
        """Write `folder`, a path with slashes, with the server's own separator and prefix."""
        prefix, separator = "", ""
        if self._client.has_capability("NAMESPACE") and (personal := self._client.namespace().personal):
            prefix, separator = personal[0]
        elif listed := self._client.list_folders("", ""):
            separator = (listed[0][1] or b"").decode("ascii", "replace")
        name = folder.replace("/", separator or "/")
        return name if name.startswith(prefix) else prefix + name

    # -- waiting

    def _idle(self, end: float) -> bool:
        while (left := end - time.monotonic()) > 0:
            self._begin_idle()
            rung = False
            try:
                if not (self._announced() or self._buffered()):
                    rung = self._listen(min(left, _IDLE_RENEWAL), self._client.socket())
            finally:
                self._client.idle_done()
            if rung or self._announced():
                return not rung
        return False

    def _begin_idle(self) -> None:
        """Start IDLE; news may come before the server agrees, which IMAPClient.idle takes for an error."""
        tag = self._client._idle_tag = self._wire._command("IDLE")
        while self._wire._get_response() is not None:
            if self._wire.tagged_commands.get(tag):
                kind, data = self._wire.tagged_commands.pop(tag)
                raise imaplib.IMAP4.error(f"IDLE answered {kind} {words_of(imaplib.IMAP4.error(data[0]))}")

    def _poll(self, end: float) -> bool:
        while (left := end - time.monotonic()) > 0:
            if self._listen(min(left, _POLL_STEP)):
                return False
            self._client.noop()
            if self._announced():
                return True
        return False

    def _listen(self, seconds: float, line: socket.socket | None = None) -> bool:
        """Sleep until the line has something, the time is up (False) or the bell rings (True)."""
        poller = select.poll()
        poller.register(self._ear, select.POLLIN)
        if line is not None:
            poller.register(line, select.POLLIN)
        heard = [fd for fd, _ in poller.poll(seconds * 1000)]
        if self._ear not in heard:
            return False
        os.read(self._ear, 4096)
        return True

    def _buffered(self) -> bool:
        """Whether bytes were read ahead, by TLS or by the buffer, which poll() can't see."""
        line = self._client.socket()
        line.settimeout(0)
        try:
            return bool(self._wire.file.peek(1))
        except ssl.SSLWantReadError:
            return False
        finally:
            line.settimeout(self._line.timeout)

    def _announced(self) -> bool:
        return "EXISTS" in self._wire.untagged_responses


def _close_pipe(*ends: int) -> None:
    for end in ends:
        os.close(end)


def _chunks(uids: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(uids), size):
        yield list(uids[start : start + size])


def _ended(headers: bytes) -> bytes:
    """Close a header block that was cut within."""
    return headers if headers.endswith((b"\r\n\r\n", b"\n\n")) else headers + b"\r\n\r\n"
