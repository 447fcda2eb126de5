"""Journeys: agents look at the desk, and open cases for customers who did not write a mail."""

from __future__ import annotations

from email.message import EmailMessage
from unittest.mock import Mock

import pytest

from store import searching
from store.models import LetterKind
from tests.journeys import Journey, text_of


def tell(journey: Journey, words: str, *, agent: str = "", passes: bool | None = True) -> str:
    """The agent writes to the complaints address; the text of what comes back last."""
    who = agent or journey.sam
    mail = journey.mail(words, sender=who, subject="to the desk")
    journey.host.deliver(mail.as_bytes(), to=journey.host.address, passes=passes)
    journey.work()
    return newest(journey, who)


def newest(journey: Journey, agent: str = "") -> str:
    return text_of(journey.mails_to(agent)[-1])


def subject(mail: EmailMessage) -> str:
    return str(mail["Subject"])


@pytest.fixture
def busy(quick_journey: Journey) -> Journey:
    """Three cases: a late parcel of Ann's, a broken vase of Bob's, Noa's one in Hebrew."""
    quick_journey.customer_writes("My parcel has not arrived.", subject="Where is my parcel?")
    quick_journey.customer_writes(
        "The vase was broken. I will call my lawyer!", sender="Bob <bob@example.com>", subject="Broken vase"
    )
    quick_journey.customer_writes(
        "החבילה שלי לא הגיעה כבר שבועיים", sender="Chava <chava@example.com>", subject="החבילה"
    )
    quick_journey.work()
    return quick_journey


def number_of(journey: Journey, customer: str) -> int:
    return int(journey.case(customer)["number"])


# Lists


def test_the_queue_stands_in_the_order_to_take_it(busy: Journey) -> None:
    urgent = number_of(busy, "bob@example.com")
    shown = tell(busy, "queue")
    assert "3 waiting" in shown
    for part in ("Where is my parcel?", "Broken vase", "Noa", "Sam", "Ann"):
        assert part in shown
    assert shown.index(f"#{urgent}") < shown.index(f"#{number_of(busy, 'ann@example.com')}")
    assert len(busy.cases()) == 3, "the mail opened none"
    assert busy.events("looked")[-1]["actor"] == busy.sam


def test_mine_is_what_waits_for_the_agent(busy: Journey) -> None:
    shown = tell(busy, "mine", agent=busy.noa)
    assert "החבילה" in shown
    assert "Broken vase" not in shown
    busy.agent_replies("close", agent=busy.noa)


def test_an_empty_queue_says_so(quick_journey: Journey) -> None:
    assert "nothing waits" in tell(quick_journey, "queue")
    assert "nothing waits for you" in tell(quick_journey, "mine")


def test_queue_takes_nothing(busy: Journey) -> None:
    before = len(busy.events("looked"))
    assert "takes nothing" in tell(busy, f"#{number_of(busy, 'ann@example.com')}\nqueue please")
    assert len(busy.events("looked")) == before


def test_a_list_comes_in_the_agents_language(busy: Journey) -> None:
    shown = tell(busy, "תור", agent=busy.noa)
    assert "ממתינות" in shown
    assert "התור" in shown


# One case


def test_show_gives_the_whole_case_and_a_way_to_act_on_it(busy: Journey) -> None:
    number = number_of(busy, "ann@example.com")
    busy.customer_writes("It is still not here!", subject="Re: Where is my parcel?")
    busy.customer_writes(
        "Where is it?",
        subject=f"Re: [#{number}]",
        headers={"In-Reply-To": str(busy.letters()[0]["Message-ID"])},
    )
    busy.work()
    shown = tell(busy, f"show {number}")
    for part in ("My parcel has not arrived.", "Mail 1", "Mail 2", "Where is it?", "late", "Sam has it"):
        assert part in shown, part
    assert "What happened" in shown
    before = len(busy.letters())
    busy.agent_replies("approve")
    assert len(busy.letters()) == before + 1, "the transcript has an address for that case"


def test_show_of_a_case_that_is_none_is_refused(busy: Journey) -> None:
    shown = tell(busy, "show 9999")
    assert "9999" in shown
    assert "Nothing was done" in shown


def test_show_in_a_reply_about_a_case_shows_that_case_or_another(busy: Journey) -> None:
    ann, bob = number_of(busy, "ann@example.com"), number_of(busy, "bob@example.com")
    [draft] = [mail for mail in busy.mails_to() if f"[#{ann}]" in subject(mail)]
    busy.reply(draft, "show", sender=busy.sam)
    busy.work()
    assert "My parcel has not arrived." in newest(busy)
    busy.reply(busy.mails_to()[-1], f"show {bob}", sender=busy.sam)
    busy.work()
    assert "The vase was broken." in newest(busy)


def test_show_without_a_number_outside_of_a_case_asks_for_one(busy: Journey) -> None:
    assert "which case" in tell(busy, "show")


# Searching


def test_search_finds_words_names_and_addresses(busy: Journey) -> None:
    ann = number_of(busy, "ann@example.com")
    for words in ("parcel arrived", "ANN", "ann@example.com", f"{ann}", "Parce"):
        shown = tell(busy, f"search {words}")
        assert f"#{ann}" in shown, words
        assert "Broken vase" not in shown, words


def test_search_folds_letters_as_the_classifier_does(quick_journey: Journey) -> None:
    quick_journey.customer_writes("بسته‌ی من نرسیده، سفارش ۱۲۳۴۵", subject="کتاب", sender="ann@example.com")
    quick_journey.work()
    for words in ("كتاب", "سفارش 12345", "بسته ی"):
        assert f"#{number_of(quick_journey, 'ann@example.com')}" in tell(quick_journey, f"search {words}")


def test_search_for_what_nobody_wrote_says_so(busy: Journey) -> None:
    assert "Nothing was found" in tell(busy, "search zeppelin")
    assert "behind it" in tell(busy, f"#{number_of(busy, 'ann@example.com')}\nsearch")


def test_a_slip_below_a_cases_number_is_answered_about_that_case(busy: Journey) -> None:
    number = number_of(busy, "ann@example.com")
    answer = tell(busy, f"#{number}\nasign Noa")
    assert "asign" in answer
    assert f"#{number}" in answer
    assert "The newest draft" in answer


def test_a_search_that_finds_nothing_is_no_slip(busy: Journey) -> None:
    answer = tell(busy, "search zebra")
    assert "Nothing was found for “zebra”" in answer
    assert "Nothing was done" not in answer


def test_a_forged_search_looks_nothing_up(busy: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    before = busy.mails_to()
    search = Mock(wraps=searching.search)
    monkeypatch.setattr(searching, "search", search)
    tell(busy, "search parcel", passes=False)
    search.assert_not_called()
    shown = [text_of(mail) for mail in busy.mails_to()[len(before) :]]
    assert not any("Where is my parcel?" in one for one in shown)
    assert not busy.events("looked")


# Figures and help


def test_stats_counts_the_week(quick_journey: Journey) -> None:
    journey = quick_journey
    journey.customer_writes("My parcel has not arrived.")
    journey.work()
    journey.agent_replies("approve\nresolve")
    journey.clock.skip(days=12)
    journey.work()
    journey.reply(journey.letters()[-1], "4", sender="ann@example.com")
    for words in ("My parcel is late.", "It has not arrived at all."):
        journey.customer_writes(words, sender="Bob <bob@example.com>", subject=words)
    journey.work()
    shown = tell(journey, "stats")
    assert "2 new cases" in shown, "the first is older than a week"
    assert "Waiting for a person: 2" in shown
    assert "4.0 of 5 on average, from 1 answer" in shown
    assert f"the longest: #{number_of(journey, 'bob@example.com') - 1}" in shown


def test_help_lists_every_command_and_explains_one(quick_journey: Journey) -> None:
    shown = tell(quick_journey, "help")
    for name in ("approve", "queue", "search WORDS", "away UNTIL", "open", "merge"):
        assert name in shown, name
    one = tell(quick_journey, "help approve")
    assert "The command approve" in one
    assert "تایید" in one, "its other names"
    quick_journey.agent_replies("help aprove")
    assert "Did you mean “approve”" in newest(quick_journey)


# Opening

PHONED = """\
open
channel: phone
from: Carla Bell <carla@example.com>
language: en
subject: Broken lamp

The lamp came broken. She wants a new one.

Her number is 0123.
end
"""


def test_a_case_for_a_customer_who_phoned_is_a_case_like_any_other(quick_journey: Journey) -> None:
    shown = tell(quick_journey, PHONED)
    case = quick_journey.case("carla@example.com")
    assert (case["channel"], case["customer_name"], case["subject"]) == ("phone", "Carla Bell", "Broken lamp")
    assert f"#{case['number']}" in shown
    [ack] = quick_journey.letters("carla@example.com")
    assert str(case["number"]) in str(ack["Subject"])
    assert not quick_journey.letters("stranger@example.com")
    draft = next(text_of(m) for m in quick_journey.mails_to() if f"[#{case['number']}]" in subject(m))
    assert "The lamp came broken. She wants a new one." in draft
    assert "0123" in draft
    [opened] = [one for one in quick_journey.events("opened") if one["case"] == case["number"]]
    assert opened["actor"] == quick_journey.sam
    newest_draft = [m for m in quick_journey.mails_to() if f"[#{case['number']}]" in subject(m)][-1]
    quick_journey.reply(newest_draft, "approve", sender=quick_journey.sam)
    quick_journey.work()
    assert len(quick_journey.letters("carla@example.com")) == 2
    quick_journey.reply(
        quick_journey.letters("carla@example.com")[-1],
        "Thank you, but it is the wrong one.",
        sender="carla@example.com",
    )
    quick_journey.work()
    assert len(quick_journey.cases()) == 1


def test_a_case_without_an_address_is_told_to_nobody(quick_journey: Journey) -> None:
    tell(quick_journey, "open\nchannel: letter\nfrom: Mr. Dee\n\nYour shop was closed on Monday.\nend\n")
    case = quick_journey.case("")
    assert (case["channel"], case["customer_name"]) == ("letter", "Mr. Dee")
    assert any("no acknowledgement is sent" in text_of(mail) for mail in quick_journey.mails_to())
    kinds = {one["kind"] for one in quick_journey.shown(case["number"])["letters"]}
    assert LetterKind.ACK.value not in kinds
    drafts = [m for m in quick_journey.mails_to() if f"[#{case['number']}]" in subject(m)]
    assert "Your shop was closed on Monday." in text_of(drafts[-1])
    quick_journey.reply(drafts[-1], "approve", sender=quick_journey.sam)
    quick_journey.work()
    assert "no mail address" in newest(quick_journey)


def test_silently_opens_without_an_acknowledgement(quick_journey: Journey) -> None:
    tell(quick_journey, PHONED.replace("language: en", "silently"))
    assert quick_journey.case("carla@example.com")["channel"] == "phone"
    assert not quick_journey.letters("carla@example.com")


def test_open_is_understood_in_other_languages(quick_journey: Journey) -> None:
    tell(
        quick_journey,
        "پرونده تازه\nراه: تلفنی\nاز: آنا <ana@example.com>\nزبان: فارسی\nموضوع: تأخیر\n\n"
        "بسته دیر رسید.\nپایان",
    )
    case = quick_journey.case("ana@example.com")
    assert (case["channel"], case["language"], case["subject"]) == ("phone", "fa", "تأخیر")
    assert len(quick_journey.letters("ana@example.com")) == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("open\nchannel: phone\nfrom: Ann <ann@example.com>\n\nIt is late.", "end on a line of its own"),
        ("open\nchannel: pigeon\n\nIt is late.\nend", "pigeon"),
        ("open\nfrom: Ann <ann@example.com>\n\nIt is late.\nend", "How the complaint came"),
        ("open\nchanel: phone\n\nIt is late.\nend", "Did you mean “channel”"),
        ("open\nchannel: phone\nfrom: Ann <ann@localhost..>\n\nIt is late.\nend", "No mail can be sent"),
        ("open\nchannel: phone\nsubject: late\n\nend", "customer's words"),
        ("open\nend", "nothing between"),
    ],
)
def test_an_open_that_is_not_clear_opens_nothing(quick_journey: Journey, words: str, why: str) -> None:
    shown = tell(quick_journey, words)
    assert why in shown
    assert quick_journey.cases() == []
    assert not quick_journey.letters("ann@example.com")


def test_open_in_a_reply_to_a_draft_leaves_that_case_alone(busy: Journey) -> None:
    before = busy.case()
    [draft] = [mail for mail in busy.mails_to() if f"[#{before['number']}]" in subject(mail)]
    busy.reply(draft, PHONED, sender=busy.sam)
    busy.work()
    assert busy.case("carla@example.com")["channel"] == "phone"
    after = busy.case() | {"message_ids": before["message_ids"]}
    assert after == before


def test_a_case_can_not_be_opened_for_one_of_us(quick_journey: Journey) -> None:
    shown = tell(quick_journey, PHONED.replace("carla@example.com", quick_journey.noa))
    assert "is one of us" in shown
    assert quick_journey.cases() == []
