"""What a mail server does to the letters of a worker, and what it saw of them."""

from __future__ import annotations

import email
import email.policy
import hashlib
import random
import time
from collections.abc import Callable

from aiosmtpd.smtp import Envelope

from tests.chaos.judge import Attempt

FAULTS: dict[str, tuple[tuple[float, str], ...]] = {
    "connect": ((0.02, "421 4.3.2 not now"), (0.02, "drop")),
    "mail": ((0.03, "451 4.3.0 later"),),
    "rcpt": ((0.03, "450 4.2.1 later"),),
    "data": ((0.03, "drop"), (0.02, "452 4.3.1 later")),
    "dot": ((0.06, "drop"), (0.03, "451 4.3.0 later")),
    "kept": ((0.07, "drop"),),
}
"""Stage → how often, and what happens instead."""


class ShakyPost:
    """A behaviour for the tests' SMTP server that misbehaves as drawn, until `calm` is set."""

    def __init__(self, rng: random.Random, refused: frozenset[str], tell: Callable[[str], None]) -> None:
        self.calm = False
        self.attempts: list[Attempt] = []
        self.faults = 0
        self._rng, self._refused, self._tell = rng, refused, tell
        self._given: dict[int, float] = {}
        """When each letter in hand was given whole."""

    def __call__(self, stage: str, envelope: Envelope) -> str | None:
        if stage == "dot":
            self._given[id(envelope)] = time.monotonic()
        if stage in ("dot", "kept"):
            self._tell(stage)
        answer = self._fault(stage)
        if stage == "dot":
            if self._refused.intersection(envelope.rcpt_tos):
                answer = "550 5.7.1 not from you"
            if answer is not None:
                self._note(envelope, answer, kept=False)
        elif stage == "kept":
            self._note(envelope, answer or "250 2.0.0 kept", kept=True)
        return answer

    def _fault(self, stage: str) -> str | None:
        if self.calm:
            return None
        drawn = self._rng.random()
        for often, answer in FAULTS.get(stage, ()):
            if (drawn := drawn - often) < 0:
                self.faults += 1
                return answer
        return None

    def _note(self, envelope: Envelope, answer: str, *, kept: bool) -> None:
        raw = bytes(envelope.original_content or b"")
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        self.attempts.append(
            Attempt(
                message_id=str(letter["Message-ID"] or ""),
                digest=hashlib.sha256(raw).hexdigest(),
                recipient=envelope.rcpt_tos[0],
                answers=str(letter["In-Reply-To"] or ""),
                at=self._given[id(envelope)],
                until=time.monotonic(),
                kept=kept,
                code=None if answer == "drop" else int(answer[:3]),
            )
        )
