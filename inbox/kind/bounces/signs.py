"""Is a mail a report on delivery: first from its header alone, then from what was read in it.

A customer who tells of a bounce, quotes or forwards one stays a customer: words alone never make a bounce. A
mail system has to show itself in the sender, the return path or the mail's form as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inbox.header.fields import Fields
from inbox.kind.bounces import subjects
from inbox.kind.bounces.report import Bounce
from store.values import Address

_DAEMON = re.compile(
    r"(?:(?:e?mail|mailer)[-_. ]?d[ae]+mon|maildaemon|mdaemon(?!\.)|double-bounce"
    r"|microsoftexchange[0-9a-f]{16,40}|mail[-_.]?delivery(?:[-_.]?(?:sub)?system)?|maildelivery\w{0,20}|mailerdaemon)(?:[-_+.=].{0,100})?\Z"
)
_SYSTEM = re.compile(
    r"(?:post[-_.]?master|bounces?(?:[-_+.=].*)?|.{0,80}-bounces?|smtp(?:[-_.]?(?:daemon|server|gateway|admin))?|mta|daemon|uucp"
    r"|mail[-_.]?(?:admin(?:istrator)?|system|server|gateway|router|master|sweeper|marshal|relay|filter|scan\w{0,10})"
    r"|(?:sys|system)[-_.]?admin(?:istrator)?|administrator|mmdf|pmdf|listserv|interscan|imss|exchange|gateway)"
    r"(?:[-_+].{0,60})?\Z"
)
_NOBODY = re.compile(r"(?:do[-_.]?)?not?[-_.]?reply")
_DAEMON_NAME = (
    "mail delivery",
    "mailer-daemon",
    "mailer daemon",
    "mail deliver",
    "delivery subsystem",
    "internet mail delivery",
    "message delivery",
    "e-mail delivery",
    "email delivery",
    "mail daemon",
)
_SYSTEM_NAME = (
    "microsoft outlook",
    "postmaster",
    "post master",
    "system administrator",
    "systemadministrator",
    "mail administrator",
    "administrator",
    "administrateur",
    "administrador",
    "amministratore",
    "администратор",
    "mail router",
    "mail system",
    "mail server",
    "mail gateway",
    "mail service",
    "delivery notif",
    "delivery report",
    "delivery status",
    "interscan",
    "mailsweeper",
    "mailmarshal",
    "surfcontrol",
    "smtp",
    "mta",
    "pmdf",
    "bounce",
    "system attendant",
    "メール配信",
    "邮件系统",
    "系统退信",
    "郵件系統",
)
_MACHINE_MAILERS = (
    "<smtp32",
    "m-filter",
    "internet mail service",
    "novell groupwise",
    "ntmail",
    "mdaemon",
    "mercury",
    "postie",
    "imss",
    "surfcontrol",
    "mailmarshal",
    "kerio",
)
_ANY_NAME = (*_DAEMON_NAME, *_SYSTEM_NAME)
_MOST_OF_NAME = 300


def may_bounce(fields: Fields, content_type: str, sender: str, subject: str) -> bool:
    """Whether a mail is worth reading as a bounce: a few looks at its header."""
    return (
        content_type == "multipart/report"
        or "x-failed-recipients" in fields
        or not sender
        or _has_null_path(fields)
        or is_daemon(sender)
        or _SYSTEM.match(_local(sender)) is not None
        or _is_named(fields, _ANY_NAME)
        or sender.endswith("@sns.amazonaws.com")
        or subjects.tells_of_delivery(subject)
    )


def because(
    fields: Fields, report_type: str, senders: Sequence[Address], subject: str, bounce: Bounce
) -> str:
    """Why a mail is a report on delivery; "" when it is none."""
    if bounce.is_other:
        return ""
    sender = senders[0].key if senders else ""
    is_report = "multipart/report" in fields.first("content-type").lower()
    if is_report and (bounce.has_status or report_type == "delivery-status"):
        return "it carries a delivery status"
    if "x-failed-recipients" in fields:
        return "it carries X-Failed-Recipients"
    if bounce.is_notice or _shows_itself(fields, sender, subject, bounce):
        return "a mail system returned a mail"
    if _came_back(fields, sender, subject, bounce):
        return "a mail came back"
    return ""


def _shows_itself(fields: Fields, sender: str, subject: str, bounce: Bounce) -> bool:
    """Whether the sender is a mail system, and what it sent a report; a postmaster may write as well."""
    null, told = _has_null_path(fields), subjects.tells_of_delivery(subject)
    hints = bounce.names or bounce.is_likely or bounce.returns
    if is_daemon(sender) or _is_named(fields, _DAEMON_NAME) or (not sender and null):
        return bounce.has_status or bounce.is_sure or hints or told or null
    is_system = not sender or _SYSTEM.match(_local(sender)) is not None
    if not is_system and not _is_named(fields, _SYSTEM_NAME):
        return False
    # A shop's administrator may tell of a parcel in the same words, but names no address and returns no mail.
    has_form = null or bounce.names or bounce.returns
    if bounce.has_status or (told and has_form):
        return True
    is_sure = bounce.is_sure and (is_system or has_form)
    return (is_sure and (told or null or bounce.begins_sure)) or (null and bounce.names and bounce.is_likely)


def _came_back(fields: Fields, sender: str, subject: str, bounce: Bounce) -> bool:
    """Whether a mail of an unknown sender is a report: its form must say so, not its words alone."""
    told = subjects.tells_of_delivery(subject)
    if _has_null_path(fields):
        if bounce.has_status or bounce.begins_sure:
            return True
        return told and (bounce.is_sure or bounce.names or bounce.returns)
    if not told or subjects.is_answer(subject):
        return False
    if bounce.has_status:
        return True
    is_machine = _NOBODY.match(_local(sender)) is not None or _is_of_machine(fields)
    return is_machine and bounce.begins_sure and (bounce.returns or bounce.names)


def is_daemon(sender: str) -> bool:
    """Whether the address is one that mail systems send reports from, and nobody else anything."""
    return bool(_DAEMON.match(_local(sender)))


def _local(sender: str) -> str:
    return sender.partition("@")[0].lower()[:200]


def _is_named(fields: Fields, names: tuple[str, ...]) -> bool:
    """Whether the sender's name is a mail system's: it begins so. A person's may hold one of the words."""
    told = fields.first("from")[:_MOST_OF_NAME].lower()
    name = told.partition("<")[0].strip(" \"'(") or told
    if "@" in name:
        name = name.partition("(")[2]
    return name.startswith(names)


def _has_null_path(fields: Fields) -> bool:
    """Whether nothing can come back to it: the null return path, or a mail system's own."""
    if fields.has_null_return_path():
        return True
    path = fields.first("return-path").strip(" <>").lower() if "return-path" in fields else ""
    return bool(path) and is_daemon(path)


def _is_of_machine(fields: Fields) -> bool:
    """Whether the header says that no person wrote it."""
    submitted = fields.first("auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return True
    mailer = fields.first("x-mailer").strip().lower()
    return mailer.startswith(_MACHINE_MAILERS) or fields.first("precedence").strip().lower() in (
        "bulk",
        "junk",
    )
