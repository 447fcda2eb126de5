"""How memory is given back: a worker must not grow to all that it ever held at once."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""As glibc's malloc.h numbers them."""
BIG = 128 * 1024
POOLS = 2


def give_back_what_is_freed() -> None:
    """Have each big block given back to the system when it is freed, and few pools of small ones.

    glibc begins so, but after the first big block that is freed it keeps all up to 32 MB, each thread by
    itself: a few mails with attachments, and the worker would hold their size for good. No other C library
    has such a setting or needs it.
    """
    if not sys.platform.startswith("linux"):
        return
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None:
        set_option(_MMAP_THRESHOLD, BIG)
        set_option(_ARENA_MAX, POOLS)


@contextmanager
def collected_later() -> Iterator[None]:
    """Look for no garbage meanwhile: of what is loaded once and stays there is hardly any."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
