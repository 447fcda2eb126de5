"""Accounts that log in by OAuth: where their access tokens come from, and how it stands with them."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import structlog

from access.provider import Provider, provider
from access.token_file import Kept, TokenFile
from access.tokens import Standing, Tokens
from access.trouble import NoAccess
from engine.desk import Desk
from language.trouble import Trouble
from settings import Settings

log = structlog.get_logger()

LOOK = 15.0
"""Seconds between two looks at whether a token is due, or somebody consented anew."""
SOON = timedelta(days=3)
"""So long before a consent ends by itself somebody is told."""
NEARLY = 600.0
"""Seconds that an access token still works when a provider that is merely away begins to matter."""


def tokens_of(settings: Settings) -> Tokens:
    """The same for all threads of this process. Raises WrongProvider."""
    return _shared(provider_of(settings), place_of(settings))


def provider_of(settings: Settings) -> Provider:
    """The provider that the settings name. Raises WrongProvider."""
    return provider(
        settings.OAUTH_PROVIDER,
        client_id=settings.OAUTH_CLIENT_ID,
        client_secret=settings.OAUTH_CLIENT_SECRET,
        grant=settings.OAUTH_GRANT,
        tenant=settings.OAUTH_TENANT,
        scope=settings.OAUTH_SCOPE,
        token_url=settings.OAUTH_TOKEN_URL,
        device_url=settings.OAUTH_DEVICE_URL,
        auth_url=settings.OAUTH_AUTH_URL,
        ca_file=settings.TLS_CA_FILE,
        command=command_of(settings),
    )


def command_of(settings: Settings) -> str:
    """What a person runs to consent for this mailbox."""
    return f"worker.py auth --mailbox {settings.name}" if settings.name else "worker.py auth"


def place_of(settings: Settings) -> Path:
    """Where the mailbox's consent is kept: by its own login name, so that no two share one by accident."""
    if settings.OAUTH_TOKEN_FILE:
        return Path(settings.OAUTH_TOKEN_FILE).expanduser().absolute()
    name = "".join(one if one.isalnum() or one in "@.-_+" else "_" for one in settings.IMAP_USER.lower())
    return (Path(settings.STATE_DIR or ".").expanduser() / f"oauth-{name}.json").absolute()


def account_of(settings: Settings) -> str:
    """What to call the account: user@host."""
    user = settings.IMAP_USER or settings.smtp_login
    return f"{user}@{settings.IMAP_HOST or settings.SMTP_HOST}"


@cache
def _shared(of: Provider, place: Path) -> Tokens:
    return Tokens(of, TokenFile(place, of.command) if of.grant == "refresh" else None)


class Keeper:
    """Renews what is due, and lets admins know in time that somebody must consent anew."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._watched = {
            account_of(one): (one, tokens_of(one))
            for one in (desk.whole or desk.settings).mailboxes
            if one.by_oauth
        }
        self._troubles: dict[str, str] = {}

    def run(self) -> None:
        """Look until the desk stops."""
        while self._watched and not self._desk.stop.is_set():
            try:
                self.look()
            except Exception:
                log.exception("looking after access tokens failed; trying again")
            self._desk.pulse.beat(LOOK)
            self._desk.stop.wait(LOOK)
        self._desk.pulse.end()

    def look(self) -> None:
        """Renew what is due and tell what is wrong."""
        for account, (settings, tokens) in self._watched.items():
            # Each may take its time over a provider that is away.
            self._desk.pulse.beat(LOOK)
            self._tell(account, tokens.keep(), command_of(settings))

    def _tell(self, account: str, standing: Standing, command: str) -> None:
        key, now = f"token/{account}", self._desk.clock()
        if words := wrong(standing, command, now):
            self._desk.alerts.trouble(key, words, now)
        elif not standing.trouble:
            self._desk.alerts.recovered(key, now)
        said = self._troubles.get(account, "")
        self._troubles[account] = words or (said if standing.trouble else "")
        if words and words != said:
            log.error("access by OAuth is in trouble", account=account, why=words)
        elif said and not self._troubles[account]:
            log.info("access by OAuth is in order again", account=account)


def wrong(standing: Standing, command: str, now: datetime) -> str:
    """What an admin must know about an account's access; "" when nothing."""
    if standing.trouble and (standing.lasting or standing.good_for < NEARLY):
        still = "mail is read and sent until the last access token ends"
        return f"{standing.trouble}; {still if standing.good_for else 'no mail is read or sent by it'}"
    if (ends := _moment(standing.ends)) and not standing.trouble and ends - now < SOON:
        day = f"{ends:%Y-%m-%d %H:%M} UTC"
        return (
            f"the consent ends on {day}; run {command} before that (with Google: publish the application, "
            "for the consents of one in testing last a week)"
        )
    return ""


def told(settings: Settings, now: datetime) -> list[tuple[bool, str, str]]:
    """How it stands with a mailbox's access, for a person who looks: well or not, what, and what to do.

    It asks the provider.
    """
    if not settings.by_oauth:
        return []
    try:
        tokens = tokens_of(settings)
        told = [] if tokens.file is None else [_of_file(tokens.file, tokens.file.read())]
        standing = tokens.keep()
    except NoAccess as why:
        return [(False, str(why), "")]
    except Trouble as why:
        return [(False, str(why), why.advice)]
    if words := wrong(standing, command_of(settings), now) or standing.trouble:
        return [*told, (False, words, "")]
    minutes = round(standing.good_for / 60)
    return [*told, (True, f"{tokens.provider.where} gave an access token, good for {minutes} minutes", "")]


def _of_file(file: TokenFile, kept: Kept) -> tuple[bool, str, str]:
    whose = f" by {kept.user}" if kept.user else ""
    since = f" on {kept.since[:10]}" if kept.since else ""
    ends = f", until {kept.ends[:10]}" if kept.ends else ""
    return True, f"the consent in {file.path} was given{whose}{since}{ends}", ""


def _moment(written: str) -> datetime | None:
    with contextlib.suppress(ValueError):
        found = datetime.fromisoformat(written)
        return found if found.tzinfo else None
    return None
