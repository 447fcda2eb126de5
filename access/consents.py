"""What a consent left, made fit to be kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from access.post import Answer
from access.provider import Provider
from access.token_file import Kept
from access.tokens import ends
from access.trouble import NoAccess

_NOT_FOR_MAIL = ("offline_access", "openid", "profile", "email")


def kept(provider: Provider, answer: Answer, user: str, now: datetime) -> Kept:
    """The refresh token, with what it is good for. Raises NoAccess where it would be of no use."""
    token, scope = answer.told.get("refresh_token"), answer.told.get("scope")
    if not isinstance(token, str) or not token:
        todo = "ask for offline_access in OAUTH_SCOPE" if provider.name != "google" else "consent again"
        raise NoAccess(f"{provider.where} gave no refresh token, so access would end within the hour; {todo}")
    given = scope if isinstance(scope, str) else ""
    if missing := _missing(provider, given):
        words = f"the consent leaves out {' and '.join(missing)}"
        todo = f"run {provider.command} again, and tick every box that it shows"
        raise NoAccess(f"{words}; {todo}")
    since = now.isoformat(timespec="seconds")
    return Kept(token, secrets.token_hex(8), user, given or provider.scope, since, ends(answer))


def _missing(provider: Provider, given: str) -> list[str]:
    """What was asked for and not given; an own provider may call it as it likes."""
    if provider.name == "own" or not given:
        return []
    have = {one.lower() for one in given.split()}
    return [one for one in provider.scope.split() if one not in _NOT_FOR_MAIL and one.lower() not in have]
