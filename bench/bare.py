"""The least that answers mail: fetch, one fixed acknowledgement, nothing parsed, decided or stored.

    .venv/bin/python -m bench.bare [--once]     (settings from the environment, as for worker.py)

It is what the worker is compared with, and no worker to use: a crash loses or repeats mail.
"""

from __future__ import annotations

import argparse
import os
import re
import smtplib
from contextlib import suppress

from imapclient import IMAPClient

_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)
_FROM = re.compile(rb"^from:[^\r\n<]*<([^>\r\n]+)>", re.IGNORECASE | re.MULTILINE)
_AUTOMATIC = re.compile(
    rb"^(auto-submitted: auto|content-type: multipart/report)", re.IGNORECASE | re.MULTILINE
)


def acknowledgement(message_id: str, sender: str, ours: str) -> bytes:
    return (
        f"From: {ours}\r\nTo: {sender}\r\nSubject: We have received your complaint\r\n"
        f"Message-ID: <ack.{message_id[1:-1]}>\r\nIn-Reply-To: {message_id}\r\nReferences: {message_id}\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
        "Thank you. We have received your complaint and will answer soon.\r\n"
    ).encode()


class Loop:
    """One IMAP and one SMTP connection."""

    def __init__(self) -> None:
        self._ours = os.environ["COMPLAINTS_ADDRESS"]
        self._imap = IMAPClient(os.environ["IMAP_HOST"], int(os.environ["IMAP_PORT"]), ssl=False)
        self._imap.login(os.environ["IMAP_USER"], os.environ["IMAP_PASSWORD"])
        self._imap.select_folder("INBOX")
        self._smtp = smtplib.SMTP(os.environ["SMTP_HOST"], int(os.environ["SMTP_PORT"]))
        self._smtp.ehlo()
        self._next = 1

    def look(self) -> int:
        """Answer what is new; how many mails there were."""
        uids = [uid for uid in self._imap.search(["UID", f"{self._next}:*"]) if uid >= self._next]
        for start in range(0, len(uids), 50):
            some = uids[start : start + 50]
            for _, found in sorted(self._imap.fetch(some, ["BODY.PEEK[]"]).items()):
                self._answer(found[b"BODY[]"])
            self._next = some[-1] + 1
        return len(uids)

    def _answer(self, raw: bytes) -> None:
        head = raw[: raw.find(b"\r\n\r\n")]
        message_id, sender = _ID.search(head), _FROM.search(head)
        if message_id and sender and not _AUTOMATIC.search(head):
            to, answered = sender[1].decode(), message_id[1].decode()
            self._smtp.sendmail(self._ours, [to], acknowledgement(answered, to, self._ours))

    def wait(self) -> None:
        """Until the server says that something came."""
        self._imap.idle()
        self._imap.idle_check(timeout=600)
        self._imap.idle_done()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--once", action="store_true", help="what is there now, then end")
    once = parser.parse_args().once
    loop = Loop()
    with suppress(KeyboardInterrupt):
        while loop.look() or not once:
            if not once:
                loop.wait()


if __name__ == "__main__":
    main()
