"""A letter → finished bytes (RFC 5322): threaded, in 7 bits, ready to be stored and sent as they are.

The MIME text is put together by hand, because this stands on the way of every acknowledgement; the tests read
it back with Python's own parser.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from urllib.parse import quote

from cases import tokens
from outbox import headers
from outbox.letters import Rendered
from store.values import Address

LOOP_HEADER = "X-Peygir-Loop"
CASE_HEADER = "X-Peygir-Case"
_LONGEST_PLAIN_LINE = 76
_LONGEST_LINE = 998
_CONTENT_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_ORIGINAL = "message/rfc822"

File = tuple[str, str, bytes]
"""An attachment: file name, content type, bytes."""


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
    attachments: Sequence[File] = (),
    case_number: int | None = None,
) -> bytes:
    """The finished mail with CRLF line ends; every line is short and every byte is ASCII.

    An automatic letter says so (RFC 3834, promise 10) and carries our loop header, which `loop_header` can
    also ask for or leave out by itself. Raises ValueError for an address that mail can't be sent to.
    """
    if headers.message_ids([message_id]) != [message_id]:
        raise ValueError(f"{message_id!r} is no Message-ID")
    parent = headers.message_ids([in_reply_to])[:1]
    fields = [
        headers.mailbox("From", sender),
        headers.mailbox("To", recipient),
        *([f"Reply-To: {headers.address_spec(reply_to)}"] if reply_to else []),
        headers.unstructured("Subject", rendered.subject),
        f"Date: {format_datetime(date)}",
        f"Message-ID: {message_id}",
        *_threading(parent, references),
        *_automatic(automatic, bool(parent)),
        *_loop(sender, automatic if loop_header is None else loop_header),
        *([] if case_number is None else [f"{CASE_HEADER}: {case_number}"]),
        *([f"Content-Language: {rendered.language}"] if _LANGUAGE.fullmatch(rendered.language) else []),
        "MIME-Version: 1.0",
    ]
    return "\r\n".join(fields).encode("ascii") + b"\r\n" + _body(rendered, attachments, message_id)


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
    lines = body.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    named = (("subject", " ".join(subject.split())), ("body", lines))
    query = "&".join(f"{name}={_percent(value)}" for name, value in named if value)
    return f"mailto:{quote(address, safe='@')}" + (f"?{query}" if query else "")


def _percent(text: str) -> str:
    return quote(text, safe="", errors="replace")


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


def _body(rendered: Rendered, attachments: Sequence[File], seed: str) -> bytes:
    """The body with its own Content-* fields."""
    letter = _text_part("plain", rendered.text)
    if rendered.html:
        letter = _multipart("alternative", [letter, _text_part("html", rendered.html)], seed)
    if not attachments:
        return letter
    return _multipart("mixed", [letter, *(_file_part(*file) for file in attachments)], f"{seed}+")


def _multipart(kind: str, parts: Sequence[bytes], seed: str) -> bytes:
    boundary = _boundary(parts, seed)
    line = b"--" + boundary
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary.decode("ascii")}"\r\n\r\n'.encode(
        "ascii"
    )
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


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
    foreign = sum(len(run) for run in re.findall(rb"[\x80-\xff]+", lines))
    if foreign * 6 > len(lines):
        return "base64", _base64(_crlf(lines))
    return "quoted-printable", _crlf(b2a_qp(lines, istext=True))


def _file_part(filename: str, content_type: str, data: bytes) -> bytes:
    kind = content_type.lower() if _CONTENT_TYPE.fullmatch(content_type) else "application/octet-stream"
    name = filename
    if kind == _ORIGINAL:
        lines = data.replace(b"\r\n", b"\n")
        if lines.isascii() and not re.search(rb"[\0\r]", lines) and _widest(lines) <= _LONGEST_LINE:
            return _headed(kind, name, "7bit", _crlf(lines))
        # RFC 2046 (5.2.1) forbids to encode message/rfc822; as a file, every byte of it survives.
        kind, name = "application/octet-stream", name if name.lower().endswith(".eml") else f"{name}.eml"
    if kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    return _headed(kind, name, "base64", _base64(data))


def _headed(kind: str, filename: str, encoding: str, data: bytes) -> bytes:
    lines = (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n{headers.disposition(filename)}"
    )
    return lines.encode("ascii") + b"\r\n\r\n" + data


def _widest(lines: bytes) -> int:
    return max(map(len, lines.split(b"\n")))


def _crlf(lines: bytes) -> bytes:
    return lines.replace(b"\n", b"\r\n")


def _base64(data: bytes) -> bytes:
    return _crlf(encodebytes(data))
