"""Journeys: what is late is told of step by step; of a broken promise before the customer asks (D11, D16)."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest

from tests.journeys import Journey, html_of, text_of

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CHAINS = """\
chains:
  answer:
    - {before: 2 working hours, to: agent}
    - {to: [agent, approver]}
    - {after: 1 working day, to: owner}
"""


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    """Sam answers, Noa approves, the boss answers for the firm's name; nobody gets holding updates."""
    journey = quick_journey
    rules = journey.rules
    journey.write_agents(
        {
            journey.sam: "name: Sam, languages: [en, fa], roles: [agent, admin]",
            journey.noa: "name: Noa, languages: [he], roles: [approver]",
            journey.host.account("gal"): "name: Gal, languages: [ar], roles: [owner]",
        }
    )
    lines = (rules / "categories.yaml").read_text("utf-8").splitlines(keepends=True)
    (rules / "categories.yaml").write_text(
        "".join(one for one in lines if "holding_updates:" not in one), "utf-8"
    )
    (rules / "deadlines.yaml").write_text("preset: iso10002\n" + CHAINS, "utf-8")
    return journey


def boss(journey: Journey) -> str:
    line = next(
        one for one in (journey.rules / "agents.yaml").read_text("utf-8").splitlines() if "Gal" in one
    )
    return line.partition("address: ")[2].partition(",")[0]


def complain(journey: Journey, words: str = "My parcel arrived broken.") -> str:
    mail = journey.customer_writes(words)
    journey.work()
    return mail


def go_to(journey: Journey, moment: datetime) -> None:
    """Let it be that moment, and a little more."""
    journey.clock.skipped += moment - journey.clock() + MINUTE
    journey.work()


def deadline(journey: Journey, name: str = "deadline") -> datetime:
    return datetime.fromisoformat(str(journey.case()[name]))


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


def told(journey: Journey) -> list[int]:
    """How many mails Sam, Noa and the boss have got."""
    return [len(journey.mails_to(who)) for who in (journey.sam, journey.noa, boss(journey))]


def test_a_case_that_nobody_answers_goes_up_the_chain_one_mail_a_step(desk: Journey) -> None:
    complain(desk)
    by = deadline(desk)
    assert told(desk) == [1, 0, 0]
    go_to(desk, by - 2 * HOUR)
    assert told(desk) == [2, 0, 0]
    assert "A deadline is near" in str(desk.mails_to()[-1]["Subject"])
    assert "and none has left yet" in text_of(desk.mails_to()[-1])
    go_to(desk, by)
    assert told(desk) == [3, 1, 0]
    to_noa = desk.mails_to(desk.noa)[-1]
    assert "המועד האחרון עבר" in str(to_noa["Subject"])
    assert "בטיפול של" in text_of(to_noa)
    desk.work()
    assert told(desk) == [3, 1, 0], "no step is taken twice"
    go_to(desk, by + timedelta(days=5))
    assert told(desk)[2] == 1
    assert "Sam" in text_of(desk.mails_to(boss(desk))[-1])
    (missed,) = desk.events("deadline-missed")
    assert missed["text"].startswith("the answer by ")
    assert [event["text"] for event in desk.events("escalated")] == [f"to {desk.noa}", f"to {boss(desk)}"]
    assert len(desk.letters()) == 1, "the customer has the acknowledgement alone"


def test_who_is_told_can_approve_the_answer_by_a_reply_and_then_nothing_more_comes(desk: Journey) -> None:
    complain(desk)
    go_to(desk, deadline(desk))
    desk.reply(desk.mails_to(desk.noa)[-1], "approve", sender=f"Noa <{desk.noa}>")
    desk.work()
    assert desk.case()["status"] == "answered"
    before = told(desk)
    go_to(desk, desk.clock() + timedelta(days=3))
    assert told(desk) == before
    assert not [event for event in desk.events("escalated") if boss(desk) in event["text"]]


def test_after_a_stop_of_a_week_there_is_one_mail_and_not_three(desk: Journey) -> None:
    complain(desk)
    by = deadline(desk)
    desk.stop()
    go_to(desk, by + timedelta(days=7))
    assert told(desk) == [1, 0, 1]
    assert [event for event in desk.events("timer-skipped") if "2 steps before this one" in event["text"]]


def test_while_the_agent_is_away_the_next_of_the_chain_is_warned(desk: Journey) -> None:
    complain(desk)
    by = deadline(desk)
    desk.agent_replies("away until in 9 days")
    before = told(desk)
    go_to(desk, by - 2 * HOUR)
    assert told(desk) == [before[0], before[1] + 1, before[2]]
    assert "Sam" in text_of(desk.mails_to(desk.noa)[-1])


def test_a_broken_promise_reaches_the_customer_before_they_ask(desk: Journey) -> None:
    mail = complain(desk)
    desk.agent_replies("approve")
    desk.agent_replies("promise a new parcel by in 2 working days")
    promise = desk.shown(desk.case()["number"])["promises"][0]
    due = datetime.fromisoformat(str(promise["due"]))
    go_to(desk, due - 4 * HOUR)
    assert "A promise is due soon" in str(desk.mails_to()[-1]["Subject"])
    go_to(desk, due)
    broken = desk.mails_to()[-1]
    assert "A promise was not kept" in str(broken["Subject"])
    assert "promise_delayed" in html_of(broken)
    letters = len(desk.letters())
    go_to(desk, due + timedelta(days=4))
    assert len(desk.letters()) == letters + 1
    word = desk.letters()[-1]
    assert "a new parcel" in text_of(word)
    assert "You will hear from us again by" in text_of(word)
    assert word["Auto-Submitted"] in ("auto-generated", "auto-replied")
    assert mail in str(word["References"]).split(), "it stands in the customer's thread"
    go_to(desk, due + timedelta(days=9))
    assert len(desk.letters()) == letters + 1, "the customer is told once"
    assert len(desk.events("promise-near")) == len(desk.events("promise-broken")) == 1
    assert told(desk)[2] >= 1


def test_a_promise_that_was_kept_in_time_bothers_nobody(desk: Journey) -> None:
    complain(desk)
    desk.agent_replies("approve")
    desk.agent_replies("promise a new parcel by in 2 working days")
    desk.agent_replies("kept")
    before, letters = told(desk), len(desk.letters())
    go_to(desk, desk.clock() + timedelta(days=5))
    assert (told(desk), len(desk.letters())) == (before, letters)


def test_the_final_answer_is_offered_in_time_and_leaves_only_when_it_is_approved(desk: Journey) -> None:
    path = desk.rules / "letters.yaml"
    path.write_text(
        "outside_body: {default: {name: {en: the Consumer Ombudsman}, contact: www.ombudsman.example}}\n",
        "utf-8",
    )
    complain(desk)
    desk.agent_replies("approve")
    letters = len(desk.letters())
    go_to(desk, desk.clock() + timedelta(weeks=8) - timedelta(days=6))
    offered = desk.mails_to()[-1]
    assert "the Consumer Ombudsman" in text_of(offered)
    assert len(desk.letters()) == letters
    desk.agent_replies("template final")
    desk.agent_replies("approve")
    assert "the Consumer Ombudsman" in text_of(desk.letters()[-1])
    before = told(desk)
    go_to(desk, desk.clock() + timedelta(days=14))
    assert told(desk) == before, "nothing is late any more"
    assert not [event for event in desk.events("deadline-missed") if "final" in event["text"]]


def test_an_agent_with_a_digest_is_mailed_of_what_is_late_and_of_nothing_before(desk: Journey) -> None:
    desk.edit_agents("name: Sam,", "name: Sam, digest: daily 23:30,")
    complain(desk)
    by = deadline(desk)
    go_to(desk, by - 2 * HOUR)
    assert not [one for one in subjects(desk.mails_to()) if "A deadline is near" in one]
    assert desk.events("deadline-near")
    go_to(desk, by)
    assert "A deadline has passed" in str(desk.mails_to()[-1]["Subject"])


ESCALATING = """\
rules:
  - name: minister
    description: Who writes for the ministry is answered by whoever answers for the firm's name.
    when: {phrase: on behalf of the ministry}
    says: {escalate: owner}
"""


def test_a_rule_gives_a_case_to_somebody_who_can_do_more(desk: Journey) -> None:
    (desk.rules / "minister.yaml").write_text(ESCALATING, "utf-8")
    complain(desk, "My parcel arrived broken. I write on behalf of the ministry.")
    assert desk.case()["assignee"] == boss(desk)
    assert told(desk) == [0, 0, 1]
    assert "صُعّدت إليكم" in str(desk.mails_to(boss(desk))[-1]["Subject"])
    (event,) = desk.events("escalated")
    assert event["text"] == f"to {boss(desk)}"


def test_a_rule_escalates_a_case_by_a_further_mail_once(desk: Journey) -> None:
    (desk.rules / "minister.yaml").write_text(ESCALATING, "utf-8")
    mail = complain(desk)
    assert desk.case()["assignee"] == desk.sam
    for words in ("I write on behalf of the ministry.", "As I said, on behalf of the ministry, today."):
        desk.customer_writes(words, headers={"In-Reply-To": mail})
        desk.work()
    assert desk.case()["assignee"] == boss(desk)
    assert told(desk) == [1, 0, 2]
    assert len(desk.events("escalated")) == 1


def test_of_a_threat_that_nobody_answers_the_owner_is_told_again(desk: Journey) -> None:
    complain(desk, "My parcel arrived broken. Answer today or I go to the press.")
    assert told(desk)[2] == 1, "at once"
    go_to(desk, deadline(desk))
    assert told(desk)[2] == 2, "and as soon as it is late"


def test_who_writes_a_second_letter_to_an_answered_customer_is_late_with_nothing(desk: Journey) -> None:
    complain(desk)
    deadline = datetime.fromisoformat(desk.case()["deadline"])
    desk.agent_replies("approve")
    desk.clock.skip(hours=1)
    desk.reply(desk.letters()[-1], "Thank you!", sender="Ann <ann@example.com>")
    go_to(desk, deadline + 2 * HOUR)
    desk.agent_replies("template late")
    go_to(desk, deadline + 8 * HOUR)
    assert desk.case()["status"] == "open"
    assert desk.events("deadline-missed") == []
