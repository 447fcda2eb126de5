"""Commands about the whole desk: what waits, what was, who is there, cases that came another way."""

from __future__ import annotations

from collections.abc import Callable

from cases.afterwards import afterwards
from cases.assigning import is_away
from cases.commands import telling
from cases.commands.command import Command, Takes
from cases.commands.dates import until_when
from cases.commands.situation import Effect, Situation
from cases.drafts import as_it_is
from cases.facts import Listing
from cases.rules.types import Role
from cases.saying import Refusal, Say
from language.normalise import normalise
from store.models import EventKind
from store.values import NewRow

BACK = "back"
MINE = "mine"
LISTS = ("queue", MINE)
"""What shows the case of the mail itself, as one of many."""
REPEATABLE = ("show", "help")
"""A search takes too long to be given many times in one mail."""


def _looks(name: str) -> Callable[[Situation, str], Effect]:
    """A command that shows what was found for it, and changes nothing."""

    def look(situation: Situation, argument: str) -> Effect:
        listing = _as_it_is_now(situation, name, _found(situation, name, argument))
        what = f"{name} {argument}".strip()
        return Effect(
            events=((EventKind.LOOKED, what),), says=Say("looked", {"command": name}), shows=listing
        )

    return look


def _as_it_is_now(situation: Situation, name: str, found: Listing) -> Listing:
    """What was found, with what the commands above it in the mail have changed."""
    if name not in LISTS or situation.case_or_none is None or not situation.effects:
        return found
    facts, whose = situation.facts, situation.agent.address if name == MINE else ""
    return afterwards(found, as_it_is(situation), facts.rulebook, facts.now, whose)


def _found(situation: Situation, name: str, argument: str) -> Listing:
    """What was found; raises Refusal where there is nothing to show."""
    found = situation.facts.found.get((name, argument))
    if found is None:
        raise Refusal("not-looked-up", command=name)
    if isinstance(found, Say):
        raise Refusal(found.code, **found.values)
    return found


def show_help(situation: Situation, argument: str) -> Effect:
    """All commands, or one of them with its other names."""
    listing = _found(situation, "help", argument)
    return Effect(events=((EventKind.HELPED, argument),), says=Say("helped"), shows=listing)


def away(situation: Situation, when: str) -> Effect:
    """The agent gets no new cases until then; those they have stay theirs."""
    facts, agent = situation.facts, situation.agent
    back = _is_back(situation, when)
    until = facts.now if back else until_when(facts, when)
    row = NewRow("absence", {"agent": agent.address, "until": until, "said_at": facts.now})
    if back:
        return Effect(events=((EventKind.AWAY, BACK),), says=Say("back"), rows=(row,))
    return Effect(
        events=((EventKind.AWAY, f"until {until.isoformat(timespec='minutes')}"),),
        says=Say("away", {"until": until, "count": facts.presence.open_cases.get(agent.address, 0)}),
        rows=(row,),
        next_step=Say("next-back") if _somebody_is_left(situation) else Say("nobody-left"),
    )


def _is_back(situation: Situation, when: str) -> bool:
    words = (text for one in situation.facts.rulebook.words for text in one.choices.get(BACK, ()))
    return normalise(when) in {BACK, *map(normalise, words)}


def _somebody_is_left(situation: Situation) -> bool:
    """Whether another of those who answer is not away."""
    facts, agent = situation.facts, situation.agent
    others = [one for one in facts.rulebook.with_role(Role.AGENT) if one.address != agent.address]
    return any(not is_away(one, facts) for one in others)


def _looking(name: str, usage: str, summary: str, takes: Takes = "nothing") -> Command:
    """The entry of a command that changes nothing."""
    run = show_help if name == "help" else _looks(name)
    return Command(
        name, usage, summary, takes, run, scope="desk", repeatable=name in REPEATABLE, changes_nothing=True
    )


COMMANDS = (
    _looking("queue", "queue", "List what waits for a person, in the order to take it."),
    _looking("mine", "mine", "List the cases that wait for you."),
    _looking("show", "show NUMBER", "Show a whole case.", "maybe"),
    _looking("search", "search WORDS", "Find cases by what was written, by name or by address.", "text"),
    _looking("issues", "issues [NUMBER]", "List the known issues, or see one of them whole.", "maybe"),
    _looking("commitments", "commitments", "List what the firm said that it will change, and has not yet."),
    _looking("stats", "stats", "Count the cases of the last seven days."),
    _looking("causes", "causes", "List the causes that grow now."),
    *telling.COMMANDS,
    Command(
        "away",
        "away UNTIL (or away back)",
        "Get no new cases until then.",
        "text",
        away,
        scope="desk",
    ),
    _looking("help", "help [COMMAND]", "Get this list, or more about one command.", "maybe"),
)
