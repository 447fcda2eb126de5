"""Random histories of cases, recorded as a worker records them: their events, letters, and what they have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from store import ledger, queries
from store.models import (
    CaseKind,
    CompensationState,
    EventKind,
    Fault,
    Letter,
    LetterState,
    MailKind,
    PromiseState,
    Severity,
    Status,
)
from store.values import SOFTWARE, CaseChange, Fact, NewEvent, NewRow, Recording, RowChange
from tests.store_samples import letter, message

BEGIN = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
DAYS = 40
END = BEGIN + timedelta(days=DAYS)
SAM, NOA = "sam@example.com", "noa@example.com"
CAUSES = ("late", "damaged", "lost")
CURRENCIES = ("EUR", "IRR")


@dataclass(slots=True)
class Told:
    """What is known of a case while its story is told; the rest is in the database alone."""

    number: int
    category: str
    status: Status = Status.NEW
    letters: int = 0
    ended: bool = False


@dataclass(slots=True)
class History:
    """A story of some cases, told in the order of time into a session."""

    session: Session
    chance: Random
    cases: list[Told] = field(default_factory=list)
    now: datetime = BEGIN

    def tell(self, cases: int, steps: int) -> None:
        """Open so many cases, and let so many things happen to them, until the end of the time."""
        for moment in self._moments(cases + steps):
            self.now = moment
            if len(self.cases) < cases and (not self.cases or self.chance.random() < cases / (cases + steps)):
                self._opens()
            else:
                self._goes_on(self.chance.choice(self.cases))

    def _moments(self, many: int) -> Iterator[datetime]:
        seconds = DAYS * 86400
        return (
            BEGIN + timedelta(seconds=at)
            for at in sorted(self.chance.randrange(seconds) for _ in range(many))
        )

    def _goes_on(self, case: Told) -> None:
        if case.ended:
            return
        can: dict[Status, list[Callable[[Told], None]]] = {
            Status.NEW: [
                self._approved,
                self._approved,
                self._corrected,
                self._promised,
                self._spam,
                self._merged,
            ],
            Status.OPEN: [self._approved, self._resolved, self._closed, self._offered],
            Status.ANSWERED: [
                self._wrote,
                self._resolved,
                self._resolved,
                self._promised,
                self._offered,
                self._begins_a_second_letter,
            ],
            Status.RESOLVED: [self._asked, self._good, self._low, self._kept, self._paid],
            Status.CLOSED: [self._low, self._good, self._kept, self._paid],
        }
        self.chance.choice(can[case.status])(case)

    def _opens(self) -> None:
        kind = self.chance.choice((*[CaseKind.COMPLAINT] * 4, CaseKind.PRAISE, CaseKind.QUESTION))
        cause = self.chance.choice(CAUSES) if kind is CaseKind.COMPLAINT else kind.value
        number = queries.next_number(self.session)
        severity = self.chance.choice(tuple(Severity))
        values = {
            "status": Status.NEW,
            "kind": kind,
            "category": cause,
            "severity": severity,
            "fault": Fault.UNKNOWN,
            "language": self.chance.choice(("en", "fa")),
            "channel": self.chance.choice(("mail", "phone")),
            "customer": f"c{number}@example.com",
            "assignee": self.chance.choice((SAM, NOA, "")),
            "reply_token": f"token{number}",
            "opened_at": self.now,
            "deadline_at": self.now + timedelta(days=2),
            "resolve_by": self.chance.choice((None, self.now + timedelta(days=9))),
        }
        mail = ledger.store_mail(
            self.session, message(f"{number}"), raw=b"raw", kind=MailKind.CUSTOMER, now=self.now
        )
        acknowledged = self.chance.random() < 0.8
        opened = NewEvent(EventKind.OPENED, f"{kind}, {cause}, {severity}", SOFTWARE)
        recording = Recording(
            case=CaseChange(number, None, values),
            events=(opened,),
            letters=(letter(f"ack/{number}"),) if acknowledged else (),
            facts=tuple(
                Fact("product", value, value)
                for value in self.chance.sample(("kettle", "lamp"), self.chance.randrange(3))
            ),
        )
        ledger.record(self.session, recording, now=self.now, mail=mail)
        if acknowledged:
            self._leaves(f"ack/{number}", timedelta(seconds=self.chance.randrange(1, 90)))
        self.cases.append(Told(number, cause))

    def _approved(self, case: Told) -> None:
        case.letters += 1
        key = f"answer/{case.number}/{case.letters}"
        self._records(
            case,
            NewEvent(EventKind.APPROVED, "it is to be sent", self.chance.choice((SAM, NOA))),
            Status.ANSWERED,
            {"answered_at": self.now},
            letters=(letter(key),),
        )
        if self.chance.random() < 0.9:
            self._leaves(key, timedelta(minutes=self.chance.randrange(200)))

    def _begins_a_second_letter(self, case: Told) -> None:
        self._records(case, NewEvent(EventKind.DRAFTED, "version 2", SAM), Status.OPEN, {})

    def _wrote(self, case: Told) -> None:
        due = self.now + timedelta(days=2)
        self._records(case, NewEvent(EventKind.CUSTOMER_WROTE, "", "c"), Status.OPEN, {"deadline_at": due})

    def _resolved(self, case: Told) -> None:
        self._records(case, NewEvent(EventKind.RESOLVED, "", SAM), Status.RESOLVED, {"resolved_at": self.now})

    def _closed(self, case: Told) -> None:
        event = NewEvent(EventKind.CLOSED_BY_AGENT, "", SAM)
        self._records(case, event, Status.CLOSED, {"closed_at": self.now})

    def _asked(self, case: Told) -> None:
        self._records(case, NewEvent(EventKind.CHECK_IN_SENT, "", SOFTWARE), case.status, {})

    def _good(self, case: Told) -> None:
        score = self.chance.choice((3, 4, 5))
        event = NewEvent(EventKind.CHECK_IN_GOOD, "", "c", {"score": score, "comment": ""})
        # What was closed before stays closed since then.
        values = {} if case.status is Status.CLOSED else {"closed_at": self.now}
        self._records(case, event, Status.CLOSED, {**values, "score": score})

    def _low(self, case: Told) -> None:
        score = self.chance.choice((1, 2))
        events = (
            NewEvent(EventKind.CHECK_IN_LOW, "", "c", {"score": score, "comment": "no"}),
            NewEvent(EventKind.REOPENED, "", "c"),
        )
        values = {"resolved_at": None, "closed_at": None, "deadline_at": self.now + timedelta(days=2)}
        self._records(case, events, Status.OPEN, {**values, "score": score})

    def _corrected(self, case: Told) -> None:
        cause = self.chance.choice(CAUSES)
        event = NewEvent(EventKind.CORRECTED, "", SAM, {"from": case.category, "to": cause})
        self._records(case, event, case.status, {"category": cause})
        case.category = cause

    def _spam(self, case: Told) -> None:
        if self.chance.random() < 0.3:
            event = NewEvent(EventKind.SPAM, "", SAM)
            self._records(case, event, Status.CLOSED, {"spam": True, "closed_at": self.now})
            case.ended = True

    def _merged(self, case: Told) -> None:
        if self.chance.random() < 0.3:
            event = NewEvent(EventKind.MERGED, "", SAM)
            values = {"merged_into": self.cases[0].number, "closed_at": self.now}
            self._records(case, event, Status.CLOSED, values)
            case.ended = True

    def _promised(self, case: Told) -> None:
        due = self.now + timedelta(days=self.chance.randrange(1, 12))
        what = {"case_number": case.number, "what": f"p{case.number}", "due_at": due, "made_by": SAM}
        row = NewRow("promise", {**what, "state": PromiseState.OPEN, "made_at": self.now})
        event = NewEvent(EventKind.PROMISED, "", SAM, {"due": due.isoformat()})
        self._records(case, event, case.status, {}, rows=(row,))

    def _kept(self, case: Told) -> None:
        key = {"case_number": case.number, "state": PromiseState.OPEN}
        change = RowChange("promise", key, {}, {"state": PromiseState.KEPT, "ended_at": self.now})
        self._changes(case, change, EventKind.PROMISE_KEPT)

    def _offered(self, case: Told) -> None:
        currency = self.chance.choice(CURRENCIES)
        amount = self.chance.choice(("10", "2.5", "10.00"))
        values = {
            "case_number": case.number,
            "customer": "c",
            "kind": self.chance.choice(("refund", "voucher")),
        }
        values |= {"amount": amount, "currency": currency, "reason": "", "offered_by": SAM, "granted_by": ""}
        row = NewRow("compensation", {**values, "state": CompensationState.OFFERED, "offered_at": self.now})
        event = NewEvent(EventKind.OFFERED, "", SAM, {"amount": amount, "currency": currency})
        self._records(case, event, case.status, {}, rows=(row,))

    def _paid(self, case: Told) -> None:
        key = {"case_number": case.number, "state": CompensationState.OFFERED}
        change = RowChange("compensation", key, {}, {"state": CompensationState.PAID, "paid_at": self.now})
        self._changes(case, change, EventKind.PAID)

    def _changes(self, case: Told, change: RowChange, kind: EventKind) -> None:
        """Change such a row, where the case has exactly one; else nothing happens."""
        try:
            with ledger.alone(self.session):
                recording = Recording(
                    case_number=case.number, events=(NewEvent(kind, "", SAM),), changes=(change,)
                )
                ledger.record(self.session, recording, now=self.now)
        except ledger.Conflict:
            return

    def _records(
        self,
        case: Told,
        event: NewEvent | tuple[NewEvent, ...],
        status: Status,
        values: dict[str, Any],
        **more: Any,
    ) -> None:
        recording = Recording(
            case=CaseChange(case.number, case.status, {**values, "status": status}),
            events=event if isinstance(event, tuple) else (event,),
            **more,
        )
        ledger.record(self.session, recording, now=self.now)
        case.status = status

    def _leaves(self, key: str, after: timedelta) -> None:
        left = {"state": LetterState.SENT, "sent_at": self.now + after}
        self.session.connection().execute(update(Letter).where(col(Letter.key) == key).values(**left))
