"""Regular expressions that are compiled when they are first used, for what few mails need."""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """Stands in for a pattern; from its first use on it has the pattern's own methods."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = re.compile(*self._given)
        for method in ("match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """As re.compile, but a mistake in the pattern shows at its first use only."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
