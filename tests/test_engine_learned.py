"""What was learned, joined with what the rules say."""

from __future__ import annotations

from array import array
from dataclasses import replace

import pytest

from engine.learned import Learned, asked, joined, with_model
from engine.understanding import Understood
from learning.keeping import kept
from learning.model import ANY, NEVER, Head, Model
from store.models import CaseKind, Severity
from store.values import LEARNED, Hit, Message, Verdict
from tests.facts_factory import rulebook

VOCABULARY = {" zorb": 0, " flim": 1}
SILENT = Head((), (), (), {ANY: NEVER})
UNSURE = Verdict(CaseKind.COMPLAINT, "unsure", Severity.NORMAL, "en", 0.1, scores={"late": 0.2})


def head(*labels: str) -> Head:
    return Head(labels, (0.0, 0.0), (array("f", [8, -8]), array("f", [-8, 8])), {ANY: 0.9})


def model(*labels: str, kind: Head = SILENT, corrections: int = 120) -> Model:
    return Model(
        "v1", VOCABULARY, array("f", [1, 1]), head(*labels), kind, {}, {"mine": "question"}, corrections
    )


def test_where_the_rules_are_unsure_the_suggestion_is_the_verdict_and_says_why() -> None:
    low = replace(UNSURE, severity=Severity.LOW, kind=CaseKind.OTHER)
    found = joined(low, "", "a zorb", rulebook(), model("late", "lost"))
    assert (found.category, found.kind, found.learned) == ("late", CaseKind.COMPLAINT, "v1")
    assert found.severity is rulebook().categories["late"].severity is Severity.NORMAL
    assert found.confidence >= 0.9
    assert found.hits == (Hit(LEARNED, ("zorb",), "category late", found.confidence, 120),)
    assert found.hits[0].told()["corrections"] == 120


def test_a_severity_that_rules_raised_is_not_lowered() -> None:
    urgent = replace(UNSURE, severity=Severity.URGENT)
    assert joined(urgent, "", "a zorb", rulebook(), model("late", "lost")).severity is Severity.URGENT


@pytest.mark.parametrize(
    "decided",
    [replace(UNSURE, category="lost", confidence=0.6), replace(UNSURE, category="lost", stopped=True)],
)
def test_what_the_rules_decided_stands(decided: Verdict) -> None:
    found = joined(decided, "", "a zorb", rulebook(), model("late", "defective"))
    assert found == replace(decided, learned="v1")


def test_a_category_that_the_rules_do_not_know_is_said_only_where_any_may_be() -> None:
    strange = model("mine", "late")
    assert joined(UNSURE, "", "a zorb", rulebook(), strange).category == "unsure"
    found = joined(UNSURE, "", "a zorb", rulebook(), strange, any_name=True)
    assert (found.category, found.kind) == ("mine", CaseKind.QUESTION)


def test_one_that_is_sure_of_the_kind_alone_leaves_the_category_to_the_rules() -> None:
    kinds = model("late", "lost", kind=head("praise", "complaint"))
    silent = replace(kinds, category=replace(kinds.category, thresholds={ANY: NEVER}))
    found = joined(UNSURE, "", "a zorb", rulebook(), silent)
    assert (found.kind, found.category, found.confidence) == (CaseKind.PRAISE, "unsure", 0.1)
    assert found.hits[0].says == "kind praise"
    praised = replace(UNSURE, scores={"late": 0.2, "praise": 0.1})
    assert joined(praised, "", "a zorb", rulebook(), silent).category == "praise"
    same = replace(UNSURE, kind=CaseKind.PRAISE)
    assert joined(same, "", "a zorb", rulebook(), silent).hits == (), "the rules said so already"


def test_a_mail_is_asked_about_once() -> None:
    message, made = Message("f", subject="", text="a zorb"), model("late", "lost")
    first = asked(UNSURE, message, rulebook(), made)
    assert first.category == "late"
    assert asked(first, message, rulebook(), made) is first
    assert asked(UNSURE, message, rulebook(), None) is UNSURE


def test_a_mail_without_a_verdict_stays_as_it_is() -> None:
    command = Understood(Message("f"))
    assert with_model(command, rulebook(), model("late", "lost")) is command
    customers = Understood(Message("f", text="a zorb"), UNSURE)
    assert with_model(customers, rulebook(), None) is customers
    told = with_model(customers, rulebook(), model("late", "lost")).verdict
    assert told is not None
    assert told.category == "late"


def test_a_model_of_another_version_is_none() -> None:
    assert Learned.of(b"") is None
    made = model("late", "lost")
    again = Learned.of(kept(made))
    assert again is not None
    assert (again.model, again.version) == (made, "v1")
