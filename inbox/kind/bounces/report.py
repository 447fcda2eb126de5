"""A report on delivery, read whole: whom the mail did not reach, and which mail it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from email.message import Message as Part

from inbox.header.encoded_words import clean
from inbox.header.fields import Fields
from inbox.kind.bounces import forms, notifications, recipients, returned
from inbox.kind.bounces.addresses import addresses_in, is_full
from inbox.kind.bounces.delivery_status import Outcome
from inbox.kind.bounces.evidence import TEXT, Evidence, gather

_OTHER_REPORTS = frozenset({"message/disposition-notification", "message/feedback-report"})
_ORIGINAL_ID_FIELDS = (
    "x-original-message-id",
    "original-message-id",
    "x-originalmessageid",
    "x-original-messageid",
)
_NOTIFIERS = ("@sns.amazonaws.com", "@amazonses.com", "@amazon.com")


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says."""

    recipients: tuple[str, ...] = ()
    """Who was not reached, as the sender wrote the addresses; nobody while it is only late."""
    message_ids: tuple[str, ...] = ()
    has_status: bool = False
    """It carries a machine-readable delivery status."""
    failed: bool = True
    """Not so when every recipient was only delayed, or reached after all."""
    delayed: bool = False
    """Nothing failed, but something is late."""
    names: bool = False
    """Its own words name who was not reached."""
    is_sure: bool = False
    """It says what only mail systems say."""
    begins_sure: bool = False
    """It begins so."""
    is_likely: bool = False
    """It says what mail systems say, and others as well."""
    returns: bool = False
    """It carries a mail, or the head of one."""
    is_notice: bool = False
    """It is another system's message about a bounce, in its own language (Amazon SES)."""
    is_other: bool = False
    """It is a report on something else: a read receipt (RFC 8098) or a complaint of abuse (RFC 5965)."""


def read(message: Part, text: str, fields: Fields) -> Bounce:
    """What a report says; `text` is what a person reads, `fields` the mail's own header."""
    evidence = gather(message, text)
    words = _words(evidence.said)
    bounce = _of_words(words, evidence)
    ids = tuple(map(clean, _ids(evidence, text, fields)))
    bounce = replace(bounce, has_status=bool(evidence.status.recipients), message_ids=ids)
    if bounce.is_other:
        return bounce
    if (notice := notifications.read(text)) is not None:
        is_notice = any(one.lower().endswith(_NOTIFIERS) for one in recipients.addresses_of(fields, "from"))
        return replace(bounce, is_notice=is_notice, is_sure=True, names=True, **notice)
    return _judged(bounce, evidence, words, fields)


def _judged(bounce: Bounce, evidence: Evidence, words: str, fields: Fields) -> Bounce:
    """The bounce with its outcome and recipients."""
    subject = fields.first("subject").lower()
    told = [one for value in fields.values.get("x-failed-recipients", ())[:20] for one in addresses_in(value)]
    outcomes = {one.outcome for one in evidence.status.recipients}
    if outcomes and Outcome.FAILED not in outcomes:
        return replace(bounce, failed=False, delayed=Outcome.DELAYED in outcomes)
    if not outcomes and _is_late(subject, words):
        return replace(bounce, failed=False, delayed=True)
    if not outcomes and not told and _is_done(subject, words):
        return replace(bounce, failed=False)
    failed = evidence.status.having(Outcome.FAILED)
    of_status = [one.address for one in failed]
    if told or (of_status and all(map(is_full, of_status))):
        return replace(bounce, recipients=_each(_longer(told, of_status)))
    named, by_words = recipients.find(evidence, bounce.message_ids, fields)
    if of_status and all(of_status) and not by_words and not _is_same_mailbox(of_status, named):
        named = of_status
    rest = [one for one in of_status if one] or [one.name for one in failed if "@" in one.name]
    return replace(bounce, recipients=_each(named or rest), names=by_words)


def _longer(told: Sequence[str], of_status: Sequence[str]) -> Sequence[str]:
    """Whom X-Failed-Recipients names; whom the status names if it names all those and more."""
    named, more = {one.lower() for one in told}, {one.lower() for one in of_status}
    return of_status if named <= more and all(map(is_full, of_status)) else told


def _is_same_mailbox(told: Sequence[str], named: Sequence[str]) -> bool:
    """Whether two addresses are of one mailbox: a system may give it the name of its own host."""
    return list(map(recipients.local_part, told)) == list(map(recipients.local_part, named))


def _ids(evidence: Evidence, text: str, fields: Fields) -> tuple[str, ...]:
    """The Message-IDs of the mail that came back, from the surest place that tells them."""
    if evidence.back.ids:
        return evidence.back.ids
    for place in (evidence.quoted, evidence.said, text[:TEXT]):
        if ids := returned.ids_in(place):
            return ids
    named = [*evidence.status.original_ids, *(fields.first(name) for name in _ORIGINAL_ID_FIELDS)]
    for value in (*named, fields.first("in-reply-to"), " ".join(fields.first("references").split()[-1:])):
        if value and (ids := returned.ids_in(f"message-id: {value.strip()}")):
            return ids
    return ()


def _words(said: str) -> str:
    """The text as the forms have it: lower case, one space between words, plain apostrophes."""
    return " ".join(said[:20_000].lower().replace("’", "'").replace("‘", "'").replace(">", " ").split())


def _of_words(words: str, evidence: Evidence) -> Bounce:
    """What the words and the parts alone tell."""
    refused = any(one in words for one in forms.REFUSED)
    return Bounce(
        is_sure=any(one in words for one in forms.SURE),
        begins_sure=any(one in words[:400] for one in forms.SURE),
        is_likely=any(one in words for one in (*forms.WEAK, *forms.LATE)),
        returns=evidence.back.is_there or bool(evidence.kinds & (returned.MESSAGES | returned.HEADERS)),
        is_other=bool(evidence.kinds & _OTHER_REPORTS) and not refused,
    )


def _is_late(subject: str, words: str) -> bool:
    if any(one in words for one in forms.FINAL):
        return False
    return any(one in subject for one in forms.LATE_SUBJECT) or any(one in words for one in forms.LATE)


def _is_done(subject: str, words: str) -> bool:
    begins = tuple(one for one in forms.DONE_SUBJECT if one.endswith(":"))
    done = subject.startswith(begins) or any(
        one in subject for one in forms.DONE_SUBJECT if one not in begins
    )
    return done and "not " not in words


def _each(addresses: Iterable[str]) -> tuple[str, ...]:
    """Every address once, in the spelling that comes first."""
    seen: dict[str, str] = {}
    for one in map(clean, addresses):
        seen.setdefault(one.lower(), one)
    return tuple(seen.values())
