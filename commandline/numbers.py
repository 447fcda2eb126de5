"""Numbers as the command line takes them."""

from __future__ import annotations


def number(written: str) -> int:
    """A whole number as databases count; raises ValueError for any other."""
    value = int(written)
    if not 0 < value < 2**31:
        raise ValueError(written)
    return value
