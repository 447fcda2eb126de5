"""Whose the case is: assign, take, release, escalate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.commands.grammar import Given
from cases.commands.obey import on_command
from cases.decision import Decision, LetterRequest
from cases.facts import Facts, Presence, Remark
from cases.saying import Refusal, Say
from cases.verbs import ALL, FOR_WHO_GAVE_IT
from store.models import EventKind, LetterKind, Status, TimerKind
from tests.facts_factory import ADMIN, AGENT, COLLEAGUE, NOW, case_facts, draft, rulebook

MADE = draft(template="answer/late")
"""A draft that no person wrote into."""
TEAMS = """\
agents:
  - {address: sara@example.com, name: Sara Ahmadi, languages: [en, fa], roles: [agent]}
  - {address: dana@example.com, name: Dana Levi, languages: [he], roles: [agent, owner], team: returns}
  - {address: reza@example.com, name: Reza, roles: [agent], team: returns}
  - {address: admin@example.com, name: Ada, roles: [admin]}
"""


def command(text: str) -> Given:
    name, _, argument = text.partition(" ")
    return Given(name, argument)


def given(*texts: str, by: str = AGENT, facts: Facts | None = None, **of: Any) -> Decision:
    facts = facts or case_facts(of, draft=MADE)
    assert facts.case
    who = facts.rulebook.agent(by)
    assert who
    commands = [command(text) for text in texts]
    return on_command(facts, facts.case, who, commands)


def refused(*texts: str, **more: Any) -> Say:
    with pytest.raises(Refusal) as why:
        given(*texts, **more)
    return why.value.say


def changed(decision: Decision) -> dict[str, Any]:
    assert decision.case
    return dict(decision.case.values)


def mails_to(decision: Decision, address: str) -> list[LetterRequest]:
    return [letter for letter in decision.letters if letter.recipient.key == address]


def verbs(letter: LetterRequest) -> tuple[str, ...]:
    assert letter.reply_to
    return letter.reply_to.verbs


def test_assign_gives_the_case_and_a_draft_in_the_new_agents_name() -> None:
    decision = given("assign dana")
    assert [event.kind for event in decision.events] == [EventKind.ASSIGNED, EventKind.DRAFTED]
    assert changed(decision)["assignee"] == COLLEAGUE
    assert changed(decision)["seen_at"] is None, "the new agent has not opened it"
    assert decision.draft
    assert decision.draft.agent == COLLEAGUE
    assert (decision.draft.version, decision.draft.template) == (2, "answer/late")
    assert decision.draft.variables["agent_name"] == "Dana Levi"
    (mail,) = mails_to(decision, COLLEAGUE)
    assert (mail.kind, mail.variables["headline"]) == (LetterKind.DRAFT, "assigned")
    assert verbs(mail) == (ALL,)
    assert decision.revoke_tokens, "whoever had older mails can do nothing with them"


def test_who_gave_a_case_away_can_only_ask_for_it_back_note_and_look() -> None:
    (transcript,) = mails_to(given("assign dana"), AGENT)
    assert verbs(transcript) == FOR_WHO_GAVE_IT
    assert set(transcript.offers) <= set(FOR_WHO_GAVE_IT)
    assert not transcript.variables["draft_is_open"]
    assert [say.code for say in transcript.variables["next"]] == ["next-take"]


def test_a_draft_that_a_person_wrote_into_stays_as_it_is() -> None:
    decision = given("assign dana", facts=case_facts(draft=draft(version=4)))
    assert decision.draft is None
    (mail,) = mails_to(decision, COLLEAGUE)
    assert mail.reply_to
    assert mail.reply_to.draft_version == 4


@pytest.mark.parametrize("status", [Status.ANSWERED, Status.RESOLVED])
def test_a_case_without_an_open_draft_gets_none_by_changing_hands(status: Status) -> None:
    decision = given("assign dana", status=status)
    assert decision.draft is None
    assert changed(decision)["status"] is status


def test_the_new_agent_reads_what_was_noted_before_and_in_this_mail() -> None:
    trail = (Remark(NOW - timedelta(days=1), COLLEAGUE, "she called"),)
    facts = case_facts(draft=MADE, trail=trail)
    (mail,) = mails_to(given("note he is angry", "assign dana", facts=facts), COLLEAGUE)
    told = [(one["who"], one["words"]) for one in mail.variables["trail"]]
    assert told == [("Dana Levi", "she called"), ("Sara Ahmadi", "he is angry")]


def test_to_assign_a_case_to_who_has_it_changes_nothing() -> None:
    decision = given("assign sara")
    assert changed(decision) == {"status": Status.NEW}
    assert decision.events == ()
    assert not decision.revoke_tokens


def test_an_admin_who_gives_a_colleagues_case_to_another_tells_both() -> None:
    decision = given("assign dana", by=ADMIN)
    (told,) = mails_to(decision, AGENT)
    assert told.variables["lines"] == (Say("taken-from-you", {"agent": "Dana Levi"}),)
    assert verbs(told) == FOR_WHO_GAVE_IT
    assert len(mails_to(decision, COLLEAGUE)) == 1
    assert len({letter.key for letter in decision.letters}) == 3


def test_take_makes_the_case_the_givers_and_tells_who_had_it() -> None:
    decision = given("take", by=COLLEAGUE)
    assert changed(decision)["assignee"] == COLLEAGUE
    assert changed(decision)["seen_at"] == NOW
    (told,) = mails_to(decision, AGENT)
    assert told.variables["lines"] == (Say("taken-from-you", {"agent": "Dana Levi"}),)
    (transcript,) = mails_to(decision, COLLEAGUE)
    assert verbs(transcript) == (ALL,)
    assert transcript.variables["draft_is_open"]


def test_to_take_ones_own_case_changes_nothing() -> None:
    decision = given("take")
    assert (decision.events, decision.draft, decision.revoke_tokens) == ((), None, False)
    assert decision.letters[-1].variables["lines"] == (Say("already-theirs", {"agent": "Sara Ahmadi"}),)


def test_a_released_case_is_nobodys_and_unopened() -> None:
    decision = given("release")
    assert [event.kind for event in decision.events] == [EventKind.RELEASED]
    assert (changed(decision)["assignee"], changed(decision)["seen_at"]) == ("", None)
    assert decision.revoke_tokens
    (transcript,) = decision.letters
    assert verbs(transcript) == FOR_WHO_GAVE_IT


def test_a_released_case_that_nobody_takes_within_a_working_hour_is_given_to_somebody() -> None:
    decision = given("release")
    (timer,) = decision.timers
    assert (timer.kind, timer.due_at) == (TimerKind.RELEASE, NOW + timedelta(hours=1))
    assert timer.key.endswith(f"/{AGENT}"), "who gave it back is not the one who gets it"
    assert decision.letters[-1].variables["lines"] == (Say("released", {"at": timer.due_at}),)


def test_a_case_that_waits_for_nobody_is_released_without_more() -> None:
    decision = given("release", status=Status.ANSWERED)
    assert decision.timers == ()
    assert decision.letters[-1].variables["lines"] == (Say("released", {"at": None}),)


def test_to_release_what_is_nobodys_changes_nothing() -> None:
    decision = given("release", assignee="")
    assert decision.events == ()
    assert decision.letters[-1].variables["lines"] == (Say("already-nobodys"),)


def test_who_had_a_case_is_told_that_another_released_it() -> None:
    (told,) = mails_to(given("release", by=ADMIN), AGENT)
    assert told.variables["lines"] == (Say("released-yours", {"agent": "Ada"}),)


@pytest.mark.parametrize("text", ["assign dana", "release", "escalate Ada"])
def test_a_case_that_was_put_off_is_not_any_more_in_other_hands(text: str) -> None:
    decision = given(text, snoozed_until=NOW + timedelta(days=2))
    assert changed(decision)["snoozed_until"] is None
    assert TimerKind.SNOOZE in decision.cancel_timers


def test_escalate_to_a_person_goes_with_the_reason_and_all_that_was_noted() -> None:
    facts = case_facts(draft=MADE, trail=(Remark(NOW, COLLEAGUE, "third time"),))
    decision = given("escalate Ada, he wants to see a lawyer", facts=facts)
    first = decision.events[0]
    assert (first.kind, first.text) == (
        EventKind.ESCALATED,
        f"to {ADMIN}: he wants to see a lawyer",
    )
    assert dict(first.data) == {"to": ADMIN, "reason": "he wants to see a lawyer"}
    assert changed(decision)["assignee"] == ADMIN
    (mail,) = mails_to(decision, ADMIN)
    assert mail.variables["headline"] == "escalated"
    told = [one["words"] for one in mail.variables["trail"]]
    assert told == ["third time", "he wants to see a lawyer"]


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("escalate owner", "dana@example.com"),
        ("escalate Returns she asks again", "dana@example.com"),
        ("escalate admin", ADMIN),
    ],
)
def test_escalate_to_a_role_or_a_team_finds_somebody(text: str, to: str) -> None:
    facts = case_facts(draft=MADE, rulebook=rulebook(agents=TEAMS))
    assert changed(given(text, facts=facts))["assignee"] == to


def test_of_a_team_the_one_who_is_there_and_has_the_fewest_cases_gets_it() -> None:
    busy = Presence(open_cases={"dana@example.com": 4, "reza@example.com": 1})
    facts = case_facts(draft=MADE, rulebook=rulebook(agents=TEAMS), presence=busy)
    assert changed(given("escalate returns", facts=facts))["assignee"] == "reza@example.com"
    away = Presence(away={"reza@example.com": NOW + timedelta(days=1)}, open_cases=busy.open_cases)
    facts = case_facts(draft=MADE, rulebook=rulebook(agents=TEAMS), presence=away)
    assert changed(given("escalate returns", facts=facts))["assignee"] == "dana@example.com"


@pytest.mark.parametrize("text", ["escalate Sara", "escalate sara@example.com he shouts"])
def test_nobody_escalates_to_themselves(text: str) -> None:
    assert refused(text).code == "escalate-to-yourself"


def test_a_role_that_nobody_has_is_refused() -> None:
    assert refused("escalate approver") == Say("nobody-has-the-role", {"role": "approver"})


def test_an_unknown_name_is_refused_with_who_there_is() -> None:
    say = refused("escalate Dna she asks")
    assert (say.code, say.values["meant"]) == ("unknown-agent", "Dana")
    assert say.values["known"] == ("Sara Ahmadi", "Dana Levi", "Ada", "approver", "admin", "owner")
    assert refused("assign Nobody").code == "unknown-agent"


@pytest.mark.parametrize("text", ["assign dana", "escalate dana"])
def test_who_is_away_gets_no_case(text: str) -> None:
    until = NOW + timedelta(days=3)
    facts = case_facts(draft=MADE, presence=Presence(away={COLLEAGUE: until}))
    say = refused(text, facts=facts)
    assert say == Say("agent-away", {"agent": "Dana Levi", "until": until, "there": ("Sara Ahmadi", "Ada")})
    back = case_facts(draft=MADE, presence=Presence(away={COLLEAGUE: NOW}))
    assert changed(given(text, facts=back))["assignee"] == COLLEAGUE


@pytest.mark.parametrize("text", ["assign dana", "take", "release", "escalate Ada"])
def test_a_closed_case_changes_no_hands(text: str) -> None:
    by = COLLEAGUE if text == "take" else AGENT
    assert refused(text, status=Status.CLOSED, by=by).code == "illegal"


@pytest.mark.parametrize(
    ("one", "other"), [("assign dana", "take"), ("release", "escalate Ada"), ("take", "release")]
)
def test_two_new_owners_in_one_mail_are_refused(one: str, other: str) -> None:
    assert refused(one, other).code == "conflict"


def test_where_the_first_draft_is_still_to_come_it_goes_to_the_new_agent_by_itself() -> None:
    facts = case_facts(draft=None, draft_coming=True)
    assert mails_to(given("assign dana", facts=facts), COLLEAGUE) == []
    told = mails_to(given("note x", "assign dana", facts=facts), COLLEAGUE)
    assert len(told) == 1, "what was noted would not be in it"


@pytest.mark.parametrize("other", ["assign dana", "release", "escalate Ada"])
def test_who_gives_a_case_away_does_not_put_it_off(other: str) -> None:
    for texts in (("snooze 2026-03-06", other), (other, "snooze 2026-03-06")):
        with pytest.raises(Refusal) as why:
            given(*texts)
        assert why.value.say.code == "conflict"


@pytest.mark.parametrize("texts", [("take", "snooze 2026-03-06"), ("snooze 2026-03-06", "take")])
def test_who_takes_a_case_can_put_it_off_at_once(texts: tuple[str, ...]) -> None:
    decision = given(*texts, assignee=COLLEAGUE)
    assert changed(decision)["snoozed_until"]
    assert changed(decision)["assignee"] == AGENT
    assert [timer.kind for timer in decision.timers] == [TimerKind.SNOOZE]
