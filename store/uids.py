"""UIDs of one folder, as statements take many of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam

from store.writing import TABLES

AT_ONCE = 512
_ARRIVAL = TABLES["arrival"]
IN_THE_BOX = (_ARRIVAL.c.mailbox_id == bindparam("mailbox"), _ARRIVAL.c.uidvalidity == bindparam("validity"))


def among(count: int) -> Any:
    """That a UID is one of so many."""
    asked = [bindparam(f"uid{place}", type_=_ARRIVAL.c.uid.type) for place in range(count)]
    return _ARRIVAL.c.uid.in_(asked)


def given(mailbox_id: int, uidvalidity: int, uids: Sequence[int]) -> dict[str, int]:
    """What such a statement is run with."""
    return {"mailbox": mailbox_id, "validity": uidvalidity} | {f"uid{n}": uid for n, uid in enumerate(uids)}


def in_parts(uids: Sequence[int]) -> Iterator[list[int]]:
    """In parts of few lengths, so that few statements are made: the last UID is repeated to fill one."""
    ordered = sorted(uids)
    for start in range(0, len(ordered), AT_ONCE):
        part = ordered[start : start + AT_ONCE]
        yield part + part[-1:] * (2 ** (len(part) - 1).bit_length() - len(part))
