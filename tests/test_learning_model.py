"""What a learned model makes of a mail."""

from __future__ import annotations

from array import array

import pytest

from learning.model import ANY, NEVER, Head, Model
from learning.suggesting import Ruled, rules_decide, suggestion
from learning.terms import RULE

VOCABULARY = {" late": 0, "kett": 1, RULE + "late": 2}
UNSURE_BELOW = 0.4


def head(threshold: float, labels: tuple[str, ...] = ("late", "defective")) -> Head:
    weights = (array("f", [8.0, -8.0, 2.0]), array("f", [-8.0, 8.0, 0.0]))
    return Head(labels, (0.0, 0.0), weights, {ANY: threshold})


def model(threshold: float = 0.8, *, kind: float = NEVER, decides: float | None = None) -> Model:
    kinds = head(kind, ("complaint", "question"))
    levels = {} if decides is None else {ANY: decides}
    rarity = array("f", [1.0, 1.0, 0.0])
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


def test_what_the_rules_said_weighs_as_well() -> None:
    said = Ruled("en", "unsure", 0.1, False, {"late": 9.0})
    by_rules = model().weigh(["kettle"], said.scores)
    assert model().category.probabilities(by_rules) != model().category.probabilities(
        model().weigh(["kettle"], {})
    )
