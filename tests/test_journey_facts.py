"""Journeys: what a customer's mails tell is known on the case, shown to agents, and put right by them."""

from __future__ import annotations

from engine.doing import do
from tests.journeys import Journey, text_of

MAIL = "My order no. ab-4711 has not arrived. You took €50 on 12 March 2026 for the kettle, model WK200."


def facts(journey: Journey) -> dict[str, list[str]]:
    known: dict[str, list[str]] = journey.case()["facts"]
    return known


def test_what_a_mail_tells_is_stored_with_its_case_and_shown_to_its_agent(stored_journey: Journey) -> None:
    stored_journey.customer_writes(MAIL)
    stored_journey.work()
    assert facts(stored_journey) == {
        "amount": ["50.00 EUR"],
        "date": ["2026-03-12"],
        "order_number": ["AB-4711"],
        "product": ["WK200"],
    }
    [mail] = stored_journey.mails_to()
    words = text_of(mail)
    assert "- order number: AB-4711\n" in words
    assert "- amount: 50.00 euros\n" in words
    assert "- product: WK200\n" in words


def test_a_further_mail_adds_and_an_agent_puts_right(stored_journey: Journey) -> None:
    first = stored_journey.customer_writes(MAIL)
    stored_journey.work()
    stored_journey.customer_writes(
        "Order no. AB-4711, and order no. AB-4712 too.", headers={"In-Reply-To": first}
    )
    stored_journey.work()
    assert facts(stored_journey)["order_number"] == ["AB-4711", "AB-4712"]
    assert "- order number: AB-4711, AB-4712\n" in text_of(stored_journey.mails_to()[-1])
    stored_journey.agent_replies("fact order number - AB-4711\nfact product kettle")
    assert facts(stored_journey)["order_number"] == ["AB-4712"]
    assert facts(stored_journey)["product"] == ["kettle"]
    stored_journey.customer_writes("It is order no. AB-4711!", headers={"In-Reply-To": first})
    stored_journey.work()
    assert facts(stored_journey)["order_number"] == ["AB-4712"]
    assert "- order number: AB-4712\n" in text_of(stored_journey.mails_to()[-1])
    number = stored_journey.case()["number"]
    shown = do(stored_journey.worker.desk, "show", agent="Sam", number=number)
    assert "order number: AB-4712" in shown
    assert any("a fact was taken away: order number: AB-4711" in line for line in shown)


def test_a_letter_can_name_a_fact(stored_journey: Journey) -> None:
    letter = stored_journey.templates / "en" / "answer" / "default.md"
    letter.write_text(
        "Hello,\n\n{% if facts.order_number %}your order {{ facts.order_number|isolated }}{% endif %}"
        "{% if facts.product %}{{ facts.product }}{% endif %} is with us.\n"
    )
    stored_journey.customer_writes("Hm, it is about order no. AB-4711.")
    stored_journey.work()
    assert "your order AB-4711 is with us." in text_of(stored_journey.mails_to()[-1])
