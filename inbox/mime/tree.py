"""The structure of a mail, by mail-parser. Mails of one build look alike to it: it is asked once for them."""

from __future__ import annotations

import logging
from email import message_from_bytes
from email.message import Message as Part
from functools import lru_cache
from typing import cast

import mailparser

from inbox.mime.bounds import Bounded
from inbox.mime.parts import filled

# mail-parser logs what a mail says; a mail is no business of the log's (promise 19).
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

_REMEMBERED = 256
_LONGEST = 2_000
"""Bytes of a build that is remembered: some ten parts."""


def tree_of(bounded: Bounded) -> Part:
    """The mail's parts by mail-parser, each with its fields and content."""
    is_usual = bounded.is_bare and len(bounded.data) <= _LONGEST
    return filled((_remembered if is_usual else _parsed)(bounded.data), bounded.beside)


def _parsed(data: bytes) -> Part:
    """As mail-parser sees it; where that gives up, as the e-mail parser below it does."""
    try:
        return cast(Part, mailparser.parse_from_bytes(data).message)
    except Exception:  # noqa: BLE001 - it raises many kinds on damaged parts, which we read all the same
        return message_from_bytes(data)


_remembered = lru_cache(maxsize=_REMEMBERED)(_parsed)
"""Where the parts of a build stand: what tells two mails of one build apart stands beside the parser."""
