"""Journeys: which letter leaves, in which language, and what an agent is offered to write (D4, D6, D11)."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.journeys import Journey, text_of

GERMAN = "Der Wasserkocher ist nach zwei Tagen defekt und lässt sich nicht einschalten."
DAY = "(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch), [0-9]{1,2}[.] [A-Z][a-zä]+"


def told(journey: Journey) -> str:
    """What the newest mail to Sam says."""
    return " ".join(text_of(journey.mails_to()[-1]).split())


def html_of(mail: object) -> str:
    body = mail.get_body(("html",))  # type: ignore[attr-defined]
    return str(body.get_content())


def at_night(journey: Journey) -> None:
    """The next evening, some hours after the firm has closed."""
    now = journey.clock()
    journey.clock.skipped += now.replace(hour=22) - now


def test_who_complains_at_night_learns_when_somebody_is_back(quick_journey: Journey) -> None:
    at_night(quick_journey)
    quick_journey.customer_writes("My parcel arrived late.")
    quick_journey.work()
    (mail,) = quick_journey.letters()
    assert "We are closed at the moment" in text_of(mail)
    assert "at 09:00" in text_of(mail)


def test_a_threat_is_acknowledged_in_words_of_its_own(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel is lost. Answer today or I go to the press.")
    quick_journey.work()
    (mail,) = quick_journey.letters()
    assert "we will look into all of it" in text_of(mail)
    assert "press" not in text_of(mail)


def test_a_second_complaint_is_acknowledged_as_one(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel arrived late.", subject="Parcel")
    quick_journey.work()
    quick_journey.clock.skip(hours=1)
    quick_journey.customer_writes("The lamp that I got is broken.", subject="Lamp")
    quick_journey.work()
    assert "again" in text_of(quick_journey.letters()[-1])


@pytest.fixture
def german(quick_journey: Journey) -> Journey:
    """A German complaint, and an agent who reads German, gets mail in English and may give 50 EUR."""
    may = "[en, de], authority: {EUR: {per_case: 50, per_customer_year: 80}}"
    quick_journey.edit_agents("[en, fa, ar]", may)
    quick_journey.customer_writes(GERMAN, subject="Wasserkocher")
    quick_journey.work()
    return quick_journey


def test_a_german_customer_is_acknowledged_and_answered_in_german_with_german_dates(german: Journey) -> None:
    assert (german.case()["language"], german.case()["category"]) == ("de", "defective")
    (mail,) = german.letters()
    assert 'lang="de"' in html_of(mail)
    said = " ".join(text_of(mail).split())
    assert "Ihre Beschwerde ist bei uns angekommen." in said
    assert re.search(f"innerhalb von zwei Arbeitstagen \\(bis {DAY}\\)", said)
    assert "Language: German" in told(german), "an agent who gets English sees which language it is"
    assert "the draft is in" not in told(german), "it is in the customer's own"
    assert re.search(f"Wir sagen Ihnen bis {DAY} 20[0-9]{{2}}, wie und wann", told(german))
    german.agent_replies("approve")
    answer = " ".join(text_of(german.letters()[-1]).split())
    assert "Was Sie bei uns kaufen, soll einfach funktionieren" in answer


def test_a_german_customer_answers_the_check_in_in_german(german: Journey) -> None:
    german.agent_replies("approve\nresolve")
    german.clock.skip(days=12)
    german.work()
    asked = german.letters()[-1]
    assert "Ist das Problem für Sie gelöst?" in text_of(asked)
    assert "Nicht gelöst" in html_of(asked)
    german.reply(asked, "Das Problem besteht weiterhin.", sender="ann@example.com")
    german.work()
    assert german.case()["status"] == "open"
    assert "Ihr Vorgang ist wieder offen." in told(german)


def test_a_german_customer_reads_in_german_what_they_are_given(german: Journey) -> None:
    german.agent_replies("offer voucher 20 EUR two days without tea\ntemplate compensation")
    assert "Gutschein: 20,00 Euro" in told(german)


TURKISH = "Paketim hâlâ gelmedi. İki haftadır bekliyorum ve kimse cevap vermiyor. Neden?"


@pytest.fixture
def in_persian(quick_journey: Journey) -> Journey:
    """Persian stands in for Turkish."""
    quick_journey.edit_agents("[en, fa, ar]", "[en, tr]")
    (quick_journey.rules / "letters.yaml").write_text("stand_ins: {tr: [fa]}\n", "utf-8")
    quick_journey.customer_writes(TURKISH)
    quick_journey.work()
    return quick_journey


def test_a_language_without_letters_gets_those_of_its_stand_in_and_the_agent_is_told(
    in_persian: Journey,
) -> None:
    assert in_persian.case()["language"] == "tr"
    (acknowledged,) = in_persian.letters()
    assert 'lang="fa"' in html_of(acknowledged)
    assert "Turkish" in told(in_persian)
    assert "the acknowledgement was in Persian, the draft is in Persian." in told(in_persian)
    in_persian.agent_replies("approve")
    answer = in_persian.letters()[-1]
    assert 'dir="rtl"' in html_of(answer), "the letter runs as its draft does"


def test_what_an_agent_writes_for_such_a_customer_is_no_stand_in(in_persian: Journey) -> None:
    in_persian.agent_replies("edit\nYarın geliyor.\nend\napprove")
    assert "Yarın geliyor." in text_of(in_persian.letters()[-1])


def test_a_promise_is_offered_as_a_letter_that_one_touch_drafts(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel arrived broken.")
    quick_journey.work()
    quick_journey.agent_replies("promise a new lamp by in 3 working days")
    mail = quick_journey.mails_to()[-1]
    assert "The customer knows nothing of it yet." in told(quick_journey)
    links = [one.partition('"')[0] for one in html_of(mail).split('href="')[1:]]
    bodies = [parse_qs(urlsplit(one.replace("&amp;", "&")).query).get("body", [""])[0] for one in links]
    assert "template promise_made" in bodies
    quick_journey.agent_replies("template promise made")
    assert "a new lamp" in told(quick_journey)
    quick_journey.agent_replies("approve")
    assert "a new lamp" in text_of(quick_journey.letters()[-1])


def test_a_promise_for_a_later_day_is_told_with_both_days(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel arrived broken.")
    quick_journey.work()
    day = quick_journey.clock() + timedelta(days=10)
    quick_journey.agent_replies("promise a new lamp by in 3 working days")
    quick_journey.agent_replies(f"promise a new lamp by {day:%Y-%m-%d}\ntemplate promise_delayed")
    number = quick_journey.case()["number"]
    assert [one["state"] for one in quick_journey.shown(number)["promises"]] == ["withdrawn", "open"]
    assert f"by {day:%A}, {day.day} {day:%B} {day.year}: a new lamp" in told(quick_journey)
    assert "We promised you something by" in told(quick_journey)


def test_whose_fault_it_was_changes_the_words_of_a_draft_that_nobody_touched(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived, it is two weeks late.")
    quick_journey.work()
    before = quick_journey.shown(quick_journey.case()["number"])["drafts"][-1]["body"]
    quick_journey.agent_replies("fault third-party")
    after = quick_journey.shown(quick_journey.case()["number"])["drafts"][-1]
    assert after["body"] != before
    assert "The draft was written anew for it" in told(quick_journey)
    quick_journey.agent_replies("approve")
    assert len(quick_journey.letters()) == 2
