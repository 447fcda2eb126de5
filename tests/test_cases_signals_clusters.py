"""New clusters: mails that no rule names and that begin to say the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.signal_worlds import BEGINS, Writing, is_new, told_of_words
from cases.signals.causes import Seen
from cases.signals.clusters import ENOUGH, Older, Text, clusters, same, words_of

NOW = BEGINS + timedelta(days=60)


def text(number: int, words: str, *, days: float = 0.5, customer: str = "") -> Text:
    case = Seen(number, NOW - timedelta(days=days), "unsure", customer or f"c{number}@example.com")
    return Text(case, words_of("", words))


def usual(count: int = 300) -> list[Text]:
    subjects = ("invoice", "opening hours", "newsletter", "account", "voucher", "address", "catalogue")
    return [
        text(
            number,
            f"hello please tell about the {subjects[number % 7]} and {subjects[number % 5]} thanks",
            days=5 + number % 40,
        )
        for number in range(1, count)
    ]


def burst(count: int = 8, customer: str = "") -> list[Text]:
    ways = (
        "the payment page shows a white screen",
        "white screen at the payment",
        "payment page stays white screen",
    )
    return [text(1000 + one, ways[one % 3], customer=customer) for one in range(count)]


def found(newest: list[Text], older: list[Text] | None = None, at_least: int = 6) -> list[tuple[str, ...]]:
    past = Older.of(usual() if older is None else older)
    return [one.terms for one in clusters(newest, past, NOW, at_least)]


def test_a_burst_is_found_with_its_words_and_cases() -> None:
    some = [text(2000 + one, "hello please tell about the voucher and account thanks") for one in range(4)]
    [cluster] = clusters(burst() + some, Older.of(usual()), NOW, 6)
    assert set(cluster.terms) == {"payment", "page", "white", "screen"}
    assert {case.number for case in cluster.cases} == set(range(1000, 1008))
    assert cluster.expected < 1


def test_one_customer_with_twenty_mails_is_no_burst() -> None:
    assert found(burst(20, customer="ann@example.com")) == []
    assert found(burst(20, customer="ann+{0}@example.com")) == []
    assert found(burst(5)) == [], "and five are fewer than are asked for"
    assert found(burst(6)) != []


def test_what_was_always_said_is_no_burst() -> None:
    old = [text(5000 + one, "the payment page shows a white screen", days=4 + one) for one in range(40)]
    assert found(burst(), usual() + old) == []


def test_without_older_mails_nothing_is_new() -> None:
    assert found(burst(), usual(ENOUGH)) == []
    lately = [text(one, f"hello about the invoice {one}", days=4) for one in range(200)]
    assert found(burst(), lately) == [], "they reach back only for days"


def test_two_bursts_are_two_clusters() -> None:
    other = [text(3000 + one, "driver left parcel beside the dustbins") for one in range(8)]
    assert len(found(burst() + other)) == 2


def test_words_are_compared_in_every_script() -> None:
    assert words_of("پرداخت", "صفحهٔ پرداخت سفيد است ۱۲۳") == {"پرداخت", "صفحه", "سفید", "است"}
    assert words_of("", "Payment PAGE payment 4711 ok") == {"payment", "page"}


def test_the_same_matter_is_known_by_half_of_its_words() -> None:
    assert same(("payment", "page"), ("page", "white", "screen", "payment"))
    assert not same(("payment", "page"), ("driver", "parcel"))
    assert not same((), ("driver",))


@pytest.mark.parametrize("a_day", [5, 20])
def test_months_of_usual_mails_have_no_false_cluster(a_day: float) -> None:
    assert len(told_of_words(Writing(a_day=a_day, days=63 + 90, seed=4))) <= 1


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_burst_is_found_by_the_next_day(seed: int) -> None:
    writing = Writing(a_day=20, days=82, bursts={80: 7, 81: 7}, seed=seed)
    found = [(day, one) for day, one in told_of_words(writing, since=79) if is_new(one)]
    assert found
    assert found[0][0] <= 81
    assert set(found[0][1].terms) <= set(writing.new)
