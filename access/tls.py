"""TLS as every connection uses it: verified, 1.2 or newer, and its troubles in words that help."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from typing import Any

OLDEST = ssl.TLSVersion.TLSv1_2
OPENS_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
TOO_OLD = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE")
_CLOCK = "or this machine's clock is wrong"
_WHY = {
    9: f"it is not valid yet: {_CLOCK}, or its admin must wait",
    10: f"it has expired: its admin must renew it, {_CLOCK}",
    18: "it is signed by nobody but itself: name it in TLS_CA_FILE if you know it to be right",
    19: "its authority is one that nobody here knows: name that authority in TLS_CA_FILE if it is yours",
    20: "its authority is not known here: name it in TLS_CA_FILE if it is yours; else the server's admin "
    "must let it send the whole chain",
    21: "its authority is not known here: name it in TLS_CA_FILE if it is yours",
    62: "it is for another name: write the host name that stands in the certificate",
    64: "it is not for this IP address: write the host name that stands in the certificate",
}
"""What OpenSSL's numbers of what is wrong with a certificate mean to whoever can mend it."""


def context(ca_file: str = "") -> ssl.SSLContext:
    """Certificates and host names are checked; raises OSError when the file holds no authority."""
    made = ssl.create_default_context(cafile=ca_file or None)
    made.minimum_version = max(made.minimum_version, OLDEST)
    return made


def distrust(error: ssl.SSLCertVerificationError) -> str:
    """What is wrong with a certificate, and who can mend it."""
    said = str(getattr(error, "verify_message", "") or error)
    why = _WHY.get(int(getattr(error, "verify_code", 0) or 0), "")
    return f"shows a certificate that is not trusted: {said}{f'; {why}' if why else ''}"


def misspoken(error: BaseException) -> str:
    """What to say when the two ends found no common language; "" for any other trouble."""
    reason = str(getattr(error, "reason", "") or "")
    if reason in OPENS_TLS:
        return "does not speak TLS there"
    if reason in TOO_OLD:
        return "speaks only versions of TLS that are no longer safe (before 1.2); its admin must renew it"
    return ""


def is_here(host: str) -> bool:
    """Whether the host is this machine, so that nothing goes over a network."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def spoken_early(line: socket.socket, file: Any, timeout: float) -> bool:
    """Whether bytes are here that were sent before TLS began: they would count as said under TLS.

    Whoever sits between can put them there, as commands or answers of his own (CVE-2011-0411).
    """
    if file is None:
        return False
    line.settimeout(0)
    try:
        return bool(file.peek(1))
    finally:
        line.settimeout(timeout)
