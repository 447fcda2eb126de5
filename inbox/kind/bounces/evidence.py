"""What a report is made of: what a system says, its delivery status, and the mail that it returns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message as Part

from inbox.charsets.decoding import decode
from inbox.kind.bounces import delivery_status, returned
from inbox.kind.bounces.delivery_status import Outcome, Status
from inbox.kind.bounces.returned import Returned
from inbox.mime.parts import children, content_of

TEXT = 100_000
"""As many characters of a report's text are read."""
_SAID = 40_000
_STATUS_TEXT = 256 * 1024
_MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Evidence:
    """A report, taken apart."""

    kinds: frozenset[str]
    """The media types of its parts."""
    said: str
    quoted: str
    """The text from where the returned mail begins."""
    status: Status
    back: Returned
    nested: tuple[str, ...]
    """Whom a report inside of the report says it did not reach: some systems wrap theirs once more."""


def gather(message: Part, text: str) -> Evidence:
    """The parts of a report; `text` is what a person reads."""
    text = text[:TEXT]
    parts = tuple(_parts(message))
    said, quoted = returned.split(text)
    nested = tuple(one for part in parts for one in _of_nested(part))
    kinds = frozenset(part.get_content_type() for part in parts)
    return Evidence(
        kinds, said[:_SAID], quoted[:_SAID], _status(parts, text), _returned(parts, quoted), nested
    )


def _parts(part: Part) -> Iterator[Part]:
    """The parts of a report, into what it returns but not deeper."""
    waiting, count = [part], 0
    while waiting and count < _MOST_PARTS:
        one = waiting.pop()
        count += 1
        yield one
        if one.get_content_maintype() == "multipart":
            waiting.extend(reversed(list(children(one))))


def _status(parts: Iterable[Part], text: str) -> Status:
    """The delivery status, under its own name or as a text or file."""
    statuses = [
        delivery_status.text_of_part(one) for one in parts if one.get_content_type() in delivery_status.KINDS
    ]
    found = delivery_status.read("\n\n".join(statuses)) if statuses else Status()
    if found.recipients:
        return found
    for part in parts:
        if part.get_content_maintype() in ("text", "application", "message") and not part.is_multipart():
            content = content_of(part)[:_STATUS_TEXT]
            if b"-recipient:" in content.lower():
                said = decode(content)[0].replace("\r\n", "\n").replace("\r", "\n")
                return delivery_status.read(returned.split(said)[0])
    if delivery_status.looks_like_status(text):
        return delivery_status.read(returned.split(text)[0])
    return found


def _returned(parts: Sequence[Part], quoted: str) -> Returned:
    """The mail that came back: a part of its own, or quoted in the text."""
    for part in parts:
        if part.get_content_type() in returned.MESSAGES | returned.HEADERS:
            back = returned.of_part(part)
            if back.is_there:
                return back
    if not quoted:
        return Returned()
    lines = quoted.split("\n", 12)
    for skipped in range(min(len(lines), 12)):
        back = returned.of_text("\n".join(lines[skipped:]))
        if back.ids or back.to or back.senders:
            return back
    return Returned(is_there=True)


def _of_nested(part: Part) -> list[str]:
    """Whom the report that a part holds says it did not reach."""
    inner = next(children(part), None) if part.get_content_type() in returned.MESSAGES else None
    if inner is None or inner.get_content_type() != "multipart/report":
        return []
    status = _status(tuple(_parts(inner)), "")
    return [one.address for one in status.having(Outcome.FAILED) if one.address]
