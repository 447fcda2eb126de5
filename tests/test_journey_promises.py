"""Promises, offers and payments, as agents write them by mail."""

from __future__ import annotations

import pytest

from tests.journeys import Journey, text_of

RIALS = "IRR: {per_case: 30000000, per_customer_year: 30000000}"
ROLES = "roles: [agent, admin]"
AUTHORITY = f"authority: {{EUR: {{per_case: 50, per_customer_year: 80}}, {RIALS}}}"


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    """A complaint whose draft waits for Sam, who may give 50 EUR alone; Noa decides about more."""
    journey = quick_journey
    journey.write_agents(
        {
            journey.sam: f"name: Sam, languages: [en, fa], {ROLES}, {AUTHORITY}",
            journey.noa: "name: Noa, languages: [he], roles: [agent, approver]",
        }
    )
    journey.customer_writes("My parcel arrived broken.")
    journey.work()
    return journey


def told(journey: Journey) -> str:
    """What the newest mail to Sam says."""
    return " ".join(text_of(journey.mails_to()[-1]).split())


def kinds(journey: Journey) -> list[str]:
    return [event["kind"] for event in journey.events()]


def test_a_promise_is_recorded_shown_and_kept_and_the_customer_is_told_nothing(desk: Journey) -> None:
    letters = len(desk.letters())
    desk.agent_replies("promise a new parcel by in 3 working days\npromise a call by tomorrow at 12:00")
    assert "Promised: a new parcel, by" in told(desk)
    assert [event["text"].partition(",")[0] for event in desk.events("promised")] == [
        "a new parcel",
        "a call",
    ]
    number = desk.case()["number"]
    assert [one["what"] for one in desk.shown(number)["promises"]] == ["a new parcel", "a call"]
    desk.agent_replies("kept 2")
    assert "Kept: a call." in told(desk)
    assert [one["state"] for one in desk.shown(number)["promises"]] == ["open", "kept"]
    desk.agent_replies("kept")
    assert [one["state"] for one in desk.shown(number)["promises"]] == ["kept", "kept"]
    assert len(desk.letters()) == letters


def test_the_agent_is_reminded_of_promises_and_money_when_the_customer_writes_again(desk: Journey) -> None:
    desk.agent_replies("promise a new parcel by in 3 working days\noffer refund 20 EUR for the delay")
    desk.customer_writes(
        "And it is still broken.", headers={"In-Reply-To": str(desk.letters()[0]["Message-ID"])}
    )
    desk.work()
    assert "And it is still broken." in told(desk)
    assert "a new parcel" in told(desk)
    assert "20" in told(desk).partition("a new parcel")[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("promise a new parcel", "The promise has no day"),
        ("promise a new parcel by soon", "is no day that can be read"),
        ("promise a new parcel by 01/02/2199", "can be"),
        ("promise a new parcel by 2020-01-01", "has passed already"),
        ("promise a new parcel by 2199-01-01", "more than three years away"),
        ("promise a new parcel by 2026-02-31", "the calendar has no"),
        ("kept", "No promise is open"),
        ("offer 20 EUR late", "does not say what is given"),
        ("offer refund 20 EUR", "The reason is missing"),
        ("offer refund 20 late", "is no currency that is known"),
        ("offer refund twenty EUR late", "is no amount that can be read"),
        ("offer refund 1.250 KWD late", "can be"),
        ("offer refund 20.999,99 JPY late", "finer than the currency"),
        ("offer refund 0 EUR late", "is nothing"),
        ("paid", "Nothing that was offered on this case"),
    ],
)
def test_what_is_not_clear_is_sent_back_and_nothing_is_done(desk: Journey, words: str, said: str) -> None:
    desk.agent_replies(f"note called her\n{words}")
    assert said in told(desk)
    assert not {"noted", "promised", "offered", "requested", "paid"} & set(kinds(desk))
    assert "refused" in kinds(desk)


def test_an_offer_is_recorded_shown_and_paid_and_the_customer_is_told_nothing(desk: Journey) -> None:
    letters = len(desk.letters())
    desk.agent_replies("offer refund 20,50 EUR the box was crushed")
    assert "refund, 20.50 euros, because: the box was crushed" in told(desk)
    number = desk.case()["number"]
    (given,) = desk.shown(number)["compensations"]
    assert (given["kind"], given["amount"], given["currency"]) == ("refund", "20.50", "EUR")
    assert (given["state"], given["reason"]) == ("offered", "the box was crushed")
    desk.agent_replies("paid")
    assert "Paid: refund, 20.50 euros." in told(desk)
    assert desk.shown(number)["compensations"][0]["state"] == "paid"
    assert len(desk.letters()) == letters


def test_persian_words_dates_digits_and_tomans_are_understood(desk: Journey) -> None:
    desk.agent_replies("قول بستهٔ تازه تا ۳ روز کاری دیگر\nجبران برگشت ۲۰۰ هزار تومان بابت دیرکرد")
    number = desk.case()["number"]
    shown = desk.shown(number)
    assert shown["promises"][0]["what"] == "بستهٔ تازه"
    assert (shown["compensations"][0]["amount"], shown["compensations"][0]["currency"]) == ("2000000", "IRR")
    assert "2,000,000 Iranian rials" in told(desk)


def test_what_a_client_adds_below_never_becomes_part_of_a_promise(desk: Journey) -> None:
    desk.agent_replies("promise a new parcel by tomorrow\n\n-- \nSam Smith\nExample Shop, by the river")
    assert desk.shown(desk.case()["number"])["promises"][0]["what"] == "a new parcel"
