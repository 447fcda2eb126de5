"""Commands about the draft: what leaves for the customer, and what does not (D5, promise 18)."""

from __future__ import annotations

import re

from cases import asks
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.facts import DraftRequest
from cases.saying import Refusal, Say
from cases.sendable import sendable
from store.models import EventKind

PLACEHOLDER = re.compile(r"\[[^\[\]\n]*[^\W\d_][^\[\]\n]*\](?!\()")
"""Words in brackets that somebody was to replace; an answer never leaves with them (D7)."""


def approve(situation: Situation, _: str) -> Effect:
    """The open draft leaves for the customer, exactly as it is stored (promise 18)."""
    if not situation.draft_open:
        raise Refusal("no-open-draft", command="approve")
    if not sendable(situation.case.customer):
        raise Refusal("no-customer")
    left = PLACEHOLDER.search(situation.body)
    if left:
        raise Refusal("placeholder", words=left[0])
    letter = asks.answer(situation.facts, situation.case, situation.version, situation.body, situation.agent)
    return Effect(
        events=((EventKind.APPROVED, f"version {situation.version} is to be sent"),),
        says=Say("approved", {"version": situation.version, "recipient": situation.case.customer}),
        values={"answered_at": situation.facts.now, "seen_at": situation.facts.now},
        approve_draft=True,
        letters=(letter,),
    )


def edit(situation: Situation, text: str) -> Effect:
    """A new version of the draft, in the agent's own words."""
    version = situation.version + 1
    draft = DraftRequest(version, situation.case.language, situation.agent.address, body=text)
    return Effect(
        events=((EventKind.EDITED, f"version {version} of the draft"),),
        says=Say("edited", {"version": version}),
        values={"seen_at": situation.facts.now},
        draft=draft,
    )


def reject(situation: Situation, reason: str) -> Effect:
    """The draft is thrown away; the case stays with the agent."""
    if not situation.draft_open:
        raise Refusal("no-open-draft", command="reject")
    return Effect(
        events=((EventKind.REJECTED, f"version {situation.version}: {reason}"),),
        says=Say("rejected", {"version": situation.version}),
        values={"seen_at": situation.facts.now},
        reject_draft=True,
    )


COMMANDS = (
    Command(
        "approve",
        "approve",
        "Send the draft to the customer as it stands.",
        "nothing",
        approve,
        not_with=("reject",),
        reaches_customer=True,
    ),
    Command(
        "edit",
        "edit\n(the new text)\nend",
        "Put your own text in place of the draft; approve it in the same mail or later.",
        "lines",
        edit,
        not_with=("reject",),
        reaches_customer=True,
    ),
    Command("reject", "reject REASON", "Throw the draft away; nothing is sent.", "text", reject, flows=True),
)
