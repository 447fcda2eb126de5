"""What attempts to send led to, and who learns of it (promise 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from cases import unreached
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from engine import gather
from engine.desk import Desk
from engine.finish import Finisher
from outbox.smtp import Outcome
from store import ledger, limits, queries, queue, replays, retries
from store.database import StoreDown
from store.models import Case, LetterKind
from store.queue import Claimed, Ended, Result

log = structlog.get_logger()

WINDOW = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that has ended, and is not in the database yet."""

    letter: Claimed
    outcome: Outcome
    at: datetime

    @property
    def final(self) -> bool:
        """True when the letter did not leave and is never tried again."""
        return self.outcome.result == "refused" or self.given_up

    @property
    def given_up(self) -> bool:
        """True when it could be tried again, but has been for long enough."""
        again = self.outcome.result in ("later", "in-doubt")
        return again and retries.given_up(self.letter.created_at, self.at)

    @property
    def in_doubt(self) -> bool:
        """True when the letter may have arrived all the same, now or at an earlier attempt."""
        was = self.letter.in_doubt and self.outcome.result != "sent"
        return was or self.outcome.result == "in-doubt"

    @property
    def result(self) -> Result:
        """What is recorded of it."""
        return "refused" if self.given_up else self.outcome.result

    @property
    def error(self) -> str:
        """What went wrong, in words; "" when nothing did."""
        if self.outcome.result == "sent":
            return ""
        said = f"{self.outcome.code or ''} {self.outcome.text}".strip()
        days = retries.GIVE_UP_AFTER.days
        return f"{replays.GIVEN_UP} after {days} days; at last: {said}" if self.given_up else said


def record(desk: Desk, session: Session, tried: Sequence[Tried]) -> None:
    """Write how these attempts ended; those that are this worker's no more change nothing."""
    first = timedelta(seconds=desk.settings.RETRY_SECONDS)
    ended = [
        Ended(
            one.letter,
            one.result,
            one.at + retries.back_off(one.letter.attempt - one.letter.unsent, first),
            one.error,
        )
        for one in tried
    ]
    mine = queue.complete(session, ended, desk.worker_id, now=desk.clock())
    for one in tried:
        if one.letter.id in mine and one.outcome.result != "sent":
            _tell(desk, session, one)


def _tell(desk: Desk, session: Session, one: Tried) -> None:
    """Somebody was not reached, and a person learns of it; if that fails, the case still says so."""
    number = one.letter.case_number
    if number is None or one.letter.kind is LetterKind.ALERT or not _is_news(desk, one):
        return
    try:
        with ledger.alone(session):
            if case := queries.case(session, number):
                _alert(desk.of(case.mailbox), session, one, case)
    except StoreDown:
        raise
    except Exception:
        log.exception("nobody could be told of a letter that did not arrive", case=number)


def _is_news(desk: Desk, one: Tried) -> bool:
    """Whether a person may have to know; of a server that is away they learn once, not by each letter."""
    age = one.at - one.letter.created_at
    return one.final or (age >= unreached.DOUBT_AFTER and not desk.way_out.trouble)


def _alert(desk: Desk, session: Session, one: Tried, case: Case) -> None:
    in_force, letter = desk.files.current, one.letter
    facts = gather.for_case(session, case, in_force.rulebook, desk.policy, one.at, f"refused/{letter.id}")
    letters = _wanted(facts, case, one)
    if not one.final:
        # Each hour brings another attempt, and with it what was not told within the limit.
        since, most = one.at - WINDOW, desk.settings.ALERTS_PER_HOUR
        letters = tuple(w for w in letters if limits.alerts_to(session, w.recipient.key, since) < most)
    decision = Decision(case_number=case.number, letters=letters)
    recording = Finisher(desk.settings, in_force.letters, desk.scans).finish(decision, facts)
    ledger.record(session, recording, now=one.at)


def _wanted(facts: Facts, case: Case, one: Tried) -> tuple[LetterRequest, ...]:
    letter = one.letter
    of = (letter.id, letter.recipient, letter.subject)
    say = unreached.warning(
        case, letter.kind, of, in_doubt=one.in_doubt, final=one.final, age=one.at - letter.created_at
    )
    if say:
        return unreached.warned(facts, case, of, say, reason=one.error)
    return unreached.told(facts, case, [of], reason=one.error, bounced=False) if one.final else ()
