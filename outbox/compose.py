"""A letter → finished bytes (RFC 5322): threaded, in 7 bits, ready to be stored and sent as they are.

The MIME text is put together by hand, because this stands on the way of every acknowledgement; the tests read
it back with Python's own parser. The customer's mail that a letter carries is stored once, as it came: here
only its place in the letter is made (store/enclosed.py).
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal
from urllib.parse import quote

from cases import tokens
from outbox import headers
from outbox.letters import Rendered
from store.values import Address, File

LOOP_HEADER = "X-Peygir-Loop"
CASE_HEADER = "X-Peygir-Case"
_LONGEST_PLAIN_LINE = 76
_LONGEST_LINE = 998
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_FILE_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,80}")
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_NOT_ASCII = bytes(range(0x80, 0x100))

How = Literal["7bit", "base64"]
Place = tuple[int, How]
"""Where the enclosed mail goes in a letter's bytes, and how it is encoded there."""


def compose(
    *,
    rendered: Rendered,
    sender: Address,
    recipient: Address,
    reply_to: str,
    message_id: str,
    date: datetime,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    automatic: bool,
    loop_header: bool | None = None,
    original: bytes | None = None,
    files: Sequence[File] = (),
    case_number: int | None = None,
) -> tuple[bytes, Place | None]:
    """The finished mail with CRLF line ends, and where in it the original goes that it encloses.

    Every line is short and every byte is ASCII, also with the original put in. An automatic letter says so
    (RFC 3834, promise 10) and carries our loop header, which `loop_header` can also ask for or leave out by
    itself. Raises ValueError for an address that mail can't be sent to.
    """
    if headers.message_ids([message_id]) != [message_id]:
        raise ValueError(f"{message_id!r} is no Message-ID")
    parent = headers.message_ids([in_reply_to])[:1]
    fields = [
        headers.mailbox("From", sender),
        headers.mailbox("To", recipient),
        *([f"Reply-To: {headers.address_spec(reply_to)}"] if reply_to else []),
        headers.unstructured("Subject", rendered.subject),
        f"Date: {_date(date)}",
        f"Message-ID: {message_id}",
        *_threading(parent, references),
        *_automatic(automatic, bool(parent)),
        *_loop(sender, automatic if loop_header is None else loop_header),
        *([] if case_number is None else [f"{CASE_HEADER}: {case_number}"]),
        *([f"Content-Language: {rendered.language}"] if _LANGUAGE.fullmatch(rendered.language) else []),
        "MIME-Version: 1.0",
    ]
    head = "\r\n".join(fields).encode("ascii") + b"\r\n"
    letter = _with_files(_letter(rendered, message_id), files, message_id)
    if original is None:
        return head + letter, None
    before, how, after = _around(letter, original, f"{message_id}+")
    return b"".join((head, before, after)), (len(head) + len(before), how)


def new_message_id(domain: str, unique: str) -> str:
    """A Message-ID from a text that names the letter for ever; the same text gives the same id."""
    readable = _NOT_IN_AN_ID.sub(".", unique).strip(".")[:80]
    digest = sha256(unique.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    local = f"{readable}.{digest}" if readable else digest
    return f"<{headers.address_spec(f'peygir@{domain}').replace('peygir', local, 1)}>"


def reply_address(complaints_address: str, token: str, form: str = "{local}+{token}@{domain}") -> str:
    """Where an answer that carries a token goes; the form is for mail servers that lose the plus."""
    return headers.address_spec(tokens.reply_address(complaints_address, token, form))


def mailto(address: str, subject: str = "", body: str = "") -> str:
    """A link that opens a ready mail (RFC 6068); a plus is encoded, as some programs lose it."""
    query = _query(subject, body)
    return f"mailto:{quote(address, safe='@')}" + (f"?{query}" if query else "")


# A few words, such as “approve”, stand in nearly all links.
@lru_cache(maxsize=128)
def _query(subject: str, body: str) -> str:
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    named = (("subject", " ".join(subject.split())), ("body", lines))
    return "&".join(f"{name}={quote(value, safe='', errors='replace')}" for name, value in named if value)


def _threading(parent: list[str], references: Sequence[str]) -> list[str]:
    before = [known for known in headers.message_ids(references) if known not in parent]
    fields = [f"In-Reply-To: {parent[0]}"] if parent else []
    return fields + ([headers.references(before + parent)] if before or parent else [])


def _automatic(automatic: bool, answers: bool) -> list[str]:
    if not automatic:
        return []
    how = "auto-replied" if answers else "auto-generated"
    return [f"Auto-Submitted: {how}", "X-Auto-Response-Suppress: All"]


def _loop(sender: Address, wanted: bool) -> list[str]:
    return [f"{LOOP_HEADER}: {headers.address_spec(sender.key)}"] if wanted else []


# The letters of one mail are of one moment.
_date = lru_cache(maxsize=8)(format_datetime)


def _letter(rendered: Rendered, seed: str) -> bytes:
    """The body with its own Content-* fields."""
    text = _text_part("plain", rendered.text)
    if not rendered.html:
        return text
    parts = (text, _text_part("html", rendered.html))
    boundary = _boundary(parts, seed)
    line = b"\r\n--" + boundary
    first, last = parts
    return b"".join(
        (_multipart("alternative", boundary), line[2:], b"\r\n", first, line, b"\r\n", last, line, b"--\r\n")
    )


def _with_files(letter: bytes, files: Sequence[File], seed: str) -> bytes:
    """The body with files behind it, each encoded; the body itself when there are none."""
    if not files:
        return letter
    parts = [letter, *(_file(one) for one in files)]
    boundary = _boundary(parts, f"{seed}+files")
    line = b"--" + boundary
    inner = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return _multipart("mixed", boundary) + inner + line + b"--\r\n"


def _file(file: File) -> bytes:
    kind = file.content_type.lower()
    # Of these a mail program would show the inside, and not the file; and they may not be encoded.
    if not _FILE_TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    head = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n{headers.filename(file.name)}\r\n\r\n"
    )
    return head.encode("ascii") + _base64(file.data)


def _around(letter: bytes, original: bytes, seed: str) -> tuple[bytes, How, bytes]:
    """A mixed body without the original: what stands before it, its encoding, and what stands after it."""
    how: How = "7bit" if _is_plain(original) else "base64"
    # RFC 2046 (5.2.1) forbids to encode message/rfc822; as a file, every byte of it survives.
    kind = "message/rfc822" if how == "7bit" else "application/octet-stream"
    boundary = _boundary((letter, original) if how == "7bit" else (letter,), seed)
    line = b"--" + boundary
    file = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {how}\r\n"
        'Content-Disposition: attachment;\r\n filename="original.eml"\r\n\r\n'
    ).encode("ascii")
    before = (_multipart("mixed", boundary), line, b"\r\n", letter, b"\r\n", line, b"\r\n", file)
    return b"".join(before), how, b"\r\n" + line + b"--\r\n"


def _is_plain(original: bytes) -> bool:
    """Whether any relay takes it as it is, with CRLF line ends."""
    # It may have megabytes, so nothing here copies it.
    return (
        original.isascii()
        and b"\0" not in original
        and original.count(b"\r") == original.count(b"\r\n")
        and _lines_are_short(original)
    )


def _lines_are_short(original: bytes) -> bool:
    """Whether no line is longer than RFC 5322 (2.1.1) allows; each CR must be followed by LF."""
    start, size = 0, len(original)
    while size - start > _LONGEST_LINE:
        end = original.rfind(b"\n", start, start + _LONGEST_LINE + 2)
        if end < 0 or (end == start + _LONGEST_LINE + 1 and not _ends_in_time(original, start, end)):
            return False
        start = end + 1
    return True


def _ends_in_time(original: bytes, start: int, end: int) -> bool:
    """Whether what stands before a late LF is its CR, or another line began in between."""
    return original[end - 1 : end] == b"\r" or original.find(b"\n", start, end) >= 0


def _multipart(kind: str, boundary: bytes) -> bytes:
    name = boundary.decode("ascii")
    return f'Content-Type: multipart/{kind};\r\n boundary="{name}"\r\n\r\n'.encode("ascii")


def _boundary(parts: Sequence[bytes], seed: str) -> bytes:
    """A line that no part holds, not even one that was written by someone who guessed it."""
    boundary = b"=_" + sha256(seed.encode("utf-8")).hexdigest()[:32].encode("ascii")
    return boundary if not any(boundary in part for part in parts) else _boundary(parts, f"{seed}+")


def _text_part(kind: str, text: str) -> bytes:
    lines = text.encode("utf-8", "replace").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoding, data = _encoded(lines)
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode("ascii") + data


def _encoded(lines: bytes) -> tuple[str, bytes]:
    """The smallest of the three encodings that are fine for any relay."""
    if lines.isascii() and b"\0" not in lines and _widest(lines) <= _LONGEST_PLAIN_LINE:
        return "7bit", _crlf(lines)
    foreign = len(lines) - len(lines.translate(None, _NOT_ASCII))
    if foreign * 6 > len(lines):
        return "base64", _base64(_crlf(lines))
    return "quoted-printable", _crlf(b2a_qp(lines, istext=True))


def _widest(lines: bytes) -> int:
    return max(map(len, lines.split(b"\n")))


def _crlf(lines: bytes) -> bytes:
    return lines.replace(b"\n", b"\r\n")


def _base64(data: bytes) -> bytes:
    text = b2a_base64(data, newline=False)
    width = _LONGEST_PLAIN_LINE
    return b"\r\n".join([text[at : at + width] for at in range(0, len(text), width)]) + b"\r\n"
