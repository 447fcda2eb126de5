"""Known issues: opened, changed and withdrawn, and which cases they concern (D18)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cases import issues
from cases.about import beginning
from cases.commands import issue_text
from cases.commands.choosing import chosen
from cases.commands.command import Command
from cases.commands.facts import NONE, read_value
from cases.commands.issue_text import Written
from cases.commands.situation import Effect, Situation
from cases.decision import DraftRequest
from cases.drafts import as_it_is, as_known, is_untouched, redrafted
from cases.naming import folded
from cases.numbers import number_in
from cases.rules.types import UNSURE
from cases.saying import Refusal, Say
from store.models import ENDED, EventKind, IssueState, KnownIssue
from store.values import NewRow, RowChange

STATES = (IssueState.OPEN, IssueState.WITHDRAWN)
"""What an agent can say of an issue besides that it is fixed."""
NOT = "not"


def issue(situation: Situation, text: str) -> Effect:
    """A known issue is opened; with the number of one, that one is changed."""
    written = issue_text.read(text, situation.facts.rulebook)
    return _changed(situation, written) if written.number is not None else _opened(situation, written)


def _opened(situation: Situation, written: Written) -> Effect:
    facts = situation.facts
    category, known = _category(situation, written), _facts(situation, written)
    if not category and not known:
        raise Refusal("issue-no-cause")
    if not written.texts:
        raise Refusal("issue-no-note")
    number = facts.known.next_issue
    title = written.head.get(issue_text.TITLE) or beginning(next(iter(written.texts.values())))
    row = {
        "id": number,
        "name": None,
        "title": title,
        "category": category,
        "facts": known,
        "notes": dict(written.texts),
        "fixes": {},
        "state": IssueState.OPEN,
        "opened_by": situation.agent.address,
        "opened_at": facts.now,
        "fixed_by": "",
        "fixed_at": None,
    }
    said = {"number": number, "title": title, "missing": _missing(situation, written.texts)}
    return Effect(
        events=((EventKind.ISSUE_OPENED, f"issue {number}: {title}"),),
        says=Say("issue-opened", said),
        data={"issue": number},
        rows=(NewRow("known_issue", row),),
        next_step=Say("next-issue", {"number": number}),
    )


def _changed(situation: Situation, written: Written) -> Effect:
    one = _known(situation, written.number, "issue")
    if one.name:
        raise Refusal("issue-of-file", number=one.id, name=one.name)
    if one.state is IssueState.FIXED:
        raise Refusal("issue-not-open", number=one.id, state=one.state.value)
    values: dict[str, Any] = {}
    if written.head.get(issue_text.TITLE):
        values["title"] = written.head[issue_text.TITLE]
    if category := _category(situation, written):
        values["category"] = category
    if known := _facts(situation, written):
        values["facts"] = {**one.facts, **known}
    if written.texts:
        values["notes"] = {**one.notes, **written.texts}
    if state := written.head.get(issue_text.STATE):
        words = situation.facts.rulebook.words
        values["state"] = IssueState(chosen("issue", state, list(STATES), words))
    if not values:
        raise Refusal("issue-nothing", number=one.id)
    after = one.model_copy(update=values)
    said = {
        "number": one.id,
        "title": after.title,
        "state": after.state.value,
        "missing": _missing(situation, after.notes),
    }
    return Effect(
        events=((EventKind.ISSUE_CHANGED, f"issue {one.id}: {', '.join(values)}"),),
        says=Say("issue-changed", said),
        data={"issue": one.id},
        changes=(_change(situation, one, values),),
    )


def _change(situation: Situation, one: KnownIssue, values: Mapping[str, Any]) -> RowChange:
    """A yes to letters that were shown before counts no more."""
    now = {"changed_at": situation.facts.now}
    return RowChange("known_issue", {"id": one.id}, {"state": one.state}, {**values, **now})


def _missing(situation: Situation, texts: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """The languages of letters that have no note, and what stands in for each, if anything does."""
    chain = situation.facts.rulebook.letters.chain
    return tuple(
        {"language": one, "instead": issues.said_in(texts, chain(one)).language}
        for one in sorted(situation.facts.languages - texts.keys())
    )


def _category(situation: Situation, written: Written) -> str:
    """The category that was written, by its name in any language; raises Refusal."""
    rulebook = situation.facts.rulebook
    known = {name: one for name, one in rulebook.categories.items() if name != UNSURE}
    called = {called: name for name, one in known.items() for called in one.names.values()}
    said = written.head.get(issue_text.CATEGORY, "")
    return chosen("category", said, list(known), rulebook.words, called) if said else ""


def _facts(situation: Situation, written: Written) -> dict[str, str]:
    extracting = situation.facts.rulebook.extracting
    return {
        name: extracting.called(name, read_value(situation, name, extracting.names[name], said))
        for name, said in written.facts.items()
    }


def _known(situation: Situation, number: int | None, command: str) -> KnownIssue:
    """The issue of that number; raises Refusal, with those that are open."""
    found = situation.facts.known.named
    if found is None or number is None or found.id != number:
        known = tuple(_named(one) for one in situation.facts.known.all_open)
        raise Refusal("no-such-issue", command=command, which=number, known=known)
    return found


def _named(one: KnownIssue) -> Say:
    return Say("issue-named", {"number": one.id, "title": one.title})


def open_issue(situation: Situation, number: int | None, command: str) -> KnownIssue:
    found = _known(situation, number, command)
    if found.state is not IssueState.OPEN:
        raise Refusal("issue-not-open", number=found.id, state=found.state.value)
    return found


def concerns(situation: Situation, text: str) -> Effect:
    """An issue concerns the case, or, with a `-` before its number, it does not."""
    head, _, rest = text.strip().partition(" ")
    removed = head in NONE or folded(head) in _not_words(situation)
    one = open_issue(situation, number_in(rest if removed else text), "concerns")
    return _said_of(situation, one, removed=removed)


def number_of(text: str) -> int | None:
    """The issue that `concerns`, `issue` or `fixed` names in its first line."""
    first = text.strip("\n").partition("\n")[0].strip()
    return number_in(first) if number_in(first) is not None else number_in(first.partition(" ")[2])


def _not_words(situation: Situation) -> set[str]:
    words = (way for one in situation.facts.rulebook.words for way in one.choices.get(NOT, ()))
    return {NOT, *map(folded, words)}


def _said_of(situation: Situation, one: KnownIssue, *, removed: bool) -> Effect:
    facts, case = as_known(situation), as_it_is(situation)
    row = next((each.row for each in facts.known.issues if each.issue.id == one.id), None)
    said = {"number": one.id, "title": one.title}
    if row is not None and row.removed == removed and row.by:
        return Effect((), Say("concerned-already", said | {"removed": removed}))
    agent = situation.agent.address
    values = {"removed": removed, "by": agent}
    key = {"issue_id": one.id, "case_number": case.number}
    rows = (issues.concerned(one, case, facts, agent, removed=removed),) if row is None else ()
    changes = (RowChange("concerned", key, {"removed": row.removed}, values),) if row is not None else ()
    kind = EventKind.NOT_CONCERNED if removed else EventKind.CONCERNED
    done = Effect(
        events=((kind, issues.in_words(one)),),
        says=Say("not-concerned" if removed else "concerned", said | {"draft": False}),
        values={"seen_at": facts.now},
        data={"issue": one.id},
        rows=rows,
        changes=changes,
    )
    return _with_draft(situation, done, said)


def _with_draft(situation: Situation, done: Effect, said: Mapping[str, Any]) -> Effect:
    """The draft made anew, where nobody wrote into it and it would say something else now."""
    if situation.status in ENDED or not (is_untouched(situation) and situation.case.customer):
        return done
    draft: DraftRequest = redrafted(situation.after("concerns", done))
    return Effect(
        events=(*done.events, (EventKind.DRAFTED, f"version {draft.version}")),
        says=Say(done.says.code, {**said, "draft": True}),
        values=done.values,
        data=done.data,
        draft=draft,
        rows=done.rows,
        changes=done.changes,
    )


_LINES = "issue TITLE, then lines such as category: late and en: what customers are told, then end"

COMMANDS: tuple[Command, ...] = (
    Command(
        "issue",
        _LINES,
        "Open a known issue: drafts for all whom it concerns carry its note. With its number, change it.",
        "more",
        issue,
        scope="desk",
    ),
    Command(
        "concerns",
        "concerns NUMBER",
        "Say that a known issue concerns the case; with - before its number, that it does not.",
        "text",
        concerns,
        repeatable=True,
    ),
)
