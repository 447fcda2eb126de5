"""The password that stands within a database's address."""

from __future__ import annotations

import re
from urllib.parse import unquote

_PASSWORD = re.compile(r"^[\w+]+://[^:/@]*:([^@]*)@(?:([^/?#]*)@)?", re.DOTALL)


def passwords_in(url: str) -> tuple[str, ...]:
    """The password in postgresql+psycopg://user:password@host/name, in each way that it could be told.

    A database reads it up to the first "@"; who forgot to write one in it as %40 has a longer one.
    """
    found = _PASSWORD.match(url)
    if not found:
        return ()
    first, further = found.groups()
    written = [first] if further is None else [first, f"{first}@{further}"]
    return tuple(dict.fromkeys(told for one in written if one for told in (one, unquote(one))))
