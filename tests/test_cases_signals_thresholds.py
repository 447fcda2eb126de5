"""Thresholds, and what is told of what has grown: once, again on doubling, one wave under one name."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cases.rules.durations import Duration, Unit
from cases.rules.signals import Signal as Rule
from cases.rules.signals import Threshold
from cases.signals import standing, thresholds
from cases.signals.causes import Cause, Seen, by_people, causes_of, overlap
from cases.signals.standing import Candidate
from cases.signals.telling import recipients, told
from store.models import LetterKind, Signal, SignalKind
from tests.facts_factory import ADMIN, AGENT, AGENTS, NOW, facts, rulebook

A_DAY = timedelta(days=1)


def rule(**more: Any) -> Rule:
    given = {"name": "parcels", "threshold": Threshold(3, Duration(7, Unit.DAYS)), "to": ("admin",), **more}
    return Rule.model_validate(given)


def case(number: int, *facts: tuple[str, str], category: str = "late", **more: Any) -> Seen:
    given: dict[str, Any] = {
        "at": NOW - timedelta(hours=number),
        "customer": f"c{number}@example.com",
        **more,
    }
    return Seen(number, category=category, facts=facts, **given)


def names(of: Rule, one: Seen) -> list[str]:
    return [counted.name for counted in thresholds.counted_with(of, one)]


# What counts


def test_a_rule_counts_its_categories_and_without_any_all_complaints() -> None:
    assert names(rule(category=["late", "lost"]), case(1)) == ["parcels"]
    assert names(rule(category="lost"), case(1)) == []
    assert names(rule(), case(1)) == ["parcels"]
    assert names(rule(), case(1, complains=False)) == []
    assert names(rule(category="late"), case(1, complains=False)) == ["parcels"], "it is named"


def test_a_fact_may_be_named_or_be_anything() -> None:
    lamp = case(1, ("product", "Lamp"), ("place", "airport"))
    assert names(rule(fact={"product": "lamp"}), lamp) == ["parcels"]
    assert names(rule(fact={"product": "kettle"}), lamp) == []
    assert names(rule(fact={"product": "*", "place": "air*"}), lamp) == ["parcels"]
    assert names(rule(fact={"person": "*"}), lamp) == []


def test_each_value_is_counted_by_itself() -> None:
    each = rule(fact={"product": "*"}, each=True)
    both = case(1, ("product", "lamp"), ("product", "kettle"))
    assert names(each, both) == ["parcels/product=lamp", "parcels/product=kettle"]
    [lamps, _] = thresholds.counted_with(each, both)
    cases = [both, case(2, ("product", "kettle")), case(3, ("product", "lamp"))]
    assert [one.number for one in thresholds.cases_of(lamps, cases, NOW)] == [1, 3]


def test_only_what_came_within_the_time_counts() -> None:
    [counted] = thresholds.counted_with(rule(), case(1))
    cases = [case(1), case(2, at=NOW - 6.9 * A_DAY), case(3, at=NOW - 7.1 * A_DAY)]
    assert [one.number for one in thresholds.cases_of(counted, cases, NOW)] == [1, 2]


def test_who_writes_twenty_mails_counts_once() -> None:
    flood = [case(number, customer="ann@example.com") for number in range(1, 15)]
    flood += [case(number, customer=f"ANN+{number}@example.com") for number in range(15, 21)]
    assert [one.number for one in by_people(flood)] == [1], "the newest one stands for all"
    unknown = [case(number, customer="") for number in range(1, 4)]
    assert len(by_people(unknown)) == 3, "who gave no address may be anybody"


def test_a_threshold_is_over_well_below_its_number() -> None:
    [counted] = thresholds.counted_with(rule(threshold=Threshold(20, Duration(7, Unit.DAYS))), case(1))
    assert not thresholds.is_over(counted, 10)
    assert thresholds.is_over(counted, 9)


def test_a_case_counts_for_its_category_its_facts_and_both() -> None:
    one = case(1, ("product", "lamp"), ("order_number", "4711"))
    assert causes_of(one, {"product"}) == [
        Cause("late"),
        Cause("", (("product", "lamp"),)),
        Cause("late", (("product", "lamp"),)),
    ]
    assert all(cause.holds(one) for cause in causes_of(one, {"product"}))
    assert not Cause("late", (("product", "kettle"),)).holds(one)
    assert overlap([1, 2, 3], [3, 4]) == 0.5
    assert overlap([], [1]) == 0.0


# What is told


def grown(count: int, *, kind: SignalKind = SignalKind.GROWTH, first: int = 1, **more: Any) -> Candidate:
    given: dict[str, Any] = {
        "name": "late",
        "since": NOW - A_DAY,
        "cases": tuple(case(number) for number in range(first, first + count)),
        "to": ("owner",),
        "categories": ("late",),
        "score": 6.0,
        **more,
    }
    return Candidate(kind=kind, count=count, **given)


def told_before(of: Candidate, *, at: datetime = NOW, **more: Any) -> Signal:
    given: dict[str, Any] = {
        "category": ",".join(of.categories),
        "fact": dict(of.facts),
        "terms": list(of.terms),
        "cases": list(of.numbers),
        "raised_at": at,
        **more,
    }
    return Signal(id=7, key="k", name=of.name, kind=of.kind, count=of.count, since=of.since, **given)


def test_it_is_told_once_and_again_when_it_doubles() -> None:
    first = grown(10)
    last = told_before(first)
    assert standing.is_news(first, None)
    assert not standing.is_news(grown(19), last)
    assert standing.is_news(grown(20), last)
    assert standing.is_news(first, told_before(first, ended_at=NOW)), "it was over, and begins anew"


def test_what_was_told_last_has_one_successor() -> None:
    one = grown(10)
    assert standing.key_of(one, None) == "growth/late/0"
    assert standing.key_of(one, told_before(one)) == "growth/late/7"


def test_a_wave_is_told_under_its_surest_name() -> None:
    narrow = grown(10, name="late/place=airport", facts=(("place", "airport"),), score=9.0)
    other = grown(8, first=50, name="rude", categories=("rude",), score=5.5)
    assert standing.to_tell([grown(12), narrow, other], [], NOW) == [narrow, other]


def test_what_a_threshold_told_is_not_told_as_growth() -> None:
    asked = grown(20, kind=SignalKind.THRESHOLD, name="parcels", categories=("late", "lost"), score=0.0)
    assert standing.to_tell([grown(12), asked], [], NOW) == [asked]
    fresh = grown(12, first=100)
    assert standing.to_tell([fresh], [told_before(asked, at=NOW - A_DAY)], NOW) == []
    assert standing.to_tell([fresh], [told_before(asked, at=NOW - 9 * A_DAY)], NOW) == [fresh]


def test_two_thresholds_of_the_same_cases_are_both_told() -> None:
    asked = [grown(20, kind=SignalKind.THRESHOLD, name=name) for name in ("parcels", "vans")]
    assert standing.to_tell(asked, [], NOW) == asked


def test_a_cluster_keeps_its_name_while_its_words_change() -> None:
    first = grown(
        8, kind=SignalKind.CLUSTER, name="cluster/page+payment", categories=(), terms=("payment", "page")
    )
    later = grown(
        9,
        kind=SignalKind.CLUSTER,
        name="cluster/screen+white",
        first=90,
        categories=(),
        terms=("screen", "white", "page", "payment"),
    )
    assert standing.under_its_name(later, [told_before(first)]).name == first.name
    other = grown(9, kind=SignalKind.CLUSTER, name="cluster/driver+van", first=90, terms=("driver", "van"))
    assert standing.under_its_name(other, [told_before(first)]).name == other.name


# The mail


def test_who_is_told_is_a_role_a_team_or_an_address() -> None:
    book = rulebook(agents=AGENTS.replace("roles: [agent]}", "roles: [agent], team: phones}", 1))
    addresses = [
        [one.address for one in recipients((who,), book)] for who in ("admin", "phones", AGENT, "owner")
    ]
    assert addresses == [[ADMIN], [AGENT], [AGENT], [ADMIN]], "the admins where there is no owner"
    assert [one.address for one in recipients(("phones", AGENT), book)] == [AGENT], "each once"


def test_a_telling_is_a_row_an_event_and_a_mail_to_each() -> None:
    book = rulebook()
    one = grown(70, facts=(("product", "lamp"),), expected=1.234)
    decision = told(facts(rulebook=book), one, told_before(grown(30)), recipients(("admin",), book), [])
    [row] = decision.rows
    assert row.values["key"] == "growth/late/7"
    assert row.values["told"] == [ADMIN]
    assert row.values["cases"] == list(range(1, 71))
    [letter] = decision.letters
    assert (letter.kind, letter.template, letter.recipient.key) == (LetterKind.SIGNAL, "agent_signal", ADMIN)
    assert letter.variables["before"] == 30
    assert letter.variables["expected"] == 1.2
    assert letter.variables["more"] == 10
    assert decision.events[0].data["cases"] == list(range(1, 71))
