"""Causes that grow: mail comes in, and whoever is to know gets one mail about all of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.signalling import Signaller
from store import facts, ledger, queries, signals
from store.models import CaseKind, Status
from store.values import Fact
from tests.journeys import Journey, text_of
from tests.plans import watched
from tests.store_samples import complaint

SIGNALS = """\
signals:
  - name: broken
    description: Many parcels come broken.
    category: damaged
    threshold: 3 in 7 days
    to: admin
growth: {enabled: false}
clusters: {enabled: false}
"""
A_DAY = timedelta(days=1)
BROKEN = "The lamp arrived broken, the box was crushed."


def told(journey: Journey, agent: str = "") -> list[str]:
    """The mails to an agent about what grows, each with its subject on top."""
    mails = [mail for mail in journey.mails_to(agent or journey.sam) if _is_signal(str(mail["Subject"]))]
    return [f"{mail['Subject']}\n{text_of(mail)}" for mail in mails]


def _is_signal(subject: str) -> bool:
    return subject.startswith(("Many cases", "Unusually many", "Something new", "Many complaints"))


def breaks(
    journey: Journey, *customers: str, words: str = "The lamp arrived broken, the box was crushed."
) -> None:
    for one in customers:
        journey.customer_writes(words, sender=f"{one} <{one}@example.com>", subject="Broken lamp")
    journey.work()


@pytest.fixture
def shop(quick_journey: Journey) -> Journey:
    (quick_journey.rules / "signals.yaml").write_text(SIGNALS, "utf-8")
    return quick_journey


# Thresholds


def test_an_admin_adds_a_signal_and_gets_its_mail(shop: Journey) -> None:
    breaks(shop, "ann", "bo")
    assert told(shop) == []
    breaks(shop, "cleo")
    [mail] = told(shop)
    assert "Many cases: damaged – 3 customers" in mail
    assert "Many parcels come broken." in mail
    assert mail.count("> The lamp arrived broken, the box was crushed.") == 3
    numbers = [case["number"] for case in shop.cases()]
    assert all(f"#{number}" in mail for number in numbers)


def test_it_is_told_once_and_again_when_it_has_doubled(shop: Journey) -> None:
    breaks(shop, "ann", "bo", "cleo")
    breaks(shop, "dan")
    breaks(shop, "eve")
    assert len(told(shop)) == 1
    breaks(shop, "fay")
    assert len(told(shop)) == 2
    assert "6 customers" in told(shop)[-1]
    assert "They were 3 when you were told of it before." in told(shop)[-1]


def test_one_customer_with_many_mails_is_no_wave(shop: Journey) -> None:
    for number in range(5):
        words = f"The lamp number {number} arrived broken."
        shop.customer_writes(words, sender="Ann <ann@example.com>", subject=words)
    shop.work()
    assert len(shop.cases()) > 2
    assert told(shop) == []


def test_spam_and_a_corrected_category_count_as_agents_say(shop: Journey) -> None:
    breaks(shop, "ann", "bo")
    shop.customer_writes("Bad wrapping.", sender="Cleo <cleo@example.com>", subject="Hm")
    shop.work()
    assert told(shop) == []
    shop.agent_replies(f"#{shop.cases()[-1]['number']}\ncategory damaged")
    assert len(told(shop)) == 1, "it counts as what it was corrected to"


def test_the_mail_shows_a_case_by_a_reply(shop: Journey) -> None:
    breaks(shop, "ann", "bo", "cleo")
    number = shop.cases()[0]["number"]
    mail = next(m for m in shop.mails_to(shop.sam) if _is_signal(str(m["Subject"])))
    assert f"show%20{number}" in str(mail.get_body(("html",)))
    shop.reply(mail, f"show {number}", sender=f"Sam <{shop.sam}>")
    shop.work()
    assert "The lamp arrived broken" in text_of(shop.mails_to(shop.sam)[-1])


def test_the_mail_opens_a_known_issue_for_the_cause(shop: Journey) -> None:
    breaks(shop, "ann", "bo", "cleo")
    mail = next(m for m in shop.mails_to(shop.sam) if _is_signal(str(m["Subject"])))
    part = mail.get_body(("html",))
    html = str(part.get_content()) if part else ""
    link = next(one for one in re.findall(r'href="(mailto:[^"]+)"', html) if "issue" in one)
    words = parse_qs(urlsplit(unescape(link)).query)["body"][0].replace("\r\n", "\n")
    shop.reply(mail, words.replace("en: ", "en: We pack better now."), sender=f"Sam <{shop.sam}>")
    shop.work()
    assert "We pack better now." in text_of(shop.mails_to(shop.sam)[-1])
    assert shop.events("issue-opened")


def test_what_ended_is_told_anew(shop: Journey) -> None:
    breaks(shop, "ann", "bo", "cleo")
    shop.clock.skip(days=20)
    breaks(shop, "dan")
    shop.clock.skip(days=1)
    breaks(shop, "eve", "fay")
    assert len(told(shop)) == 2
    assert "before" not in told(shop)[-1].split("The figures")[0]


def test_a_signal_that_an_admin_takes_away_is_over(shop: Journey) -> None:
    breaks(shop, "ann", "bo", "cleo")
    (shop.rules / "signals.yaml").write_text("signals: []\n", "utf-8")
    shop.clock.skip(hours=2)
    shop.stop()
    shop.work()
    with shop.worker.desk.database.read() as session:
        assert signals.open_ones(session) == []


def test_a_worker_looks_once_a_minute(shop: Journey) -> None:
    seconds = iter([0.0] * 5 + [30.0] * 2 + [61.0] * 50)
    begun: list[float] = []

    def passed() -> float:
        begun.append(next(seconds))
        return begun[-1]

    breaks(shop, "ann", "bo")
    signaller = Signaller(shop.worker.desk, passed)
    signaller.tick()
    _past(shop, 0, "damaged", "cleo@example.com")
    with shop.worker.desk.database.read() as session:
        while begun[-1] < 61:
            assert signals.open_ones(session) == []
            signaller.tick()
    signaller.tick()
    with shop.worker.desk.database.read() as session:
        assert len(signals.open_ones(session)) == 1


def test_two_workers_tell_it_once(shop: Journey) -> None:
    breaks(shop, "ann", "bo")
    desk = shop.worker.desk
    first, second = Signaller(desk), Signaller(desk)
    _past(shop, 0, "damaged", "cleo@example.com")
    looks = [first._begun(), second._begun()]
    assert all(looks)
    for signaller, look in zip((first, second), looks, strict=True):
        assert look
        while not signaller._works(look):
            pass
    with desk.database.read() as session:
        assert len(signals.told_since(session, shop.clock() - A_DAY)) == 1


def test_a_look_costs_one_question_when_nothing_happened(shop: Journey) -> None:
    breaks(shop, "ann", "bo", "cleo")
    shop.stop()
    with watched() as seen:
        desk = shop.worker.desk
        Signaller(desk).look()
        seen.clear()
        Signaller(desk).look()
        asked = [one for one in seen if "SELECT" in one.upper()]
        assert len(asked) <= 3, "how far it looked, when it last swept, and the newest event"


def test_a_flood_of_signals_is_told_in_portions(shop: Journey) -> None:
    many = "".join(
        f"  - {{name: n{one}, category: damaged, threshold: 2 in 7 days, to: admin}}\n" for one in range(14)
    )
    (shop.rules / "signals.yaml").write_text(f"signals:\n{many}growth: {{enabled: false}}\n", "utf-8")
    breaks(shop, "ann", "bo")
    assert len(told(shop)) == 10
    shop.clock.skip(hours=2)
    shop.work()
    assert len(told(shop)) == 14


def test_who_had_enough_for_an_hour_is_told_with_the_others_when_it_is_over(shop: Journey) -> None:
    noa = shop.noa
    shop.write_agents({shop.sam: "name: Sam, roles: [agent, admin]", noa: "name: Noa, roles: [agent]"})
    many = "".join(
        f"  - {{name: n{one:02}, category: damaged, threshold: 2 in 7 days, to: admin}}\n"
        for one in range(10)
    )
    last = f"  - {{name: n10, category: damaged, threshold: 2 in 7 days, to: [admin, {noa}]}}\n"
    (shop.rules / "signals.yaml").write_text(f"signals:\n{many}{last}growth: {{enabled: false}}\n", "utf-8")
    breaks(shop, "ann", "bo")
    shop.clock.skip(hours=2)
    shop.work()
    assert (len(told(shop)), len(told(shop, noa))) == (11, 1)


# Growth and clusters


def _past(journey: Journey, days: float, category: str, customer: str, *known: Fact, words: str = "") -> int:
    """A case as it was opened so many days ago."""
    at: datetime = journey.clock() - days * A_DAY
    with journey.worker.desk.database.write() as session:
        number = queries.next_number(session)
        kind = CaseKind.OTHER if category == "unsure" else CaseKind.COMPLAINT
        values = {"category": category, "kind": kind, "customer": customer, "opened_at": at, "told": words}
        values |= {"status": Status.CLOSED, "closed_at": at}
        opened = complaint(number, **values)
        ledger.record(session, type(opened)(case=opened.case, events=opened.events[:1]), now=at)
        facts.add(session, number, known, None)
    return number


def _months(journey: Journey) -> None:
    """Ten weeks with a damaged parcel every other day and two late ones a day."""
    for day in range(70, 0, -1):
        for one in range(2):
            _past(journey, day, "late", f"late{day}.{one}@example.com")
        if day % 2:
            _past(journey, day, "damaged", f"damaged{day}@example.com", Fact("place", "airport"))


def test_unusual_growth_is_told_with_what_is_usual(shop: Journey) -> None:
    (shop.rules / "signals.yaml").write_text("clusters: {enabled: false}\n", "utf-8")
    _months(shop)
    shop.work()
    assert told(shop) == []
    breaks(shop, *(f"c{one}" for one in range(9)), words="The lamp came broken at the warehouse.")
    [mail] = told(shop)
    assert "Unusually many: " in mail
    assert "9 customers" in mail
    assert "Usual in that time: " in mail


def test_growth_that_has_calmed_down_is_over(shop: Journey) -> None:
    (shop.rules / "signals.yaml").write_text("clusters: {enabled: false}\n", "utf-8")
    _months(shop)
    breaks(shop, *(f"c{one}" for one in range(9)))
    shop.clock.skip(days=6)
    shop.work()
    desk = shop.worker.desk
    with desk.database.read() as session:
        assert len(signals.open_ones(session)) == 1, "a week is not over yet"
    shop.clock.skip(days=3)
    shop.work()
    with desk.database.read() as session:
        assert signals.open_ones(session) == []


def test_growth_can_be_switched_off(shop: Journey) -> None:
    _months(shop)
    breaks(shop, *(f"c{one}" for one in range(9)))
    assert all("Unusually many" not in mail for mail in told(shop))


def test_mails_that_no_rule_names_are_told_when_they_say_the_same(shop: Journey) -> None:
    (shop.rules / "signals.yaml").write_text("growth: {enabled: false}\n", "utf-8")
    topics = ("invoice", "opening", "newsletter", "account", "voucher", "address")
    for one in range(120):
        words = f"hello please tell about the {topics[one % 6]} and {topics[one % 5]} thanks"
        _past(shop, 5 + one % 40, "unsure", f"old{one}@example.com", words=words)
    ways = (
        "a purple glow from the gizmo",
        "the gizmo has purple glow at night",
        "purple glow, gizmo, what now",
    )
    for one in range(8):
        _past(shop, 0.1, "unsure", f"new{one}@example.com", words=ways[one % 3])
    shop.work()
    [mail] = told(shop)
    assert mail.startswith("Something new: ")
    subject = mail.split("\n")[0]
    assert all(word in subject for word in ("purple", "glow", "gizmo"))
    assert "8 customers" in subject
    shop.clock.skip(hours=2)
    shop.work()
    assert len(told(shop)) == 1


# The command


def test_causes_lists_what_grows(shop: Journey) -> None:
    _months(shop)
    breaks(shop, *(f"c{one}" for one in range(7)))
    shop.agent_replies("causes")
    answer = text_of(shop.mails_to(shop.sam)[-1])
    assert "What grows" in answer
    assert re.search(r"damaged · 1\d since", answer), "what was told of"
    assert "late" not in answer.split("What grows")[1].split("\n\n")[1], "what is as usual"


def test_causes_says_when_nothing_grows(shop: Journey) -> None:
    breaks(shop, "ann")
    shop.agent_replies("causes")
    assert "Nothing grows" in text_of(shop.mails_to(shop.sam)[-1])
