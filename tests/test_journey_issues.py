"""Known issues by mail: opened, carried by drafts, and told to everybody as fixed after one yes (D18)."""

from __future__ import annotations

import pytest

from engine.doing import do
from store.models import TimerKind
from tests.journeys import Journey, text_of

ISSUE = (
    "issue Kettles leak\ncategory: damaged\n"
    "en: Kettles of the October delivery leak.\n\nNew lids are coming.\n"
    "fa: کتری‌های مهرماه چکه می‌کند.\nend"
)
FIXED = "fixed 1\nen: The lids are here: write to us, and you get one.\nfa: درها رسیده است.\nend"
BROKEN = "My kettle arrived broken."
BROKEN_FA = "کتری من شکسته رسید."


@pytest.fixture
def desk(quick_journey: Journey) -> Journey:
    """Sam has the damaged kettle of Ann, and the late parcel of Bob."""
    journey = quick_journey
    journey.write_agents({journey.sam: "name: Sam, languages: [en, fa, ar], roles: [agent, admin]"})
    journey.customer_writes(BROKEN, subject="My kettle")
    journey.customer_writes("My parcel has not arrived.", sender="Bob <bob@example.com>")
    journey.work()
    return journey


def told(journey: Journey, back: int = 1) -> str:
    """What the newest mail to Sam says."""
    return " ".join(text_of(journey.mails_to()[-back]).split())


def of_case(journey: Journey, number: int, kind: str) -> list[str]:
    return [one["kind"] for one in journey.events(kind) if one["case"] == number]


def to_the_desk(journey: Journey, words: str) -> None:
    """A new mail of Sam's to the complaints address."""
    mail = journey.mail(words, sender=f"Sam <{journey.sam}>", subject="to the desk")
    journey.host.deliver(mail.as_bytes(), to=journey.host.address, passes=True)
    journey.work()


def newest_with(journey: Journey, words: str) -> int:
    """How far back the newest mail to Sam that says this is."""
    mails = [" ".join(text_of(one).split()) for one in journey.mails_to()]
    return next(back for back in range(1, len(mails) + 1) if words in mails[-back])


def reply_to(journey: Journey, back: int, words: str) -> None:
    journey.reply(journey.mails_to()[-back], words, sender=f"Sam <{journey.sam}>")
    journey.work()


def opened(desk: Journey) -> Journey:
    """The issue is open, and Cyrus came with the same trouble."""
    to_the_desk(desk, ISSUE)
    desk.customer_writes(BROKEN_FA, sender="Cyrus <cyrus@example.com>", subject="کتری")
    desk.work()
    return desk


def test_an_issue_concerns_open_and_new_cases_of_its_cause_and_their_drafts_carry_the_note(
    desk: Journey,
) -> None:
    to_the_desk(desk, ISSUE)
    assert "Known issue 1 is open: Kettles leak." in told(desk)
    assert "Without a note:" in told(desk)
    ann, bob = desk.case()["number"], desk.case("bob@example.com")["number"]
    assert of_case(desk, ann, "concerned") == ["concerned"]
    assert of_case(desk, bob, "concerned") == []
    desk.customer_writes(BROKEN_FA, sender="Cyrus <cyrus@example.com>", subject="کتری")
    desk.work()
    cyrus = desk.case("cyrus@example.com")
    assert of_case(desk, cyrus["number"], "concerned") == ["concerned"]
    assert "Known issue 1: Kettles leak – the draft carries its note" in told(desk)
    assert "کتری‌های مهرماه چکه می‌کند." in desk.shown(cyrus["number"])["drafts"][-1]["body"]


def test_fixed_shows_the_letters_by_language_and_one_yes_sends_them_at_a_gentle_rate(desk: Journey) -> None:
    opened(desk)
    before = len(desk.host.sent())
    to_the_desk(desk, FIXED)
    assert len(desk.host.sent()) == before
    shown = told(desk, newest_with(desk, "Nothing has left yet. After a yes"))
    assert "the letters below go to 2 customers" in shown
    assert "# Persian: 1 customer" in shown or "Persian: 1 customer" in shown
    assert "The lids are here: write to us, and you get one." in shown
    assert "درها رسیده است." in shown
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "yes")
    assert "Known issue 1 is fixed: Kettles leak. Customers who are told: 2" in told(desk)
    assert len(desk.host.sent()) == before
    desk.clock.skip(minutes=1, seconds=5)
    desk.work()
    assert len(desk.host.sent()) == before + 1
    letter = desk.letters()[-1]
    assert "The lids are here: write to us, and you get one." in text_of(letter)
    assert letter["Auto-Submitted"] is None
    assert letter["In-Reply-To"]
    desk.clock.skip(minutes=1, seconds=5)
    desk.work()
    assert "درها رسیده است." in text_of(desk.letters("cyrus@example.com")[-1])
    assert desk.case()["status"] == "answered"
    assert len(desk.events("told-fixed")) == 2
    desk.clock.skip(hours=2)
    desk.work()
    assert len(desk.events("told-fixed")) == 2


def test_the_letter_that_leaves_is_the_one_that_was_shown(desk: Journey) -> None:
    opened(desk)
    to_the_desk(desk, FIXED)
    back = newest_with(desk, "Nothing has left yet. After a yes")
    shown = told(desk, back)
    reply_to(desk, back, "yes")
    desk.clock.skip(minutes=3)
    desk.work()
    for customer in ("ann@example.com", "cyrus@example.com"):
        left = " ".join(text_of(desk.letters(customer)[-1]).split())
        assert left in shown


def test_no_drops_it_and_the_issue_stays_open(desk: Journey) -> None:
    opened(desk)
    before = len(desk.host.sent())
    to_the_desk(desk, FIXED)
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "no")
    assert "Dropped: nothing leaves." in told(desk)
    desk.clock.skip(minutes=5)
    desk.work()
    assert len(desk.host.sent()) == before
    to_the_desk(desk, "issues 1")
    assert "Known issue 1: Kettles leak (open)" in told(desk)


def test_who_came_meanwhile_is_told_and_who_cant_be_told_is_named_with_the_reason(desk: Journey) -> None:
    opened(desk)
    to_the_desk(desk, "open\nchannel: phone\nfrom: Dora\nlanguage: en\n\nMy kettle arrived broken.\nend")
    to_the_desk(desk, FIXED)
    back = newest_with(desk, "Nothing has left yet. After a yes")
    assert "the customer has no mail address" in told(desk, back)
    mail = desk.mails_to()[-back]
    desk.customer_writes(BROKEN, sender="Eve <eve@example.com>", subject="Kettle too")
    desk.work()
    eve = desk.case("eve@example.com")["number"]
    desk.reply(mail, "yes", sender=f"Sam <{desk.sam}>")
    desk.work()
    assert f"these came and are told as well: #{eve}" in told(desk)
    desk.clock.skip(minutes=4)
    desk.work()
    assert "The lids are here" in text_of(desk.letters("eve@example.com")[-1])


def test_an_agent_says_what_is_concerned_and_what_is_not(desk: Journey) -> None:
    opened(desk)
    ann, bob = desk.case()["number"], desk.case("bob@example.com")["number"]
    to_the_desk(desk, f"#{ann}\nconcerns - 1")
    assert "Known issue 1 does not concern this case: Kettles leak." in told(desk)
    assert "October delivery" not in desk.shown(ann)["drafts"][-1]["body"]
    to_the_desk(desk, f"#{bob}\nconcerns 1")
    assert "October delivery" in desk.shown(bob)["drafts"][-1]["body"]
    to_the_desk(desk, FIXED)
    shown = told(desk, newest_with(desk, "Nothing has left yet. After a yes"))
    assert f"#{ann}: a colleague said that it is not concerned" in shown
    assert f"#{bob}" in shown


def test_the_words_of_an_open_answer_are_kept_and_the_case_stays_with_its_agent(desk: Journey) -> None:
    opened(desk)
    ann = desk.case()["number"]
    to_the_desk(desk, f"#{ann}\nedit\nDear Ann, about your refund.\nend")
    to_the_desk(desk, FIXED)
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "yes")
    desk.clock.skip(minutes=3)
    desk.work()
    assert "The lids are here" in text_of(desk.letters()[-1])
    assert desk.case()["status"] == "open"
    assert desk.shown(ann)["drafts"][-1] | {} == desk.shown(ann)["drafts"][-1] | {"state": "open"}


def test_after_a_stop_the_letters_take_their_turns_and_do_not_leave_all_at_once(desk: Journey) -> None:
    opened(desk)
    to_the_desk(desk, FIXED)
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "yes")
    before = len(desk.host.sent())
    desk.stop()
    desk.clock.skip(days=1)
    desk.work()
    waiting = [one for n in desk.cases() for one in desk.shown(n["number"])["timers"]]
    waiting = [one for one in waiting if one["kind"] == TimerKind.FIXED.value and one["state"] == "waiting"]
    fixed = [one for one in desk.host.sent()[before:] if b"lids are here" in one.data or b"fixed" in one.data]
    assert len(desk.events("told-fixed")) == 1, (waiting, len(fixed))
    desk.clock.skip(minutes=1, seconds=10)
    desk.work()
    assert len(desk.events("told-fixed")) == 2


def test_it_can_be_said_at_the_command_line_too(desk: Journey) -> None:
    opened(desk)
    worker = desk.worker.desk
    lines = do(worker, FIXED, agent=desk.sam, number=None)
    assert any("Nothing has left yet" in line for line in lines)
    lines = do(worker, "yes", agent=desk.sam, number=None)
    assert any("Known issue 1 is fixed" in line for line in lines)
    desk.clock.skip(minutes=3)
    desk.work()
    assert len(desk.events("told-fixed")) == 2


def test_the_words_can_be_changed_and_a_yes_to_the_old_ones_counts_no_more(desk: Journey) -> None:
    opened(desk)
    to_the_desk(desk, FIXED)
    old = desk.mails_to()[-newest_with(desk, "Nothing has left yet. After a yes")]
    to_the_desk(desk, FIXED.replace("The lids are here", "The new lids have come"))
    new = desk.mails_to()[-newest_with(desk, "Nothing has left yet. After a yes")]
    desk.reply(old, "yes", sender=f"Sam <{desk.sam}>")
    desk.work()
    desk.clock.skip(minutes=3)
    desk.work()
    assert desk.events("told-fixed") == []
    desk.reply(new, "yes", sender=f"Sam <{desk.sam}>")
    desk.work()
    desk.clock.skip(minutes=3)
    desk.work()
    assert "The new lids have come" in text_of(desk.letters()[-1])


def test_an_answer_that_many_got_is_not_taken_back_by_undo(desk: Journey) -> None:
    opened(desk)
    to_the_desk(desk, FIXED)
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "yes")
    desk.clock.skip(minutes=3)
    desk.work()
    to_the_desk(desk, f"#{desk.case()['number']}\nundo")
    assert "Not done" in str(desk.mails_to()[-1]["Subject"])


def test_a_spam_case_is_skipped_with_the_reason(desk: Journey) -> None:
    opened(desk)
    ann = desk.case()["number"]
    to_the_desk(desk, FIXED)
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "yes")
    to_the_desk(desk, f"#{ann}\nspam")
    desk.clock.skip(minutes=4)
    desk.work()
    assert len(desk.events("told-fixed")) == 1
    skipped = [one["text"] for one in desk.events("timer-skipped") if one["case"] == ann]
    assert "fixed: left spam" in skipped


def test_a_yes_to_letters_whose_words_were_changed_since_sends_nothing(desk: Journey) -> None:
    opened(desk)
    to_the_desk(desk, FIXED)
    before = len(desk.letters())
    to_the_desk(desk, "issue 1\nen: What nobody has seen in the letters.\nend")
    desk.clock.skip(minutes=1)
    reply_to(desk, newest_with(desk, "Nothing has left yet. After a yes"), "yes")
    assert "changed since the letters were shown" in told(desk)
    desk.clock.skip(minutes=5)
    desk.work()
    assert len(desk.letters()) == before
