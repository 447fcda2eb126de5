"""Erasing a customer: in short transactions, each of which may be the last before a power cut (promise 24).

Done again it goes on where it was ended. What is erased stays found until all of it is gone: a case's own
words go last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from cases.decision import Decision
from cases.erasing import erased, erased_in_part
from engine.erasing_shared import erase_in_part
from inbox.mime.limits import Limits
from store import case_texts, erasing, forgetting, ledger, loose, naming_them, queries, whose
from store.database import Database
from store.models import EventKind, Status
from store.naming_them import Naming
from store.settled import is_over, moment_of
from store.values import NewEvent, Recording
from store.whose import Whose

PATIENCE, A_LOOK = 20.0, 0.1
"""Seconds that those are waited for who began before, and between looks."""
Step = Callable[[Session], Any]


@dataclass(slots=True)
class Done:
    """What was erased."""

    cases: list[int] = field(default_factory=list)
    in_part: list[int] = field(default_factory=list)
    mails: int = 0
    letters: int = 0
    named: int = 0
    """Texts elsewhere that named the person."""

    def told(self) -> dict[str, Any]:
        """As the event keeps it."""
        return {
            "cases": self.cases,
            "in_part": self.in_part,
            "mails": self.mails,
            "letters": self.letters,
            "named": self.named,
        }


@dataclass(slots=True)
class Eraser:
    """Erases on one database, in somebody's name."""

    database: Database
    now: Callable[[], datetime]
    agents: Collection[str]
    """The addresses of those of the firm: theirs stay in the log."""
    actor: str
    about: Mapping[str, Any] = field(default_factory=dict)
    """What each event says besides."""
    limits: Limits = field(default_factory=Limits)
    done: Done = field(default_factory=Done)

    def person(self, of: Whose) -> Done:
        """Erase a person, or the cases that were named alone."""
        naming = Naming(of.needles)
        self._elsewhere(of, naming)
        for number in of.shared:
            self._in_part(number, of, naming)
        for number in of.cases:
            self.case(number)
        if of.address:
            self._loose(of, naming)
        self._say(self._finish)
        if self._wait_for_others():
            self._again(of, naming)
        return self.done

    def case(self, number: int, *, if_closed: bool = False) -> None:
        """Erase one case, all of it; with `if_closed` only where nobody has opened it again."""
        if self._say(partial(self._begin, number=number, if_closed=if_closed)):
            self._words_of(number)
            self._say(partial(self._end, number=number))
            self.done.cases.append(number)

    # -- a case

    def _begin(self, session: Session, number: int, *, if_closed: bool) -> bool:
        """The case ends; nobody may write into it any more, and nothing about it leaves."""
        case = queries.case(session, number) if erasing.hold(session, number) else None
        if case is None or (if_closed and case.status is not Status.CLOSED):
            return False
        if case.erased_at is None:
            self._record(session, erased(case, self.now(), self.actor, self.about))
        erasing.blank_rows(session, number, self.now())
        return True

    def _words_of(self, number: int) -> None:
        """Letters first, so that nothing leaves any more."""
        while letters := self._say(partial(self._letters, number=number)):
            self.done.letters += letters
        while mails := self._say(partial(self._mails, number=number)):
            self.done.mails += mails
        after: int | None = 0
        while after is not None:
            after = self._say(partial(self._events, number=number, after=after))

    def _letters(self, session: Session, number: int) -> int:
        erasing.hold(session, number)
        found = erasing.letters_of_case(session, number)
        erasing.blank_letters(session, found, self.now())
        return len(found)

    def _mails(self, session: Session, number: int) -> int:
        erasing.hold(session, number)
        found = erasing.mails_of_case(session, number)
        erasing.blank_mails(session, found, self.now())
        return len(found)

    def _events(self, session: Session, number: int, after: int) -> int | None:
        agents = erasing.agents_of(session, number) | {*self.agents}
        return erasing.blank_events(session, number, after, agents)

    def _end(self, session: Session, number: int) -> None:
        erasing.hold(session, number)
        erasing.blank_rows(session, number, self.now())
        erasing.blank_case(session, number)

    # -- what is of no case of theirs

    def _in_part(self, number: int, of: Whose, naming: Naming) -> None:
        def step(session: Session) -> None:
            mails, letters = erase_in_part(session, number, of, naming, self.agents, self.now(), self.limits)
            self.done.mails += mails
            self.done.letters += letters
            if mails or letters or number not in self.done.in_part:
                self._record(session, erased_in_part(number, self.actor, self.about))
            case_texts.write(session, [number])

        self._say(step)
        if number not in self.done.in_part:
            self.done.in_part.append(number)

    def _loose(self, of: Whose, naming: Naming) -> None:
        """Mails, letters and events of no case; the wish not to be asked; whatever else has the address."""
        while mails := self._say(lambda session: loose.erase_mails(session, of.address, self.now())):
            self.done.mails += mails
        while letters := self._say(lambda session: loose.erase_letters(session, of.address, self.now())):
            self.done.letters += letters
        self._say(lambda session: loose.erase_events(session, naming, self.agents))
        self._say(lambda session: loose.erase_addresses(session, of.address))

    def _elsewhere(self, of: Whose, naming: Naming) -> None:
        """What names the person where they have no part: first, while it is known what they are called."""
        self._say(lambda session: naming_them.withdraw_lists(session, naming, of.cases, self.now()))
        self._say(lambda session: naming_them.sort_out_signals(session, of.cases, naming))
        if not naming.needles:
            return
        self._say(lambda session: naming_them.rename_keys(session, naming))
        self.done.named += self._say(lambda session: naming_them.forget_given(session, naming))
        with self.database.read() as session:
            found = list(naming_them.named_in(session, naming, of.cases))
        for name, keys in found:
            for start in range(0, len(keys), erasing.AT_ONCE):
                some = keys[start : start + erasing.AT_ONCE]
                self.done.named += self._say(partial(naming_them.scrub, name=name, keys=some, naming=naming))

    def _finish(self, session: Session) -> None:
        """One line of the log for all of it: who and when, and not whom."""
        done = self.done
        cases = f"{len(done.cases)} cases, {len(done.in_part)} in part"
        text = f"{cases}, {done.mails} mails, {done.letters} letters"
        event = NewEvent(EventKind.ERASED, text, self.actor, {**self.about, **done.told()})
        ledger.record(session, Recording(events=(event,)), now=self.now())
        while forgetting.forget(session, self.now()) == forgetting.AT_ONCE:
            pass

    # -- those who began before

    def _wait_for_others(self) -> bool:
        """Wait until nobody is at work who had read something before; whether there was anybody.

        On PostgreSQL a worker may have read what was erased meanwhile, and write it after us.
        """
        mark = self._say(moment_of)
        if mark is None:
            return False
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.database.read() as session:
                if is_over(session, mark):
                    break
            time.sleep(A_LOOK)
        return True

    def _again(self, of: Whose, naming: Naming) -> None:
        for number in of.cases:
            self._words_of(number)
            self._say(partial(self._end, number=number))
        if of.address:
            with self.database.read() as session:
                late = whose.find(session, of.address)
            for number in late.cases:
                self.case(number)
            for number in late.shared:
                self._in_part(number, late, naming)
            self._elsewhere(of, naming)
            self._loose(of, naming)

    def _record(self, session: Session, decision: Decision) -> None:
        recording = Recording(
            case=decision.case,
            case_number=decision.case_number,
            events=decision.events,
            cancel_timers=decision.cancel_timers,
            revoke_tokens=decision.revoke_tokens,
        )
        ledger.record(session, recording, now=self.now())

    def _say(self, step: Step) -> Any:
        with self.database.write() as session:
            return step(session)
