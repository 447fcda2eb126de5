"""Copies of what customers were sent, in the mailbox's own folder: made after a letter has left.

Nothing waits for this: a letter is sent and recorded as sent, whatever becomes of its copy.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from engine.desk import Desk
from inbox.mailbox import MailboxDown
from inbox.sent_folder import SentFolder
from store import copies
from store.copies import Copy
from store.database import StoreDown

log = structlog.get_logger()

PACE = 2.0
AT_ONCE = 20
MOST = 10
"""Attempts at one copy."""
TAKES = timedelta(minutes=10)
"""For so long nobody else begins with a copy that somebody has begun with."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=2)


class Copier:
    """Makes the copies of one mailbox. Used by one thread."""

    def __init__(self, desk: Desk, folder: SentFolder) -> None:
        self._desk, self._folder = desk, folder
        self._trouble = ""

    def run(self) -> None:
        """Make what is due until the desk stops."""
        while not self._desk.stop.wait(PACE):
            self._desk.pulse.beat(PACE)
            try:
                self.once()
                self._desk.outage.over(self)
            except StoreDown as down:
                self._desk.outage.met(self, down)
            except Exception:
                log.exception("copies of sent mail could not be made; trying again")
        self._folder.close()

    def once(self) -> int:
        """Make the copies that are due; how many were made. Trouble is said and tried again, so often."""
        made = 0
        while found := self._due():
            for copy in found:
                self._desk.pulse.beat(PACE)
                if self._desk.stop.is_set() or not self._make(copy):
                    return made
                made += 1
        if made:
            self._folder.close()  # a line that rests for long is dead when it is needed
        return made

    def finish(self) -> None:
        """As `once`, and hang up."""
        try:
            self.once()
        except StoreDown as down:
            log.error("copies of sent mail are made later", why=str(down))
        finally:
            self._folder.close()

    def _due(self) -> list[Copy]:
        desk = self._desk
        with desk.database.read() as session:
            return copies.due(session, desk.settings.name, desk.clock(), AT_ONCE)

    def _make(self, copy: Copy) -> bool:
        """Make one; False when it is better to wait before the next."""
        desk = self._desk
        with desk.database.write() as session:
            if not copies.take(session, copy, desk.clock() + TAKES):
                return True
        with desk.database.read() as session:
            data = copies.data(session, copy)
        try:
            if data:
                self._folder.keep(data, copy.message_id, copy.sent_at, again=copy.tries > 0)
        except MailboxDown as down:
            self._folder.close()
            self._failed(copy, str(down))
            return False
        with desk.database.write() as session:
            copies.done(session, [copy.letter])
        self._say("")
        return True

    def _failed(self, copy: Copy, why: str) -> None:
        tries = copy.tries + 1
        with self._desk.database.write() as session:
            if tries >= MOST:
                copies.done(session, [copy.letter])
            else:
                pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
                copies.later(session, copy.letter, self._desk.clock() + pause)
        if tries >= MOST:
            log.error("a letter left without a copy in the folder for sent mail", letter=copy.letter, why=why)
        self._say(why)

    def _say(self, why: str) -> None:
        if why and not self._trouble:
            log.warning("no copies of sent mail can be made; letters leave all the same", why=why)
        elif self._trouble and not why:
            log.info("copies of sent mail are made again")
        self._trouble = why
