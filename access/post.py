"""One question to a token endpoint: verified TLS, bounded in time and size, and never sent on elsewhere."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from access import tls

LONGEST_ANSWER = 2**16
TIMEOUT, IN_ALL = 15.0, 30.0
"""Seconds without a byte, and for the whole answer however slowly it drips."""


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


def post(url: str, form: Mapping[str, str], *, ca_file: str = "", timeout: float = TIMEOUT) -> Answer:
    """Post the form. Raises Unanswered."""
    parts = urlsplit(url)
    line = _line(parts.scheme, parts.hostname or "", parts.port, ca_file, timeout)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "application/json",
        "User-Agent": "peygir",
    }
    with _plainly(), _ended_after(line, max(IN_ALL, timeout)):
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
