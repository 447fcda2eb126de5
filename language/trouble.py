"""What a user, a file or a server can cause."""

from __future__ import annotations


class Trouble(Exception):
    """Told in plain words that say what to do, never with a traceback."""

    advice = ""
    """What to do about any trouble of its kind, where its own words don't say that."""
