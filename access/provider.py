"""Who gives access tokens, where he is asked, and for what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from access.tls import is_here
from language.trouble import Trouble

Grant = Literal["refresh", "client"]
_MICROSOFT = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/"
_OUTLOOK = "https://outlook.office.com/"
KNOWN = {
    "google": {
        "auth": "https://accounts.google.com/o/oauth2/v2/auth",
        "token": "https://oauth2.googleapis.com/token",
        # Google's device flow takes no scope for mail, so there is no address for it here.
        "device": "",
        "refresh": "https://mail.google.com/",
        "client": "",
    },
    "microsoft": {
        "auth": f"{_MICROSOFT}authorize",
        "token": f"{_MICROSOFT}token",
        "device": f"{_MICROSOFT}devicecode",
        "refresh": f"{_OUTLOOK}IMAP.AccessAsUser.All {_OUTLOOK}SMTP.Send offline_access",
        "client": "https://outlook.office365.com/.default",
    },
    "own": dict.fromkeys(("auth", "token", "device", "refresh", "client"), ""),
}
OF_EVERYBODY = ("", "common", "organizations", "consumers")
"""Tenants that are no one firm's: an application can't act by itself there."""


class WrongProvider(Trouble):
    """The settings name no provider that can be asked. The message says which of them to change."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Everything that asking for an access token needs."""

    name: str
    client_id: str
    client_secret: str = field(repr=False)
    grant: Grant
    token_url: str
    device_url: str = ""
    auth_url: str = ""
    scope: str = ""
    ca_file: str = ""
    """An authority of the firm's own; the known providers are checked against the system's."""
    command: str = "worker.py auth"
    """How a person consents, for whoever must be told to."""

    @property
    def where(self) -> str:
        """What to call it in a message."""
        return f"{_CALLED.get(self.name, 'the provider')} ({urlsplit(self.token_url).hostname})"


_CALLED = {"google": "Google", "microsoft": "Microsoft"}


def provider(
    name: str,
    *,
    client_id: str,
    client_secret: str = "",
    grant: Grant = "refresh",
    tenant: str = "",
    scope: str = "",
    token_url: str = "",
    device_url: str = "",
    auth_url: str = "",
    ca_file: str = "",
    command: str = "worker.py auth",
) -> Provider:
    """A known provider, with whatever was set otherwise, or one's own. Raises WrongProvider."""
    if name not in KNOWN:
        raise WrongProvider(f"OAUTH_PROVIDER is {name!r}; write google, microsoft or own")
    if not client_id:
        raise WrongProvider("OAUTH_CLIENT_ID is missing: the id that your provider gave the application")
    usual = {key: url.replace("{tenant}", tenant or "common") for key, url in KNOWN[name].items()}
    made = Provider(
        name,
        client_id,
        client_secret,
        grant,
        token_url or usual["token"],
        device_url or usual["device"],
        auth_url or usual["auth"],
        scope or usual[grant],
        "" if name != "own" else ca_file,
        command,
    )
    _check(made, tenant)
    return made


def _check(made: Provider, tenant: str) -> None:
    if not made.token_url:
        raise WrongProvider("OAUTH_TOKEN_URL is missing: the address at which your provider gives tokens")
    for setting, url in (
        ("OAUTH_TOKEN_URL", made.token_url),
        ("OAUTH_DEVICE_URL", made.device_url),
        ("OAUTH_AUTH_URL", made.auth_url),
    ):
        if url and not _is_safe(url):
            raise WrongProvider(
                f"{setting} must begin with https:// (http:// only on this machine) and name a host: {url}"
            )
    if made.grant == "client":
        _check_client(made, tenant)


def _check_client(made: Provider, tenant: str) -> None:
    if made.name == "google":
        raise WrongProvider("Google lets no application read mail by itself: OAUTH_GRANT=refresh, and auth")
    if not made.client_secret:
        raise WrongProvider("OAUTH_GRANT=client needs OAUTH_CLIENT_SECRET: the secret of the application")
    if made.name == "microsoft" and tenant.lower() in OF_EVERYBODY:
        raise WrongProvider("OAUTH_GRANT=client needs OAUTH_TENANT: the id or a domain of your organisation")


def _is_safe(url: str) -> bool:
    """Whether it is the address of a host to which nothing goes readably over a network."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_here(host)))
