"""Keeping nothing longer than rules/retention.yaml says: at night, little by little."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session

from cases.erasing import originals_dropped
from cases.rules.retention import RetentionFile
from engine.desk import Desk
from engine.erasing import Eraser
from store import erasing, ledger, retained, whose
from store.retained import Mailboxes
from store.values import SOFTWARE, Recording

log = structlog.get_logger()

NIGHT = range(1, 5)
"""The hours of the firm's clock in which it is done."""
ROUNDS = 5
"""So many groups of each sort at one look: others write in between."""
BECAUSE = {"because": "retention"}


def keep_no_longer(desk: Desk, *, at_any_hour: bool = False) -> None:
    """One look: some of what is over; nothing by day, nor when the night's work is done."""
    rules, now = desk.files.current.rulebook, desk.clock()
    if not at_any_hour and now.astimezone(ZoneInfo(rules.calendar.time_zone)).hour not in NIGHT:
        return
    today = _day(now)
    with desk.database.read() as session:
        if retained.day_done(session) >= today:
            return
        begun = whose.unfinished(session)
    looks = [_Look(one, one.files.current.rulebook.retention, now) for one in desk.each_with_files]
    more = [one.work(begun if one.is_main else []) for one in looks]
    if not any(more):
        with desk.database.write() as session:
            retained.set_day_done(session, today)


def _day(now: datetime) -> int:
    return int(now.astimezone(UTC).timestamp()) // 86_400


@dataclass(slots=True)
class _Look:
    desk: Desk
    file: RetentionFile
    now: datetime

    @property
    def is_main(self) -> bool:
        """Whether it is about the main mailbox, and those with the same files."""
        return self.desk.files is self.desk.of("").files

    @property
    def mailboxes(self) -> Mailboxes:
        """Whose cases these rules are for; those of a mailbox that is no more are the main one's."""
        but, files = self.is_main, self.desk.files
        names = {one.settings.name for one in self.desk.every if (one.files is files) is not but}
        return Mailboxes(frozenset(names), but)

    def work(self, begun: list[int]) -> bool:
        """Do some of it, first what somebody began and did not end; whether there is more."""
        agents = {agent.address for _, agent in self.desk.people}
        eraser = Eraser(self.desk.database, self.desk.clock, agents, SOFTWARE, BECAUSE)
        for number in begun:
            eraser.case(number)
        if self.file.keeps_all:
            return False
        more = [self._cases(eraser), self.is_main and self._of_no_case(agents), self._whole_mails()]
        if eraser.done.cases:
            log.info("cases were erased, as rules/retention.yaml says", cases=len(eraser.done.cases))
        return any(more)

    def _cases(self, eraser: Eraser) -> bool:
        """Erase cases that have been closed for long enough; whether there are more."""
        before = self.file.closed_cases.before(self.now)
        by_category = {name: age.before(self.now) for name, age in self.file.categories.items()}
        for _ in range(ROUNDS):
            with self.desk.database.read() as session:
                over = retained.cases_over(session, before, by_category, self.mailboxes)
            for number in over:
                if self.desk.stop.is_set():
                    return True
                eraser.case(number, if_closed=True)
            if len(over) < retained.AT_ONCE:
                return False
        return True

    def _of_no_case(self, agents: set[str]) -> bool:
        """What never was of a case is kept as long as a case."""
        before = self.file.closed_cases.before(self.now)
        if before is None:
            return False
        for _ in range(ROUNDS):
            if not self._write(partial(_blank_loose, before=before, now=self.now)):
                break
        else:
            return True
        after: int | None = 0
        while after is not None and not self.desk.stop.is_set():
            after = self._write(partial(_blank_events, before=before, after=after, agents=agents))
        return False

    def _whole_mails(self) -> bool:
        """Keep the bytes of some mails no longer; whether there are more."""
        before, after = self.file.whole_mails.before(self.now), 0
        if before is None:
            return False
        for _ in range(ROUNDS):
            mails = self._write(partial(self._drop, before=before, after=after))
            if len(mails) < retained.AT_ONCE:
                return False
            after = mails[-1].id
        return True

    def _drop(self, session: Session, before: datetime, after: int) -> list[Any]:
        mails = retained.whole_mails_over(session, before, after, self.mailboxes)
        retained.drop_whole_mails(session, mails)
        for number, many in Counter(one.case_number for one in mails).items():
            decision = originals_dropped(number, SOFTWARE, many)
            ledger.record(session, Recording(case_number=number, events=decision.events), now=self.now)
        return mails

    def _write(self, step: Any) -> Any:
        with self.desk.database.write() as session:
            return step(session)


def _blank_loose(session: Session, before: datetime, now: datetime) -> int:
    mails = erasing.mails_where(session, *retained.loose_mails(before))
    erasing.blank_mails(session, mails, now)
    return len(mails)


def _blank_events(session: Session, before: datetime, after: int, agents: set[str]) -> int | None:
    return erasing.blank_events(session, None, after, agents, retained.loose_events(before))
