"""The files that came with a mail, with their bytes: for a mail that is too large to be sent on whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import Message as Part

from inbox.header.block import in_single_bytes, split_head
from inbox.header.parameters import parameters
from inbox.mime.bounds import bound
from inbox.mime.limits import Limits
from inbox.mime.naming import safe, usual
from inbox.mime.parts import children, content_of, raw_field, size_of
from inbox.mime.tree import tree_of
from store.values import File

_TEXTS = ("text/plain", "text/html")


def files_in(raw: bytes, limits: Limits, most: int) -> tuple[list[File], list[tuple[str, int]]]:
    """The files of a mail that fit into so many bytes, in order, and the name and size of each other one.

    Never raises: of a mail that can't be taken apart there are no files.
    """
    try:
        return _chosen(list(_leaves(raw, limits, most)), most)
    except Exception:  # noqa: BLE001 - as in parse: a mail must not stop the next one, whatever it holds
        return [], []


def _chosen(leaves: list[tuple[str, Part]], most: int) -> tuple[list[File], list[tuple[str, int]]]:
    files: list[File] = []
    others: list[tuple[str, int]] = []
    left = most
    for name, part in leaves:
        data, size = content_of(part), size_of(part)
        if size <= left and len(data) == size:
            files.append(File(name, part.get_content_type(), data))
            left -= size
        else:
            others.append((name, size))
    return files, others


def _leaves(raw: bytes, limits: Limits, most: int) -> Iterator[tuple[str, Part]]:
    raw = in_single_bytes(raw)
    head = split_head(raw, 0, limits.header_bytes, top=True)
    # Encoded, a file is larger by a third and its line ends.
    room = most + most // 2
    tree = tree_of(bound(raw, head, replace(limits, attachment_bytes=room, content_bytes=room)))
    waiting = [tree]
    number = 0
    while waiting:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart":
            waiting[:0] = children(part)
        elif not part.is_multipart() and (name := _name(part)):
            yield name, part
        elif not part.is_multipart() and part.get_content_type() not in _TEXTS:
            number += 1
            yield usual(part.get_content_type()) or f"file-{number}", part


def _name(part: Part) -> str:
    """The name that the part gives itself; "" when it has none."""
    disposition = parameters(raw_field(part, "content-disposition"))
    return safe(
        disposition.get("filename", "") or parameters(raw_field(part, "content-type")).get("name", "")
    )
