"""A mailbox over IMAP: IDLE where the server has it, a poll where it hasn't."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from access.advice import advice
from inbox.imap_connection import ImapConnection, is_refusal, lasting, words_of
from inbox.imap_filed import brought_back
from inbox.imap_opening import found_by, name_on_the_server, select
from inbox.imap_waiting import Ear
from inbox.mailbox import Fetched, Filed, NotFiled

if TYPE_CHECKING:
    from access.tokens import Tokens

KEYWORD = b"$Peygir"
"""Marks a mail that was taken in where it can't be moved."""

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
        tokens: Tokens | None = None,
    ) -> None:
        self.name = f"{user}@{host}/{folder}"
        self._line = ImapConnection(
            host=host,
            port=port,
            user=user,
            password=password,
            tls=tls,
            ca_file=ca_file,
            timeout=timeout,
            tokens=tokens,
        )
        self._folder, self._filed_folder = folder, filed_folder
        self._size_limit = size_limit
        self._filed_name = ""
        self._flags: tuple[bytes, ...] = ()
        self._uidvalidity = 0
        self._ear = Ear(self._line)

    def open(self) -> int:
        self._filed_name = ""
        self._line.open()
        return self._select()

    def reopen(self) -> int:
        return self._select()

    def uids(self, above: int = 0) -> list[int]:
        with self._line.plainly("stopped answering", refused="would not look for mail"):
            self._same_folder()
            # What was announced so far is answered by this search; what comes later is news for wait().
            self._wire.untagged_responses.clear()
            # "8:*" means the last mail too, when there is none from 8 on (RFC 9051).
            wanted = ["UID", f"{above + 1}:*"] if above else ["ALL"]
            found = sorted(uid for uid in found_by(self._client, wanted) if uid > above)
        if found:
            self._ear.heard()
        return found

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
            with self._line.plainly("hung up while mail was filed"):
                try:
                    self._put_away(chunk)
                except imaplib.IMAP4.error as error:
                    if not is_refusal(error):
                        raise
                    raise self._not_filed(error) from error

    def bring_back(self, wanted: Callable[[Sequence[Filed]], Collection[int]]) -> int:
        brought = 0
        with self._line.plainly("hung up while filed mail was looked through"):
            if self._filed_folder and self._client.has_capability("MOVE"):
                filed = name_on_the_server(self._client, self._filed_folder)
                brought = brought_back(self._client, filed, self._folder, wanted)
        self._select()
        return brought

    def wait(self, seconds: float) -> bool:
        with self._line.plainly("hung up while waiting for mail"):
            return self._ear.wait(seconds)

    def wake(self) -> None:
        self._ear.wake()

    def close(self) -> None:
        self._line.close()

    @property
    def line(self) -> ImapConnection:
        """What it is read over, for whoever looks at the connection itself."""
        return self._line

    @property
    def keeps_keyword(self) -> bool:
        """Whether the open folder lets us mark a mail as taken in."""
        return KEYWORD in self._flags

    def moves_to(self) -> str:
        """The folder that mail is moved to, by the name that the server has for it; "" where it stays."""
        if not (self._filed_folder and self._client.has_capability("MOVE")):
            return ""
        return name_on_the_server(self._client, self._filed_folder)

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
                answer = select(self._client, self._folder)
            except imaplib.IMAP4.error as error:
                raise self._unopened(error) from error
            allowed = answer.get(b"PERMANENTFLAGS", ())
            keyword = (KEYWORD,) if b"\\*" in allowed or KEYWORD in allowed else ()
            self._flags = (b"\\Seen", *keyword)
            if b"UIDVALIDITY" not in answer:
                words = "gives no UIDVALIDITY, so that no mail could be told from another; ask its admin"
                raise self._line.down(f"opens the folder {self._folder!r} but {words}", True)
            self._uidvalidity = int(answer[b"UIDVALIDITY"])
            return self._uidvalidity

    def _same_folder(self) -> None:
        """UIDs mean something else once the server has said that the folder was made anew."""
        said = self._wire.untagged_responses.get("UIDVALIDITY") or [self._uidvalidity]
        if int(said[-1]) != self._uidvalidity:
            raise self._line.down(f"has made the folder {self._folder!r} anew; it is opened again")

    def _unopened(self, error: Exception) -> Exception:
        # imaplib takes a folder that can't be changed for a lost connection.
        if isinstance(error, imaplib.IMAP4.abort) and not isinstance(error, imaplib.IMAP4.readonly):
            return error
        said = words_of(error)
        usual = "check IMAP_FOLDER, or make the folder again if somebody renamed or deleted it"
        words = f"would not open the folder {self._folder!r}: {said}; {advice(said, usual)}"
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
        with self._line.plainly("stopped answering", refused=f"would not give mail {_short(uids)}"):
            try:
                return self._asked(uids, parts)
            except imaplib.IMAP4.error as error:
                if not (is_refusal(error) and "EXPUNGEISSUED" in words_of(error)):
                    raise
            # Somebody else deleted some of them, and the server wanted to tell us first (RFC 5530).
            self._client.noop()
            return self._asked(uids, parts)

    def _asked(self, uids: list[int], parts: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        answer: dict[int, dict[bytes, Any]] = self._client.fetch(uids, list(parts))
        return answer

    # -- filing

    def _put_away(self, uids: list[int]) -> None:
        if self._filed_folder and self._client.has_capability("MOVE"):
            self._move(uids)
        else:
            self._client.add_flags(uids, self._flags, silent=True)

    def _not_filed(self, error: Exception) -> NotFiled:
        where = f"the IMAP server {self._line.address} would not file mail in"
        folder = self._filed_folder or self._folder
        todo = "mail is read all the same; make room, or check IMAP_FILED_FOLDER"
        return NotFiled(f"{where} {folder!r}: {words_of(error)}; {todo}")

    def _move(self, uids: list[int]) -> None:
        self._filed_name = self._filed_name or name_on_the_server(self._client, self._filed_folder)
        try:
            self._client.move(uids, self._filed_name)
        except imaplib.IMAP4.error as error:
            if not is_refusal(error):
                raise
            # Most likely the folder is not there yet. If it is, the second MOVE gives the true reason.
            self._make_filed_folder(words_of(error))
            self._client.move(uids, self._filed_name)

    def _make_filed_folder(self, refused: str) -> None:
        try:
            self._client.create_folder(self._filed_name)
        except imaplib.IMAP4.error as error:
            if not is_refusal(error) or "TRYCREATE" in refused:
                raise


def _chunks(uids: Sequence[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(uids), size):
        yield list(uids[start : start + size])


def _short(uids: Sequence[int]) -> str:
    """UIDs for one line of a log."""
    return f"{uids[0]}" if len(uids) == 1 else f"{uids[0]} to {uids[-1]}"


def _ended(headers: bytes) -> bytes:
    """Close a header block that was cut within."""
    return headers if headers.endswith((b"\r\n\r\n", b"\n\n")) else headers + b"\r\n\r\n"
