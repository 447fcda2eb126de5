"""The customers of the quarter: they write, wait, thank, complain and say whether it is solved."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.quarter import words
from bench.quarter.business_time import on_grid
from bench.quarter.clockwork import Clockwork
from bench.quarter.firm import ADDRESS
from bench.quarter.letters import Got
from bench.quarter.story import Arrival

DAY = timedelta(days=1)


@dataclass
class Customer:
    """One customer's matter, from their side."""

    arrival: Arrival
    work: Clockwork
    dice: random.Random
    case: int = 0
    answered: bool = False
    complained: bool = False
    mails: int = 0

    def writes(self) -> None:
        self.work.deliver(self._mail(self.arrival.text, self.arrival.message_id))

    def got(self, letter: Got) -> None:
        """What a letter makes them do."""
        now, dice = letter.at, self.dice
        if letter.kind == "ack":
            self.case = letter.case or 0
            if dice.random() < 0.08:
                self._plan(now + dice.uniform(0.7, 4) * DAY, lambda: self._asks(letter))
        elif letter.kind == "answer":
            self.answered = True
            self._about_the_answer(letter)
        elif letter.kind == "check-in":
            self._about_the_check_in(letter)

    def _about_the_answer(self, letter: Got) -> None:
        chance = self.dice.random()
        if chance < 0.12:
            at = letter.at + self.dice.uniform(0.02, 1) * DAY
            self._plan(at, lambda: self.replies(letter, words.THANKS))
        elif chance < 0.22 and not self.complained:
            self.complained = True
            at = letter.at + self.dice.uniform(0.05, 1.5) * DAY
            self._plan(at, lambda: self.replies(letter, words.NOT_CONTENT))

    def _about_the_check_in(self, letter: Got) -> None:
        chance, wait = self.dice.random(), self.dice.uniform(0.02, 2.5)
        if chance > 0.5:
            return
        if chance > 0.47:
            wait += 12  # when the case has been closed
        text = self._score() if chance < 0.36 else self._in_words()
        self._plan(letter.at + wait * DAY, lambda: self._says(letter, text))

    def _score(self) -> str:
        score = self.dice.choices((5, 4, 3, 2, 1), (40, 30, 10, 10, 10))[0]
        digits = words.OTHER_DIGITS.get(self.arrival.language) if self.dice.random() < 0.5 else None
        return digits[score] if digits else str(score)

    def _in_words(self) -> str:
        said = self.dice.choices((words.YES, words.NO, words.STOP), (60, 25, 15))[0]
        return said[self.arrival.language]

    def _asks(self, letter: Got) -> None:
        if not self.answered:
            self.replies(letter, words.NEWS)

    def replies(self, letter: Got, text: Mapping[str, str]) -> None:
        self._says(letter, text[self.arrival.language])

    def _says(self, letter: Got, text: str) -> None:
        self.mails += 1
        message_id = f"<m{self.arrival.number}-{self.mails}@example.com>"
        raw = self._mail(text, message_id, to=letter.reply_to, answers=letter.message_id)
        self.work.deliver(raw, letter.reply_to)

    def _mail(self, text: str, message_id: str, *, to: str = ADDRESS, answers: str = "") -> bytes:
        who, subject = self.arrival.customer, words.SUBJECTS[self.arrival.language]
        date = self.work.clock().strftime("%a, %d %b %Y %H:%M:%S +0000")
        said = f"Re: {subject}" if answers else subject
        return words.mail(text, "Ann", who, said, message_id, to=to, date=date, answers=answers)

    def _plan(self, at: datetime, act: Callable[[], None]) -> None:
        self.work.agenda.plan(on_grid(at), act)
