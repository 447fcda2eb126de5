"""The files that came with a mail, with their bytes and what these show them to be.

Whatever a mail program would show as a file is one: also what stands in a mail that the mail carries, in
winmail.dat, or uuencoded in its text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message as Part
from typing import NamedTuple

from inbox.attached.budget import Budget
from inbox.attached.looking import look, unseen
from inbox.content import tnef
from inbox.content.uuencode import held_in
from inbox.header.block import in_single_bytes, split_head
from inbox.header.parameters import parameters
from inbox.mime.bounds import Bounded, bound
from inbox.mime.limits import Limits
from inbox.mime.naming import safe, usual
from inbox.mime.parts import children, content_of, kept_of, raw_field, size_of
from inbox.mime.tree import tree_of
from store.attached import Attached, Danger, Seen
from store.values import File

_MAILS = (".eml", ".mht", ".mhtml")
"""Endings of files that are mails."""
_TEXTS = ("text/plain", "text/html")
_PIECES = ("message/partial", "message/external-body")
_GUESSED = (
    "only the first",
    "what is nested deeper",
    "the mail's parts could not be told apart",
    "the mail does not say where its parts begin",
    "a part stands behind the end",
    "this is one piece",
    "a part that has to be opened",
)
"""What is said of a mail in which another program may see parts that we don't."""


@dataclass(frozen=True, slots=True)
class Came:
    """All files of a mail."""

    files: tuple[Attached, ...] = ()
    sure: bool = True
    """Whether no other program sees a file in it that is not among these."""


class _Leaf(NamedTuple):
    name: str
    content_type: str
    size: int
    data: bytes
    dangers: tuple[Danger, ...] = ()


class _Looking(NamedTuple):
    """How much of a mail is looked at, and how many mails within mails."""

    limits: Limits
    most: int
    depth: int = 3


def files_of(raw: bytes, limits: Limits, most: int) -> Came:
    """The files of a mail; those that are larger than `most` bytes are named and not looked at.

    Never raises: of a mail that can't be taken apart, nothing is sure.
    """
    try:
        bounded, leaves = _opened(raw, limits, most)
        budget, look_at = Budget(), _Looking(limits, most)
        files = tuple(_seen(one, number, budget, look_at) for number, one in enumerate(leaves, 1))
    except Exception:  # noqa: BLE001 - as in parse: a mail must not stop the next one, whatever it holds
        return Came(sure=False)
    return Came(files, not any(one.startswith(_GUESSED) for one in bounded.damage))


def files_in(raw: bytes, limits: Limits, most: int) -> tuple[list[File], list[tuple[str, int]]]:
    """The files of a mail that fit into so many bytes, in order, and the name and size of each other one."""
    return fitting(files_of(raw, limits, most).files, most)


def fitting(files: Sequence[Attached], most: int) -> tuple[list[File], list[tuple[str, int]]]:
    """Of some files those that fit together into so many bytes, in order; the name and size of each other."""
    chosen: list[File] = []
    others: list[tuple[str, int]] = []
    left = most
    for one in files:
        if one.data is not None and one.size <= left:
            chosen.append(File(one.seen.name, one.content_type, one.data))
            left -= one.size
        else:
            others.append((one.seen.name, one.size))
    return chosen, others


def _seen(leaf: _Leaf, number: int, budget: Budget, look_at: _Looking) -> Attached:
    is_whole = leaf.size <= look_at.most and len(leaf.data) == leaf.size
    seen = look(leaf.name, leaf.data, number, budget) if is_whole else unseen(leaf.name, leaf.size, number)
    if is_whole and leaf.name.lower().endswith(_MAILS):
        seen = replace(seen, inside=(*seen.inside, *_of_mail(leaf.data, budget, look_at)))
    if leaf.dangers:
        seen = replace(seen, dangers=(*seen.dangers, *leaf.dangers))
    return Attached(seen, leaf.content_type, leaf.size, leaf.data if is_whole else None)


def _of_mail(raw: bytes, budget: Budget, look_at: _Looking) -> Iterator[Seen]:
    """The files of a mail that was sent as a file; a mail within that mail is one too."""
    if look_at.depth <= 0:
        yield Seen("mail.eml", len(raw), dangers=(Danger.UNSEEN,))
        return
    bounded, leaves = _opened(raw, look_at.limits, look_at.most)
    deeper = look_at._replace(depth=look_at.depth - 1)
    for number, one in enumerate(leaves, 1):
        yield _seen(one, number, budget, deeper).seen
    if any(one.startswith(_GUESSED) for one in bounded.damage):
        yield Seen("mail.eml", len(raw), dangers=(Danger.UNSEEN,))


def _opened(raw: bytes, limits: Limits, most: int) -> tuple[Bounded, list[_Leaf]]:
    raw = in_single_bytes(raw)
    head = split_head(raw, 0, limits.header_bytes, top=True)
    # Encoded, a file is larger by a third and its line ends.
    room = most + most // 2
    wide = replace(limits, attachment_bytes=room, content_bytes=room, text_part_bytes=room)
    bounded = bound(raw, head, wide)
    leaves = list(_leaves(tree_of(bounded), bounded.kept, limits.text_part_bytes))
    return bounded, [one._replace(name=one.name or _nameless(leaves, at)) for at, one in enumerate(leaves)]


def _nameless(leaves: Sequence[_Leaf], at: int) -> str:
    """A name by its place among the files that have none."""
    kind = leaves[at].content_type
    return usual(kind) or f"file-{sum(not (one.name or usual(one.content_type)) for one in leaves[: at + 1])}"


def _leaves(tree: Part, kept: Sequence[bytes], longest_text: int) -> Iterator[_Leaf]:
    """The files among a mail's parts, in order; uuencoded ones in texts that are no longer than that."""
    waiting = [tree]
    while waiting:
        part = waiting.pop(0)
        if part.is_multipart() and part.get_content_type() not in _PIECES:
            waiting[:0] = children(part)
        else:
            yield from _of_part(part, kept, longest_text)


def _of_part(part: Part, kept: Sequence[bytes], longest_text: int) -> Iterator[_Leaf]:
    kind, name = part.get_content_type(), _name(part)
    if (held := kept_of(part)) is not None:
        yield from _wrapped(part, kept[held])
    elif kind in _PIECES:
        yield _Leaf(name, kind, size_of(part), content_of(part), (Danger.FRAGMENT,))
    elif name or kind not in _TEXTS or _is_meant_as_a_file(part):
        yield _Leaf(name, kind, size_of(part), content_of(part))
    elif kind == "text/plain":
        text = content_of(part)
        if b"begin" in text and len(text) > longest_text:
            yield _Leaf(name, kind, len(text), text, (Danger.UNSEEN,))
        elif b"begin" in text:
            for given, data in held_in(text.replace(b"\r\n", b"\n").decode("latin-1")):
                yield _Leaf(safe(given), "application/octet-stream", len(data), data)


def _wrapped(part: Part, data: bytes) -> Iterator[_Leaf]:
    """The files in a winmail.dat; that itself, where nothing could be read of it."""
    found = tnef.read(data)
    for one in found.files:
        yield _Leaf(safe(one.name), one.content_type, one.size, bytes(one.data))
    if not found.is_whole:
        yield _Leaf(_name(part) or "winmail.dat", part.get_content_type(), len(data), data, (Danger.UNSEEN,))


def _is_meant_as_a_file(part: Part) -> bool:
    return raw_field(part, "content-disposition")[:20].lower().startswith(b"attachment")


def _name(part: Part) -> str:
    """The name that the part gives itself; "" when it has none."""
    disposition = parameters(raw_field(part, "content-disposition"))
    return safe(
        disposition.get("filename", "") or parameters(raw_field(part, "content-type")).get("name", "")
    )


__all__ = ["Came", "Seen", "files_in", "files_of", "fitting"]
