"""How a connection is secured: TLS, its version, and for how long its certificate is good."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

from access.tls import is_here
from engine.doctor.finding import Finding, note, right, wrong

SOON, AT_ONCE = 21, 7
"""Days that a certificate is still good: fewer are told, and still fewer are wrong."""


def told(
    line: socket.socket | ssl.SSLSocket | None, host: str, setting: str, now: datetime
) -> Iterator[Finding]:
    """What is to be said of the line to a server; `setting` is what switches its TLS on."""
    if not isinstance(line, ssl.SSLSocket):
        if is_here(host):
            yield right(f"without TLS, on this machine ({host})")
        else:
            yield wrong(
                f"the connection to {host} is not encrypted: passwords and mail can be read on the way",
                f"set {setting}=tls or {setting}=starttls, as the server's admin says",
            )
        return
    certificate = line.getpeercert() or {}
    ends = certificate.get("notAfter")
    version = (line.version() or "TLS").replace("TLSv", "TLS ")
    if not isinstance(ends, str):
        yield right(f"encrypted ({version})")
        return
    days = int((ssl.cert_time_to_seconds(ends) - now.timestamp()) // 86400)
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
    left = "1 more day" if days == 1 else f"{days} more days"
    words = f"encrypted ({version}); its certificate is good for {left}, until {until:%Y-%m-%d}"
    renew = f"ask the admin of {host} to renew its certificate: from that day on nothing connects"
    if days < AT_ONCE:
        yield wrong(words, renew)
    elif days < SOON:
        yield note(words, renew)
    else:
        yield right(words)
