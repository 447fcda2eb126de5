"""Commands about the whole desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cases.commands import helping
from cases.commands.desk import COMMANDS, away
from cases.commands.registry import COMMANDS as ALL
from cases.commands.situation import Effect, begin
from cases.facts import Facts, Listing, Presence
from cases.rules.types import Role
from cases.saying import Refusal, Say
from store.models import EventKind, Status
from tests.facts_factory import AGENT, COLLEAGUE, NOW, agent, case, facts, rulebook

LOOKS = [one for one in COMMANDS if one.changes_nothing]


def run(name: str, argument: str = "", *, given: Facts | None = None, closed: bool = False) -> Effect:
    of = case(status=Status.CLOSED) if closed else None
    return ALL[name].run(begin(given or facts(), of, agent()), argument)


@pytest.mark.parametrize("command", LOOKS, ids=lambda one: one.name)
def test_what_was_found_is_shown_and_nothing_changes(command: Any) -> None:
    listing = Listing(Say("queue", {"count": 0, "shown": 0}))
    effect = run(command.name, "1042", given=facts(found={(command.name, "1042"): listing}))
    assert effect.shows == listing
    assert [kind for kind, _ in effect.events] in ([EventKind.LOOKED], [EventKind.HELPED])
    assert (effect.values, effect.letters, effect.rows, effect.beside) == ({}, (), (), None)


@pytest.mark.parametrize("command", LOOKS, ids=lambda one: one.name)
def test_nothing_to_show_is_a_refusal_in_its_own_words(command: Any) -> None:
    given = facts(found={(command.name, "x"): Say("no-case-of-number", {"which": "x"})})
    with pytest.raises(Refusal) as refusal:
        run(command.name, "x", given=given)
    assert refusal.value.say == Say("no-case-of-number", {"which": "x"})


def test_what_could_not_be_looked_up_says_so() -> None:
    with pytest.raises(Refusal) as refusal:
        run("queue")
    assert refusal.value.say.code == "not-looked-up"


def test_an_absence_is_written_down_with_its_end() -> None:
    effect = away(begin(facts(), None, agent()), "2026-03-05")
    [row] = effect.rows
    assert (row.table, row.values["agent"], row.values["said_at"]) == ("absence", AGENT, NOW)
    assert row.values["until"] > NOW
    assert effect.says.values["until"] == row.values["until"]
    assert effect.next_step == Say("next-back")


def test_an_absence_says_what_stays_behind() -> None:
    given = facts(presence=Presence(open_cases={AGENT: 3}))
    assert away(begin(given, None, agent()), "2026-03-05").says.values["count"] == 3


def test_the_last_one_hears_that_nobody_is_left() -> None:
    given = facts(presence=Presence(away={COLLEAGUE: NOW + timedelta(days=3)}))
    assert away(begin(given, None, agent()), "2026-03-05").next_step == Say("nobody-left")


@pytest.mark.parametrize("words", ["back", "BACK", " back "])
def test_an_absence_can_end(words: str) -> None:
    [row] = away(begin(facts(), None, agent()), words).rows
    assert row.values["until"] == NOW


def test_help_lists_every_command_once() -> None:
    listing = helping.listing("", rulebook(), "en")
    assert isinstance(listing, Listing)
    named = [row[0].values["command"] for row in listing.rows if isinstance(row[0], Say)]
    assert named == list(ALL)


@pytest.mark.parametrize(
    ("written", "name"), [("approve", "approve"), ("Approve", "approve"), ("تایید", "approve")]
)
def test_help_explains_one_command_by_any_of_its_names(written: str, name: str) -> None:
    listing = helping.listing(written, rulebook(), "fa")
    assert isinstance(listing, Listing)
    assert listing.title == Say("help-one", {"command": name})
    others = Say("help-names", {"names": ("تایید", "approve")})
    assert others in listing.parts, "the first name, تأیید, stands in the usage above"


@pytest.mark.parametrize(("written", "meant"), [("aprove", "approve"), ("zzzz", ""), ("end", "")])
def test_help_about_no_command_says_what_was_meant(written: str, meant: str) -> None:
    said = helping.listing(written, rulebook(), "en")
    assert isinstance(said, Say)
    assert (said.code, said.values["command"]) == ("no-such-command", written)
    assert said.values["meant"] == meant or written == "end"


@pytest.mark.parametrize(
    ("role", "who"), [(Role.AGENT, ("Sara Ahmadi", "Dana Levi")), (Role.ADMIN, ("Ada",))]
)
def test_help_says_who_may_give_a_command_that_not_all_may(
    role: Role, who: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any command can be left to roles, although none is now."""
    monkeypatch.setitem(ALL, "note", replace(ALL["note"], roles=(role,)))
    listing = helping.listing("note", rulebook(), "en")
    assert isinstance(listing, Listing)
    assert Say("help-who", {"who": who}) in listing.parts
