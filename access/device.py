"""Consenting on another device (RFC 8628): a person types a short code there, and we wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from access.post import Answer, Unanswered, number, post
from access.provider import Provider
from access.refusals import refusal
from access.tokens import asked
from access.trouble import NoAccess

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
USUAL_PACE, SLOWER, SLOWEST = 5.0, 5.0, 60.0
USUAL_LIFE, LONGEST_LIFE = 900.0, 3600.0


@dataclass(frozen=True, slots=True)
class Code:
    """What the person is shown, and what we ask with."""

    shown: str
    url: str
    secret: str = field(repr=False)
    pace: float
    """Seconds between two questions."""
    life: float
    """Seconds until the code is worth nothing."""


def code(provider: Provider) -> Code:
    """Ask for a code. Raises NoAccess."""
    form = {"client_id": provider.client_id, "scope": provider.scope}
    if provider.client_secret:
        form["client_secret"] = provider.client_secret
    try:
        answer = post(provider.device_url, form, ca_file=provider.ca_file)
    except Unanswered as trouble:
        words = f"{provider.where} can't be asked for a code: {trouble}"
        raise NoAccess(words, lasting=trouble.lasting) from trouble
    if answer.status != 200 or "error" in answer.told:
        raise refusal(provider, answer)
    told = answer.told
    url = _text(told, "verification_uri") or _text(told, "verification_url")
    if not (
        _text(told, "device_code") and _text(told, "user_code") and url.startswith(("https://", "http://"))
    ):
        raise NoAccess(f"{provider.where} answered without a code; check OAUTH_DEVICE_URL")
    pace = min(max(number(told.get("interval")) or USUAL_PACE, 1.0), SLOWEST)
    life = min(number(told.get("expires_in")) or USUAL_LIFE, LONGEST_LIFE)
    return Code(_text(told, "user_code"), url, _text(told, "device_code"), pace, life)


def consent(provider: Provider, code: Code, sleep: Callable[[float], None]) -> Answer:
    """Wait until the person has consented. Raises NoAccess when they declined, or took too long."""
    pace, left = code.pace, code.life
    while left > 0:
        sleep(pace)
        left -= pace
        try:
            return asked(provider, {"grant_type": GRANT, "device_code": code.secret})
        except NoAccess as no:
            if no.error == "authorization_pending":
                continue
            if no.error == "slow_down":
                pace = min(pace + SLOWER, SLOWEST)
            elif no.lasting:
                raise
            else:
                # It is away: asked less and less often (RFC 8628, 3.5).
                pace = min(pace * 2, SLOWEST)
    words = f"nobody consented in {code.life / 60:.0f} minutes, so the code has expired"
    raise NoAccess(f"{words}; run {provider.command} again", error="expired_token")


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    # It is shown on a terminal.
    return value if isinstance(value, str) and value.isprintable() else ""
