"""Whether acknowledgements are held because more mails came than may be acknowledged (promise 12)."""

from __future__ import annotations

from cases.priorities import ACK_FIRST
from engine.desk import Desk
from store import gauges

KEY = "held"


def notice_held(desk: Desk) -> None:
    """Note on the board that some are, or that none is any more."""
    now, most = desk.clock(), desk.settings.ACKS_IN_ALL_PER_HOUR
    with desk.database.read() as session:
        held = gauges.acknowledgements_held(session, ACK_FIRST, now)
    if held:
        words = f"they leave at {most} an hour (ACKS_IN_ALL_PER_HOUR); raise it if you expect so many"
        desk.alerts.trouble(KEY, words, now)
    else:
        desk.alerts.recovered(KEY, now)
