"""Consenting in a browser (RFC 8252) with PKCE (RFC 7636): on this machine, or anywhere with a paste.

The provider sends the browser to an address of this machine. Where the browser runs elsewhere nothing answers
there, but its address bar holds the code, which the person pastes.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from access.post import Answer
from access.provider import Provider
from access.refusals import refusal
from access.tokens import asked
from access.trouble import NoAccess

HERE = "127.0.0.1"
_LONGEST = 2**14
_PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"Cache-Control: no-store\r\n\r\nPeygir has it. You can close this page.\n"
)
_NOTHING_HERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Typed(Protocol):
    """Where the person types."""

    def fileno(self) -> int: ...

    def readline(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Visit:
    """One way to the provider and back."""

    provider: Provider
    redirect: str
    user: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def url(self) -> str:
        """What to open in a browser."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest())
        asked_for = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.redirect,
            "scope": self.provider.scope,
            "state": self.state,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "login_hint": self.user,
        }
        if self.provider.name == "google":
            # Without these Google gives no refresh token to who has consented before.
            asked_for |= {"access_type": "offline", "prompt": "consent"}
        joint = "&" if urlsplit(self.provider.auth_url).query else "?"
        return f"{self.provider.auth_url}{joint}{urlencode(asked_for)}"

    def code_in(self, pasted: str) -> str:
        """The code, out of an address or alone. Raises NoAccess when the answer was no, or another's."""
        pasted = pasted.strip().strip("<>\"'")
        if "code=" not in pasted and "error=" not in pasted:
            if not pasted or any(one.isspace() for one in pasted):
                raise NoAccess(f"that is neither a code nor an address with one; run {self.provider.command}")
            return pasted
        try:
            told = {name: values[0] for name, values in parse_qs(_query(pasted)).items()}
        except ValueError as error:
            raise NoAccess(f"that is no address ({error}); run {self.provider.command} again") from error
        if "error" in told:
            raise refusal(self.provider, Answer(400, told, None))
        if not told.get("code"):
            raise NoAccess(f"there is no code in that address; run {self.provider.command} again")
        if told.get("state") != self.state:
            raise NoAccess(f"that address belongs to another attempt; run {self.provider.command} again")
        return told["code"]

    def consent(self, code: str) -> Answer:
        """Give the code for tokens. Raises NoAccess."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect}
        return asked(self.provider, form | {"code_verifier": self.verifier})


def listening() -> socket.socket:
    """A port of this machine that the browser may come to."""
    return socket.create_server((HERE, 0))


def redirect(provider: Provider, door: socket.socket) -> str:
    """Where the provider is to send the browser."""
    # Microsoft lets a port be any only for this name (RFC 8252, 7.3 means the address).
    name = "localhost" if provider.name == "microsoft" else HERE
    return f"http://{name}:{door.getsockname()[1]}/"


def came_back(door: socket.socket, typed: Typed, again: Callable[[str], None]) -> str:
    """What the browser brought or the person pasted, whichever is first; "" at the end of the input.

    `again` is told what is wrong with a line that can't be it.
    """
    waited: list[socket.socket | Typed] = [door, typed]
    while True:
        ready, _, _ = select.select(waited, [], [])
        if door in ready and (brought := _brought(door)):
            return brought
        if typed in ready:
            # What was read ahead wakes nobody, so the rest of it is read here.
            while (line := typed.readline()) and not line.strip():
                again("paste the address, or the code alone")
            return line.strip()


def _brought(door: socket.socket) -> str:
    """The path of one request; "" when it is not the one that is waited for: a browser asks for icons too."""
    line, _ = door.accept()
    with line:
        line.settimeout(5)
        try:
            first = line.recv(_LONGEST).split(b"\r\n", 1)[0].decode("ascii", "replace").split()
            path = first[1] if len(first) > 1 and first[0] == "GET" else ""
            told = parse_qs(urlsplit(path).query)
            fits = "code" in told or "error" in told
            line.sendall(_PAGE if fits else _NOTHING_HERE)
        except (OSError, ValueError):
            return ""
    return path if fits else ""


def _query(address: str) -> str:
    parts = urlsplit(address)
    return parts.query or parts.fragment or address
