"""Text as both databases can hold it: mail may bring what PostgreSQL refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

KEY_BYTES = 998
"""The longest line of a mail (RFC 5322, 2.1.1). PostgreSQL indexes up to 2,700 bytes."""


_PLAIN = (int, float, datetime)


def clean(value: Any) -> Any:
    """The same value; in its text, NUL and lone surrogates have become U+FFFD."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, _PLAIN):
        return value
    # These are asked for first: whether it is any other kind of mapping takes far longer to find out.
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    if isinstance(value, dict | Mapping):
        return {_text(str(name)): clean(inner) for name, inner in value.items()}
    return value


def row(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one row, cleaned."""
    return {name: clean(value) for name, value in values.items()}


def key(text: str) -> str:
    """Text that is looked up through an index: cleaned, and cut where no honest one is as long."""
    cleaned = _text(text)
    if len(cleaned) * 4 <= KEY_BYTES:
        return cleaned
    return cleaned.encode()[:KEY_BYTES].decode(errors="ignore")


def _text(value: str) -> str:
    if "\0" in value:
        value = value.replace("\0", "\ufffd")
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value
