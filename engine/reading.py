"""The loop of one mailbox: own it, look, wait. One owner at a time, one thread each."""

from __future__ import annotations

import structlog

from engine import alive
from engine.apart import ReaderProcess
from engine.desk import Desk
from engine.folder import Folder
from engine.taking import Taking
from inbox.mailbox import LoginRefused, Mailbox, MailboxDown
from store import looks, workers
from store.database import StoreDown
from store.looks import NotOwner

log = structlog.get_logger()

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between attempts to reach a mailbox that is down."""
REFUSED_WAIT, LONGEST_REFUSED = 30.0, 900.0
"""Between logins that are refused: many in a short time would lock the account."""
OWNER_WAIT = 1.0
"""Seconds between two glances at whether the mailbox of another worker is free."""
ROUNDS = 20
"""Connections that one look may cost where mails break them."""


class Reader:
    """Reads one mailbox until the desk stops."""

    def __init__(self, desk: Desk, mailbox: Mailbox, process: ReaderProcess | None = None) -> None:
        self._desk, self._mailbox = desk, mailbox
        self._folder = Folder(desk, mailbox, Taking(desk, process))
        self._trouble = ""
        self._mailbox_id = 0

    def run(self) -> None:
        """Loop until the desk stops; trouble is said once and tried again with back-off."""
        wait = 0.0
        while not self._desk.stop.is_set():
            down: MailboxDown | None = None
            self._desk.pulse.beat()
            try:
                down = self._try()
                self._desk.outage.over(self)
                if self._folder.worked or down is None:
                    wait = 0.0
                if down is not None:
                    self._say(str(down))
            except StoreDown as trouble:
                self._desk.outage.met(self, trouble)
            except Exception:
                log.exception("reading the mailbox failed; trying again", mailbox=self._mailbox.name)
            self._mailbox.close()
            wait = next_wait(wait, refused=isinstance(down, LoginRefused))
            self._desk.pulse.beat(wait)
            self._desk.stop.wait(wait)

    def once(self) -> int:
        """Read what is there now; how many mails. Raises MailboxDown."""
        if not self._own():
            raise self._taken_over()
        before = self._folder.taken
        try:
            self._look_once()
            self._folder.keep(at_once=True)
            self._alert("")
        except NotOwner as lost:
            raise self._taken_over() from lost
        except MailboxDown as down:
            self._alert(str(down))
            raise
        finally:
            self._mailbox.close()
        if self._folder.not_filed:
            raise MailboxDown(self._folder.not_filed)
        return self._folder.taken - before

    def _look_once(self) -> None:
        """Look, and again over a new connection as long as each break tells more of which mail is bad."""
        for _ in range(ROUNDS):
            before = self._folder.suspicion
            try:
                self._folder.open(self._mailbox_id)
                self._folder.look(patient=False)
            except MailboxDown:
                if self._folder.suspicion == before:
                    raise
            else:
                return
        why = f"the connection broke {ROUNDS} times; look at the server's log"
        raise MailboxDown(f"{self._mailbox.name}: {why}")

    def _try(self) -> MailboxDown | None:
        """Serve while the mailbox is ours: what is wrong with it, or None when another worker owns it."""
        try:
            self._serve()
        except MailboxDown as down:
            return down
        except NotOwner:
            log.warning("another worker reads the mailbox now", mailbox=self._mailbox.name)
        return None

    def _serve(self) -> None:
        """Read until the desk stops. Raises MailboxDown, or NotOwner when the mailbox became another's."""
        self._folder.worked = False
        if not self._come_to_own():
            return
        self._folder.open(self._mailbox_id)
        while not self._desk.stop.is_set():
            self._folder.look()
            self._say("")
            self._desk.outage.over(self)
            if not self._desk.stop.is_set():
                pause = self._folder.pause()
                self._desk.pulse.beat(pause)
                self._mailbox.wait(pause)
                self._desk.pulse.beat()
        self._folder.keep(at_once=True)

    # -- owning

    def _come_to_own(self) -> bool:
        """Become the owner as soon as nobody else is; False when the worker is to end before."""
        said = False
        while not self._own():
            if not said:
                log.info("another worker reads the mailbox; waiting for its end", mailbox=self._mailbox.name)
                self._desk.outage.over(self)
                said = True
            while True:
                self._desk.pulse.beat()
                if self._desk.stop.wait(OWNER_WAIT):
                    return False
                if self._is_free():
                    break
        return True

    def _own(self) -> bool:
        desk = self._desk
        at = desk.clock()
        with desk.database.write() as session:
            mine = workers.own_mailbox(session, self._mailbox.name, desk.worker_id, at)
            if mine is None:
                # Its owner may have died a moment ago.
                alive.bury_the_dead(session, desk.clock())
                mine = workers.own_mailbox(session, self._mailbox.name, desk.worker_id, desk.clock())
            self._mailbox_id = mine.id or 0 if mine else 0
        if mine is not None:
            desk.lease.renew(at)
        return mine is not None

    def _is_free(self) -> bool:
        with self._desk.database.read() as session:
            held = looks.holder(session, self._mailbox.name)
        return held is None or alive.is_gone(held.host, held.pid)

    def _taken_over(self) -> MailboxDown:
        return MailboxDown(f"{self._mailbox.name} is being read by another worker")

    # -- saying what is wrong

    def _say(self, trouble: str) -> None:
        """Log and store what is wrong, once when it begins and once when it ends."""
        self._alert(trouble)
        if trouble == self._trouble:
            return
        if trouble and not self._trouble:
            log.error("the mailbox can't be read", why=trouble)
        elif not trouble:
            log.info("the mailbox is read again", mailbox=self._mailbox.name)
        self._trouble = trouble
        with self._desk.database.write() as session:
            workers.polled(session, self._mailbox_id, self._desk.clock(), trouble)

    def _alert(self, trouble: str) -> None:
        board, key = self._desk.alerts, f"mailbox/{self._mailbox.name}"
        if trouble:
            board.trouble(key, trouble, self._desk.clock())
        else:
            board.recovered(key, self._desk.clock())


def next_wait(before: float, *, refused: bool) -> float:
    """Seconds until the mailbox is tried again, after so many before the last attempt."""
    shortest, longest = (REFUSED_WAIT, LONGEST_REFUSED) if refused else (FIRST_WAIT, LONGEST_WAIT)
    return min(max(before * 2, shortest), longest)
