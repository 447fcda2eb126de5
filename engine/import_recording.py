"""One old mail on its way into the database: whose it is, which case it belongs to, what is recorded."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlmodel import Session

from cases import importing, tokens
from cases.decision import Decision
from cases.facts import Facts
from cases.importing import Old, Whose
from cases.policy import Policy
from cases.rules.rulebook import Rulebook
from engine.belonging import belonging
from engine.import_index import Index
from engine.understanding import Understood, told_by
from inbox.archives.pieces import Piece
from inbox.mailbox import Fetched
from inbox.mime.limits import Limits
from language.detect import likely
from outbox.compose import new_message_id
from store import imports, ledger, queries
from store.database import StoreDown
from store.models import Case, MailKind
from store.values import Address, Message, NewLetter, Recording, canonical

log = structlog.get_logger()

TRIES = 3


@dataclass(slots=True)
class Done:
    """What an import has come to."""

    mails: int = 0
    """Of customers, and of programs."""
    answers: int = 0
    cases: int = 0
    known: int = 0
    erased: int = 0
    alone: int = 0
    """Mails of ours that answer nothing that is there."""
    aside: list[str] = field(default_factory=list)
    """What could not be taken in: where it lies, and why."""

    def set_aside(self, piece: Piece, why: str) -> None:
        """Note a mail that could not be taken in."""
        self.aside.append(f"{piece}: {why}")


@dataclass(frozen=True, slots=True)
class Wish:
    """How old mail is taken in."""

    rulebook: Rulebook
    policy: Policy
    limits: Limits
    ours: frozenset[str]
    """Canonical addresses that answers were sent from."""
    domain: str
    size_limit: int
    leave_open: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class One:
    """A mail of the archive that is not there yet."""

    piece: Piece
    came: datetime
    fetched: Fetched
    mark: str


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records old mails, each whole or not at all."""

    wish: Wish
    done: Done
    late: list[tuple[Piece, datetime]]
    """Answers of ours to what is not there yet."""
    index: Index

    def record(self, session: Session, one: One, read: Understood, *, last: bool) -> None:
        """Record a mail; `last` for one that has waited for all others. Raises StoreDown alone."""
        tries = TRIES
        while True:
            tries -= 1
            try:
                with ledger.alone(session):
                    self._handle(session, one, read, last=last)
            except StoreDown:
                raise
            except ledger.Conflict as conflict:
                if tries:
                    continue
                self.done.set_aside(one.piece, f"it could not be recorded: {conflict}")
            except Exception as trouble:
                log.exception("an old mail could not be recorded")
                self.done.set_aside(one.piece, f"it could not be recorded: {trouble!r}")
            return

    def _handle(self, session: Session, one: One, read: Understood, *, last: bool) -> None:
        message = replace(read.message, fingerprint=one.mark)
        if imports.is_known(session, one.mark):  # twice in the archive
            self.done.known += 1
            return
        if imports.is_erased(session, one.mark):  # since it was looked at
            self.done.erased += 1
            return
        whose, to = importing.whose(message, self.wish.ours)
        if whose is Whose.ANSWER:
            self._answered(session, one, message, to, last=last)
            return
        facts = self._facts(session, one, message, read)
        untouched = facts.case is not None and imports.is_untouched(session, facts.case.number)
        old = Old(one.came, whose, to, self.wish.leave_open, untouched)
        decision = importing.imported(facts, message, old)
        made, kind = _recording(decision), decision.mail_kind
        ledger.record_mail(session, message, made, raw=one.fetched.raw, kind=kind, now=one.came)
        self.done.mails += 1
        self.done.cases += decision.case is not None and decision.case.expected is None

    def _facts(self, session: Session, one: One, message: Message, read: Understood) -> Facts:
        wish = self.wish
        belongs = belonging(session, message, wish.rulebook, wish.policy)
        opens = belongs.case is None and message.kind is MailKind.CUSTOMER
        found, verdict = read.facts, read.verdict
        if opens and verdict is None:
            language = message.language or likely(f"{message.subject} {message.text}")
            found, verdict = told_by(message, language, wish.rulebook)
        return replace(
            self._known(one, message, belongs.case),
            mentioned=belongs.mentioned,
            next_number=queries.next_number(session) if opens else 0,
            new_case_token=tokens.mint(os.urandom(tokens.TOKEN_BYTES)) if opens else "",
            verdict=verdict,
            mail_facts=found,
        )

    def _answered(
        self, session: Session, one: One, message: Message, to: tuple[Address, ...], *, last: bool
    ) -> None:
        """A mail of ours: a letter of the case that it belongs to. What answers nothing yet waits."""
        if imports.is_sent(session, message.message_id):
            self.done.known += 1
            return
        case = self._case_of_answer(session, message)
        if case is None and not last:
            self.late.append((one.piece, one.came))
            return
        if case is None:
            self.done.alone += 1
            return
        letter = self._letter(one, message, to)
        untouched = imports.is_untouched(session, case.number)
        old = Old(one.came, Whose.ANSWER, to, self.wish.leave_open, untouched)
        decision = importing.imported(self._known(one, message, case), message, old, letter)
        recording = replace(_recording(decision), letters=(letter,))
        ledger.record(session, recording, now=one.came)
        self.done.answers += 1

    def _case_of_answer(self, session: Session, message: Message) -> Case | None:
        """The case of what it answers, or else of what answers it."""
        refers = list(dict.fromkeys((*reversed(message.in_reply_to), *reversed(message.references))))
        found = queries.case_of_thread(session, refers)
        return found or queries.case_of_thread(session, self.index.replies_to(message.message_id))

    def _known(self, one: One, message: Message, case: Case | None) -> Facts:
        rulebook, policy = self.wish.rulebook, self.wish.policy
        facts = Facts(now=one.came, cause=one.mark, rulebook=rulebook, policy=policy)
        return replace(facts, message=message, case=case)

    def _letter(self, one: One, message: Message, to: tuple[Address, ...]) -> NewLetter:
        return NewLetter(
            kind=importing.letter_kind(message),
            key=imports.key_of(one.mark),
            to=to[0].key,
            envelope_from=message.sender.key,
            message_id=message.message_id or new_message_id(self.wish.domain, imports.key_of(one.mark)),
            subject=message.subject,
            data=one.fetched.raw,
            priority=0,
            due_at=one.came,
            mailbox=self.wish.policy.mailbox,
            left=one.came,
        )


def _recording(decision: Decision) -> Recording:
    """What is written: no letter, no timer."""
    return Recording(
        case=decision.case,
        case_number=decision.case_number,
        events=decision.events,
        facts=decision.found,
    )


def addresses_that_answer(policy: Policy, rulebook: Rulebook, more: Iterable[str]) -> frozenset[str]:
    """The canonical addresses that answers were sent from: ours, the agents', and what the user names."""
    ours = {one.key for one in policy.all_ours}
    agents = {canonical(agent.address) for agent in rulebook.agents}
    return frozenset(ours | agents | {canonical(one) for one in more})
