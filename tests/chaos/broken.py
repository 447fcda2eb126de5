"""`worker.py`, broken on purpose as BROKEN says: the chaos test must see it. The product has no such way."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import worker
from engine import gather
from engine.running import Worker
from outbox.smtp import Smtp
from store import ledger, queries, queue

_numbers = count(1)


def new_id() -> None:
    """Every attempt has a Message-ID of its own."""
    claim = queue.claim

    def claimed(*given: Any, **named: Any) -> Any:
        return [_renamed(one) for one in claim(*given, **named)]

    queue.claim = claimed


def _renamed(letter: Any) -> Any:
    anew = f"<{os.getpid()}.{next(_numbers)}@broken.example>"
    data = letter.data.replace(letter.message_id.encode(), anew.encode())
    return replace(letter, data=data, message_id=anew)


def file_first() -> None:
    """Mail is moved away as soon as it is fetched, before it is stored."""
    begin = Worker.__init__

    def begun(self: Any, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        fetch = self.mailbox.fetch

        def fetched(uids: Any) -> Any:
            mails = list(fetch(uids))
            self.mailbox.file([one.uid for one in mails])
            yield from mails

        self.mailbox.fetch = fetched

    Worker.__init__ = begun  # type: ignore[method-assign]


def no_fingerprint() -> None:
    """The same mail under another UID is a new mail, whatever it says."""
    queries.is_new = lambda *_: True
    gather._said_before = lambda *_: None
    store = ledger.store_mail

    def stored(session: Any, message: Any, **named: Any) -> Any:
        other = replace(message, fingerprint=os.urandom(32).hex())
        return store(session, other, **named)

    ledger.store_mail = stored


def doubt_is_sent() -> None:
    """A letter whose fate nobody knows counts as sent."""
    _outcomes(lambda result: "sent" if result == "in-doubt" else result)


def refusal_is_later() -> None:
    """A refused letter is tried again."""
    _outcomes(lambda result: "later" if result == "refused" else result)


def _outcomes(change: Callable[[str], Any]) -> None:
    send = Smtp.send

    def sent(*given: Any, **named: Any) -> Any:
        outcome = send(*given, **named)
        return replace(outcome, result=change(outcome.result))

    Smtp.send = sent  # type: ignore[method-assign]


WAYS = {
    "new-id": new_id,
    "file-first": file_first,
    "no-fingerprint": no_fingerprint,
    "doubt-is-sent": doubt_is_sent,
    "refusal-is-later": refusal_is_later,
}

WAYS[os.environ["BROKEN"]]()

if __name__ == "__main__":
    sys.exit(worker.main(sys.argv[1:]))
