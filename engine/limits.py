"""How much of a mail is read, as the settings say."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.mime.limits import Limits
from settings import Settings

READING = ("HEADER_LIMIT_KB", "FIELD_LIMIT_KB", "DEPTH_LIMIT", "PARTS_LIMIT", "TEXT_LIMIT_KB")
"""The settings that say how much of a mail is read."""
_BYTES_OF_A_LETTER = 5
"""Of text that is encoded for its way, in most scripts."""


def limits_of(given: Mapping[str, int]) -> Limits:
    """How much of a mail is read, by the settings named in READING (promise 5)."""
    usual = Limits()
    field = given["FIELD_LIMIT_KB"] * 1024
    text = given["TEXT_LIMIT_KB"] * 1000
    return Limits(
        header_bytes=given["HEADER_LIMIT_KB"] * 1024,
        field_bytes=field,
        recipients_bytes=max(field, usual.recipients_bytes),
        other_field_bytes=max(field, usual.other_field_bytes),
        depth=given["DEPTH_LIMIT"],
        parts=given["PARTS_LIMIT"],
        text_characters=text,
        text_part_bytes=max(text * _BYTES_OF_A_LETTER, usual.text_part_bytes),
    )


def limits_in(settings: Settings) -> Limits:
    """How much of a mail is read, by all settings."""
    # Asked for with every draft: a dump of the model would take far longer.
    return limits_of({name: getattr(settings, name) for name in READING})
