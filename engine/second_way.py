"""The way of alerts that needs nothing of the usual one: another mail server, and another address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases import agent_mail
from cases.decision import LetterRequest
from cases.facts import Facts
from cases.priorities import ALERT
from cases.rules.rulebook import Rulebook
from cases.rules.types import Role
from engine.files import InForce
from engine.finish import Finisher
from outbox.smtp import Smtp
from settings import Settings
from store.models import LetterKind
from store.values import Address

TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class _Letter:
    """A mail as it is given to the server."""

    envelope_from: str
    recipient: str
    data: bytes


class SecondWay:
    """Used by one thread."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.there = bool(settings.ALERT_ADDRESS)
        """Whether there is one."""
        self.name = f"{settings.ALERT_SMTP_HOST}:{settings.ALERT_SMTP_PORT}"

    def written(self, facts: Facts, in_force: InForce, variables: Mapping[str, Any]) -> bytes:
        """The finished mail for ALERT_ADDRESS."""
        # It comes from an address of the second server, which may take mail of no other.
        own = self._settings.model_copy(update={"COMPLAINTS_ADDRESS": self._sender})
        request = LetterRequest(
            kind=LetterKind.ALERT,
            key=facts.cause,
            template="admin_alert",
            language=_language(self._settings.ALERT_ADDRESS, in_force.rulebook),
            recipient=Address(self._settings.ALERT_ADDRESS),
            variables=variables,
            priority=ALERT,
        )
        return Finisher(own, in_force.letters).letter(request, facts).data

    def send(self, mail: bytes) -> str:
        """Send it over a connection of its own; "" when it left, or why not."""
        way = way_of(self._settings)
        try:
            outcome = way.send(_Letter(self._sender, self._settings.ALERT_ADDRESS, mail))
        finally:
            way.close()
        # In doubt it may be there; an alert that comes twice does no harm, one that never comes does.
        # Its words name the settings of the usual way.
        return "" if outcome.result == "sent" else _own_settings(outcome.text or outcome.result)

    @property
    def _sender(self) -> str:
        user = self._settings.ALERT_SMTP_USER
        return user if "@" in user else self._settings.ALERT_ADDRESS


def way_of(settings: Settings) -> Smtp:
    """The second mail server that the settings name."""
    return Smtp(
        host=settings.ALERT_SMTP_HOST,
        port=settings.ALERT_SMTP_PORT,
        user=settings.ALERT_SMTP_USER,
        password=settings.ALERT_SMTP_PASSWORD,
        tls=settings.ALERT_SMTP_TLS,
        ca_file=settings.TLS_CA_FILE,
        timeout=TIMEOUT,
    )


def _own_settings(words: str) -> str:
    return re.sub(r"\bSMTP_(?=(?:HOST|PORT|USER|PASSWORD|TLS)\b)", "ALERT_SMTP_", words)


def _language(address: str, rulebook: Rulebook) -> str:
    """The language of whoever reads there: an agent's own, or else the first admin's."""
    known = rulebook.agent(address)
    reader = known or next(iter(rulebook.with_role(Role.ADMIN)), None)
    return agent_mail.language_of(reader) if reader else "en"
