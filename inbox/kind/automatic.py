"""What kind of mail it is, and why no automatic answer may go to it (RFC 3834, section 2; promise 11).

A reason not to answer makes no robot of a customer: `X-Auto-Response-Suppress` stands on people's mail too,
and so do `Precedence`, `List-Unsubscribe`, `Feedback-ID`, `X-Loop` and an empty Return-Path on their way
through desks, relays, forwarders and fetchers. Only what a program says of itself makes its mail an automatic
reply.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inbox.header.fields import Fields
from inbox.kind import bounces
from inbox.kind.bounces import Bounce
from inbox.kind.receipts import is_receipt
from inbox.kind.subjects import is_reply, known_subjects, without_reply_marks
from language.normalise import normalise
from language.signs import Role, Signs, carries, denies, local_part
from language.words import Words
from store.kinds import MailKind
from store.values import Address

LOOP_HEADER = "x-peygir-loop"
"""On every mail that we send by ourselves."""
_REPORTS = frozenset({"disposition-notification", "feedback-report"})
_PRECEDENCE_FIELDS = ("precedence", "x-precedence")
_LOOPS = ("x-loop", "x-ms-exchange-inbox-rules-loop")
_MAIL_SYSTEMS = frozenset({"mailer-daemon", "mailerdaemon"})
_LONGEST = 200
_BEGINNING = 600
_ENDS = 3_000


@dataclass(frozen=True, slots=True)
class Nature:
    """What the headers say about who, or what, wrote the mail."""

    kind: MailKind
    because: str
    no_auto_reply: tuple[str, ...]


def nature(
    fields: Fields,
    *,
    content_type: str,
    report_type: str,
    senders: Sequence[Address],
    subject: str,
    bounce: Bounce | None,
    words: Sequence[Words],
    signs: Signs,
    text: str = "",
    told_by_parts: str = "",
) -> Nature:
    """The kind of a mail and every reason that it shows for not answering it.

    `told_by_parts` is what inbox.kind.receipts found in its parts, `text` what a person reads.
    """
    seen = _Seen(fields, content_type, senders, subject, words, signs)
    kinds = _kinds(seen, report_type, bounce, told_by_parts, text)
    kind, because = next((found for found in kinds if found[1]), (MailKind.CUSTOMER, ""))
    reasons = dict.fromkeys((*seen.header_reasons(), *seen.sender_reasons()))
    if seen.by_subject:
        reasons[seen.by_subject] = None
    if kind is not MailKind.CUSTOMER and not reasons:
        reasons[because] = None
    return Nature(kind, because, tuple(reasons))


def _kinds(
    seen: _Seen, report_type: str, bounce: Bounce | None, told_by_parts: str, text: str
) -> Iterator[tuple[MailKind, str]]:
    """Each kind with the sign that speaks for it, "" when none does; the surest sign first."""
    yield MailKind.LOOP, seen.circles()
    if bounce is not None:
        kind = MailKind.BOUNCE if bounce.failed or bounce.delayed else MailKind.AUTO_REPLY
        yield kind, bounces.because(seen.fields, report_type, seen.senders, seen.subject, bounce)
    if seen.content_type == "multipart/report" and report_type in _REPORTS:
        yield MailKind.AUTO_REPLY, f"multipart/report of type {report_type}"
    yield MailKind.AUTO_REPLY, seen.replied() or seen.by_subject or told_by_parts or seen.is_receipt(text)
    yield MailKind.LIST, seen.listed()
    yield MailKind.AUTO_REPLY, seen.generated()
    yield MailKind.LIST, seen.advertising(text)
    yield MailKind.AUTO_REPLY, seen.from_nobody() or seen.bulk_answer()


class _Seen:
    """What the fields of one mail say, each looked at once."""

    def __init__(
        self,
        fields: Fields,
        content_type: str,
        senders: Sequence[Address],
        subject: str,
        words: Sequence[Words],
        signs: Signs,
    ) -> None:
        self.fields, self.content_type, self.senders, self.subject = fields, content_type, senders, subject
        self.words, self.signs = words, signs
        self.program: list[str] = []
        self.list: list[str] = []
        self.marketing: list[str] = []
        self.unanswered: list[str] = []
        self.valued: list[str] = []
        for name in fields.values:
            if roles := signs.roles(name):
                self._note(name, roles)
        self.submitted = tuple(self._submitted())
        written = (value for name in _PRECEDENCE_FIELDS for value in fields.values.get(name, ()))
        self.precedences = [_keyword(value) for value in written]
        self.suppressed = self._suppressed()
        self.is_system = bool(senders) and signs.is_system(senders[0].address)
        self.by_subject = self._by_subject()

    def _note(self, name: str, roles: frozenset[Role]) -> None:
        """Names of telling fields, by what they tell."""
        if Role.PROGRAM in roles and not all(denies(value) for value in self.fields.values[name]):
            self.program.append(name)
        if Role.VALUED in roles:
            self.valued.append(name)
        if Role.UNANSWERED in roles:
            self.unanswered.append(name)
        if Role.LIST in roles:
            self.list.append(name)
        if Role.MARKETING in roles:
            self.marketing.append(name)

    def circles(self) -> str:
        """Why a mail goes round in circles: it is ours, or passed more hosts than any way has."""
        if LOOP_HEADER in self.fields:
            return "it carries our own loop header"
        return self._too_many_hops()

    def replied(self) -> str:
        """The field by which a program says that it answered."""
        if "auto-replied" in self.submitted:
            return "Auto-Submitted: auto-replied"
        for name in self.program:
            return carries(name)
        for name in self.valued:
            known = self.signs.valued[name]
            for value in self.fields.values[name]:
                if known.find(value.strip().lower()[:_LONGEST]) and not self._forwards():
                    return f"{name.title()}: {value.strip()[:_LONGEST]}"
        return self._own_loop()

    def _forwards(self) -> bool:
        """Whether a rule of a person's mailbox passed a mail on, rather than answered it."""
        return self.subject[:5].lower().startswith(("fw:", "fwd:", "wg:", "tr:", "rv:"))

    def _own_loop(self) -> str:
        """A loop field with the sender's own address: that mailbox answered. A forwarder's has another."""
        sender = self.senders[0].key if self.senders else ""
        for name in _LOOPS:
            for value in self.fields.values.get(name, ()):
                if sender and value.strip(" <>").lower() == sender:
                    return f"{name.title()} names its own sender"
        return ""

    def is_receipt(self, text: str) -> str:
        return is_receipt(self.subject, text, self.words, self.signs)

    def listed(self) -> str:
        """The field of a mailing list (RFC 2369, RFC 2919)."""
        for name in self.list:
            return carries(name)
        return "Precedence: list" if "list" in self.precedences else ""

    def generated(self) -> str:
        """The field by which a program says that it wrote the mail, though it answers none (RFC 5436)."""
        if self.submitted and not (self._forwards() and "x-ms-exchange-inbox-rules-loop" in self.fields):
            return f"Auto-Submitted: {self.submitted[0]}"
        return "it is a multipart/report" if self.content_type == "multipart/report" else ""

    def advertising(self, text: str) -> str:
        """Two signs of bulk mail: one alone stands on people's mail too. An answer is no advertising."""
        if "in-reply-to" in self.fields or is_reply(self.subject):
            return ""
        signs = [carries(name) for name in ("list-unsubscribe", *self.marketing) if name in self.fields][:2]
        bulk = [f"Precedence: {one}" for one in self.precedences if one in ("bulk", "junk")][:1]
        sender = ""
        if self.is_system or (self.senders and self.signs.is_newsletter(self.senders[0].address)):
            sender = f"{self.senders[0].address} sends newsletters"
        # A web form sends from such an address as well; its customer stands in Reply-To.
        may_have = signs or bulk or (sender and not self._has_other_reply_to())
        has_way_out = bool(may_have) and self._shows_way_out(text)
        if not signs and not has_way_out:
            return ""
        feedback = [carries("feedback-id")] if "feedback-id" in self.fields else []
        way_out = ["it tells how to unsubscribe"] if has_way_out else []
        told = [*signs, *bulk, *feedback, *([sender] if sender else []), *way_out]
        return " and ".join(told[:2]) if len(told) > 1 else ""

    def _shows_way_out(self, text: str) -> bool:
        """Whether the end of a text, or its first lines, tell how to get no more of such mail."""
        said = normalise(text if len(text) <= _ENDS else f"{text[:_BEGINNING]}\n{text[-_ENDS:]}")
        return any(one in said for one in self.signs.ways_out)

    def from_nobody(self) -> str:
        """An address that nobody reads, and one more sign; a web form has its customer in Reply-To."""
        if not self.is_system:
            return ""
        if local_part(self.senders[0].address) in _MAIL_SYSTEMS:
            return f"{self.senders[0].address} is a mail system"
        if self._has_other_reply_to():
            return ""
        sign = next(self._machine(), "")
        return f"{self.senders[0].address} is a system's address and {sign}" if sign else ""

    def bulk_answer(self) -> str:
        """An answer that no bounce may follow and that is bulk as well, as old vacation programs send it."""
        bulk = next((one for one in self.precedences if one in ("bulk", "junk")), "")
        if not bulk or "in-reply-to" not in self.fields or not self._null_return_path():
            return ""
        return f"it is an answer with an empty Return-Path and Precedence: {bulk}"

    def _has_other_reply_to(self) -> bool:
        value = self.fields.first("reply-to").lower()
        return "@" in value and bool(self.senders) and self.senders[0].key not in value

    def _machine(self) -> Iterator[str]:
        """Signs that make an automatic reply of what says so in its subject, or comes from a system."""
        if self._null_return_path():
            yield "its Return-Path is empty"
        yield from (f"Auto-Submitted: {one}" for one in self.submitted)
        yield from (f"Precedence: {one}" for one in self.precedences if self.signs.precedences.find(one))
        if "all" in self.suppressed:
            yield "X-Auto-Response-Suppress: All"

    def _by_subject(self) -> str:
        """Why the subject is that of an automatic reply or of a challenge; "" when it is not."""
        known = known_subjects(self.words, self.signs)
        found = known.subjects.find(self.subject)
        if found is None and is_reply(self.subject) and self._is_machine():
            found = known.subjects.find(without_reply_marks(self.subject))
        if found is None or not (found.sure or self._is_machine() or self._answers_by_itself()):
            return ""
        says = "asks for a proof:" if found.entry in known.challenges else "begins with"
        return f"its subject {says} “{found.entry}”"

    def _is_machine(self) -> bool:
        return next(self._machine(), "") != ""

    def _answers_by_itself(self) -> bool:
        """An answer without "Re:" is no mail client's."""
        return "in-reply-to" in self.fields and not is_reply(self.subject)

    def _submitted(self) -> Iterator[str]:
        """The values of Auto-Submitted but "no" (RFC 3834, section 5), without comments and parameters."""
        for value in self.fields.values.get("auto-submitted", ()):
            if (keyword := _keyword(value)) not in ("", "no"):
                yield keyword

    def _suppressed(self) -> list[str]:
        values = self.fields.values.get("x-auto-response-suppress", ())
        return [one for value in values for one in value.lower().replace(";", ",").replace(",", " ").split()]

    def header_reasons(self) -> Iterator[str]:
        """Every reason of the headers against an automatic answer, in words for the case."""
        if self._null_return_path():
            yield "its Return-Path is empty"
        if self.submitted:
            yield f"Auto-Submitted: {self._written('auto-submitted')}"
        for name in _PRECEDENCE_FIELDS:
            for value in self.fields.values.get(name, ()):
                if self.signs.precedences.find(_keyword(value)):
                    yield f"{name.title()}: {value.strip()[:_LONGEST]}"
        yield from (carries(name) for name in (*self.program, *self.unanswered))
        if any(self.signs.suppressed.find(one) for one in self.suppressed):
            yield f"X-Auto-Response-Suppress: {self._written('x-auto-response-suppress')}"
        if LOOP_HEADER in self.fields:
            yield "it carries our own loop header"
        if self.content_type == "multipart/report":
            yield "it is a multipart/report"
        if too_many := self._too_many_hops():
            yield too_many

    def _too_many_hops(self) -> str:
        too_many = len(self.fields.values.get("received", ())) > self.signs.most_received
        return f"more than {self.signs.most_received} Received fields" if too_many else ""

    def _written(self, name: str) -> str:
        return self.fields.first(name).strip()[:_LONGEST]

    def sender_reasons(self) -> Iterator[str]:
        if not self.senders:
            yield "it has no sender"
        elif len({sender.key for sender in self.senders}) > 1:
            yield "it has several senders"
        elif "@" not in self.senders[0].address:
            yield "its sender's address has no domain"
        elif self.is_system:
            yield f"{self.senders[0].address} is a system's address"

    def _null_return_path(self) -> bool:
        if self.fields.has_null_return_path():
            return True
        path = self.fields.first("return-path").strip(" <>").lower()
        return path.partition("@")[0] == "mailer-daemon"


def _keyword(value: str) -> str:
    """A field's keyword in lower case, without comments in brackets and what follows a semicolon."""
    value = value[:_LONGEST]
    while value.lstrip().startswith("(") and ")" in value:
        value = value.partition(")")[2]
    return value.split(";")[0].split("(")[0].strip().lower()
