"""Journeys: mail that threatens the firm's name, and what rules know of a customer's history (D4)."""

from __future__ import annotations

import pytest

from tests.journeys import Journey, text_of

WORDS = "My parcel is lost. Answer today or I go to the press."


def owned(journey: Journey) -> None:
    journey.edit_agents("roles: [agent]}", "roles: [agent, owner]}")


def test_the_owner_is_mailed_with_the_first_mail_and_can_take_the_case_by_a_reply(
    quick_journey: Journey,
) -> None:
    owned(quick_journey)
    quick_journey.customer_writes(WORDS)
    quick_journey.work()
    case = quick_journey.case()
    assert (case["severity"], case["assignee"]) == ("urgent", quick_journey.sam)
    (told,) = quick_journey.mails_to(quick_journey.noa)
    assert f"#{case['number']}" in str(told["Subject"])
    assert "עכשיו" in text_of(told), "in the owner's language"
    assert "go to the press" in text_of(told)
    assert [event["text"] for event in quick_journey.events("alert")] == [
        f"{quick_journey.noa} is mailed at once: press-threat"
    ]
    quick_journey.agent_replies(f"#{case['number']}\ntake", agent=quick_journey.noa)
    quick_journey.work()
    assert quick_journey.case()["assignee"] == quick_journey.noa


def test_a_later_mail_that_threatens_is_told_of_and_raises_the_case(quick_journey: Journey) -> None:
    owned(quick_journey)
    first = quick_journey.customer_writes("My parcel arrived late.")
    quick_journey.work()
    assert quick_journey.case()["severity"] == "normal"
    assert not quick_journey.mails_to(quick_journey.noa)
    quick_journey.customer_writes(WORDS, headers={"In-Reply-To": first})
    quick_journey.work()
    assert quick_journey.case()["severity"] == "urgent"
    assert len(quick_journey.mails_to(quick_journey.noa)) == 1


def test_who_had_many_alerts_within_the_hour_gets_no_more(quick_journey: Journey) -> None:
    owned(quick_journey)
    quick_journey.settings = quick_journey.settings.model_copy(update={"ALERTS_PER_HOUR": 2})
    for number in range(3):
        quick_journey.customer_writes(f"{WORDS} ({number})", sender=f"ann{number}@example.com")
    quick_journey.work()
    assert len(quick_journey.mails_to(quick_journey.noa)) == 2
    assert sum("is not mailed" in event["text"] for event in quick_journey.events("alert")) == 1


@pytest.mark.parametrize("within", ["90 days", "1 hour"])
def test_a_rule_may_ask_what_the_customer_wrote_before(quick_journey: Journey, within: str) -> None:
    (quick_journey.rules / "mine.yaml").write_text(
        "rules:\n  - name: again\n    when: {history: {complaints: 1 in " + within + "}}\n"
        "    says: {severity: urgent, tag: again}\n",
        "utf-8",
    )
    quick_journey.customer_writes("My parcel arrived late.")
    quick_journey.work()
    quick_journey.clock.skip(hours=2)
    quick_journey.customer_writes("The invoice is wrong, you charged me twice.", subject="Invoice")
    quick_journey.work()
    severities = {case["number"]: case["severity"] for case in quick_journey.cases()}
    first, second = (severities[number] for number in sorted(severities))
    assert first == "normal"
    assert (second == "urgent") is (within == "90 days")
