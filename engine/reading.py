"""The loop of one mailbox: look, take in, file, wait. One owner at a time, one thread each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import structlog

from engine.desk import Desk
from engine.taking import Box, take_in
from engine.turns import in_turn, to_share_out
from inbox.mailbox import Fetched, Mailbox, MailboxDown
from store import ledger, queries, workers
from store.database import StoreDown

log = structlog.get_logger()

BATCH = 50
ROUND = 200
"""Mails that are taken in before the mailbox is looked at again, for what came meanwhile."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between attempts to reach a mailbox that is down."""
OWNER_WAIT = 5.0


class Reader:
    """Reads one mailbox until the desk stops."""

    def __init__(self, desk: Desk, mailbox: Mailbox) -> None:
        self._desk, self._mailbox = desk, mailbox
        self._trouble = ""
        self._mailbox_id = 0
        self._alone: set[int] = set()
        """UIDs that were asked for when the connection broke; one of them may be why."""
        self._last: set[int] = set()
        """UIDs at which it broke when they were asked for alone."""
        self._senders: dict[int, str] = {}
        """The From fields of a backlog."""

    def run(self) -> None:
        """Loop until the desk stops; trouble is said once and tried again with back-off."""
        wait = FIRST_WAIT
        while not self._desk.stop.is_set():
            try:
                down = self._try()
                if down is None:
                    wait = OWNER_WAIT
                else:
                    wait = FIRST_WAIT if self._recovered_since(down) else min(wait * 2, LONGEST_WAIT)
                    self._say(str(down))
            except StoreDown as trouble:
                log.error("the mailbox is not read; trying again", why=str(trouble))
                wait = min(wait * 2, LONGEST_WAIT)
            except Exception:
                log.exception("reading the mailbox failed; trying again", mailbox=self._mailbox.name)
                wait = min(wait * 2, LONGEST_WAIT)
            self._mailbox.close()
            self._desk.stop.wait(wait)

    def _try(self) -> MailboxDown | None:
        """Serve while the mailbox is ours: what is wrong with it, or None when another worker owns it."""
        try:
            self._serve()
        except MailboxDown as down:
            return down
        return None

    def once(self) -> int:
        """Read what is there now; how many mails. Raises MailboxDown."""
        if not self._own():
            raise MailboxDown(f"{self._mailbox.name} is being read by another worker")
        try:
            return self._look(self._open())
        finally:
            self._mailbox.close()

    def _recovered_since(self, down: MailboxDown) -> bool:
        """Whether the mailbox worked in between, so that the waits begin anew."""
        return not self._trouble and not down.permanent

    def _own(self) -> bool:
        with self._desk.database.write() as session:
            mine = workers.own_mailbox(session, self._mailbox.name, self._desk.worker_id, self._desk.clock())
            self._mailbox_id = mine.id or 0 if mine else 0
        return mine is not None

    def _open(self) -> Box:
        return Box(self._mailbox_id, self._mailbox.open())

    def _serve(self) -> None:
        """Read until the desk stops or the mailbox is another's: a lease that is not renewed runs out."""
        box: Box | None = None
        while not self._desk.stop.is_set() and self._own():
            box = box or self._open()
            self._look(box)
            self._say("")
            if not self._desk.stop.is_set():
                self._mailbox.wait(self._desk.settings.POLL_SECONDS)

    def _look(self, box: Box) -> int:
        """Take in everything that the database does not have (promise 2), then file what is stored.

        In this order, so that a folder that takes no mail keeps nobody's complaint from being read.
        """
        taken, tried = 0, set[int]()
        more = True
        while more:
            new, doubtful = self._new(box, tried)
            uids = self._next_round(new)
            tried.update(uids)
            more = len(uids) < len(new)
            for batch in self._batches(uids, doubtful):
                if self._desk.stop.is_set() or not self._own():
                    more = False
                    break
                taken += len(take_in(self._desk, box, batch))
        self._file(box)
        with self._desk.database.write() as session:
            workers.polled(session, box.mailbox_id, self._desk.clock())
        return taken

    def _new(self, box: Box, tried: set[int]) -> tuple[list[int], set[int]]:
        """The UIDs that are still to be stored, and those of them that were begun before."""
        present = [uid for uid in self._mailbox.uids() if uid not in tried]
        with self._desk.database.read() as session:
            new = queries.new_uids(session, box.mailbox_id, box.uidvalidity, present)
            return new, queries.begun(session, box.mailbox_id, box.uidvalidity, new)

    def _next_round(self, new: list[int]) -> list[int]:
        """All that is new; of a backlog one round, in which each sender gets a turn (promise 5)."""
        if len(new) <= ROUND:
            self._senders.clear()
            return new
        shared = to_share_out(new)
        self._senders.update(self._mailbox.senders([uid for uid in shared if uid not in self._senders]))
        turns = in_turn({uid: self._senders[uid] for uid in shared if uid in self._senders})
        # What has gone from the mailbox meanwhile has no sender; it is as good as read.
        return turns[:ROUND] or new[:ROUND]

    def _batches(self, uids: list[int], doubtful: set[int]) -> Iterator[list[Fetched]]:
        """Mails in groups; one that was begun before comes alone, so that a bad one harms no other.

        One that the server could not give comes alone and last: what it breaks, it breaks for itself.
        """
        careful = doubtful | self._alone | self._last
        yield from self._together([uid for uid in uids if uid not in careful])
        for uid in sorted(careful.intersection(uids), key=lambda uid: (uid in self._last, uid)):
            yield from self._by_itself(uid)

    def _together(self, uids: list[int]) -> Iterator[list[Fetched]]:
        left = set(uids)
        try:
            for batch in _grouped(self._mailbox.fetch(uids), BATCH):
                left.difference_update(one.uid for one in batch)
                yield batch
        except MailboxDown:
            self._alone |= left
            raise

    def _by_itself(self, uid: int) -> Iterator[list[Fetched]]:
        try:
            yield from _grouped(self._mailbox.fetch([uid]), 1)
        except MailboxDown:
            self._last.add(uid)
            raise
        self._alone.discard(uid)
        self._last.discard(uid)

    def _file(self, box: Box) -> None:
        """File what is stored, also by a worker or over a connection that ended before it could."""
        with self._desk.database.read() as session:
            stored = queries.unfiled(session, box.mailbox_id, box.uidvalidity)
        if not stored:
            return
        self._mailbox.file(stored)
        with self._desk.database.write() as session:
            ledger.filed(session, box.mailbox_id, box.uidvalidity, stored)

    def _say(self, trouble: str) -> None:
        """Log and store what is wrong, once when it begins and once when it ends."""
        if trouble == self._trouble:
            return
        if trouble and not self._trouble:
            log.error("the mailbox can't be read", why=trouble)
        elif not trouble:
            log.info("the mailbox is read again", mailbox=self._mailbox.name)
        self._trouble = trouble
        with self._desk.database.write() as session:
            workers.polled(session, self._mailbox_id, self._desk.clock(), trouble)


def _grouped(mails: Iterable[Fetched], size: int) -> Iterator[list[Fetched]]:
    group: list[Fetched] = []
    for mail in mails:
        group.append(mail)
        if len(group) >= size:
            yield group
            group = []
    if group:
        yield group
