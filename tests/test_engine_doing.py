"""`worker.py do`: the desk's commands from the command line."""

from __future__ import annotations

import pytest

from cases.commands.grammar import names_of, read
from cases.facts import Leaving
from engine import doing
from engine.doing import NotDone
from tests.facts_factory import AGENT, NOW, draft, facts, rulebook
from tests.journeys import Journey, text_of


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    quick_journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    quick_journey.work()
    return quick_journey


def do(
    journey: Journey, text: str, *, agent: str = "", number: int | None = None, seen: int | None = None
) -> str:
    done = doing.do(journey.worker.desk, text, agent=agent or journey.sam, number=number, seen=seen)
    return "\n".join(done)


def test_desk_commands_need_no_case(desk: Journey) -> None:
    assert "Where is my parcel?" in do(desk, "queue")
    assert "Where is my parcel?" in do(desk, "search parcel")
    assert "1 new case\n" in do(desk, "stats")
    assert "approve" in do(desk, "help")


def test_the_case_may_stand_above_the_commands(desk: Journey) -> None:
    number = desk.case()["number"]
    assert "Noted" in do(desk, f"#{number}\nnote she called")
    assert "Noted" in do(desk, "note again", number=number)
    assert "Noted" in do(desk, f"#{number}\nnote and again", number=number)
    assert [one["text"] for one in desk.events("noted")] == ["she called", "again", "and again"]


def test_two_cases_are_refused(desk: Journey) -> None:
    with pytest.raises(NotDone, match="two cases"):
        do(desk, f"#{desk.case()['number']}\nnote x", number=4711)


def test_nothing_is_mailed_about_it_and_no_reply_address_is_made(desk: Journey) -> None:
    mails = len(desk.mails_to())
    letters = len(desk.shown(desk.case()["number"])["letters"])
    do(desk, f"#{desk.case()['number']}\nnote she called")
    do(desk, "queue")
    desk.work()
    assert len(desk.mails_to()) == mails
    assert len(desk.shown(desk.case()["number"])["letters"]) == letters


def test_a_language_that_no_letter_is_in_is_said_to_have_none(desk: Journey) -> None:
    number = desk.case()["number"]
    assert "There are no letters in it" in do(desk, "language turkish", number=number)
    assert "There are no letters in it" not in do(desk, "language persian", number=number)


def test_a_colleague_is_mailed_all_the_same(desk: Journey) -> None:
    do(desk, "assign Noa", number=desk.case()["number"])
    desk.work()
    assert "My parcel has not arrived." in text_of(desk.mails_to(desk.noa)[-1])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("note it", "--case"),
        ("aprove", "Did you mean"),
        ("show 9999", "9999"),
        ("away last year", "last year"),
        ("queue now", "takes nothing"),
    ],
)
def test_what_is_refused_says_why_and_leaves_an_event(desk: Journey, text: str, why: str) -> None:
    with pytest.raises(NotDone, match=why):
        do(desk, text)
    [event] = desk.events("refused")
    assert event["actor"] == desk.sam


def test_a_refusal_about_a_case_is_on_the_case(desk: Journey) -> None:
    number = desk.case()["number"]
    with pytest.raises(NotDone):
        do(desk, "assign Nobody", number=number)
    assert desk.events("refused")[0]["case"] == number
    with pytest.raises(NotDone, match="4711"):
        do(desk, "note x", number=4711)


def test_the_agents_own_language_is_spoken(desk: Journey) -> None:
    assert "ממתינה" in do(desk, "queue", agent=desk.noa)
    with pytest.raises(NotDone, match="פקודה"):
        do(desk, "help zzz", agent=desk.noa)


def test_who_is_away_by_the_command_line_gets_no_cases(desk: Journey) -> None:
    assert "You are away" in do(desk, "away tomorrow")
    desk.customer_writes("החבילה שלי לא הגיעה", sender="bob@example.com", subject="החבילה")
    desk.work()
    assert desk.case("bob@example.com")["assignee"] == desk.noa


def test_a_case_can_be_opened_from_the_command_line(desk: Journey) -> None:
    done = do(desk, "open\nchannel: phone\nfrom: Carla <carla@example.com>\n\nIt is broken.\nend")
    desk.work()
    assert f"#{desk.case('carla@example.com')['number']}" in done
    assert len(desk.letters("carla@example.com")) == 1


def test_the_whole_case_is_shown(desk: Journey) -> None:
    number = desk.case()["number"]
    for text, about in ((f"show {number}", None), ("show", number)):
        assert "  My parcel has not arrived." in do(desk, text, number=about)


def test_a_draft_that_the_agent_was_never_shown_is_shown_first(desk: Journey) -> None:
    number = desk.case()["number"]
    ada = next(one for one in desk.worker.desk.files.current.rulebook.agents if one.address == desk.noa)
    for seen in (None, 2):
        with pytest.raises(NotDone, match="--seen 1") as refused:
            do(desk, "approve", agent=ada.name, number=number, seen=seen)
        assert "Case number: 1001" in refused.value.shown
    assert desk.case()["answered"] is None
    assert [one["actor"] for one in desk.events("refused")] == [desk.noa] * 2
    do(desk, "approve", agent=ada.name, number=number, seen=1)
    assert desk.case()["answered"]


def test_who_was_mailed_the_draft_or_wrote_it_may_approve_it(desk: Journey) -> None:
    number = desk.case()["number"]
    do(desk, "approve", number=number)
    do(desk, "edit\nIt is on its way.\nend\napprove", number=number, agent=desk.noa)
    assert [one["actor"] for one in desk.events("approved")] == [desk.sam, desk.noa]


@pytest.mark.parametrize(
    ("text", "shown", "seen", "version"),
    [
        ("approve", (), None, 3),
        ("approve", (1, 2), None, 3),
        ("approve", (3,), None, None),
        ("approve", (), 3, None),
        ("approve", (3,), 2, 3),  # who says which one was read is taken at their word
        ("edit\nHello\nend\napprove", (), None, None),
        ("approve\nnote it", (), None, 3),
        ("undo\napprove", (3,), None, 2),
        ("undo\napprove", (2,), None, None),
        ("note it", (), None, None),
    ],
)
def test_which_draft_was_not_seen(text: str, shown: tuple[int, ...], seen: int | None, version: int) -> None:
    given = read(text, text, names_of(rulebook().words))
    leaving = Leaving("answer/2", 2, NOW) if "undo" in text else None
    about = facts(draft=draft(3), leaving=leaving)
    assert doing.unseen(about, given, shown, seen) == version


def test_agents_are_known_by_name_or_address() -> None:
    rules = rulebook()
    for written in (AGENT, AGENT.upper(), "sara ahmadi", " Sara  Ahmadi "):
        assert doing.called(written, rules).address == AGENT
    with pytest.raises(NotDone, match=f"Sara Ahmadi <{AGENT}>"):
        doing.called("Sarah", rules)


def test_sentences_fit_the_command_line(desk: Journey) -> None:
    with pytest.raises(NotDone, match="--case"):
        do(desk, "note it")
    done = do(desk, "note it", number=desk.case()["number"])
    assert "What may follow: approve" in done
    assert "reply" not in done


def test_a_list_has_the_names_of_its_columns(desk: Journey) -> None:
    title, names, row = do(desk, "queue").strip().splitlines()
    assert title == "The queue: 1 waiting"
    assert names.split()[:3] == ["Number", "Severity", "Customer"]
    assert row.index("Where is my parcel?") == names.index("Subject")
