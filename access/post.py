"""One question to a token endpoint: verified TLS, bounded in time and size, and never sent on elsewhere."""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from access import tls

LONGEST_ANSWER = 2**16
TIMEOUT, IN_ALL = 15.0, 30.0
"""Seconds without a byte, and for the whole answer however slowly it drips."""
_AS_IT_IS = "!#$%&'()*+,/:;=?@[]~"


class Unanswered(Exception):
    """No answer that means anything came; the message says why."""

    def __init__(self, words: str, *, lasting: bool = False) -> None:
        super().__init__(words)
        self.lasting = lasting
        """It will not pass by itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the endpoint said."""

    status: int
    told: Mapping[str, Any]
    at: datetime | None
    """When, by the endpoint's own clock."""


def number(told: Any) -> float:
    """A number that an answer tells, in whichever way; 0.0 where it tells none, or none that there can be."""
    try:
        found = float(told)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return max(found, 0.0) if math.isfinite(found) else 0.0


def post(url: str, form: Mapping[str, str], *, ca_file: str = "", timeout: float = TIMEOUT) -> Answer:
    """Post the form. Raises Unanswered."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Unanswered(f"its address is none ({error})", lasting=True) from error
    line = _line(parts.scheme, parts.hostname or "", port, ca_file, timeout)
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_AS_IT_IS)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "User-Agent": "peygir",
    }
    with _plainly(), _ended_after(line, max(IN_ALL, timeout)):
        _reach(line, time.monotonic() + max(IN_ALL, timeout))
        line.request("POST", path, urlencode(form), headers)
        answer = line.getresponse()
        body = answer.read(LONGEST_ANSWER + 1)
    if 300 <= answer.status < 400:
        # To follow would mean to give the secrets to whoever it names.
        raise Unanswered("it only points to another address; set that address yourself", lasting=True)
    return Answer(answer.status, _object(body, answer.status), _moment(answer.getheader("Date") or ""))


def _line(
    scheme: str, host: str, port: int | None, ca_file: str, timeout: float
) -> http.client.HTTPConnection:
    if scheme != "https":
        if not tls.is_here(host):
            raise Unanswered("its address must begin with https://", lasting=True)
        return http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=tls.context(ca_file))
    except OSError as error:
        raise Unanswered(
            f"TLS_CA_FILE ({ca_file}) is no authority in PEM form: {error}", lasting=True
        ) from error


def _reach(line: http.client.HTTPConnection, end: float) -> None:
    """Connect. A name may stand for many addresses of which none answers: all together get until `end`."""
    found = socket.getaddrinfo(line.host, line.port, type=socket.SOCK_STREAM)
    context = line._context if isinstance(line, http.client.HTTPSConnection) else None  # type: ignore[attr-defined]
    trouble: OSError | None = None
    for family, kind, protocol, _, address in found:
        left = end - time.monotonic()
        if left <= 0:
            break
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(min(left, line.timeout or left))
            made.connect(address)
        except OSError as error:
            trouble = error
            made.close()
            continue
        made.settimeout(line.timeout)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sock = made
        if context is not None:
            # Not yet shaken hands: it can be hung up in the middle of that.
            line.sock = context.wrap_socket(made, server_hostname=line.host, do_handshake_on_connect=False)
            line.sock.do_handshake()
        return
    raise trouble or TimeoutError("it could not be reached in time")


@contextlib.contextmanager
def _ended_after(line: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """Hang up after so long, whatever still drips."""
    alarm = threading.Timer(seconds, lambda: _shut(line))
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        line.close()


def _shut(line: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError):
        if line.sock is not None:
            line.sock.shutdown(2)


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unanswered(f"it {tls.distrust(error)}") from error
    except http.client.HTTPException as error:
        raise Unanswered(f"its answer is no HTTP ({type(error).__name__})") from error
    except UnicodeError as error:
        raise Unanswered("its address names no host that there can be", lasting=True) from error
    except ValueError as error:
        # A line that was hung up in the middle.
        raise Unanswered("it gave no whole answer in time") from error
    except OSError as error:
        raise Unanswered(tls.misspoken(error) or error.strerror or str(error) or "it hung up") from error


def _object(body: bytes, status: int) -> dict[str, Any]:
    if len(body) > LONGEST_ANSWER:
        raise Unanswered("its answer is far too long for one about tokens")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict):
        return told
    if status >= 500 or status == 429:
        return {}
    raise Unanswered(f"its answer ({status}) is not the JSON of a token endpoint; check its address")


def _moment(date: str) -> datetime | None:
    with contextlib.suppress(ValueError, TypeError):
        found = parsedate_to_datetime(date)
        return found if found.tzinfo else None
    return None
