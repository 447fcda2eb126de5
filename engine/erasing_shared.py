"""A case of several people, one of whom is erased: what that one said goes, the others' matter goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from sqlmodel import Session

from inbox.files import files_in
from inbox.mime.limits import Limits
from store import erasing, gone, of_several, queries
from store.models import Mail
from store.naming_them import Naming, drop_raws_naming
from store.packing import Damaged
from store.whose import Whose

_PLAIN_TYPE = re.compile(r"(application|audio|font|image|text|video)/([a-z0-9][a-z0-9.+-]*)")
_ANY_TYPE = ("", "application", "octet-stream")
"""What a file is called that is a mail itself, or of no type that is known."""
MOST = 25 * 2**20
"""Bytes of files that are taken over from a mail."""


def erase_in_part(
    session: Session,
    number: int,
    of: Whose,
    naming: Naming,
    agents: Collection[str],
    now: datetime,
    limits: Limits,
) -> tuple[int, int]:
    """Erase what one of several people said on a case, and was written; how many mails and letters.

    What others wrote stays as it was read. Their whole mails carry the person's address and quote them, so
    each is replaced by a copy of what its own writer said, with the files.
    """
    erasing.hold(session, number)
    theirs = of_several.mails_by(session, number, of.address)
    of_several.forget_words(session, number, [one.id for one in theirs], of.address, agents)
    erasing.blank_mails(session, theirs, now)
    letters = of_several.letters_to(session, number, of.address)
    erasing.blank_letters(session, letters, now)
    drop_raws_naming(session, of_several.letters_left(session, number), naming)
    for mail in queries.mails_of(session, number):
        if not mail.fingerprint.startswith(erasing.ERASED):
            _without(session, mail, naming, limits, may_quote=bool(theirs))
    return len(theirs), len(letters)


def _without(session: Session, mail: Mail, naming: Naming, limits: Limits, *, may_quote: bool) -> None:
    """Somebody else's mail as far as it is theirs."""
    read = {name: getattr(mail, name) for name in of_several.READ}
    left = {name: naming.without(value) for name, value in read.items()}
    try:
        raw = queries.raw(session, mail.raw_id)
    except Damaged:
        raw = b""
    if raw and (may_quote or left != read or any(_holds(raw, one) for one in naming.needles)):
        gone.replace(session, mail.raw_id, _copy(mail, left, raw, naming, limits))
    if left != read:
        of_several.write_read(session, mail.id or 0, left)


def _holds(raw: bytes, needle: str) -> bool:
    return needle.lower().encode() in raw.lower()


def _copy(mail: Mail, left: dict[str, Any], raw: bytes, naming: Naming, limits: Limits) -> bytes:
    made = EmailMessage(policy=SMTP)
    _head(made, "From", lambda: formataddr((left["sender_name"], mail.sender)) if mail.sender else "")
    _head(made, "Subject", lambda: " ".join(left["subject"].split()))
    if sent_at := mail.sent_at:
        _head(made, "Date", lambda: format_datetime(sent_at))
    if mail.message_id:
        _head(made, "Message-ID", lambda: mail.message_id)
    made.set_content("\n\n".join(part for part in (left["words"], left["signature"]) if part))
    files, _ = files_in(raw, limits, MOST)
    for file in files:
        kind = _PLAIN_TYPE.fullmatch(file.content_type) or _ANY_TYPE
        name = " ".join(naming.without(file.name).split())
        made.add_attachment(file.data, kind[1], kind[2], filename=name)
    return made.as_bytes()


def _head(made: EmailMessage, name: str, value: Callable[[], str]) -> None:
    """A line of the header. What the library can't write is left out: as it was read it stays in its row."""
    try:
        tried = EmailMessage(policy=SMTP)
        tried[name] = value()
        tried.as_bytes()
    except (ValueError, LookupError, AttributeError, TypeError, MessageError):
        return
    made[name] = tried[name]
