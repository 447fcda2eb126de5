"""The mails that a mail carries as attachments, whole, as the bytes that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.header.block import Head, split_head
from inbox.header.parameters import media_type, parameters
from inbox.mime.kinds import MESSAGE
from inbox.mime.limits import Limits
from inbox.mime.transfer import decoded, encoding_of

_DEEPEST = 5
"""Of parts in parts; a mail client puts what it forwards into the outermost or the second."""
_NAMED = (".eml",)
_MOST = 50


def carried_mails(raw: bytes, limits: Limits) -> list[bytes]:
    """The attached mails in order; what is inside one of them is its own."""
    head = split_head(raw, 0, limits.header_bytes, top=True)
    return [mail for mail, _ in zip(_in_part(raw, head, len(raw), limits, 0), range(_MOST), strict=False)]


def _in_part(raw: bytes, head: Head, stop: int, limits: Limits, depth: int) -> Iterator[bytes]:
    kind = media_type(head.first("content-type"))
    if _is_mail(head, kind) and depth:
        encoding, _ = encoding_of(list(head.values("content-transfer-encoding")))
        yield decoded(raw[head.end : stop], encoding)
    elif kind.startswith("multipart/") and depth < _DEEPEST:
        boundary = parameters(head.first("content-type")).get("boundary", "")
        for start, end in _parts(raw, head.end, stop, boundary, limits.parts) if boundary else ():
            inner = split_head(raw, start, limits.header_bytes, stop=end)
            yield from _in_part(raw, inner, end, limits, depth + 1)


def _is_mail(head: Head, kind: str) -> bool:
    if kind in MESSAGE:
        return True
    given = parameters(head.first("content-disposition")).get("filename", "")
    name = given or parameters(head.first("content-type")).get("name", "")
    return kind == "application/octet-stream" and name.lower().endswith(_NAMED)


def _parts(raw: bytes, start: int, stop: int, boundary: str, most: int) -> Iterator[tuple[int, int]]:
    """Where each part of a multipart begins and ends (RFC 2046, section 5.1.1)."""
    line = re.compile(
        rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
    )
    begun: int | None = None
    at = max(start - 1, 0)
    for _ in range(most):
        found = line.search(raw, at, stop)
        if found is None:
            break
        if begun is not None:
            yield begun, found.start()
        if found[1]:
            return
        end_of_line = raw.find(b"\n", found.end(), stop)
        begun = end_of_line + 1 if end_of_line >= 0 else stop
        at = found.end()
    if begun is not None:
        yield begun, stop
