"""Single sentences in a person's language: templates/<language>/sentences.yaml, code: "words {{ value }}"."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from jinja2 import Template
from jinja2.sandbox import SandboxedEnvironment

from language.problem import Problem
from outbox.check import Draft, Made, attempt, compiled
from outbox.filters import Marked
from outbox.source import mapping

FILE = "sentences.yaml"

_LINE = {"line": "aprove", "meant": "approve"}
_WHO = {"sender": "stranger@example.org"}
_TWO = {"first": "approve", "second": "reject"}
_SOON = datetime(2026, 11, 25, 12, 5, tzinfo=UTC)
_COMMAND = {"command": "approve", "usage": "approve", "summary": "Send it."}
SENTENCES: Mapping[str, Mapping[str, Any]] = {
    "approved": {"version": 2, "recipient": "ann@example.com", "at": _SOON},
    "edited": {"version": 2},
    "rejected": {"version": 2},
    "assigned": {"agent": "Sam"},
    "noted": {},
    "resolved": {"check_in": datetime(2026, 11, 25, 12, tzinfo=UTC)},
    "merged": {"number": 1042, "agent": "Noa"},
    "helped": {},
    "next-approve": {},
    "next-resolve": {},
    "next-edit": {},
    "not-a-command": _LINE,
    "no-command": {},
    "edit-without-end": {},
    "edit-empty": {},
    "edit-cut": {},
    "takes-nothing": {"command": "approve", "argument": "it"},
    "needs-text": {"command": "reject", "usage": "reject REASON"},
    "unknown-agent": {"who": "Sma", "meant": "Sam", "known": "Sam, Noa"},
    "no-open-draft": {"command": "approve"},
    "no-customer": {},
    "placeholder": {"words": "[the date]"},
    "illegal": {"command": "approve", "status": "closed"},
    "conflict": _TWO,
    "twice": {"command": "approve"},
    "approve-before-edit": {},
    "which-case": {"command": "approve"},
    "not-your-role": {"command": "paid", "who": "Noa"},
    "not-allowed": {"command": "approve"},
    "no-such-case": {"which": "1042"},
    "merge-with-itself": {"number": 1042},
    "merge-of-two-customers": {"number": 1042},
    "merge-into-ended": {"number": 1042},
    "several-senders": {},
    "no-token": {},
    "wrong-sender": _WHO,
    "no-longer-an-agent": _WHO,
    "not-genuine": {},
    "automatic": {},
    "token-used": {},
    "token-expired": {},
    "stale-draft": {"version": 2},
    "no-case": {},
    "unparsed": {"number": 1042},
    "set-aside": {"uid": 77},
    "reused-message-id": {"number": 1042, "message_id": "<id@example.com>"},
    "files-wrong": {},
    "flood": {"limit": 300},
    "flood-from": {"sender": "ann@example.com", "limit": 20},
    "letter-late": {"number": 1042, "recipient": "ann@example.com", "hours": 4},
    "letter-in-doubt": {"number": 1042, "recipient": "ann@example.com", "final": True},
    "mail-stuck": {"since": datetime(2026, 11, 25, 12, tzinfo=UTC)},
    # Drafts
    "goes-out": {"letter": "answer", "recipient": "ann@example.com", "at": _SOON},
    "next-undo": {"until": _SOON},
    "undone": {"version": 2, "newest": 3},
    "nothing-to-undo": {},
    "undo-too-late": {"approved": _SOON},
    "undo-after-end": {"status": "resolved"},
    "redrafted": {"version": 2, "template": "late"},
    "unknown-template": {"name": "lat", "meant": "late", "known": "late, lost"},
    "approve-unread": {},
    "previewed": {"version": 2, "left": "[the date]"},
    "draft-after-approve": {"command": "edit"},
    "reject-of-new": {"command": "reject"},
    "draft-shown": {"recipient": "Ann <ann@example.com>", "subject": "Re: Late"},
    # Cases
    "already-theirs": {"agent": "Sam"},
    "already-nobodys": {},
    "already-so": {"command": "severity", "value": "high"},
    "taken": {},
    "taken-from-you": {"agent": "Sam"},
    "released": {},
    "released-yours": {"agent": "Sam"},
    "escalated": {"agent": "Noa"},
    "escalate-to-yourself": {},
    "agent-away": {"agent": "Noa", "until": _SOON, "there": "Sam, Ada"},
    "nobody-has-the-role": {"role": "approver"},
    "unknown-value": {
        "command": "severity",
        "written": "hihg",
        "meant": "high",
        "known": "low, normal, high, urgent",
    },
    "category-set": {"category": "lost", "draft": "new"},
    "severity-set": {"severity": "high"},
    "fault-set": {"fault": "third-party", "draft": True},
    "language-set": {"language": "fa", "draft": "new"},
    "snoozed": {"until": _SOON, "closed": True, "promised": _SOON},
    "closed": {},
    "spam": {"sender": "eve@example.com", "withdrawn": True},
    "reopened": {"agent": "Sam", "unseen": 2},
    "merged-already": {"number": 1042},
    "merge-without-customer": {"number": 1042},
    "second-case": {"command": "merge"},
    "merge-leaving": {"version": 1},
    "split": {"number": 1043, "subject": "And another thing"},
    "split-only-mail": {},
    "no-such-mail": {"which": "9", "count": 3},
    "next-take": {},
    "next-snoozed": {},
    # Proof and reading
    "unclear": {"line": "note call her"},
    "one-case-a-mail": {"number": 1042},
    "another-case": {"number": 1042},
    "unknown-case": {"number": 1042},
    "approve-unseen": {},
    "token-replaced": {},
    # Days, promises, money, and what waits for a yes
    "when-unknown": {"text": "soon", "word": "soon"},
    "when-two-ways": {"text": "01/02/2027", "first": date(2027, 2, 1), "second": date(2027, 1, 2)},
    "when-no-such-day": {"text": "31 feb", "day": "02-31"},
    "when-past": {"text": "2020-01-01"},
    "when-far": {"text": "2206-12-01"},
    "money-unclear": {"text": "fifty EUR"},
    "money-currency": {"word": "bitcoin"},
    "money-two-currencies": {"word": "dinar", "codes": "IQD, JOD, KWD"},
    "money-two-ways": {"text": "1.250", "first": "1250", "second": "1.25"},
    "money-too-fine": {"text": "20.125 EUR", "currency": "EUR", "decimals": 2},
    "money-nothing": {"text": "0 EUR"},
    "money-too-much": {"text": "9999999999999 EUR"},
    "promised": {"what": "a new parcel", "due": _SOON, "closed": True},
    "promise-without-day": {"text": "a new parcel"},
    "promise-kept": {"what": "a new parcel"},
    "no-open-promise": {},
    "which-promise": {"known": "1: a new parcel; 2: a call"},
    "no-such-promise": {"which": "9", "known": "1: a new parcel; 2: a call"},
    "offered": {"kind": "refund", "amount": "20.00", "currency": "EUR", "reason": "late"},
    "offer-without-kind": {"text": "20 EUR late"},
    "offer-without-reason": {"text": "refund 20 EUR"},
    "paid": {"kind": "refund", "amount": "20.00", "currency": "EUR"},
    "no-open-offer": {},
    "which-offer": {"known": "1: refund 20.00 EUR; 2: voucher 5.00 EUR"},
    "no-such-offer": {"which": "9", "known": "1: refund 20.00 EUR; 2: voucher 5.00 EUR"},
    "held": {"command": "offer refund 90 EUR late", "who": "Noa, Ada", "until": _SOON},
    "held-with": {"command": "resolve"},
    "waits-already": {"command": "approve", "who": "Sam", "until": _SOON},
    "nobody-may-grant": {"command": "offer refund 90 EUR late"},
    "why-authority": {"giver": "Sam", "currency": "EUR", "case": "20.00", "year": "40.00"},
    "why-unproved": {"giver": "Sam"},
    "why-draft-only": {"giver": "Sam"},
    "why-four-eyes": {"giver": "Sam"},
    "granted": {"command": "approve", "giver": "Sam"},
    "granted-told": {"command": "approve", "who": "Noa"},
    "asked-again": {"command": "offer refund 60 EUR late"},
    "denied": {"command": "approve", "giver": "Sam"},
    "denied-told": {"command": "approve", "who": "Noa", "reason": "too much"},
    "ended-told": {"command": "approve", "who": "Noa"},
    "request-draft-changed": {},
    "request-decided": {"who": "Noa", "state": "granted", "at": _SOON},
    "request-expired": {"command": "approve"},
    "request-expired-told": {"command": "approve"},
    "no-request": {},
    "own-request": {"command": "approve"},
    "giver-gone": {"who": "kim@example.com"},
    "next-tell-customer": {},
    "next-wait": {},
    "next-ended": {"giver": "Sam"},
    # The desk
    "looked": {"command": "queue"},
    "not-looked-up": {"command": "queue"},
    "queue": {"count": 60, "shown": 50},
    "mine": {"count": 3, "shown": 3},
    "search": {"words": "parcel", "count": 2, "looked": 900, "complete": False},
    "nothing-found": {"words": "parcel", "looked": 900, "complete": False},
    "stats": {"count": 12, "since": _SOON},
    "stats-waiting": {"count": 3},
    "stats-oldest": {"number": 1042, "opened": _SOON},
    "stats-satisfied": {"average": 4.2, "count": 5},
    "shown": {"number": 1042, "subject": "Late again"},
    "show-status": {"status": "open", "snoozed": _SOON, "spam": True, "merged": 1043, "split": 1041},
    "show-what": {"kind": "complaint", "category": "late", "severity": "high", "fault": "ours"},
    "show-why": {"rule": "late parcel", "words": "two weeks"},
    "show-customer": {"name": "Ann", "address": "ann@example.com", "language": "en", "channel": "phone"},
    "show-assignee": {"agent": "Sam"},
    "show-times": {"opened": _SOON, "deadline": _SOON, "score": 4},
    "show-told": {"channel": "phone"},
    "show-mail": {"count": 2, "sender": "ann@example.com", "at": _SOON, "attachments": "photo.jpg"},
    "show-draft": {"version": 2, "state": "open"},
    "show-letter": {
        "subject": "Re: Late",
        "recipient": "ann@example.com",
        "sent": _SOON,
        "undelivered": True,
    },
    "show-promise": {"count": 1, "what": "a new parcel", "due": _SOON, "state": "open"},
    "show-money": {"count": 1, "kind": "refund", "amount": "20 EUR", "reason": "late", "state": "offered"},
    "show-events": {},
    "show-event": {
        "at": _SOON,
        "kind": "changed",
        "actor": "Sam",
        "text": "she called",
        "what": "severity",
        "before": "normal",
        "after": "high",
        "until": _SOON,
    },
    "show-cut": {"count": 4000},
    "cell-number": {"number": 1042},
    "cell-severity": {"severity": "high"},
    "cell-status": {"status": "open"},
    "cell-moment": {"at": _SOON},
    "cell-agent": {"agent": "Sam"},
    "cell-count": {"count": 7},
    "cell-unknown": {},
    "cell-usage": _COMMAND,
    "cell-does": _COMMAND,
    "help-all": {},
    "help-one": {"command": "approve"},
    "help-names": {"names": "تأیید"},
    "help-who": {"who": "Noa"},
    "no-such-command": {"command": "aprove", "meant": "approve"},
    "no-case-of-number": {"which": "1042"},
    "opened": {"number": 1042, "customer": "Ann", "acknowledged": False, "because": "no address"},
    "next-opened": {"number": 1042},
    "open-no-words": {},
    "open-without-end": {},
    "open-empty": {},
    "open-label": {"label": "chanel", "meant": "channel"},
    "open-channel": {"known": "phone, letter"},
    "open-address": {"address": "ann@example"},
    "open-for-us": {"address": "sam@example.com"},
    "away": {"until": _SOON, "count": 3},
    "back": {},
    "next-back": {},
    "nobody-left": {},
    "forwarded-opened": {"number": 1042, "customer": "Ann", "acknowledged": False, "because": "a list"},
    "forwarded-joined": {"number": 1042, "customer": "Ann"},
    "forwarded-known": {"number": 1042, "customer": "Ann"},
    "forwarded-more": {"count": 2},
    "forwarded-unclear": {},
    # a case that ends while a draft is open
    "resolved-unsent": {"check_in": datetime(2026, 11, 25, 12, tzinfo=UTC)},
    "closed-unsent": {},
    "unsent-edit": {"command": "resolve"},
}
"""Every sentence that decisions may say, with a sample of each value. English must have them all."""

Sentences = Mapping[str, Template]


def read(file: str, text: str, environment: SandboxedEnvironment) -> tuple[dict[str, Made], list[Problem]]:
    """The sentences of one file, each tried with its samples."""
    fields, problems = mapping(file, text, 0, tuple(SENTENCES))
    sentences: dict[str, Made] = {}
    for code, (words, line) in fields.items():
        draft = Draft("\n" * (line - 1) + words, environment)
        made, found = compiled(file, text, draft, list(SENTENCES[code]))
        if made:
            found = attempt(file, text, made.template, SENTENCES[code])
            sentences[code] = made
        problems += found
    return sentences, problems


def missing(file: str, sentences: Collection[str]) -> list[Problem]:
    """What the last resort of all languages lacks."""
    lacking = [code for code in SENTENCES if code not in sentences]
    return [Problem(file, 0, 0, f'the sentence {code} is missing; write {code}: "…"') for code in lacking]


def say(template: Template, values: Mapping[str, Any]) -> str:
    """The sentence with its values, on one line; a letter prints it as it is."""
    return Marked(" ".join(template.render(values).split()))
