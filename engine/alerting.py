"""Telling admins of troubles: by the usual mail and by a second way, in a thread of its own.

What is told stands in the database, so that several workers tell it once. While the database is away this
worker goes by what it remembers, and tells by the second way alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlmodel import Session

from cases import agent_mail, alerting
from cases.alerting import News
from cases.facts import Facts
from engine.alerts import files_key, recovered
from engine.alerts_remembered import Remembered
from engine.desk import Desk
from engine.finish import Finisher
from engine.pulse import A_LETTER
from engine.second_way import SecondWay
from store import alerts, ledger, workers
from store.database import StoreDown
from store.models import AlertPhase
from store.values import Recording

log = structlog.get_logger()

PACE = 5.0
WINDOW = alerting.BURST * alerting.BETWEEN
TRY_AGAIN = timedelta(minutes=1)
"""Between two attempts at a second way that fails, while the database is away."""
SELDOM = timedelta(hours=1)
"""Between two looks for what may be forgotten."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Alerter:
    """Tells of what stands on the desk's board and in the database. Used by one thread at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._way = desk, SecondWay(desk.settings)
        desk.alerts.ours = frozenset(name.lower() for name in desk.settings.own_names)
        for one in desk.each_with_files:
            # A worker begins with none that are wrong.
            desk.alerts.recovered(files_key(one.settings.name), desk.clock())
        self._remembered = Remembered()
        self._try_at = self._forget_at = _LONG_AGO

    def run(self) -> None:
        """Look until the desk stops."""
        while not self._desk.stop.is_set():
            self._desk.pulse.beat(PACE, A_LETTER)
            self._desk.alerts.news.wait(PACE)
            self._desk.alerts.news.clear()
            try:
                self.look()
            except Exception:
                log.exception("telling of trouble failed; trying again")
                self._desk.stop.wait(PACE)

    def look(self) -> None:
        """Write down what was noticed, and tell what is due."""
        desk, now = self._desk, self._desk.clock()
        self._note_the_database(now)
        try:
            self._in_the_database(now)
        except StoreDown as down:
            desk.outage.met(self, down)
            self._note_the_database(now)
            self._without_the_database(now)
        else:
            desk.outage.over(self)

    def _note_the_database(self, now: datetime) -> None:
        board, why = self._desk.alerts, self._desk.outage.why
        if why:
            board.trouble("database", why, now)
        else:
            board.recovered("database", now)

    # -- with the database

    def _in_the_database(self, now: datetime) -> None:
        desk, seen = self._desk, self._desk.alerts.seen()
        noticed = any(one.wrong or not one.written for one in seen.values())
        with desk.database.read() as session:
            needed = noticed or self._remembered.has_told or alerts.any_in_hand(session)
        if needed:
            with desk.database.write() as session:
                self._remembered.bring_back(session)
                desk.alerts.write(session, seen, now)
                self._forget_the_dead(session, now)
                told = self._tell(session, now)
                self._remembered.keep(alerts.in_hand(session))
            self._remembered.brought_back()
            desk.alerts.written(seen)
            if told:
                _log(told, ("mail", "second") if self._way.there else ("mail",))
                desk.letters_wait.set()
            self._send_what_waits()
        if now - self._forget_at >= SELDOM:
            self._forget_at = now
            with desk.database.write() as session:
                alerts.forget(session, now, alerting.KEPT)

    def _forget_the_dead(self, session: Session, now: datetime) -> None:
        """A part of a worker that is gone hangs no longer; nobody else would say so."""
        hung = [one for one in alerts.active(session) if alerting.kind_of(one.key) == "hung"]
        living = workers.ids(session) if hung else set()
        for one in hung:
            if one.key.rpartition(" of ")[2] not in living:
                recovered(session, one.key, now)

    def _tell(self, session: Session, now: datetime) -> Sequence[News]:
        """Make the mails about what is due, as far as one more may go."""
        news = []
        for one in alerts.in_hand(session):
            phase = alerting.due(one, now)
            if phase is AlertPhase.NOTHING:
                continue
            if alerting.ends_unsaid(one, phase):
                alerts.keep(session, one, alerting.after(one, phase, now))
            else:
                news.append(News(one, phase))
        if not news or not alerting.may_tell(news, alerts.told_since(session, now - WINDOW), now):
            return ()
        for each in news:
            alerts.keep(session, each.alert, alerting.after(each.alert, each.phase, now))
        alerts.add_telling(session, [one.alert.key for one in news], self._written(news, now), now)
        self._mail_admins(session, [one for one in news if _may_leave(one)], now)
        return news

    def _mail_admins(self, session: Session, news: Sequence[News], now: datetime) -> None:
        if not news:
            return
        facts, told = self._facts(now), alerting.in_one_mail(news)
        finisher = Finisher(self._desk.settings, self._desk.files.current.letters)
        letters = tuple(
            finisher.letter(
                agent_mail.admin_alert(
                    facts, admin, told.headline, lines=told.lines, problems=told.problems, when=told.when
                ),
                facts,
            )
            for admin in agent_mail.admins(facts)
        )
        ledger.record(session, Recording(letters=letters), now=now)

    def _written(self, news: Sequence[News], now: datetime) -> bytes | None:
        """The mail for the second way; None where there is no such way, or it is what does not work."""
        news = [one for one in news if alerting.kind_of(one.alert.key) != "second"]
        if not news or not self._way.there:
            return None
        told = alerting.in_one_mail(news)
        variables: dict[str, Any] = {"headline": told.headline, "lines": told.lines}
        variables |= {"problems": told.problems, "when": told.when or now}
        return self._way.written(self._facts(now), self._desk.files.current, variables)

    def _facts(self, now: datetime) -> Facts:
        rulebook = self._desk.files.current.rulebook
        cause = f"operation/{now:%Y%m%dT%H%M%S%f}"
        return Facts(now=now, cause=cause, rulebook=rulebook, policy=self._desk.policy)

    # -- the second way

    def _send_what_waits(self) -> None:
        if not self._way.there:
            return
        desk = self._desk
        with desk.database.write() as session:
            waiting = alerts.take_unsent(session, desk.clock())
        for one in waiting:
            if one.mail is None or desk.stop.is_set() or not self._sent(one.mail):
                return
            with desk.database.write() as session:
                alerts.left(session, one.id or 0)

    def _sent(self, mail: bytes) -> bool:
        board, key = self._desk.alerts, f"second/{self._way.name}"
        why = self._way.send(mail)
        if why:
            log.warning("an alert can't leave by the second way; trying again", why=why)
            board.trouble(key, why, self._desk.clock())
        else:
            board.recovered(key, self._desk.clock())
        return not why

    def _without_the_database(self, now: datetime) -> None:
        self._remembered.notice(self._desk.alerts.seen(), now)
        news = self._remembered.due(now)
        mail = self._written(news, now) if now >= self._try_at else None
        if mail is None:
            return
        if self._sent(mail):
            self._remembered.told(news, now)
            _log(news, ("second",))
        else:
            self._try_at = now + TRY_AGAIN


def _may_leave(news: News) -> bool:
    """Whether the usual mail is a way to tell it: that no mail leaves can't be mailed until it is over."""
    goes_on = news.phase in (AlertPhase.BEGUN, AlertPhase.STILL)
    return not (goes_on and alerting.kind_of(news.alert.key) == "sending")


def _log(told: Sequence[News], ways: Sequence[str]) -> None:
    for one in told:
        say = log.warning if one.phase in (AlertPhase.BEGUN, AlertPhase.STILL) else log.info
        since = one.alert.since.isoformat(timespec="seconds")
        say("admins are told of trouble", key=one.alert.key, phase=str(one.phase), since=since, ways=[*ways])
