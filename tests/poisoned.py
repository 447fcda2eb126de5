"""`worker.py` whose parser is mortally ill: a mail with MARK in it ends the process that reads it.

Run it as a program; the product has no such switch.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import inbox.parse

MARK = b"deadly-marker"
_healthy: Callable[..., Any] = inbox.parse.parse


def _deadly(raw: bytes, *given: Any) -> Any:
    if MARK in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return _healthy(raw, *given)


# Before anything of ours imports it; a process that is spawned imports this file again.
inbox.parse.parse = _deadly  # type: ignore[assignment]

if __name__ == "__main__":
    import worker

    sys.exit(worker.main(sys.argv[1:]))
