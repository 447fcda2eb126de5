"""What the rules' verdicts are worth to people."""

from __future__ import annotations

from collections.abc import Iterator

from learning.model import ANY
from learning.samples import Sample, Source
from learning.standing import Standing

UNSURE_BELOW = 0.4


def said(
    ruled: str, corrected: str, count: int, *, confidence: float = 0.7, stops: bool = False
) -> Iterator[Sample]:
    for number in range(count):
        yield Sample(
            f"{ruled}/{corrected}/{number}",
            ("word",),
            "en",
            corrected,
            "complaint",
            Source.CORRECTION,
            scores={ruled: 1.0},
            rules_category=ruled,
            rules_confidence=confidence,
            rules_stop=stops,
        )


def test_where_people_bear_the_rules_out_nothing_is_doubted() -> None:
    people = [*said("late", "late", 60), *said("lost", "lost", 20), *said("lost", "late", 2)]
    standing = Standing.of(people, UNSURE_BELOW)
    assert standing.doubted == frozenset()
    assert standing.decides[ANY] == 0.7
    assert standing.decided(people[0], UNSURE_BELOW)


def test_a_category_that_people_mostly_corrected_is_doubted_and_the_others_decide() -> None:
    people = [*said("late", "late", 80), *said("quality", "misleading", 9, confidence=0.95)]
    standing = Standing.of(people, UNSURE_BELOW)
    assert standing.doubted == {"quality"}
    assert not standing.decided(people[-1], UNSURE_BELOW)
    assert standing.decided(people[0], UNSURE_BELOW)


def test_one_mistake_alone_casts_no_doubt() -> None:
    people = [*said("late", "late", 80), *said("quality", "misleading", 1, confidence=0.95)]
    assert Standing.of(people, UNSURE_BELOW).doubted == frozenset()


def test_where_people_use_names_that_the_rules_do_not_know_no_verdict_decides() -> None:
    people = [*said("late", "Delivery", 40, confidence=0.95), *said("billing", "Money", 1, confidence=0.95)]
    standing = Standing.of(people, UNSURE_BELOW)
    assert standing.doubted == {"late", "billing"}
    assert not any(standing.decided(one, UNSURE_BELOW) for one in people)


def test_a_rule_that_stops_decides_whatever_people_say() -> None:
    people = [*said("late", "Delivery", 60, stops=True)]
    standing = Standing.of(people, UNSURE_BELOW)
    assert all(standing.decided(one, UNSURE_BELOW) for one in people)


def test_what_people_mostly_call_otherwise_is_known_by_their_name() -> None:
    people = [*said("late", "Delivery", 30), *said("late", "Money", 5), *said("billing", "Money", 2)]
    assert Standing.of(people, UNSURE_BELOW).meant == {"late": "Delivery"}


def test_how_often_the_rules_were_right_is_counted_where_they_decide() -> None:
    people = [*said("late", "late", 60), *said("lost", "late", 10, confidence=0.2)]
    found = Standing.of(people, UNSURE_BELOW).quality(people, UNSURE_BELOW)
    assert (found["en"].tried, found["en"].spoken, found["en"].right) == (70, 60, 60)
