"""Mail that was put away, brought back into the folder that is read: after a backup was put back."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from inbox.header.identifiers import message_id
from inbox.imap_connection import is_refusal
from inbox.mailbox import Filed

AT_ONCE = 500
_ASKED = ("RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]")


def brought_back(
    client: Any, filed: str, folder: str, wanted: Callable[[Sequence[Filed]], Collection[int]]
) -> int:
    """Move what is wanted from the folder `filed` to `folder`, oldest first; how many mails.

    Another folder is open afterwards. Nothing is moved where the folder is not there.
    """
    try:
        client.select_folder(filed)
    except imaplib.IMAP4.error as error:
        if not is_refusal(error):
            raise
        return 0
    uids = sorted(map(int, client.search(["ALL"])))
    brought = 0
    for start in range(0, len(uids), AT_ONCE):
        back = sorted(wanted(list(_told(client, uids[start : start + AT_ONCE]))))
        if back:
            client.move(back, folder)
            brought += len(back)
    return brought


def _told(client: Any, uids: list[int]) -> Iterator[Filed]:
    for uid, item in client.fetch(uids, list(_ASKED)).items():
        field = next((value for key, value in item.items() if key.startswith(b"BODY[HEADER")), b"")
        _, _, written = (field or b"").partition(b":")
        yield Filed(int(uid), message_id(written.strip()), int(item.get(b"RFC822.SIZE", 0)))
