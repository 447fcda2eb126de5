"""Alerts as one worker remembers them while the database is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cases import alerting
from cases.alerting import News
from engine.alerts import Seen
from store import alerts
from store.models import Alert, AlertPhase, values_of


class Remembered:
    """Goes by the same rules as the database's, and gives back to it what was told meanwhile."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}
        self._told: list[tuple[datetime, list[str]]] = []
        self._told_keys: set[str] = set()

    def keep(self, found: Iterable[Alert]) -> None:
        """What the database has: from here on this is what is known."""
        self._alerts = {one.key: one for one in found}

    def notice(self, seen: Mapping[str, Seen], now: datetime) -> None:
        """Go on from it with what was noticed since."""
        for key, one in seen.items():
            values = one.becomes(key, now)(self._alerts.get(key))
            if values is not None:
                self._change(key, values)

    def due(self, now: datetime) -> list[News]:
        """What is to be told now, if one more mail may go; what nobody need hear of is over with this."""
        news = []
        for key, one in list(self._alerts.items()):
            phase = alerting.due(one, now)
            if phase is not AlertPhase.NOTHING and alerting.ends_unsaid(one, phase):
                self._change(key, alerting.after(one, phase, now))
            elif phase is not AlertPhase.NOTHING:
                news.append(News(one, phase))
        return news if alerting.may_tell(news, [at for at, _ in self._told], now) else []

    def told(self, news: Sequence[News], now: datetime) -> None:
        """All of this was told."""
        for one in news:
            self._change(one.alert.key, alerting.after(one.alert, one.phase, now))
        keys = [one.alert.key for one in news]
        self._told.append((now, keys))
        self._told_keys.update(keys)

    @property
    def has_told(self) -> bool:
        """Whether the database has yet to learn what was told."""
        return bool(self._told)

    def bring_back(self, session: Session) -> None:
        """Let the database know what was told, so that nobody tells it again."""
        for key in self._told_keys:
            mine, known = self._alerts.get(key), alerts.alert(session, key, lock=True)
            if mine and (known is None or _is_later(mine, known)):
                alerts.keep(session, known, values_of(mine))
        for at, keys in self._told:
            alerts.add_telling(session, keys, None, at)

    def brought_back(self) -> None:
        """The database has it."""
        self._told, self._told_keys = [], set()

    def _change(self, key: str, values: Mapping[str, Any]) -> None:
        known = self._alerts.get(key)
        before: dict[str, Any] = values_of(known) if known else {"key": key}
        self._alerts[key] = alerts.made({**before, **values})


def _is_later(mine: Alert, known: Alert) -> bool:
    return mine.told_at is not None and (known.told_at is None or mine.told_at > known.told_at)
