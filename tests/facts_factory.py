"""Small builders for what decisions look at, so that a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cases.facts import Facts
from cases.policy import Policy
from cases.rules.loading import load
from cases.rules.rulebook import Rulebook
from cases.rules.types import Agent
from cases.verbs import ALL
from language.words import Words
from store.models import (
    Case,
    CaseKind,
    Draft,
    DraftState,
    Fault,
    Severity,
    Status,
    Token,
    TokenPurpose,
)
from store.values import Address, Hit, Message, Verdict

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday morning."""
OURS, CUSTOMER, STRANGER = "complaints@example.com", "customer@example.org", "stranger@example.net"
AGENT, COLLEAGUE, ADMIN = "sara@example.com", "dana@example.com", "admin@example.com"
BORDER = "mx.example.com"
GENUINE = (f"{BORDER}; dmarc=pass (p=reject) header.from=example.com",)

CATEGORIES = """\
categories:
  late:
    kind: complaint
    description: It comes too late.
    answer_template: late
    answer_within: 1 working day
    check_in_after: 3 days
    check_in_reminder_after: 4 days
    close_after: 7 days
  praise:
    kind: praise
    description: The customer is content.
    answer_template: praise
  unsure:
    kind: other
    description: The rules can't tell.
    answer_template: default
"""
AGENTS = """\
agents:
  - {address: sara@example.com, name: Sara Ahmadi, languages: [en, fa], roles: [agent]}
  - {address: dana@example.com, name: Dana Levi, languages: [he], roles: [agent]}
  - {address: admin@example.com, name: Ada, roles: [admin]}
"""
CALENDAR = "time_zone: UTC\nweekend: [saturday, sunday]\nworking_hours: 09:00-17:00\n"
ROUTING = "routes: []\n"
WORDS = {
    "en": """\
language: en
name: English
courtesy: [thanks, thank you, hello, hi, many thanks, great]
solved: ["yes", solved, "yes, it is solved"]
not_solved: ["no", not solved, still not solved]
scores: {1: [terrible], 3: [so so], 4: [good], 5: [perfect]}
stop_asking: [stop, stop asking]
ask_again: [ask me again]
""",
    "fa": """\
language: fa
name: فارسی
courtesy: [سلام, ممنون, خیلی ممنون]
solved: [بله, حل شد]
not_solved: [نه, حل نشد, هنوز حل نشده]
stop_asking: [نپرسید]
ask_again: [دوباره بپرسید]
scores: {1: [افتضاح], 5: [عالی]}
commands: {approve: [تأیید, تایید], edit: [ویرایش], end: [پایان],
  reject: [رد], note: [یادداشت], resolve: [حل شد],
  assign: [ارجاع], help: [راهنما]}
""",
    "he": """\
language: he
name: עברית
courtesy: [תודה, שלום, תודה רבה]
solved: [כן, נפתר]
not_solved: [לא, לא נפתר]
scores: {1: [נורא], 5: [מעולה]}
commands: {approve: [אשר], edit: [ערוך], end: [סוף],
  reject: [דחה], note: [הערה], resolve: [סגור], assign: [העבר אל],
  help: [עזרה]}
""",
    "ar": """\
language: ar
name: العربية
courtesy: [شكرا, مرحبا, شكرا جزيلا]
solved: [نعم, تم الحل]
not_solved: [لا, لم تحل]
scores: {1: [سيئ جدا], 5: [ممتاز]}
commands: {approve: [موافقة], edit: [تعديل], end: [نهاية],
  reject: [رفض], note: [ملاحظة], resolve: [تم الحل],
  assign: [إسناد], help: [مساعدة]}
""",
}


def texts(**changes: str) -> dict[str, str]:
    """The rule files, by name; `routing="…"` replaces routing.yaml."""
    files = {"categories": CATEGORIES, "agents": AGENTS, "calendar": CALENDAR, "routing": ROUTING} | changes
    return {f"{name}.yaml": text for name, text in files.items()} | {
        f"words/{language}.yaml": text for language, text in WORDS.items()
    }


@cache
def _loaded(files: tuple[tuple[str, str], ...]) -> Rulebook:
    rulebook, problems = load(dict(files))
    assert rulebook, problems
    return rulebook


def rulebook(**changes: str) -> Rulebook:
    return _loaded(tuple(texts(**changes).items()))


def words() -> tuple[Words, ...]:
    return rulebook().words


def agent(address: str = AGENT) -> Agent:
    found = rulebook().agent(address)
    assert found
    return found


def policy(**changes: Any) -> Policy:
    return replace(Policy(OURS, "{local}+{token}@{domain}", trusted_authserv_id=BORDER), **changes)


def message(text: str = "My parcel is late.", *, sender: str = CUSTOMER, **changes: Any) -> Message:
    plain = Message(
        fingerprint="f1",
        message_id="<mail-1@example.org>",
        senders=(Address(sender, "A name"),) if sender else (),
        to=(Address(OURS),),
        subject="Where is it?",
        text=text,
        reply_text=text,
        headers=(("From", sender),) if sender else (),
    )
    return replace(plain, **changes)


def command(text: str, *, sender: str = AGENT, **changes: Any) -> Message:
    """An agent's reply to a draft, which our border vouches for."""
    return message(text, sender=sender, **({"authentication_results": GENUINE} | changes))


def case(**changes: Any) -> Case:
    values: dict[str, Any] = {
        "number": 7,
        "status": Status.NEW,
        "kind": CaseKind.COMPLAINT,
        "category": "late",
        "severity": Severity.NORMAL,
        "fault": Fault.UNKNOWN,
        "language": "en",
        "subject": "Where is it?",
        "customer": CUSTOMER,
        "customer_name": "A name",
        "assignee": AGENT,
        "reply_token": "b" * 26,
        "opened_at": NOW - timedelta(days=1),
        "acknowledged_at": NOW - timedelta(days=1),
        "deadline_at": NOW + timedelta(hours=7),
    }
    return Case(**(values | changes))


def draft(version: int = 1, **changes: Any) -> Draft:
    values: dict[str, Any] = {
        "case_number": 7,
        "state": DraftState.OPEN,
        "body": "We are sorry.",
        "created_at": NOW,
    }
    return Draft(**(values | {"version": version} | changes))


def token(**changes: Any) -> Token:
    values: dict[str, Any] = {
        "id": 33,
        "sha256": "0" * 64,
        "purpose": TokenPurpose.DRAFT,
        "case_number": 7,
        "draft_version": 1,
        "agent": AGENT,
        "verbs": [ALL],
        "created_at": NOW - timedelta(hours=1),
        "expires_at": NOW + timedelta(days=6),
    }
    return Token(**(values | changes))


def check_in_token() -> Token:
    return token(purpose=TokenPurpose.CHECK_IN, draft_version=None, agent="", verbs=[], expires_at=None)


def verdict(**changes: Any) -> Verdict:
    plain = Verdict(
        kind=CaseKind.COMPLAINT,
        category="late",
        severity=Severity.NORMAL,
        language="en",
        confidence=0.8,
        hits=(Hit("late-words", ("late",), "category late", 1.0),),
    )
    return replace(plain, **changes)


def facts(**changes: Any) -> Facts:
    return replace(Facts(now=NOW, cause="f1", rulebook=rulebook(), policy=policy()), **changes)


def opening_facts(**changes: Any) -> Facts:
    """Facts for a mail that belongs to no case."""
    return facts(**({"next_number": 8, "new_case_token": "c" * 26, "verdict": verdict()} | changes))


def waiting_facts(of: Mapping[str, Any] | None = None, **changes: Any) -> Facts:
    """Facts for a timer of case 7 whose first draft is still to come."""
    return facts(**({"case": case(**(of or {})), "cause": "draft/7"} | changes))


def case_facts(of: Mapping[str, Any] | None = None, **changes: Any) -> Facts:
    """Facts for a mail of the customer that joins case 7; `of` changes the case."""
    return facts(**({"case": case(**(of or {})), "joined_by": "thread", "draft": draft()} | changes))


def command_facts(of: Mapping[str, Any] | None = None, **changes: Any) -> Facts:
    """Facts for an agent's reply to the draft of case 7."""
    return case_facts(of, **({"joined_by": "address", "token": token(), "agent": agent()} | changes))
