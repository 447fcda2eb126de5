"""`kept`, `paid` and `withdraw`: how what a customer was promised or offered ends (D11, D14)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from cases.commands.command import Command
from cases.commands.picking import Choice, meant, pick
from cases.commands.situation import Effect, Situation
from cases.commands.telling_customers import PROMISE_KEPT, told_with
from cases.rules.rulebook import Rulebook
from cases.saying import Refusal, Say
from language.normalise import normalise
from store.models import Compensation, CompensationState, EventKind, PromiseState
from store.values import RowChange

PROMISE, OFFER = "promise", "offer"
NONE = {PROMISE: Say("no-open-promise"), OFFER: Say("no-open-offer")}


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise or an offer that is still open."""

    kind: Literal["promise", "offer"]
    key: int | None
    words: str
    """For the log."""
    shown: Mapping[str, Any]

    @property
    def table(self) -> Literal["promise", "compensation"]:
        """Where it is written down."""
        return "promise" if self.kind == PROMISE else "compensation"

    @property
    def change_key(self) -> tuple[str, int | None]:
        """What tells it from all others."""
        return self.table, self.key


def kept(situation: Situation, which: str) -> Effect:
    """A promise was kept."""
    one = pick(_open(situation, PROMISE), which, "kept", NONE[PROMISE])
    values = {"state": PromiseState.KEPT, "ended_at": situation.facts.now}
    effect = _ended(situation, one, EventKind.PROMISE_KEPT, Say("promise-kept", one.shown), values)
    return replace(effect, **told_with(situation, PROMISE_KEPT))


def paid(situation: Situation, which: str) -> Effect:
    """What was offered has been paid."""
    one = pick(_open(situation, OFFER), which, "paid", NONE[OFFER])
    values = {"state": CompensationState.PAID, "paid_at": situation.facts.now}
    return _ended(situation, one, EventKind.PAID, Say("paid", one.shown), values)


def withdraw(situation: Situation, which: str) -> Effect:
    """A promise or an offer was a mistake: it counts no more. What was paid can't be taken back so."""
    kind, rest = _named(situation.facts.rulebook, which)
    choices = _open(situation, kind) if kind else _either(situation)
    is_paid = kind != PROMISE and meant(_offers(situation, CompensationState.PAID), rest)
    if is_paid and not meant(choices, rest):
        raise Refusal("withdraw-paid", **is_paid[0].thing.shown)
    one = pick(choices, rest, "withdraw", NONE.get(kind, Say("nothing-owed")))
    values: dict[str, Any] = {"state": CompensationState.WITHDRAWN}
    says = Say("offer-withdrawn", one.shown)
    if one.kind == PROMISE:
        values = {"state": PromiseState.WITHDRAWN, "ended_at": situation.facts.now}
        says = Say("promise-withdrawn", one.shown)
    return _ended(situation, one, EventKind.WITHDRAWN, says, values)


def _ended(situation: Situation, one: Owed, event: EventKind, says: Say, values: Mapping[str, Any]) -> Effect:
    """It is open no more."""
    still = {"state": PromiseState.OPEN if one.kind == PROMISE else CompensationState.OFFERED}
    return Effect(
        events=((event, one.words),),
        says=says,
        values={"seen_at": situation.facts.now},
        data=one.shown,
        changes=(RowChange(one.table, {"id": one.key}, still, values),),
    )


def _open(situation: Situation, kind: str) -> list[Choice[Owed]]:
    """Those that are still open, numbered among all of the case."""
    found = _promises(situation) if kind == PROMISE else _offers(situation)
    gone = {(change.table, change.key.get("id")) for effect in situation.effects for change in effect.changes}
    return [one for one in found if one.thing.change_key not in gone]


def _promises(situation: Situation) -> list[Choice[Owed]]:
    return [
        Choice(
            number,
            one.what,
            Owed("promise", one.id, one.what, {"what": one.what}),
            Say("owed-promise", {"count": number, "what": one.what}),
        )
        for number, one in enumerate(situation.facts.promises, 1)
        if one.state is PromiseState.OPEN
    ]


def _offers(situation: Situation, state: CompensationState = CompensationState.OFFERED) -> list[Choice[Owed]]:
    return [
        _offer(number, one)
        for number, one in enumerate(situation.facts.compensations, 1)
        if one.state is state
    ]


def _offer(number: int, one: Compensation) -> Choice[Owed]:
    shown = {"kind": one.kind, "amount": one.amount, "currency": one.currency}
    words = f"{one.kind} {Decimal(one.amount):f} {one.currency}"
    logged = f"{one.kind}, {one.amount} {one.currency}"
    return Choice(
        number, words, Owed("offer", one.id, logged, shown), Say("owed-offer", {"count": number, **shown})
    )


def _either(situation: Situation) -> list[Choice[Owed]]:
    """Both, each listed with what it is: a promise and an offer can have the same number."""
    return [
        replace(one, shown=Say("owed-named", {"command": kind, "thing": one.shown}))
        for kind in (PROMISE, OFFER)
        for one in _open(situation, kind)
    ]


def _named(rulebook: Rulebook, which: str) -> tuple[str, str]:
    """Whether it begins with the word for a promise or an offer, and the rest; "" where it does not."""
    wanted = normalise(which)
    ways = [
        (normalise(alias), kind)
        for kind in (PROMISE, OFFER)
        for alias in (kind, *(way for one in rulebook.words for way in one.commands.get(kind, ())))
    ]
    for alias, kind in sorted(ways, key=lambda way: -len(way[0])):
        if wanted == alias or wanted.startswith(f"{alias} "):
            return kind, wanted[len(alias) :].strip()
    return "", which


COMMANDS: tuple[Command, ...] = (
    Command("kept", "kept WHAT", "The promise was kept.", "maybe", kept, repeatable=True),
    Command("paid", "paid WHAT", "What was offered has been paid.", "maybe", paid, repeatable=True),
    Command(
        "withdraw",
        "withdraw WHAT",
        "A promise or an offer was a mistake: it counts no more. What was paid stays.",
        "maybe",
        withdraw,
        repeatable=True,
    ),
)
