"""`auth`: a person consents, and what comes of it is tried."""

from __future__ import annotations

import sys
import time
from datetime import datetime

from access import browser, device
from access.consents import kept
from access.post import Answer
from access.provider import Provider, WrongProvider
from access.trouble import NoAccess
from commandline.grammar import Options
from commandline.shell import Shell, complain, say
from engine import accounts
from engine.connecting import mailbox_of, transport_of, unreadable, unsendable
from settings import MAIN, Settings, WrongSettings


def auth(shell: Shell, options: Options) -> int:
    """Get a consent, keep it, and try it."""
    settings = _mailbox(shell.settings(), options.mailbox)
    if not settings.by_oauth:
        complain(
            "IMAP_AUTH and SMTP_AUTH are password, so there is nothing to consent to; "
            "docs/start-gmail.md and docs/start-microsoft365.md say how to log in by OAuth"
        )
        return 1
    provider = accounts.provider_of(settings)
    if provider.grant == "client":
        say("the application logs in by itself (OAUTH_GRANT=client): nobody needs to consent here")
    elif not options.check:
        _consent(settings, provider, shell.now(), by_browser=options.browser)
    return _tried(settings)


def _mailbox(settings: Settings, name: str) -> Settings:
    wanted = "" if name == MAIN else name
    for one in settings.mailboxes:
        if one.name == wanted:
            return one
    names = ", ".join(one.name or MAIN for one in settings.mailboxes)
    raise WrongSettings([f"there is no mailbox {name!r}; MAILBOXES names these: {names}"])


def _consent(settings: Settings, provider: Provider, now: datetime, *, by_browser: bool) -> None:
    """Have somebody consent, and keep it. Raises NoAccess."""
    file = accounts.tokens_of(settings).file
    if file is None:
        return
    # Before anybody takes the trouble.
    with file.locked():
        file.make_room()
    user = settings.IMAP_USER or settings.smtp_login
    if provider.device_url and not by_browser:
        answer = _by_code(provider, user)
    elif provider.auth_url:
        answer = _by_browser(provider, user)
    else:
        raise WrongProvider("OAUTH_DEVICE_URL or OAUTH_AUTH_URL is missing: where a person consents")
    made = kept(provider, answer, user, now)
    with file.locked():
        file.write(made)
    say(f"the consent is kept in {file.path}; a running worker takes it up within a minute")


def _by_code(provider: Provider, user: str) -> Answer:
    code = device.code(provider)
    say(f"1. Open {code.url} in any browser, on any device.")
    say(f"2. Type this code there: {code.shown}")
    say(f"3. Sign in as {user}, or as whoever may read that mailbox, and consent.")
    say(f"Waiting; the code is good for {code.life / 60:.0f} minutes.")
    sys.stdout.flush()
    return device.consent(provider, code, time.sleep)


def _by_browser(provider: Provider, user: str) -> Answer:
    with browser.listening() as door:
        visit = browser.Visit(provider, browser.redirect(provider, door), user)
        say(f"1. Open this address in a browser, on any device:\n\n{visit.url}\n")
        say(f"2. Sign in as {user}, and consent.")
        say(
            "3. If the browser runs on this machine, that is all. Else it then shows that a page can't be "
            f"reached: copy the whole address of that page (it begins with {visit.redirect}), paste it here, "
            "and press Enter."
        )
        sys.stdout.flush()
        brought = browser.came_back(door, sys.stdin, complain)
    if not brought:
        raise NoAccess(f"nothing was pasted, so nothing was changed; run {provider.command} again")
    return visit.consent(visit.code_in(brought))


def _tried(settings: Settings) -> int:
    """Try what logs in by OAuth, and what doesn't as well: a worker needs both."""
    problems = [problem for problem in (_reading(settings), _sending(settings)) if problem]
    for problem in problems:
        complain(problem)
    return 1 if problems else 0


def _reading(settings: Settings) -> str:
    mailbox = mailbox_of(settings)
    trouble = unreadable(mailbox)
    if not trouble:
        say(f"the mailbox {mailbox.name} can be read")
    return trouble


def _sending(settings: Settings) -> str:
    trouble = unsendable(transport_of(settings))
    if not trouble:
        say(f"letters can be sent through {settings.SMTP_HOST or settings.SENDMAIL}")
    return trouble
