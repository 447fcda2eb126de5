"""What a setting may be: each of these gives the value back, or says what to write instead."""

from __future__ import annotations

import re
from ipaddress import ip_address

from pydantic import ValidationInfo

PLAIN_ADDRESS = re.compile(r"[^@\s<>,;:()\[\]\"\\]+@[\w-]+(\.[\w-]+)*", re.ASCII)
MAIN = "main"
"""What the first mailbox is called where a name is needed; its own name is ""."""
MAILBOX_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)
DATABASES = ("sqlite:///", "postgresql+psycopg://")


def address(value: str) -> str:
    """One plain address."""
    if not value.isascii() or not PLAIN_ADDRESS.fullmatch(value):
        raise ValueError(
            "write one plain address in ASCII, such as complaints@example.com "
            "(a domain of another script as xn--…)"
        )
    return value


def address_or_none(value: str) -> str:
    """One plain address, or nothing."""
    return address(value) if value else value


def with_alerts(value: str, given: ValidationInfo) -> str:
    """The server that alerts leave by, where there is an address for them."""
    if given.data.get("ALERT_ADDRESS") and not value:
        raise ValueError("name the mail server for ALERT_ADDRESS, another one than SMTP_HOST")
    return value


def metrics_host(value: str, given: ValidationInfo) -> str:
    """Where metrics are asked for: this machine, unless it is said that others may."""
    if not is_here(value) and not given.data.get("METRICS_OPEN"):
        raise ValueError(
            "write 127.0.0.1, or set METRICS_OPEN=true if other machines are to read the metrics"
        )
    return value


def scanner(value: str, given: ValidationInfo) -> str:
    """Where the virus scanner listens: on this machine, unless it is said that it may be elsewhere."""
    if not value or (value.startswith("unix:/") and len(value) > len("unix:/")):
        return value
    host, _, port = value.rpartition(":")
    if not host.strip("[]") or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError("write unix:/run/clamav/clamd.ctl (its socket), or 127.0.0.1:3310")
    if not is_here(host.strip("[]")) and not given.data.get("CLAMAV_REMOTE"):
        raise ValueError(
            "customers' files would cross the network unencrypted; name a scanner on this machine, or set "
            "CLAMAV_REMOTE=true"
        )
    return value


def is_here(host: str) -> bool:
    """Whether a host is this machine, by its address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listed(value: str) -> tuple[str, ...]:
    """The parts of a setting that names several things, with commas or spaces between them."""
    return tuple(part for part in re.split(r"[,\s]+", value) if part)


def aliases(value: str) -> str:
    """Several addresses."""
    for one in listed(value):
        address(one)
    return value


def mailbox_names(value: str) -> str:
    """Names of further mailboxes."""
    names = listed(value)
    wrong = [name for name in names if not MAILBOX_NAME.fullmatch(name) or name == MAIN]
    if wrong:
        raise ValueError(
            f"{wrong[0]} can't be a mailbox's name; write small letters of English, figures and _, a letter "
            f"first, and not {MAIN}, which is the name of the first mailbox"
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"{twice[0]} is there twice; name each mailbox once")
    return value


def language(value: str) -> str:
    """A language's code, or nothing."""
    if value and not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", value):
        raise ValueError("write a language's code in small letters, such as en or fa")
    return value


def database_url(value: str) -> str:
    """Where the database is."""
    if not value.startswith(DATABASES):
        raise ValueError(
            "write sqlite:///peygir.sqlite3 (a file) or postgresql+psycopg://user:password@host/name"
        )
    return value


def reply_form(value: str) -> str:
    """The form of reply addresses."""
    missing = [part for part in ("{local}", "{token}", "{domain}") if value.count(part) != 1]
    if missing:
        raise ValueError(f"name {' and '.join(missing)} once, as in {{local}}+{{token}}@{{domain}}")
    if value.count("@") != 1:
        raise ValueError("write one @, as in {local}+{token}@{domain}")
    if not PLAIN_ADDRESS.fullmatch(re.sub(r"\{(local|token|domain)\}", "x", value)):
        raise ValueError("it makes no address; write it as in {local}+{token}@{domain}")
    return value
