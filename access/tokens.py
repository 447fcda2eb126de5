"""Access tokens of one mailbox: kept in memory, renewed before they expire, by one thread at a time."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from access.post import Answer, Unanswered, number, post
from access.provider import Provider
from access.refusals import refusal
from access.token_file import Kept, TokenFile
from access.trouble import NoAccess
from language.hiding import hidden

USUAL_LIFE, SHORTEST_LIFE, LONGEST_LIFE = 3600.0, 30.0, 86400.0
"""Seconds that an access token lives: where the provider doesn't say, and what is believed."""
RENEWED_AT, JITTER = 0.75, 0.05
"""Of its life: renewed so early that a provider may be away for a while; not by all workers at once."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds between questions to a provider that is away."""
FIRST_LASTING, LONGEST_LASTING = 60.0, 1800.0
"""Between questions to one that says no; a new consent ends the pause at once."""
FIRST_REFUSED, LONGEST_REFUSED = 1.0, 900.0
"""Between logins with tokens that a mail server refuses."""
FRESH = 30.0
"""A token that is refused sooner after it was given is not refused for its age."""


@dataclass(slots=True)
class _Pause:
    """Grows with each failure in a row."""

    first: float
    longest: float
    many: int = 0
    until: float = 0.0
    why: NoAccess | None = None

    def failed(self, why: NoAccess) -> None:
        pause = min(self.first * 2 ** min(self.many, 20), self.longest)
        self.many += 1
        self.until = time.monotonic() + pause * random.uniform(0.8, 1.2)  # noqa: S311 - only to spread load
        self.why = why

    def over(self) -> bool:
        return time.monotonic() >= self.until


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the access of a mailbox."""

    trouble: str = ""
    lasting: bool = False
    good_for: float = 0.0
    """Seconds that the access token in hand still works."""
    ends: str = ""
    """When the consent ends by itself, where that is known (ISO 8601)."""


@dataclass(slots=True)
class _Access:
    token: str = field(default="", repr=False)
    got_at: float = 0.0
    renew_at: float = 0.0
    ends_at: float = 0.0

    def works(self) -> bool:
        return bool(self.token) and time.monotonic() < self.ends_at


class Tokens:
    """Where a mailbox and its way out get their access tokens. Shared by all threads of a worker."""

    def __init__(self, provider: Provider, file: TokenFile | None) -> None:
        self.provider, self.file = provider, file
        self._lock = threading.Lock()
        self._access = _Access()
        self._unkept: tuple[Kept, Answer] | None = None
        """A refresh token that could not be written yet, and what came with it."""
        self._consent, self._failed_with, self._ends = "", "", ""
        self._stamp: tuple[int, int, int] = (0, 0, 0)
        self._asking = _Pause(FIRST_PAUSE, LONGEST_PAUSE)
        self._refused: dict[str, _Pause] = {}

    def token(self, service: str) -> str:
        """An access token that this mail server may be given ("imap" or "smtp"). Raises NoAccess.

        Nothing is asked of anybody while a pause lasts: the last reason is given again.
        """
        access = self._access
        wanted = not access.works()
        # While another thread renews it, the old one is as good as ever.
        if not self._lock.acquire(blocking=wanted):
            return access.token
        try:
            self._look()
            refused = self._refused.get(service)
            if refused and refused.why and not refused.over():
                raise refused.why
            self._keep()
            return self._access.token
        finally:
            self._lock.release()

    def keep(self) -> Standing:
        """Renew what is due, so that trouble shows before anything stands still."""
        with self._lock:
            self._look()
            # What is wrong is told in the standing.
            with contextlib.suppress(NoAccess):
                self._keep()
            return self._standing()

    def standing(self) -> Standing:
        """How it stands, without asking anybody."""
        with self._lock:
            return self._standing()

    def refused(self, service: str, token: str, words: str) -> bool:
        """A mail server refused it; whether to try once more at once, as it may have been too old."""
        with self._lock:
            mine = token == self._access.token
            old = not mine or time.monotonic() - self._access.got_at > FRESH
            if mine:
                self._access = _Access()
            if not old:
                pause = self._refused.setdefault(service, _Pause(FIRST_REFUSED, LONGEST_REFUSED))
                pause.failed(NoAccess(words, error="refused"))
            return old

    def accepted(self, service: str) -> None:
        """A mail server let us in."""
        if service in self._refused:
            with self._lock:
                self._refused.pop(service, None)

    # -- renewing; all below with the lock held

    def _standing(self) -> Standing:
        why = self._asking.why
        left = max(self._access.ends_at - time.monotonic(), 0.0) if self._access.token else 0.0
        return Standing(str(why or ""), bool(why and why.lasting), left, self._ends)

    def _look(self) -> None:
        """See whether somebody consented anew, or another worker has got further than we have."""
        if self.file is None or (stamp := self.file.stamp()) == self._stamp:
            return
        self._stamp = stamp
        try:
            kept = self.file.read()
        except NoAccess:
            return  # said when it is needed
        if kept.consent != self._consent and self._consent:
            self._access, self._unkept = _Access(), None
            self._refused.clear()
        self._consent, self._ends = kept.consent, kept.ends
        if kept.refresh_token != self._failed_with:
            self._asking.until = 0.0

    def _keep(self) -> None:
        """Have a token that works. Raises NoAccess when there is none, and no hope of one just now."""
        if self._access.works() and time.monotonic() < self._access.renew_at:
            return
        if self._asking.over():
            try:
                self._renew()
            except NoAccess as why:
                lasting = why.lasting
                self._asking.first = FIRST_LASTING if lasting else FIRST_PAUSE
                self._asking.longest = LONGEST_LASTING if lasting else LONGEST_PAUSE
                self._asking.failed(why)
            else:
                self._asking = _Pause(FIRST_PAUSE, LONGEST_PAUSE)
        if not self._access.works():
            raise self._asking.why or NoAccess("there is no access token", lasting=False)

    def _renew(self) -> None:
        if self.file is None:
            self._use(asked(self.provider, {"grant_type": "client_credentials"}))
            return
        with self.file.locked():
            self._let_go_of_the_past()
            if self._unkept is None:
                kept = self.file.read()
                self.file.make_room()
                self._failed_with = kept.refresh_token
                form = {"grant_type": "refresh_token", "refresh_token": kept.refresh_token}
                answer = asked(self.provider, form)
                self._unkept = following(kept, answer), answer
                self._failed_with = ""
            newer, answer = self._unkept
            self.file.write(newer)
            self._unkept, self._stamp = None, self.file.stamp()
        self._consent, self._ends = newer.consent, newer.ends
        self._use(answer)

    def _let_go_of_the_past(self) -> None:
        """What could not be written is worth nothing once somebody has consented anew."""
        if self._unkept is not None and self.file is not None:
            with contextlib.suppress(NoAccess):
                if self.file.read().consent != self._unkept[0].consent:
                    self._unkept = None

    def _use(self, answer: Answer) -> None:
        life, now = _life(answer.told.get("expires_in")), time.monotonic()
        share = random.uniform(RENEWED_AT - JITTER, RENEWED_AT + JITTER)  # noqa: S311 - only to spread load
        self._access = _Access(str(answer.told["access_token"]), now, now + life * share, now + life)


def asked(provider: Provider, form: dict[str, str], url: str = "") -> Answer:
    """An answer that has an access token. Raises NoAccess."""
    form = {"client_id": provider.client_id, **form}
    if provider.client_secret:
        form["client_secret"] = provider.client_secret
    if provider.scope and form.get("grant_type") in ("refresh_token", "client_credentials"):
        form.setdefault("scope", provider.scope)
    try:
        answer = post(url or provider.token_url, form, ca_file=provider.ca_file)
    except Unanswered as trouble:
        words = f"{provider.where} can't be asked for an access token: {trouble}"
        again = "" if trouble.lasting else "; it is asked again by itself"
        raise NoAccess(f"{words}{again}", lasting=trouble.lasting, error="unanswered") from trouble
    secrets = tuple(form[name] for name in ("refresh_token", "code", "device_code") if name in form)
    if answer.status != 200 or "error" in answer.told:
        raise refusal(provider, answer, secrets)
    if trouble_in := _unfit(answer):
        raise NoAccess(hidden(f"{provider.where} {trouble_in}", secrets))
    return answer


def following(kept: Kept, answer: Answer) -> Kept:
    """What to keep after an answer: the newer refresh token if there is one, the old one otherwise."""
    newer = answer.told.get("refresh_token")
    token = newer if isinstance(newer, str) and newer else kept.refresh_token
    return replace(
        kept, refresh_token=token, ends=ends(answer) or (kept.ends if token == kept.refresh_token else "")
    )


def ends(answer: Answer) -> str:
    """When the consent ends by itself, by the provider's clock; "" where it doesn't say."""
    seconds = number(answer.told.get("refresh_token_expires_in") or answer.told.get("refresh_expires_in"))
    if not seconds or answer.at is None:
        return ""
    return (answer.at + timedelta(seconds=min(seconds, 10 * 365 * 86400.0))).isoformat()


def _unfit(answer: Answer) -> str:
    """What is wrong with an answer that should hold an access token; "" when nothing is."""
    token, kind = answer.told.get("access_token"), answer.told.get("token_type", "Bearer")
    if not isinstance(token, str) or not token:
        return "answered without an access token; check OAUTH_TOKEN_URL"
    if not (token.isascii() and token.isprintable() and " " not in token):
        return "gave an access token that no mail server could be given"
    if not isinstance(kind, str) or kind.lower() != "bearer":
        return "gave an access token of a kind that mail servers don't take"
    return ""


def _life(seconds: Any) -> float:
    return min(max(number(seconds) or USUAL_LIFE, SHORTEST_LIFE), LONGEST_LIFE)
