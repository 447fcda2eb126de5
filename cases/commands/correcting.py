"""Commands about what the case is: its category, severity, fault and language (D9, L1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from cases import agent_mail, deadlines
from cases.commands.choosing import chosen
from cases.commands.command import Command
from cases.commands.situation import Effect, Situation
from cases.decision import DraftRequest, LetterRequest
from cases.drafts import as_it_is, is_untouched, redrafted, template_of
from cases.rules.categories import category_of
from cases.rules.types import UNSURE, Category
from cases.saying import Say
from cases.told_agents import BY
from store.models import FOR_A_PERSON, Case, EventKind, Fault, Severity
from store.values import NewRow, of_case

_BY_URGENCY = list(Severity)
KEPT, NEW, NONE, NO_LETTERS = "kept", "new", "none", "no-letters"
"""What became of the draft: an agent's own words are kept; another is made anew; or there is none to send, or
no letter in the language to make it from."""


def category(situation: Situation, written: str) -> Effect:
    """The category was wrong: it is learned from, and the draft is written anew for the right one."""
    rulebook, case = situation.facts.rulebook, as_it_is(situation)
    known = {name: one for name, one in rulebook.categories.items() if name != UNSURE}
    called = {called: name for name, one in known.items() for called in one.names.values()}
    name = chosen("category", written, list(known), rulebook.words, called)
    if name == case.category:
        return _the_same("category", name)
    now = category_of(name, rulebook)
    values = _as_of(now, case, category_of(case.category, rulebook)) | {"category": name}
    values["why"] = [{"rule": "", "words": [], "says": f"category {name}", BY: situation.agent.address}]
    draft = redrafted(situation, **values) if _may_redraft(situation) else None
    effect = Effect(
        events=((EventKind.CORRECTED, f"from {case.category} to {name}"),),
        says=Say("category-set", {"category": name, "draft": _became(situation, draft)}),
        values=values | {"seen_at": situation.facts.now},
        data={"from": case.category, "to": name, "why": case.why, "confidence": case.confidence},
        rows=(_taught(situation, name, now),),
    )
    return _with_draft(situation, effect, draft)


def _taught(situation: Situation, name: str, now: Category) -> NewRow:
    """The correction as it is learned from: about the mail that opened the case."""
    return NewRow(
        "correction",
        {
            "key": of_case(situation.case.number),
            "case_number": situation.case.number,
            "category": name,
            "kind": now.kind.value,
            "actor": situation.agent.address,
            "at": situation.facts.now,
        },
    )


def severity(situation: Situation, written: str) -> Effect:
    """How urgent the case is: the queue is ordered by it (D19)."""
    value = Severity(_read(situation, "severity", written, list(Severity)))
    effect = _set(situation, "severity", value, Say("severity-set", {"severity": value.value}))
    if not effect.events:
        return effect
    now = as_it_is(situation).model_copy(update=dict(effect.values))
    return replace(effect, values={**effect.values, **deadlines.tightened(situation.facts, now)})


def fault(situation: Situation, written: str) -> Effect:
    """Whose fault it was: only what is ours is apologised for (D9). The draft is written anew for it, unless
    somebody wrote into it; then a letter for it is offered."""
    value, case = Fault(_read(situation, "fault", written, list(Fault))), as_it_is(situation)
    draft = None
    if value != case.fault and _may_redraft(situation):
        draft = redrafted(situation, template_of(situation), fault=value)
    template = category_of(case.category, situation.facts.rulebook).answer_template
    became = _became(situation, draft)
    says = Say("fault-set", {"fault": value.value, "draft": became, "template": template})
    effect = _with_draft(situation, _set(situation, "fault", value, says), draft)
    offered = became == KEPT and bool(effect.events) and bool(case.customer)
    return replace(effect, letter=template, next_step=Say("next-approve")) if offered else effect


def language(situation: Situation, written: str) -> Effect:
    """The language that the customer is written to in; the draft is written anew in it, where letters are."""
    words, letters = situation.facts.rulebook.words, situation.facts.languages
    value = chosen(
        "language",
        written,
        [one.language for one in words],
        words,
        {one.name: one.language for one in words},
        offered=letters,
    )
    draft, lacks = None, bool(letters) and value not in letters
    if value != as_it_is(situation).language and _may_redraft(situation) and not lacks:
        draft = redrafted(situation, template_of(situation), language=value)
    became = NO_LETTERS if lacks else _became(situation, draft)
    says = Say("language-set", {"language": value, "draft": became, "instead": _instead(situation, value)})
    return _with_draft(situation, _set(situation, "language", value, says), draft)


def _instead(situation: Situation, language: str) -> str:
    """The language that letters leave in where there are none in this one."""
    letters = situation.facts.languages
    return next((one for one in situation.facts.rulebook.letters.chain(language) if one in letters), "en")


def _read(situation: Situation, command: str, written: str, values: Sequence[str]) -> str:
    return chosen(command, written, values, situation.facts.rulebook.words)


def _set(situation: Situation, what: str, value: str, says: Say) -> Effect:
    before = str(getattr(as_it_is(situation), what))
    if value == before:
        return _the_same(what, value)
    return Effect(
        events=((EventKind.CHANGED, f"{what} from {before} to {value}"),),
        says=says,
        values={what: value, "seen_at": situation.facts.now},
        data={"what": what, "from": before, "to": str(value)},
    )


def _the_same(command: str, value: str) -> Effect:
    return Effect((), Say("already-so", {"command": command, "value": value}))


def _as_of(now: Category, case: Case, before: Category) -> dict[str, Any]:
    """What follows from a person's word for another category.

    The deadline is not among it: the customer was told it. The rules' reasons were for the wrong one.
    """
    values: dict[str, Any] = {"kind": now.kind, "confidence": 1.0}
    if case.fault is before.fault:
        values["fault"] = now.fault
    if _BY_URGENCY.index(now.severity) > _BY_URGENCY.index(case.severity):
        values["severity"] = now.severity
    return values


def _may_redraft(situation: Situation) -> bool:
    return is_untouched(situation) and situation.status in FOR_A_PERSON


def _became(situation: Situation, draft: DraftRequest | None) -> str:
    if draft:
        return NEW
    return KEPT if situation.draft_open else NONE


def _with_draft(situation: Situation, effect: Effect, draft: DraftRequest | None) -> Effect:
    if draft is None:
        return effect
    return replace(
        effect,
        events=(*effect.events, (EventKind.DRAFTED, f"version {draft.version}")),
        draft=draft,
        letters=_to_assignee(situation, effect.values, draft),
    )


def _to_assignee(situation: Situation, values: Any, draft: DraftRequest) -> tuple[LetterRequest, ...]:
    """The new draft for whoever has the case, whose older mails are worth nothing now."""
    agent = situation.facts.rulebook.agent(situation.assignee)
    if agent is None or agent == situation.agent:
        return ()
    case = as_it_is(situation).model_copy(update=dict(values))
    return (
        agent_mail.draft_to_agent(situation.facts, case, agent, headline="redrafted", version=draft.version),
    )


def _one_of_few(name: str, usage: str, summary: str, run: Callable[[Situation, str], Effect]) -> Command:
    return Command(name, usage, summary, "text", run, lists_its_values=True)


COMMANDS = (
    _one_of_few("category", "category NAME", "Say what the case is really about.", category),
    _one_of_few("severity", "severity low|normal|high|urgent", "Say how urgent it is.", severity),
    _one_of_few("fault", "fault ours|third-party|customer|unknown", "Say whose fault it was.", fault),
    _one_of_few("language", "language NAME", "Say which language the customer reads.", language),
)
