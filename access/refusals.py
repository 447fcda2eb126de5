"""Why a provider gives no access token, in words of whoever must do something about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from access.post import Answer
from access.provider import Provider
from access.refusal_words import CONSENT, SETTINGS, WORDS
from access.trouble import NoAccess
from language.hiding import hidden

_PASSES = ("temporarily_unavailable", "server_error", "slow_down", "AADSTS90033", "AADSTS50196")
_LONGEST = 240


def refusal(provider: Provider, answer: Answer, secrets: Iterable[str] = ()) -> NoAccess:
    """What an answer without a token means."""
    error, said = _text(answer.told, "error"), _text(answer.told, "error_description")
    said = hidden(said, (provider.client_secret, *secrets))
    whole = f"{error} {_text(answer.told, 'error_subtype')} {said} {_numbers(answer.told)}"
    if answer.status == 429 or answer.status >= 500 or any(one in whole for one in _PASSES):
        words = f"{provider.where} gives no access token just now ({answer.status}{_quoted(error, said)})"
        return NoAccess(f"{words}; it is asked again by itself", lasting=False, error=error)
    for code, wrong, todo in WORDS:
        if re.search(rf"\b{code}\b", whole):
            advice = todo.replace("{consent}", CONSENT).replace("{command}", provider.command)
            if provider.grant == "client" and todo == CONSENT:
                advice = f"let an admin look at the application's permissions; {SETTINGS}"
            words = f"{provider.where} gives no access token: {wrong}; {advice}{_quoted(error, said)}"
            return NoAccess(words, error=error)
    words = f"{provider.where} gives no access token ({answer.status}{_quoted(error, said)}); {SETTINGS}"
    return NoAccess(words, error=error)


def _numbers(told: Mapping[str, Any]) -> str:
    codes = told.get("error_codes")
    return " ".join(f"AADSTS{code}" for code in codes) if isinstance(codes, list) else ""


def _quoted(error: str, said: str) -> str:
    both = ": ".join(part for part in (error, said) if part)
    return f" ({both[:_LONGEST]})" if both else ""


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        return ""
    return " ".join("".join(one if one.isprintable() else " " for one in value).split())
