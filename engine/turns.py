"""Whose mail is read next when many wait: each sender's in turn, so that no one's flood delays another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

SEEN_AHEAD = 1000
"""Of a longer backlog the oldest and the newest so many are shared out; the middle waits."""


def to_share_out(uids: Sequence[int]) -> list[int]:
    """The UIDs whose senders are worth asking for, in order."""
    ordered = sorted(uids)
    if len(ordered) <= 2 * SEEN_AHEAD:
        return ordered
    return ordered[:SEEN_AHEAD] + ordered[-SEEN_AHEAD:]


def in_turn(senders: Mapping[int, str]) -> list[int]:
    """UIDs so that each sender's first mail comes before anyone's second; a sender's own stay in order."""
    of_sender: dict[str, list[int]] = {}
    for uid in sorted(senders):
        of_sender.setdefault(senders[uid], []).append(uid)
    rounds = chain.from_iterable(zip_longest(*of_sender.values()))
    return [uid for uid in rounds if uid is not None]
