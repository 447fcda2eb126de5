"""Room on the disks that the worker writes to: told before it is gone."""

from __future__ import annotations

from engine.desk import Desk
from engine.doctor import databases, mailboxes
from engine.doctor.finding import State
from engine.doctor.machine import rooms


def look(desk: Desk) -> None:
    """Tell admins of each disk that is nearly full, and when it no longer is."""
    places = [("the database", databases.place_of(desk.settings))]
    places += [("the mailbox", mailboxes.place_of(one)) for one in desk.settings.mailboxes]
    now = desk.clock()
    for path, found in rooms([(name, place.parent) for name, place in places if place is not None]):
        key = f"disk/{path}"
        if found.state is State.WRONG:
            desk.alerts.trouble(key, f"{found.words}; {found.todo}", now)
        else:
            desk.alerts.recovered(key, now)
