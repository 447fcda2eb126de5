"""Logging in with an access token: XOAUTH2, and OAUTHBEARER (RFC 7628) where only that is offered."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Collection
from dataclasses import dataclass, field

from language.hiding import hidden

MECHANISMS = ("XOAUTH2", "OAUTHBEARER")
"""The first that a server offers is used."""
_LONGEST = 300


def mechanism(offered: Collection[str]) -> str:
    """The way in that a server offers; "" when it offers none with a token."""
    upper = {one.upper() for one in offered}
    return next((one for one in MECHANISMS if one in upper), "")


@dataclass(slots=True)
class Bearer:
    """One login: what to say first, and what to answer to the server's reason for a refusal."""

    mechanism: str
    user: str
    token: str = field(repr=False)
    host: str
    port: int
    why: str = ""
    """Why the server refused, as it told in its challenge."""
    _begun: bool = False

    def __call__(self, challenge: bytes | None = None) -> bytes:
        """Answer a challenge; the first one is empty."""
        if not self._begun:
            self._begun = True
            return self.first()
        self.why = reason(challenge or b"")
        return self.last()

    def first(self) -> bytes:
        """The token, in the form of the mechanism."""
        if self.mechanism == "XOAUTH2":
            return f"user={self.user}\x01auth=Bearer {self.token}\x01\x01".encode()
        name = self.user.replace("=", "=3D").replace(",", "=2C")
        where = f"host={self.host}\x01port={self.port}"
        return f"n,a={name},\x01{where}\x01auth=Bearer {self.token}\x01\x01".encode()

    def told(self, said: str) -> str:
        """What a server said when it refused the login, with its reason and without ours repeated."""
        whole = f"{said} ({self.why})" if self.why else said
        return hidden(whole, (self.token, encoded(self.first())), self.user)

    def last(self) -> bytes:
        """What lets the server end a login that it refused: an empty line, or a byte (RFC 7628, 3.2.3)."""
        return b"" if self.mechanism == "XOAUTH2" else b"\x01"


def reason(challenge: bytes) -> str:
    """What a server's JSON says of a refusal, for one line of a log; "" when it says nothing."""
    try:
        told = json.loads(challenge)
    except (ValueError, RecursionError):
        return _visible(" ".join(challenge.decode("utf-8", "replace").split()))
    if not isinstance(told, dict):
        return ""
    named = [f"{key} {told[key]}" for key in ("status", "scope", "error_description") if told.get(key)]
    return _visible(", ".join(named))


def _visible(said: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in said)[:_LONGEST]


def encoded(message: bytes) -> str:
    """A message as it goes over the line."""
    return base64.b64encode(message).decode()


def decoded(line: bytes) -> bytes:
    """A challenge as it came; what is no base64 stays as it is."""
    try:
        return base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        return line
