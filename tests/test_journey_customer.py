"""Journeys: the acknowledgement and the draft (points 3 and 4)."""

from __future__ import annotations

import pytest

from tests.journeys import Journey, html_of, text_of

COMPLAINTS = {
    "fa": ("سفارشم نرسیده", "سلام، بستهٔ من هنوز نرسیده است و خیلی دیر شده.", "late"),
    "he": ("המשלוח שבור", "שלום, החבילה הגיעה שבורה לגמרי ואני מבקשת החזר.", "damaged"),
    "ar": ("تأخر الطلب", "السلام عليكم، طلبي لم يصل حتى الآن وقد تأخر كثيرا.", "late"),
    "en": ("Late parcel", "Hello, my parcel has not arrived after two weeks.", "late"),
}


@pytest.mark.parametrize("language", COMPLAINTS)
def test_a_complaint_is_acknowledged_in_its_language_and_direction(
    quick_journey: Journey, language: str
) -> None:
    subject, text, category = COMPLAINTS[language]
    message_id = quick_journey.customer_writes(text, subject=subject)
    quick_journey.work()
    case = quick_journey.case()
    assert (case["language"], case["kind"], case["category"]) == (language, "complaint", category)
    (letter,) = quick_journey.letters()
    assert letter["In-Reply-To"] == message_id
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["X-Auto-Response-Suppress"] == "All"
    assert letter["List-Id"] is None
    direction = "ltr" if language == "en" else "rtl"
    assert f'lang="{language}"' in html_of(letter)
    assert f'dir="{direction}"' in html_of(letter)


def test_the_acknowledgement_has_the_number_the_agent_and_a_null_sender(journey: Journey) -> None:
    journey.customer_writes("My parcel has not arrived.", subject="Late")
    journey.work()
    number = str(journey.case()["number"])
    (received,) = journey.host.sent()
    assert received.envelope_from == ""
    letter = journey.letters()[0]
    assert number in str(letter["Subject"])
    assert number in text_of(letter)
    assert "Sam" in text_of(letter)


def test_praise_is_thanked_for_and_a_question_is_no_complaint(quick_journey: Journey) -> None:
    quick_journey.customer_writes(
        "Thank you so much, your colleague was wonderful. I am very happy.", sender="a@example.com"
    )
    quick_journey.customer_writes(
        "I have a question: do you deliver on Saturdays?", subject="Opening hours", sender="b@example.com"
    )
    quick_journey.work()
    assert quick_journey.case("a@example.com")["kind"] == "praise"
    assert quick_journey.case("b@example.com")["kind"] == "question"
    for address in ("a@example.com", "b@example.com"):
        words = text_of(quick_journey.letters(address)[0]).lower()
        assert "sorry" not in words
        assert "complaint" not in words


def test_the_agent_gets_everything_to_decide(journey: Journey) -> None:
    mail = journey.mail(
        "My parcel has not arrived.\n\nAnn", sender="Ann <ann@example.com>", subject="Where is it?"
    )
    mail.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="list.csv")
    journey.host.deliver(mail.as_bytes())
    journey.work()
    (drafted,) = journey.mails_to()
    text = text_of(drafted)
    number = journey.case()["number"]
    assert f"#{number}" in str(drafted["Subject"])
    order = [text.index(part) for part in ("My parcel has not arrived", "list.csv", "“late”", "Dear Ann")]
    assert order == sorted(order), "the customer's words first, then facts, then the draft"
    assert "has not arrived" in text.split("Dear Ann")[0]
    assert all(
        command in text for command in ("approve", "edit", "reject", "assign", "note", "resolve", "help")
    )
    assert "mailto:" in html_of(drafted)
    original = list(drafted.iter_attachments())
    assert len(original) == 1
    token = str(drafted["Reply-To"])
    assert token.startswith(journey.host.address.partition("@")[0] + "+")


def test_a_hebrew_case_goes_to_the_agent_who_reads_hebrew_in_hebrew(quick_journey: Journey) -> None:
    subject, text, _ = COMPLAINTS["he"]
    quick_journey.customer_writes(text, subject=subject)
    quick_journey.work()
    assert quick_journey.case()["assignee"] == quick_journey.noa
    (drafted,) = quick_journey.mails_to(quick_journey.noa)
    assert 'dir="rtl"' in html_of(drafted)
    assert quick_journey.mails_to() == []


def test_mail_of_words_nobody_knows_goes_to_a_person_as_unsure(quick_journey: Journey) -> None:
    quick_journey.customer_writes("Lorem ipsum dolor sit amet.", subject="fox")
    quick_journey.work()
    assert quick_journey.case()["category"] == "unsure"
    assert len(quick_journey.letters()) == 1


def test_what_a_mail_says_is_data_in_every_letter(quick_journey: Journey) -> None:
    words = "{{ 7 * 7 }} {% raw %} <script>alert(1)</script> \u202eevil"
    quick_journey.customer_writes(
        f"My parcel is late. {words}", subject=f"Late {words}", sender='"<b>Ann</b>" <ann@example.com>'
    )
    quick_journey.work()
    for mail in quick_journey.letters() + quick_journey.mails_to():
        assert "<script>" not in html_of(mail)
        assert "<b>Ann</b>" not in html_of(mail)
        assert "\u202e" not in str(mail["Subject"]) + text_of(mail) + html_of(mail)
    assert "{{ 7 * 7 }}" in text_of(quick_journey.mails_to()[0])


def test_a_mail_that_cannot_be_parsed_is_a_case_with_the_original_attached(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("inbox.parse._parse", refuse)
    message_id = quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    case = quick_journey.case()
    assert case["message_ids"] == [message_id]
    assert len(quick_journey.letters()) == 1
    alert, drafted = quick_journey.mails_to()
    assert len(list(drafted.iter_attachments())) == 1
    assert "This mail could not be read" in text_of(drafted)
    assert str(case["number"]) in str(alert["Subject"]) + text_of(alert)
    assert quick_journey.events("unparsed")


def test_a_mail_that_stopped_the_worker_twice_is_not_parsed_again(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    quick_journey.customer_writes("poison")
    with monkeypatch.context() as patch:
        patch.setattr("engine.understanding.parse", die)
        for _ in range(2):
            with pytest.raises(Killed):
                quick_journey.work()
    quick_journey.customer_writes("My parcel is late.", sender="eve@example.com")
    quick_journey.work()
    assert len(quick_journey.cases()) == 2
    assert quick_journey.events("unparsed")[0]["case"] == quick_journey.case()["number"]
    assert len(quick_journey.letters()) == 1


@pytest.mark.parametrize(("text", "language"), [("نرسیده", "fa"), ("أين طلبي", "ar"), ("broken", "en")])
def test_a_mail_of_a_word_or_two_is_answered_in_the_language_of_its_script(
    quick_journey: Journey, text: str, language: str
) -> None:
    quick_journey.customer_writes(text, subject=text)
    quick_journey.work()
    assert quick_journey.case()["language"] == language
    assert f'lang="{language}"' in html_of(quick_journey.letters()[0])
