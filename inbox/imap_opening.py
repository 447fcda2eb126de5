"""Opening a folder, whatever the server calls it and wants to know first, and looking into it."""

from __future__ import annotations

import imaplib
from collections.abc import Sequence
from typing import Any

from inbox.imap_connection import is_refusal, words_of

WE_ARE = {"name": "Peygir", "version": "1"}
_WANTS_TO_KNOW = "unsafe login"
"""What 163.com and its like say to a client that has not told its name (RFC 2971)."""


def select(client: Any, folder: str) -> dict[bytes, Any]:
    """Open the folder, as it is written or else as the server writes it; what the server told of it.

    Raises what the server said of the folder as it is written.
    """
    try:
        return _selected(client, folder)
    except imaplib.IMAP4.error as error:
        if not is_refusal(error):
            raise
        other = _otherwise(client, folder)
        if other == folder:
            raise
        try:
            return _selected(client, other)
        except imaplib.IMAP4.error as again:
            if not is_refusal(again):
                raise
            raise error from again


def name_on_the_server(client: Any, folder: str) -> str:
    """Write `folder`, a path with slashes, with the server's own separator and prefix."""
    prefix, separator = "", ""
    if client.has_capability("NAMESPACE") and (personal := client.namespace().personal):
        prefix, separator = personal[0]
    elif listed := client.list_folders("", ""):
        separator = (listed[0][1] or b"").decode("ascii", "replace")
    name = folder.replace("/", separator or "/")
    return name if name.startswith(prefix) else prefix + name


def found_by(client: Any, wanted: Sequence[str]) -> set[int]:
    """The UIDs that a search finds: in one line, in several, or in none where there are none."""
    lines = client._raw_command_untagged(b"SEARCH", [part.encode() for part in wanted])
    return {int(number) for line in lines if line for number in line.split() if number.isdigit()}


def _selected(client: Any, folder: str) -> dict[bytes, Any]:
    try:
        answer: dict[bytes, Any] = client.select_folder(folder)
    except imaplib.IMAP4.error as error:
        wants = _WANTS_TO_KNOW in words_of(error).lower() and client.has_capability("ID")
        if not (is_refusal(error) and wants):
            raise
        client.id_(WE_ARE)
        answer = client.select_folder(folder)
    return answer


def _otherwise(client: Any, folder: str) -> str:
    """The folder's name on a server with another separator or a prefix; as it is where there is no other."""
    if folder.upper() == "INBOX" or not ("/" in folder or client.has_capability("NAMESPACE")):
        return folder
    return name_on_the_server(client, folder)
