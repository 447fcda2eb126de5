"""What kind of mail it is, and why no automatic answer may go to it (RFC 3834, section 2; promise 11).

A reason not to answer makes no robot of a customer: `X-Auto-Response-Suppress` stands on people's mail too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inbox.bounces import Bounce
from language.normalise import normalise
from language.words import Words
from store.models import MailKind
from store.values import Address

LOOP_HEADER = "x-peygir-loop"
"""On every mail that we send by ourselves."""
_MOST_RECEIVED = 50
_AUTOREPLY_FIELDS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-vacation",
)
_ALSO_NOT_ANSWERED = ("x-loop", "feedback-id", "x-fc-machinegenerated", "mailing-list")
_SUPPRESS = frozenset({"all", "oof", "autoreply"})
_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_SYSTEM = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|(?:do[-_.]?)?not?[-_.]?reply.*|nobody|auto[-_.]?(?:reply|respon\w+)"
    r"|bounces?(?:[-_+.=].*)?|owner-.*|.*-(?:request|owner|bounces?)|.*[-_.]no[-_.]?reply|daemon|mdaemon|listserv|majordomo|mailman)\Z"
)
_DAEMON = re.compile(r"(?:mail(?:er)?[-_.]?daemon|postmaster|mdaemon|bounces?(?:[-_+.=].*)?)\Z")
_RETURNED_SUBJECT = (
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery has failed",
    "delivery notification",
    "failure notice",
    "mail delivery fail",
    "mail delivery system",
    "returned mail",
    "mail delivery: ",
    "non delivery",
    "non-delivery",
    "message undeliverable",
    "mail system error",
    "nondeliverable",
)


@dataclass(frozen=True, slots=True)
class Nature:
    """What the headers say about who, or what, wrote the mail."""

    kind: MailKind
    because: str
    no_auto_reply: tuple[str, ...]


class Fields:
    """Header values by name, in lower case, as few looks as possible."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in headers:
            self.values.setdefault(name.lower(), []).append(value)

    def first(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    def __contains__(self, name: str) -> bool:
        return name in self.values


def nature(
    headers: Iterable[tuple[str, str]],
    *,
    content_type: str,
    report_type: str,
    senders: Sequence[Address],
    subject: str,
    bounce: Bounce | None,
    words: Sequence[Words],
) -> Nature:
    """The kind of a mail and every reason that it shows for not answering it."""
    fields = Fields(headers)
    vacation = _vacation(subject, words)
    reasons = tuple(_reasons(fields, content_type, senders, vacation))
    kind, because = _kind(fields, content_type, report_type, senders, subject, bounce, vacation)
    if kind is not MailKind.CUSTOMER and not reasons:
        reasons = (because,)
    return Nature(kind, because, reasons)


def may_bounce(headers: Iterable[tuple[str, str]], content_type: str, sender: str, subject: str) -> bool:
    """Whether a mail is worth reading as a bounce."""
    fields = Fields(headers)
    return (
        content_type == "multipart/report"
        or "x-failed-recipients" in fields
        or _is_daemon(sender)
        or (_null_return_path(fields) and _returned_subject(subject))
    )


def _kind(
    fields: Fields,
    content_type: str,
    report_type: str,
    senders: Sequence[Address],
    subject: str,
    bounce: Bounce | None,
    vacation: str,
) -> tuple[MailKind, str]:
    """The first kind that fits, the surest sign first."""
    submitted = fields.first("auto-submitted").split(";")[0].split("(")[0].strip().lower()
    listed = next((name for name in ("list-id", "list-post", "mailing-list") if name in fields), "")
    if LOOP_HEADER in fields:
        return MailKind.LOOP, "it carries our own loop header"
    if content_type == "multipart/report" and report_type in ("disposition-notification", "feedback-report"):
        return MailKind.AUTO_REPLY, f"multipart/report of type {report_type}"
    if bounce is not None and (because := _bounced(fields, report_type, senders, subject, bounce)):
        return (MailKind.BOUNCE if bounce.failed else MailKind.AUTO_REPLY), because
    if because := _replied(fields, submitted) or vacation:
        return MailKind.AUTO_REPLY, because
    if listed:
        return MailKind.LIST, f"it carries {listed.title()}"
    generated = submitted not in ("", "no")
    return (MailKind.AUTO_REPLY, f"Auto-Submitted: {submitted}") if generated else (MailKind.CUSTOMER, "")


def _bounced(
    fields: Fields, report_type: str, senders: Sequence[Address], subject: str, bounce: Bounce
) -> str:
    """Why a mail is a report on delivery; "" when it is none."""
    if bounce.has_status or report_type == "delivery-status":
        return "it carries a delivery status"
    if "x-failed-recipients" in fields:
        return "it carries X-Failed-Recipients"
    daemon = bool(senders) and _is_daemon(senders[0].key)
    if daemon and (_null_return_path(fields) or _returned_subject(subject) or bounce.recipients):
        return "a mail system returned a mail"
    if _null_return_path(fields) and _returned_subject(subject) and bounce.recipients:
        return "a mail came back"
    return ""


def _replied(fields: Fields, submitted: str) -> str:
    """The header that says a program answered."""
    if submitted == "auto-replied":
        return "Auto-Submitted: auto-replied"
    for name in _AUTOREPLY_FIELDS:
        if name in fields and fields.first(name).strip().lower() not in ("no", "false"):
            return f"it carries {name.title()}"
    if fields.first("precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return f"Precedence: {fields.first('precedence').strip()}"
    if fields.first("x-fc-machinegenerated").strip().lower() in ("true", "yes"):
        return "it carries X-Fc-Machinegenerated"
    return (
        "its Delivered-To is Autoresponder" if fields.first("delivered-to").lower() == "autoresponder" else ""
    )


def _reasons(fields: Fields, content_type: str, senders: Sequence[Address], vacation: str) -> Iterable[str]:
    """Every reason against an automatic answer, in words for the case."""
    if _null_return_path(fields):
        yield "its Return-Path is empty"
    submitted = fields.first("auto-submitted").strip()
    if submitted and submitted.split(";")[0].split("(")[0].strip().lower() != "no":
        yield f"Auto-Submitted: {submitted}"
    precedence = fields.first("precedence").strip()
    if precedence.lower() in _PRECEDENCE:
        yield f"Precedence: {precedence}"
    for name in fields.values:
        if name.startswith("list-") or name in _AUTOREPLY_FIELDS or name in _ALSO_NOT_ANSWERED:
            yield f"it carries {name.title()}"
    suppressed = fields.first("x-auto-response-suppress")
    if _SUPPRESS & {word.strip().lower() for word in suppressed.split(",")}:
        yield f"X-Auto-Response-Suppress: {suppressed}"
    if LOOP_HEADER in fields:
        yield "it carries our own loop header"
    if content_type == "multipart/report":
        yield "it is a multipart/report"
    if len(fields.values.get("received", ())) > _MOST_RECEIVED:
        yield f"more than {_MOST_RECEIVED} Received fields"
    yield from _sender_reasons(senders)
    if vacation:
        yield vacation


def _sender_reasons(senders: Sequence[Address]) -> Iterable[str]:
    if not senders:
        yield "it has no sender"
    elif len({sender.key for sender in senders}) > 1:
        yield "it has several senders"
    elif _SYSTEM.match(senders[0].key.partition("@")[0].split("+")[0]):
        yield f"{senders[0].address} is a system's address"


_folded = lru_cache(4096)(normalise)


def _vacation(subject: str, words: Sequence[Words]) -> str:
    """Why the subject is that of an automatic reply; "" when it is not."""
    said = normalise(subject)
    for one in words:
        for beginning in one.auto_reply_subject:
            start = _folded(beginning)
            if said.startswith(start) and not said[len(start) : len(start) + 1].isalpha():
                return f"its subject begins with “{beginning}”"
    return ""


def _null_return_path(fields: Fields) -> bool:
    return "return-path" in fields and fields.first("return-path").strip() in ("<>", "")


def _is_daemon(sender: str) -> bool:
    return bool(_DAEMON.match(sender.partition("@")[0].lower()))


def _returned_subject(subject: str) -> bool:
    return subject.lower().startswith(_RETURNED_SUBJECT)
