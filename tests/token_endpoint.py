"""A provider of access tokens on loopback: it rotates, refuses, fails and forgets as a test tells it."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from demo.host import LOOPBACK

CLIENT, SECRET = "peygir-client", "client-secret-9"
Told = tuple[int, dict[str, Any] | bytes]
Odd = Callable[[str, dict[str, str]], Told | None]


@dataclass(slots=True)
class Endpoint:
    """Consents of one account. A refresh token is good until the one that followed it is used."""

    user: str = "complaints@peygir.example"
    life: int = 3600
    rotates: bool = True
    strict: bool = False
    """An old refresh token is worth nothing as soon as a new one was given."""
    odd: Odd | None = None
    """Answers instead, where it gives something."""
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    """Beside the usual, in each answer with a token."""
    refresh: set[str] = field(default_factory=set)
    access: set[str] = field(default_factory=set)
    waits_for: int = 0
    """Questions about a device until the person consents."""
    challenge: str = ""
    _numbers: Any = field(default_factory=lambda: itertools.count(1))
    _server: Any = None
    _before: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, certificate: tuple[Path, Path] | None = None) -> Endpoint:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                form = parse_qs(self.rfile.read(length).decode())
                told = {name: values[0] for name, values in form.items()}
                status, body = endpoint.answer(self.path, told)
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in endpoint.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                """A test asks `asked` instead."""

        self._server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/token", scheme: str = "http") -> str:
        return f"{scheme}://{LOOPBACK}:{self.port}{path}"

    def consented(self) -> str:
        """The refresh token of a new consent."""
        token = f"refresh-{next(self._numbers)}"
        self.refresh.add(token)
        return token

    def revoke(self) -> None:
        """No token is worth anything any more."""
        self.refresh.clear()
        self.access.clear()

    def expire(self) -> None:
        """The access tokens that are out have come to their end."""
        self.access.clear()

    def grants(self) -> list[str]:
        """Which grants were asked for, in order."""
        return [form.get("grant_type", "") for path, form in self.asked if path == "/token"]

    def answer(self, path: str, form: dict[str, str]) -> Told:
        with self._lock:
            if path != "/introspect":
                self.asked.append((path, form))
            if self.odd and (told := self.odd(path, form)):
                return told
            if path == "/introspect":
                good = form.get("token", "") in self.access
                return 200, {"active": good, "username": self.user} if good else {"active": False}
            if path == "/consent":
                return 200, {"refresh_token": self.consented()}
            if form.get("client_id") != CLIENT or form.get("client_secret", SECRET) != SECRET:
                return 401, {"error": "invalid_client", "error_description": "unknown client"}
            if path == "/device":
                return 200, {
                    "device_code": "device-secret",
                    "user_code": "WDJB-MJHT",
                    "verification_uri": "https://login.example.com/device",
                    "expires_in": 900,
                    "interval": 5,
                }
            return self._granted(form)

    def _granted(self, form: dict[str, str]) -> Told:  # noqa: PLR0911 - one for each grant
        match form.get("grant_type", "").rpartition(":")[2]:
            case "refresh_token":
                return self._refreshed(form.get("refresh_token", ""))
            case "client_credentials":
                return 200, self._told("")
            case "authorization_code":
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                if form.get("code") == "a-code" and proof == self.challenge:
                    return 200, self._told(self.consented())
                return 400, {"error": "invalid_grant", "error_description": "the code or its proof is wrong"}
            case "device_code":
                self.waits_for -= 1
                if self.waits_for >= 0:
                    return 400, {"error": "authorization_pending"}
                return 200, self._told(self.consented())
        return 400, {"error": "unsupported_grant_type"}

    def _refreshed(self, token: str) -> Told:
        if token not in self.refresh:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        if not self.rotates:
            return 200, self._told("")
        self.refresh.discard(self._before.pop(token, ""))
        following = self.consented()
        self._before[following] = token
        if self.strict:
            self.refresh.discard(token)
        return 200, self._told(following)

    def _told(self, refresh: str) -> dict[str, Any]:
        access = f"access-{next(self._numbers)}"
        self.access.add(access)
        told = {"access_token": access, "token_type": "Bearer", "expires_in": self.life}
        return told | ({"refresh_token": refresh} if refresh else {}) | self.more
