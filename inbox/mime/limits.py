"""How much of a mail is read (promise 5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is read."""

    header_bytes: int = 256 * 1024
    field_bytes: int = 2 * 1024
    """Of an address field or the raw subject."""
    recipients_bytes: int = 64 * 1024
    """Of To or Cc: a circular to some eight hundred."""
    other_field_bytes: int = 16 * 1024
    fields: int = 2000
    depth: int = 20
    parts: int = 200
    text_characters: int = 200_000
    text_part_bytes: int = 1024 * 1024
    """Of one text part, still encoded."""
    status_bytes: int = 128 * 1024
    """Of a delivery status, of which the parser makes a message for every blank line."""
    attachment_bytes: int = 16 * 1024
    """A larger attachment's content stays out of the parser."""
    content_bytes: int = 4 * 1024 * 1024
    """Of all parts together, as they are handed to the parser."""
    container_bytes: int = 5 * 1024 * 1024
    """Of what has to be opened to be read: winmail.dat, S/MIME signatures, encoded messages; in all."""
