"""What a learned model makes of a mail."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.model import ANY, MOST_KEPT, NEVER, Head, Model
from learning.suggesting import Ruled, rules_decide, suggestion
from learning.terms import CHOSEN, NOTHING, RULE, Heard

VOCABULARY = {" late": 0, "kett": 1, RULE + "late": 2, CHOSEN + "late": 3}
UNSURE_BELOW = 0.4


def head(threshold: float, labels: tuple[str, ...] = ("late", "defective")) -> Head:
    weights = (array("f", [8.0, -8.0, 2.0, 1.0]), array("f", [-8.0, 8.0, 0.0, 0.0]))
    return Head(labels, (0.0, 0.0), weights, {ANY: threshold})


def model(threshold: float = 0.8, *, kind: float = NEVER, decides: float | None = None) -> Model:
    kinds = head(kind, ("complaint", "question"))
    levels = {} if decides is None else {ANY: decides}
    rarity = array("f", [1.0, 1.0, 0.0, 0.0])
    return Model("v1", VOCABULARY, rarity, head(threshold), kinds, levels, {"late": "complaint"}, 60)


def ruled(category: str = "unsure", confidence: float = 0.1, *, stops: bool = False) -> Ruled:
    return Ruled("en", category, confidence, stops, {})


def test_it_suggests_what_it_is_sure_of_and_says_why() -> None:
    found = suggestion(model(), ruled(), "", "my parcel is later than late", UNSURE_BELOW)
    assert found is not None
    assert (found.category, found.kind, found.version) == ("late", "complaint", "v1")
    assert found.probability > 0.9
    assert found.words == ("later", "late")


def test_below_its_threshold_it_says_nothing() -> None:
    assert suggestion(model(0.99999), ruled(), "", "late kettle", UNSURE_BELOW) is None


def test_a_mail_of_unknown_words_gets_no_suggestion() -> None:
    assert suggestion(model(), ruled(), "", "?", UNSURE_BELOW) is None


def test_a_rule_that_decided_is_never_overridden() -> None:
    assert suggestion(model(), ruled("defective", 0.6), "", "late", UNSURE_BELOW) is None


def test_a_rule_that_stops_decides_at_any_confidence() -> None:
    assert suggestion(model(), ruled("defective", 0.0, stops=True), "", "late", UNSURE_BELOW) is None


@pytest.mark.parametrize(("confidence", "stands"), [(0.5, False), (0.7, True)])
def test_rules_decide_where_their_verdicts_were_right_often_enough(confidence: float, stands: bool) -> None:
    assert rules_decide(model(decides=0.7), ruled("defective", confidence), UNSURE_BELOW) is stands


def test_verdicts_below_the_rule_files_threshold_never_decide() -> None:
    assert not rules_decide(model(decides=0.1), ruled("defective", 0.3), UNSURE_BELOW)


def test_a_category_that_may_not_be_named_is_not_suggested() -> None:
    assert suggestion(model(), ruled(), "", "late", UNSURE_BELOW, known=("defective",)) is None


def test_it_may_be_sure_of_the_kind_alone() -> None:
    found = suggestion(model(NEVER, kind=0.8), ruled(), "", "late", UNSURE_BELOW)
    assert found is not None
    assert (found.category, found.kind) == ("", "complaint")


def test_a_category_that_people_doubt_decides_at_no_confidence_unless_its_rule_stops() -> None:
    doubting = replace(model(), doubted=frozenset({"defective"}))
    assert not rules_decide(doubting, ruled("defective", 0.99), UNSURE_BELOW)
    assert rules_decide(doubting, ruled("defective", 0.0, stops=True), UNSURE_BELOW)
    found = suggestion(doubting, ruled("defective", 0.99), "", "late", UNSURE_BELOW)
    assert found is not None
    assert found.category == "late"


def test_what_the_rules_said_weighs_as_well() -> None:
    made = model()
    heard = made.weigh(["kettle"], Heard({"late": 9.0}, "late", 0.9))
    unheard = made.weigh(["kettle"], NOTHING)
    late, _ = made.category.chances(heard.category, heard)
    assert late > made.category.chances(unheard.category, unheard)[0]


WORDS = st.lists(st.sampled_from(["late", "later", "kettle", "kettles", "x"]), max_size=8)
WEIGHTS = st.lists(st.floats(-60, 60), min_size=4, max_size=4).map(lambda some: array("f", some))


@given(WORDS, st.tuples(WEIGHTS, WEIGHTS, WEIGHTS))
def test_a_mail_is_weighed_as_it_was_when_it_was_learned_from(
    words: list[str], weights: tuple[array[float], array[float], array[float]]
) -> None:
    heard = Heard({"late": 1.0}, "late", 0.5)
    three = Head(("late", "lost", "billing"), (0.1, 0.0, -0.1), weights, {ANY: NEVER})
    made = Model("v1", VOCABULARY, array("f", [1.5, 3.25, 0.0, 0.0]), three, head(NEVER))
    mail = made.weigh(words, heard)
    found = three.chances(mail.category, mail)
    row = made.row(words, heard)
    scores = [
        bias + sum(some[number] * amount for number, amount in row.items())
        for bias, some in zip(three.biases, weights, strict=True)
    ]
    whole = sum(math.exp(score - max(scores)) for score in scores)
    assert found == pytest.approx([math.exp(score - max(scores)) / whole for score in scores], abs=1e-3)


def test_the_worth_of_words_is_remembered_but_not_of_endlessly_many() -> None:
    made = model()
    for number in range(MOST_KEPT + 10):
        made.weigh([f"word{number}"], NOTHING)
    assert len(made._kept) <= MOST_KEPT
    assert made.weigh(["late"], NOTHING) == model().weigh(["late"], NOTHING)
