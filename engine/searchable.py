"""The texts that `search` reads, kept up to date beside the mails."""

from __future__ import annotations

import time

from engine.desk import Desk
from store import case_texts

SECONDS = 0.2
"""How long one round may take: a database that has never been searched is made ready little by little."""


def renew_texts(desk: Desk) -> None:
    """Write the texts anew of cases that have changed, as many as there is time for."""
    with desk.database.read() as session:
        if not case_texts.is_due(session, desk.clock()):
            return
    end = time.monotonic() + SECONDS
    more = True
    while more and time.monotonic() < end and not desk.stop.is_set():
        with desk.database.write() as session:
            more = case_texts.renew(session, desk.clock())
