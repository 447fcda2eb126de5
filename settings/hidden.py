"""The password that stands within a database's address."""

from __future__ import annotations

import re
from urllib.parse import unquote

_PASSWORD = re.compile(r"^[\w+]+://[^:/@]*:(.*)@", re.DOTALL)


def password_in(url: str) -> str:
    """The password in postgresql+psycopg://user:password@host/name; "" where there is none."""
    found = _PASSWORD.match(url)
    return unquote(found[1]) if found else ""
