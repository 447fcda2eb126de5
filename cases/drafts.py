"""A new version of a draft from a letter: asked for by name, or because the case is not what it seemed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cases import asks, issues
from cases.asks import ANSWERS
from cases.commands.situation import Situation
from cases.decision import DraftRequest
from cases.facts import Facts
from store.models import Case, Commitment, Compensation, Noun, Promise, plain
from store.values import RowChange


def redrafted(situation: Situation, template: str = "", **changes: Any) -> DraftRequest:
    """The draft's next version, from an answer letter ("" is the category's).

    It is for the case with all that the commands so far have changed, and with the changes given here.
    """
    case = as_it_is(situation).model_copy(update=changes)
    facts = as_known(situation)
    return asks.draft_for(facts, case, template or asks.letter_of(facts, case), situation.version + 1)


def is_untouched(situation: Situation) -> bool:
    """Whether a draft is open that no person wrote into: such a one can be redrafted without being asked."""
    if not situation.draft_open:
        return False
    if made := newly_made(situation):
        return bool(made.template)
    return situation.facts.draft is not None and bool(situation.facts.draft.template)


def newly_made(situation: Situation) -> DraftRequest | None:
    """The newest version, where the commands so far have made one."""
    made = [effect.draft for effect in situation.effects if effect.draft]
    return made[-1] if made else None


def template_of(situation: Situation) -> str:
    """The answer letter that the newest version was made from; "" when a person wrote it or there is none."""
    made = newly_made(situation) or situation.facts.draft
    return made.template.removeprefix(ANSWERS) if made else ""


def as_it_is(situation: Situation) -> Case:
    """The case with all that the commands so far have changed."""
    changed = {name: value for effect in situation.effects for name, value in effect.values.items()}
    return situation.case.model_copy(update=changed | {"status": situation.status})


def as_known(situation: Situation) -> Facts:
    """The facts with what the commands so far promised and offered, and with what became of it."""
    facts = situation.facts
    promises = _with_effects(situation, "promise", facts.promises, Promise)
    offers = _with_effects(situation, "compensation", facts.compensations, Compensation)
    rows = [row for effect in situation.effects for row in effect.rows]
    known = issues.after(facts.known, rows, [one for effect in situation.effects for one in effect.changes])
    made = _with_effects(situation, "commitment", known.commitments, Commitment)
    return replace(facts, promises=promises, compensations=offers, known=replace(known, commitments=made))


def _with_effects(
    situation: Situation, table: str, known: tuple[Noun, ...], kind: type[Noun]
) -> tuple[Noun, ...]:
    changes = [one for effect in situation.effects for one in effect.changes if one.table == table]
    rows = [one for effect in situation.effects for one in effect.rows if one.table == table]
    changed = tuple(_changed(one, changes) for one in known)
    return changed + tuple(plain(kind, {"id": None, **row.values}) for row in rows)


def _changed(one: Noun, changes: Iterable[RowChange]) -> Noun:
    values = [change.values for change in changes if change.key == {"id": getattr(one, "id", None)}]
    return one.model_copy(update=dict(values[-1])) if values else one
