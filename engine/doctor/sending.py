"""The way out: the connection and the login, what the server offers, and whom it takes letters for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from cases.tokens import reply_address
from engine.connecting import transport_of
from engine.doctor import secured
from engine.doctor.finding import Finding, note, right, wrong
from engine.second_way import way_of
from language.trouble import Trouble
from outbox.smtp import Smtp
from outbox.smtp_connection import SmtpDown
from outbox.smtp_probe import Looked, looked_over
from settings import Settings

TOKEN = "doctor" + "0" * 20
"""As long as a true one; nobody ever gets it."""
MB = 2**20
LETTERS = 5 * MB
"""Room that letters with a customer's files need, without any setting."""


class CantSend(Trouble):
    """The way out is closed; why, and what to do."""


def look(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Everything about one way out. Raises CantSend where it is closed."""
    transport = transport_of(settings)
    try:
        if type(transport) is Smtp:
            with looked_over(transport.server) as looked:
                yield from _smtp(looked, settings, now())
        else:
            transport.check()
            yield right(f"letters leave by {settings.SENDMAIL or settings.SMTP_HOST}")
    except SmtpDown as down:
        raise CantSend(str(down)) from down
    finally:
        transport.close()


def look_at_second(settings: Settings, now: Callable[[], datetime]) -> Iterator[Finding]:
    """The way of alerts that needs nothing of the usual one. Raises CantSend where it is closed."""
    transport = way_of(settings)
    where = f"{settings.ALERT_SMTP_HOST}:{settings.ALERT_SMTP_PORT}"
    try:
        with looked_over(transport.server) as looked:
            yield right(f"alerts to {settings.ALERT_ADDRESS} can leave by {where}")
            yield from secured.told(looked.wire.line, settings.ALERT_SMTP_HOST, "ALERT_SMTP_TLS", now())
    except SmtpDown as down:
        # Its words name the settings of the usual way.
        raise CantSend(str(down).replace("SMTP_", "ALERT_SMTP_")) from down
    if settings.ALERT_SMTP_HOST == settings.SMTP_HOST:
        yield note(
            "alerts leave by the same server as letters, so that nobody hears when that one is away",
            "name another mail server in ALERT_SMTP_HOST",
        )


def _smtp(looked: Looked, settings: Settings, now: datetime) -> Iterator[Finding]:
    where = f"{settings.SMTP_HOST}:{settings.SMTP_PORT}"
    yield right(
        f"logged in as {settings.SMTP_USER} at {where}" if settings.SMTP_USER else f"connected to {where}"
    )
    yield from secured.told(looked.wire.line, settings.SMTP_HOST, "SMTP_TLS", now)
    yield from _offers(looked, settings)
    yield from _addresses(looked, settings)


def _offers(looked: Looked, settings: Settings) -> Iterator[Finding]:
    written = looked.offers.get("size", "")
    most = int(written) if written.isdecimal() else 0
    wanted = (settings.ATTACH_LIMIT_MB * MB * 4) // 3 + LETTERS
    if most and most < wanted:
        fits = max((most - LETTERS) * 3 // 4 // MB, 0)
        yield wrong(
            f"it takes letters of at most {most // MB} MB, and ATTACH_LIMIT_MB={settings.ATTACH_LIMIT_MB} "
            f"makes some of up to {wanted // MB} MB",
            f"set ATTACH_LIMIT_MB={fits}, or let the server take larger letters",
        )
    elif most:
        yield right(f"it takes letters of up to {most // MB} MB")
    if "pipelining" in looked.offers:
        yield right("it takes several commands at once (PIPELINING), so that letters leave quickly")
    else:
        yield note("it takes one command at a time (no PIPELINING), so that many letters take longer")
    if "smtputf8" not in looked.offers:
        yield note("it can't write to addresses with letters other than English ones (no SMTPUTF8)")


def _addresses(looked: Looked, settings: Settings) -> Iterator[Finding]:
    ours = settings.COMPLAINTS_ADDRESS
    reply = reply_address(ours, TOKEN, settings.REPLY_ADDRESS_FORM)
    sender, *recipients = looked.asked(ours, [ours, reply])
    if not sender.taken:
        yield wrong(
            f"it takes no letters from {ours}: {sender.said}",
            f"let {settings.SMTP_USER or 'this machine'} send as {ours}, at the mail server",
        )
        return
    yield right(f"it takes letters from {ours}")
    own, tagged = recipients
    if not own.taken:
        yield wrong(f"it knows no {ours}: {own.said}", "make that address at the mail server, or correct it")
    elif not tagged.taken:
        yield wrong(
            f"it takes no reply addresses such as {reply}: {tagged.said}",
            "let the mail server deliver addresses with a tag to the same mailbox, or change "
            "REPLY_ADDRESS_FORM (with -, or a catch-all, where + is lost)",
        )
    else:
        yield right(f"it takes reply addresses such as {reply}; --send ADDRESS shows whether they arrive")
