"""`worker.py import`: old mail becomes cases, and nobody is answered.

It goes through the archive twice: first through the headers, for the order of time and for what answers what;
then through the mails, which are read in a process apart while those before are recorded. What is recorded is
known by its fingerprint, so that an import may end at any moment and be begun again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.apart import ReaderLost, ReaderProcess
from engine.import_index import Index
from engine.import_recording import Done, One, Recorder, Wish
from engine.understanding import Understood, understand
from inbox.archives.pieces import Piece
from inbox.archives.places import Archives
from inbox.header.block import split_head
from inbox.parse import salvage, same_mark
from store import imports
from store.database import Database

GROUP, GROUP_BYTES = 50, 2 * 2**20
A_TURN = 0.25
"""Seconds for which mails are recorded in one transaction: a worker may run meanwhile."""
OF_A_MAIL = frozenset({"from", "to", "subject", "date", "message-id", "received", "return-path", "reply-to"})
"""What has none of these fields is no mail."""
Step = Callable[[int, int], None]
"""What is told of the progress: how many mails are done, of how many; 0 while they are only counted."""


class Import:
    """Takes an archive in."""

    def __init__(self, database: Database, wish: Wish, reader: ReaderProcess | None = None) -> None:
        """Without a process of their own, mails are read here."""
        self._database, self._wish, self._reader = database, wish, reader
        self._late: list[tuple[Piece, datetime]] = []
        self.done = Done()

    def run(self, paths: Sequence[Path], step: Step) -> Done:
        """Take in all that these hold. Raises NoArchive, or StoreDown: what was recorded stays."""
        with (
            TemporaryDirectory(prefix="peygir-import-") as folder,
            Archives() as archives,
            Index(Path(folder), self._wish.now) as index,
        ):
            for path in paths:
                for piece in archives.pieces(path):
                    index.add(piece)
                    step(index.mails, 0)
            index.ready()
            self._take_all(index, step)
        return self.done

    def _take_all(self, index: Index, step: Step) -> None:
        """Read one group while the one before is recorded."""
        before: tuple[list[One], list[Understood]] = ([], [])
        seen = 0
        for group, looked_at in self._groups(index):
            self._ask(group)
            self._record(before, index)
            seen += looked_at
            step(seen, index.mails)
            before = group, self._answer(group)
        self._record(before, index)
        late, self._late = self._late, []
        for start in range(0, len(late), GROUP):
            group = [one for place in late[start : start + GROUP] if (one := self._new(*place))]
            self._ask(group)
            self._record((group, self._answer(group)), index, last=True)

    def _groups(self, index: Index) -> Iterator[tuple[list[One], int]]:
        """What is new, in groups, each with how many mails were looked at for it."""
        group: list[One] = []
        looked_at = size = 0
        for piece, came in index.in_order():
            looked_at += 1
            one = self._new(piece, came)
            if one is not None:
                group.append(one)
                size += len(one.fetched.raw)
            if len(group) >= GROUP or size >= GROUP_BYTES or looked_at >= GROUP * 10:
                yield group, looked_at
                group, looked_at, size = [], 0, 0
        if looked_at:
            yield group, looked_at

    def _new(self, piece: Piece, came: datetime) -> One | None:
        """The mail, unless it is there, was erased, or is none."""
        try:
            fetched = piece.fetched(0, self._wish.size_limit)
        except OSError as error:
            self.done.set_aside(piece, f"it can't be read: {error.strerror}")
            return None
        fields = split_head(fetched.raw, 0, self._wish.limits.header_bytes, top=True).fields
        if not OF_A_MAIL.intersection(one.name for one in fields):
            self.done.set_aside(piece, "it has no header of a mail")
            return None
        mark = same_mark(fetched.raw, self._wish.limits)
        with self._database.read() as session:
            if imports.is_known(session, mark):
                self.done.known += 1
                return None
            if imports.is_erased(session, mark):
                self.done.erased += 1
                return None
        return One(piece, came, fetched, mark)

    # -- reading

    def _ask(self, group: Sequence[One]) -> None:
        if self._reader and group:
            self._reader.ask(self._wish.rulebook.version, [one.fetched.raw for one in group])

    def _answer(self, group: Sequence[One]) -> list[Understood]:
        if not self._reader or not group:
            return [self._here(one) for one in group]
        try:
            answer = self._reader.answer()
        except ReaderLost:
            return [self._alone(self._reader, one) for one in group]
        return [self._here(one) for one in group] if answer is None else answer

    def _alone(self, reader: ReaderProcess, one: One) -> Understood:
        """Read a mail that may have ended its reader; one that did is kept with what can be salvaged."""
        reader.ask(self._wish.rulebook.version, [one.fetched.raw])
        try:
            answer = reader.answer()
        except ReaderLost as lost:
            wish = self._wish
            words, signs = wish.rulebook.words, wish.rulebook.signs
            return Understood(salvage(one.fetched.raw, str(lost), wish.limits, words, signs))
        return answer[0] if answer else self._here(one)

    def _here(self, one: One) -> Understood:
        wish = self._wish
        addresses = tuple(each.address for each in wish.policy.all_ours)
        return understand(one.fetched.raw, wish.rulebook, wish.limits, addresses)

    # -- recording

    def _record(
        self, group: tuple[Sequence[One], Sequence[Understood]], index: Index, *, last: bool = False
    ) -> None:
        """Record mails, as many in one transaction as others may wait for. One's failure is its own."""
        recorder = Recorder(self._wish, self.done, self._late, index)
        left = list(zip(*group, strict=True))
        while left:
            taken = 0
            with self._database.write() as session:
                end = time.monotonic() + A_TURN
                for one, read in left:
                    recorder.record(session, one, read, last=last)
                    taken += 1
                    if time.monotonic() >= end:
                        break
            left = left[taken:]
