"""Files that no scanner had seen when a letter to an agent left: they come in a mail of their own."""

from __future__ import annotations

from hashlib import sha256

from cases import agent_mail
from cases.decision import Decision, LetterRequest
from cases.facts import Facts
from cases.skipping import only_skipped
from store.models import Case, TimerKind
from store.values import NewTimer

_PARTS = 4


def timer_for(reference: str, letter: LetterRequest, facts: Facts) -> NewTimer:
    """The timer by which they come; `reference` is what the mail is stored by, its id or its fingerprint."""
    mark = sha256(letter.key.encode()).hexdigest()[:12]
    return NewTimer(
        TimerKind.FILES, f"{TimerKind.FILES}/{reference}/{mark}/{letter.recipient.address}", facts.now
    )


def reference_in(key: str) -> str:
    """Which mail's files a timer is for."""
    return key.split("/", _PARTS - 1)[1]


def on_files(facts: Facts, case: Case) -> Decision:
    """The files go to whoever was told that they would come, unless that one is no agent any more."""
    address = facts.cause.split("/", _PARTS - 1)[-1]
    agent = facts.rulebook.agent(address)
    if agent is None:
        return only_skipped(case, TimerKind.FILES, f"{address} is no agent any more")
    return Decision(case_number=case.number, letters=(agent_mail.files_to_agent(facts, case, agent),))
