"""Commands about the draft: what leaves for the customer, and what does not (D5, promise 18)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection

from cases import asks
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.decision import DraftRequest
from cases.drafts import as_it_is, newly_made, redrafted
from cases.facts import Leaving, Listing
from cases.naming import TEMPLATE, Names
from cases.rules.rulebook import Rulebook
from cases.saying import Refusal, Say
from cases.sendable import sendable
from cases.toning.placeholders import left_open
from language.normalise import normalise
from store.models import ENDED, EventKind

ASK = "ask"
"""The answer letter that asks the customer what would make it right (D11)."""
NEAR = 0.6
"""How near a word must be to a letter's name to be taken for it."""


def approve(situation: Situation, _: str) -> Effect:
    """The open draft leaves for the customer, exactly as it is stored (promise 18), once it can no longer be
    taken back."""
    may_leave(situation)
    facts, case = situation.facts, as_it_is(situation)
    drafted = newly_made(situation) or facts.draft
    language = drafted.language if drafted else ""
    letter = asks.answer(facts, case, situation.version, situation.body, situation.agent, language)
    at = facts.now + letter.wait if letter.wait else None
    return Effect(
        events=((EventKind.APPROVED, f"version {situation.version} is to be sent"),),
        says=Say("approved", {"version": situation.version, "recipient": case.customer, "at": at}),
        values={
            "answered_at": facts.now,
            "first_answered_at": case.first_answered_at or facts.now,
            "holdings": 0,
            "seen_at": facts.now,
        },
        approve_draft=True,
        letters=(letter,),
        next_step=Say("next-undo", {"until": at}) if at else None,
    )


def may_leave(situation: Situation) -> None:
    """Raises Refusal where the draft can't be approved as it is."""
    if not situation.draft_open:
        raise Refusal("no-open-draft", command="approve")
    if not sendable(situation.case.customer):
        raise Refusal("no-customer", command="approve")
    made = newly_made(situation)
    if made and made.template:
        raise Refusal("approve-unread", command=_made_by(situation))
    words, line = _left_open(situation)
    if words:
        raise Refusal("placeholder", words=words, line=line)


def _refuse_without_address(situation: Situation, command: str) -> None:
    """Refuses what makes or shows a letter that nobody could send."""
    if not situation.case.customer:
        raise Refusal("no-customer", command=command)


def _made_by(situation: Situation) -> str:
    """The command that made the newest version of the draft."""
    return next((one.command for one in reversed(situation.effects) if one.draft), "")


def _left_open(situation: Situation) -> tuple[str, str]:
    """The first words that somebody was to fill in, and the line that they stand in; "" when none are left.
    Those of the customer's own subject or name, which the draft repeats, are none."""
    case, made = as_it_is(situation), newly_made(situation) or situation.facts.draft
    guide = situation.facts.rulebook.tone.of(made.language if made else case.language)
    return left_open(situation.body, guide, (case.subject, case.customer_name)) or ("", "")


def undo(situation: Situation, _: str) -> Effect:
    """The approved answer does not leave, and its draft waits to be decided again."""
    leaving = _leaving(situation)
    # Where the customer wrote in the meantime, a newer version waits already.
    reopens = leaving.version == situation.version and not situation.draft_open
    again = None if reopens else _again(situation, leaving)
    newest = None if reopens else again.version if again else situation.version
    drafted = (
        ((EventKind.DRAFTED, f"version {again.version}, as version {leaving.version}"),) if again else ()
    )
    return Effect(
        events=((EventKind.UNDONE, f"version {leaving.version} was taken back before it left"), *drafted),
        says=Say("undone", {"version": leaving.version, "newest": newest}),
        values={
            "answered_at": leaving.answered_before,
            "first_answered_at": situation.case.first_answered_at if leaving.answered_before else None,
            "holdings": leaving.holdings_before,
            "seen_at": situation.facts.now,
        },
        draft=again,
        reopen_draft=reopens,
        withdraw=(leaving.key,),
    )


def _again(situation: Situation, leaving: Leaving) -> DraftRequest | None:
    """The words that were taken back as a new version, where the newer one was thrown away."""
    if situation.draft_open or not leaving.body:
        return None
    language = as_it_is(situation).language
    return DraftRequest(situation.version + 1, language, situation.agent.address, body=leaving.body)


def _leaving(situation: Situation) -> Leaving:
    """The answer that can still be taken back; raises Refusal."""
    leaving, answered = situation.facts.leaving, situation.case.answered_at
    if any(effect.approve_draft for effect in situation.effects):
        raise Refusal("conflict", first="approve", second="undo")
    if leaving is None:
        raise Refusal("undo-too-late", approved=answered) if answered else Refusal("nothing-to-undo")
    if situation.status in ENDED:
        raise Refusal("undo-after-end", status=str(situation.status))
    return leaving


def edit(situation: Situation, text: str) -> Effect:
    """A new version of the draft, in the agent's own words."""
    _refuse_without_address(situation, "edit")
    version = situation.version + 1
    language = as_it_is(situation).language
    draft = DraftRequest(version, language, situation.agent.address, body=text)
    return Effect(
        events=((EventKind.EDITED, f"version {version} of the draft"),),
        says=Say("edited", {"version": version}),
        values={"seen_at": situation.facts.now},
        draft=draft,
    )


def template(situation: Situation, name: str) -> Effect:
    """A new version of the draft, from the answer letter of that name."""
    _refuse_without_address(situation, "template")
    return _from_letter(situation, letter_of(name, situation.facts.answers, situation.facts.rulebook))


def ask(situation: Situation, _: str) -> Effect:
    """A new version of the draft, which asks the customer what would make it right (D11)."""
    _refuse_without_address(situation, "ask")
    return _from_letter(situation, ASK)


def _from_letter(situation: Situation, name: str) -> Effect:
    draft = redrafted(situation, name)
    return Effect(
        events=((EventKind.DRAFTED, f"version {draft.version}, from the letter {name}"),),
        says=Say("redrafted", {"version": draft.version, "template": name}),
        values={"seen_at": situation.facts.now},
        draft=draft,
    )


def letter_of(written: str, known: Collection[str], rulebook: Rulebook) -> str:
    """The letter that is meant, by its name in any language; raises Refusal, with the nearest one and all
    there are."""
    names = Names(rulebook.words, rulebook.categories, rulebook.extracting.names)
    called = {
        _squeezed(names.value(name, TEMPLATE, one.language)): name
        for one in rulebook.words
        for name in sorted(known)
    }
    ways = called | {_squeezed(name): name for name in sorted(known)}
    wanted = _squeezed(written)
    if wanted in ways:
        return ways[wanted]
    near = difflib.get_close_matches(wanted, list(ways), n=1, cutoff=NEAR)
    meant = ways[near[0]] if near else ""
    raise Refusal("unknown-template", name=written, meant=meant, known=tuple(sorted(known)))


def _squeezed(name: str) -> str:
    """A letter's name as it is compared: `Wrong item`, `wrong-item` and `wrong_item` are one."""
    return "".join(re.findall(r"[^\W_]+|/", normalise(name)))


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


def preview(situation: Situation, _: str) -> Effect:
    """Nothing changes; the transcript shows the draft as the letter that would leave, or the approved answer
    that waits to."""
    _refuse_without_address(situation, "preview")
    leaving = situation.facts.leaving
    if not situation.draft_open and leaving and not _is_taken_back(situation, leaving):
        return _waiting(situation, leaving)
    if not situation.draft_open:
        raise Refusal("no-open-draft", command="preview")
    return Effect(
        events=((EventKind.LOOKED, f"at version {situation.version} of the draft"),),
        says=Say("previewed", {"version": situation.version, "left": _left_open(situation)[0]}),
        values={"seen_at": situation.facts.now},
    )


def _is_taken_back(situation: Situation, leaving: Leaving) -> bool:
    return any(leaving.key in effect.withdraw for effect in situation.effects)


def _waiting(situation: Situation, leaving: Leaving) -> Effect:
    """The answer that was approved and can still be taken back."""
    about = {"version": leaving.version, "recipient": situation.case.customer, "at": leaving.due_at}
    return Effect(
        events=((EventKind.LOOKED, f"at version {leaving.version}, which waits to leave"),),
        says=Say("looked", {"command": "preview"}),
        shows=Listing(Say("leaving-shown", about), parts=(leaving.body,)),
        next_step=Say("next-undo", {"until": leaving.due_at}),
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
        "undo",
        "undo",
        "Take back an approved answer that has not left yet; its draft is open again.",
        "nothing",
        undo,
    ),
    Command(
        "edit",
        "edit\n(the new text)\nend",
        "Put your own text in place of the draft; approve it in the same mail or later.",
        "lines",
        edit,
        not_with=("reject", "template", "ask"),
        reaches_customer=True,
    ),
    Command(
        "template",
        "template NAME",
        "Make the draft anew from another letter, by its name; a wrong name gets you the list.",
        "maybe",
        template,
        not_with=("approve", "reject", "ask"),
    ),
    Command("reject", "reject REASON", "Throw the draft away; nothing is sent.", "text", reject, flows=True),
    Command(
        "preview",
        "preview",
        "See the letter as it would leave.",
        "nothing",
        preview,
        changes_nothing=True,
    ),
    Command(
        "ask",
        "ask",
        "Make a draft that asks the customer what would make it right.",
        "nothing",
        ask,
        not_with=("approve", "reject"),
    ),
)
