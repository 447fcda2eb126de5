"""One folder of a mailbox: look, take in, file; what is new, what is in hand, and what breaks the line."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

import structlog

from engine.backlog import Backlog
from engine.desk import Desk
from engine.rechecking import looked_over
from engine.recording import Box
from engine.taking import Taking
from engine.troubles import set_aside
from engine.turns import in_turn, to_share_out
from inbox.mailbox import Fetched, Mailbox, MailboxDown, NotFiled
from store import ledger, looks, queries, workers
from store.looks import NotOwner

log = structlog.get_logger()

BATCH = 50
FIRST = 8
"""Mails of the first group of a look: they are answered while the next group is read."""
BATCH_BYTES = 2 * 2**20
ROUND = 200
"""Mails that are taken in before the mailbox is looked at again, for what came meanwhile."""
WHOLE = 600.0
"""Seconds between two looks at the whole folder; those between ask only for what came since."""
KEEP = 5.0
"""Seconds between two signs of life in the database, which also hold what can wait a little."""
FILE_AGAIN = 60.0
"""Seconds before mail is filed again after the server refused it."""


class Folder:
    """The folder of a mailbox that is ours: takes in what is new and files what is stored."""

    def __init__(self, desk: Desk, mailbox: Mailbox, taking: Taking) -> None:
        self._desk, self._mailbox, self._taking = desk, mailbox, taking
        self.taken = 0
        """Mails taken in so far."""
        self.worked = False
        """Whether mail could be read since the folder was opened."""
        self.not_filed = ""
        """Why mail can't be put away; "" when it can."""
        self._box = Box(0, 0)
        self._backlog = Backlog()
        self._senders: dict[int, str] = {}
        self._filed: list[int] = []
        """UIDs that were filed and are not yet marked so; forgetting them costs only a second MOVE."""
        self._may_file = True
        self._file_at = self._kept_at = self._whole_at = self._owned_at = -WHOLE

    @property
    def suspicion(self) -> tuple[frozenset[int], frozenset[int]]:
        """Which mails may have broken the line."""
        return frozenset(self._backlog.alone), frozenset(self._backlog.suspects)

    def open(self, mailbox_id: int) -> None:
        """Connect and look at everything again. Raises MailboxDown."""
        self.worked = False
        box = Box(mailbox_id, self._mailbox.open())
        self._begin(looked_over(self._desk, self._mailbox, box))

    def look(self, *, patient: bool = True) -> None:
        """Take in everything that the database does not have (promise 2), then file what is stored.

        In this order, so that a folder that takes no mail keeps nobody's complaint from being read. What
        broke the line before comes last, and after a pause when `patient`. Raises MailboxDown or NotOwner.
        """
        if time.monotonic() - self._whole_at >= WHOLE:
            box = Box(self._box.mailbox_id, self._mailbox.reopen())
            self._begin(looked_over(self._desk, self._mailbox, box))
        try:
            self._rounds()
        finally:
            self._finish()
        self.worked = True
        self._file()
        self._try_suspects(patient)
        self.keep()

    def keep(self, *, at_once: bool = False) -> None:
        """Mark what was filed, and say that the folder was looked at; seldom, for it is a write."""
        if not at_once and time.monotonic() - self._kept_at < KEEP:
            return
        with self._desk.database.write() as session:
            ledger.filed(session, self._box.mailbox_id, self._box.uidvalidity, self._filed)
            workers.polled(session, self._box.mailbox_id, self._desk.clock())
            if self.not_filed:
                workers.polled(session, self._box.mailbox_id, self._desk.clock(), self.not_filed)
        self._filed = []
        self._kept_at = time.monotonic()

    def pause(self) -> float:
        """Seconds after which the next look should come even when nothing is heard."""
        wanted = [self._desk.settings.POLL_SECONDS]
        if self._filed:
            wanted.append(KEEP)
        if (suspects := self._backlog.pause(time.monotonic())) is not None:
            wanted.append(suspects)
        return min(wanted)

    def _begin(self, box: Box) -> None:
        if box != self._box:
            self._backlog, self._filed = Backlog(), []
        self._box = box
        self._backlog.forget()
        self._may_file = True
        self._whole_at = time.monotonic()

    def _count(self, taken: int) -> None:
        self.taken += taken
        self._may_file = self._may_file or taken > 0

    # -- taking in

    def _rounds(self) -> None:
        tried = set[int]()
        more = True
        while more:
            self._learn(tried)
            new = [uid for uid in self._backlog.waiting() if uid not in tried]
            uids = self._next_round(new)
            tried.update(uids)
            more = len(uids) < len(new)
            for batch in self._batches(uids):
                if self._desk.stop.is_set():
                    return
                self._take(batch)

    def _learn(self, tried: set[int]) -> None:
        present = self._mailbox.uids(self._backlog.above)
        here = (self._box.mailbox_id, self._box.uidvalidity)
        with self._desk.database.read() as session:
            if not looks.is_owner(session, self._box.mailbox_id, self._desk.worker_id):
                raise NotOwner("another worker reads the mailbox now")
            new = queries.new_uids(session, *here, present) if present else []
            begun = looks.begun(session, *here)
        # What was tried in this look is in hand until it ends.
        self._backlog.learn(present, new, begun - tried)

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

    def _batches(self, uids: list[int]) -> Iterator[list[Fetched]]:
        """Mails in groups; one that was begun before or may have broken the line comes alone."""
        if together := self._backlog.together(uids):
            yield from self._ask(together, BATCH)
        for uid in self._backlog.one_by_one(uids):
            yield from self._ask([uid], 1)

    def _ask(self, uids: Sequence[int], size: int) -> Iterator[list[Fetched]]:
        given = set[int]()
        first = size if self._desk.reading.is_set() else min(FIRST, size)
        try:
            for batch in grouped(self._mailbox.fetch(uids), size, first=first):
                given.update(one.uid for one in batch)
                yield batch
        except MailboxDown:
            self._backlog.asked(given, given)
            self._backlog.broke([uid for uid in uids if uid not in given], time.monotonic())
            raise
        self._backlog.asked(uids, given)

    def _take(self, batch: list[Fetched]) -> None:
        self._desk.pulse.beat()
        self._renew()
        self._desk.reading.set()
        self._count(self._taking.take(self._box, batch))

    def _finish(self) -> None:
        """Take in what was begun; then what waited for the end of that has its turn."""
        try:
            self._count(self._taking.finish())
        finally:
            if self._desk.reading.is_set():
                self._desk.reading.clear()
                self._desk.timers_wait.set()

    def _renew(self) -> None:
        """Keep the mailbox while much is read: a lease that is not renewed runs out."""
        if time.monotonic() - self._owned_at < KEEP:
            return
        with self._desk.database.write() as session:
            now = self._desk.clock()
            mine = workers.own_mailbox(session, self._mailbox.name, self._desk.worker_id, now)
        if mine is None:
            raise NotOwner("another worker reads the mailbox now")
        self._desk.lease.renew(now)
        self._owned_at = time.monotonic()

    # -- mails that break the line

    def _try_suspects(self, patient: bool) -> None:
        for uid in self._backlog.hopeless():
            self._set_aside(uid)
        for uid in self._backlog.due(time.monotonic() if patient else float("inf")):
            if self._desk.stop.is_set():
                return
            try:
                for batch in self._ask([uid], 1):
                    self._take(batch)
            finally:
                self._finish()
            self._file()

    def _set_aside(self, uid: int) -> None:
        """Let a mail wait for a person that the server can't give; the others have been read meanwhile."""
        here = (self._box.mailbox_id, self._box.uidvalidity)
        why = "the IMAP server broke off each time it was asked for this mail"
        with self._desk.database.write() as session:
            looks.assure_owner(session, self._box.mailbox_id, self._desk.worker_id)
            ledger.take(session, *here, [uid], self._desk.clock())
            set_aside(self._desk, session, (*here, uid), why)
        log.error("a mail can't be fetched; it stays in the mailbox", uid=uid, why=why)
        self._backlog.give_up(uid)

    # -- filing

    def _file(self) -> None:
        """File what is stored, also by a worker or over a connection that ended before it could."""
        if not self._may_file or time.monotonic() < self._file_at:
            return
        with self._desk.database.read() as session:
            stored = queries.unfiled(session, self._box.mailbox_id, self._box.uidvalidity)
        waiting = sorted(set(stored).difference(self._filed))
        if waiting:
            try:
                self._mailbox.file(waiting)
            except NotFiled as refusal:
                self._say_not_filed(str(refusal))
                self._file_at = time.monotonic() + FILE_AGAIN
                return
            self._filed += waiting
        self._may_file = False
        self._say_not_filed("")

    def _say_not_filed(self, why: str) -> None:
        if why and not self.not_filed:
            log.error("mail is read but can't be filed", why=why)
        elif self.not_filed and not why:
            log.info("mail is filed again", mailbox=self._mailbox.name)
        if why != self.not_filed:
            self._kept_at = -WHOLE  # `status` is to show it now
        self.not_filed = why
        board, key = self._desk.alerts, f"filing/{self._mailbox.name}"
        if why:
            board.trouble(key, why, self._desk.clock())
        else:
            board.recovered(key, self._desk.clock())


def grouped(
    mails: Iterable[Fetched], size: int, most_bytes: int = BATCH_BYTES, *, first: int | None = None
) -> Iterator[list[Fetched]]:
    """Mails in groups of so many, fewer when they are large; the first group may have a size of its own."""
    group: list[Fetched] = []
    weight, most = 0, first or size
    for mail in mails:
        group.append(mail)
        weight += len(mail.raw)
        if len(group) >= most or weight >= most_bytes:
            yield group
            group, weight, most = [], 0, size
    if group:
        yield group
