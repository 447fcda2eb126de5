"""Training on corrections."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from learning.fit import MOST_PHRASES, fit
from learning.model import ANY
from learning.samples import ENOUGH_CORRECTIONS, ENOUGH_SAMPLES, Sample, Source
from learning.suggesting import Ruled, suggestion
from learning.terms import words_of

WORDS = {
    "late": ["parcel", "waiting", "weeks", "delivery", "delayed", "courier"],
    "defective": ["kettle", "broke", "switch", "leaks", "smoke", "stopped"],
    "billing": ["invoice", "charged", "twice", "amount", "card", "fee"],
}
COMMON = ["hello", "please", "my", "the", "was", "again", "thanks", "order"]


def samples(count: int, source: Source = Source.CORRECTION, *, seed: int = 1) -> Iterator[Sample]:
    """Mails of three categories, a third of which the rules got wrong."""
    chance = random.Random(seed)
    for number in range(count):
        category = chance.choice(list(WORDS))
        text = " ".join([*chance.choices(WORDS[category], k=4), *chance.choices(COMMON, k=6)])
        ruled = chance.choice([category, category, "late"])
        yield Sample(
            id=f"{source}-{seed}-{number}",
            words=tuple(words_of("", text)),
            language="en",
            category=category,
            kind="question" if category == "billing" else "complaint",
            source=source,
            rules_category=ruled,
            rules_confidence=0.9 if ruled == category else 0.5,
        )


def test_it_learns_from_corrections_and_says_how_good_it_is() -> None:
    learned = fit(list(samples(200)), 0.4)
    assert learned is not None
    assert learned.category[ANY].precision >= 0.95
    assert learned.category[ANY].coverage > 0.8
    found = suggestion(learned.model, Ruled("en", "unsure", 0.0, False, {}), "", "the kettle leaks", 0.4)
    assert found is not None
    assert found.category == "defective"
    assert set(found.words) >= {"kettle", "leaks"}


def test_it_is_good_on_mails_that_it_never_saw() -> None:
    learned = fit(list(samples(200)), 0.4)
    assert learned is not None
    unsure = Ruled("en", "unsure", 0.0, False, {})
    unseen = list(samples(200, seed=2))
    said = [(suggestion(learned.model, unsure, "", " ".join(one.words), 0.4), one.category) for one in unseen]
    spoken = [(found.category, wanted) for found, wanted in said if found]
    assert len(spoken) > 150
    assert sum(found == wanted for found, wanted in spoken) / len(spoken) >= 0.95


def test_few_corrections_alone_teach_nothing() -> None:
    assert fit(list(samples(ENOUGH_CORRECTIONS - 1)), 0.4) is None


def test_what_the_rules_decided_teaches_before_the_first_correction() -> None:
    learned = fit(list(samples(ENOUGH_SAMPLES, Source.RULES)), 0.4)
    assert learned is not None
    assert learned.model.decides == {}
    assert learned.category[ANY].coverage > 0.5


def test_corrections_count_more_than_rules() -> None:
    contrary = [replace(one, category="billing") for one in samples(300, Source.RULES, seed=5)]
    learned = fit([*contrary, *samples(150)], 0.4)
    assert learned is not None
    found = suggestion(learned.model, Ruled("en", "unsure", 0.0, False, {}), "", "the kettle leaks", 0.4)
    assert found is not None
    assert found.category == "defective"


def test_the_corrections_say_from_where_on_the_rules_decide() -> None:
    learned = fit(list(samples(200)), 0.4)
    assert learned is not None
    assert learned.model.decides[ANY] == pytest.approx(0.9)


def test_where_what_the_rules_say_leads_astray_the_words_are_trusted_instead() -> None:
    chance = random.Random(3)

    def misheard(one: Sample) -> Sample:
        said = chance.choice(list(WORDS))
        return replace(one, scores={said: 2.0}, rules_category=said, rules_confidence=0.6)

    learned = fit([misheard(one) for one in samples(150)], 0.4)
    assert learned is not None
    assert learned.model.doubted == set(WORDS)
    wrong = Ruled("en", "billing", 0.6, False, {"billing": 2.0})
    found = suggestion(learned.model, wrong, "", "the kettle leaks smoke", 0.4)
    assert found is not None
    assert found.category == "defective"


def test_names_that_the_rules_do_not_know_are_learned_from_what_the_rules_say() -> None:
    chance = random.Random(4)
    theirs = {"late": "Delivery", "defective": "Goods", "billing": "Money"}
    known = [
        replace(
            one,
            words=tuple(chance.choices(COMMON, k=6)),
            scores={one.category: 2.0},
            rules_category=one.category,
            rules_confidence=0.9,
            category=theirs[one.category],
        )
        for one in samples(150)
    ]
    learned = fit(known, 0.4)
    assert learned is not None
    assert learned.model.meant == theirs
    found = suggestion(learned.model, Ruled("en", "late", 0.9, False, {"late": 2.0}), "", "hello", 0.4)
    assert found is not None
    assert found.category == "Delivery"


def test_of_very_many_phrases_the_same_ones_are_taken_each_time() -> None:
    some = list(samples(100))
    words = [
        replace(some[0], id=f"rule/{number}", source=Source.FILES) for number in range(MOST_PHRASES + 50)
    ]
    first, again = fit([*some, *words], 0.4), fit([*words[::-1], *some], 0.4)
    assert first and again
    assert first.model.version == again.model.version


def test_mails_of_one_category_teach_nothing() -> None:
    alike = [replace(one, category="late") for one in samples(100)]
    assert fit(alike, 0.4) is None


def test_categories_that_no_rule_knows_can_be_taught_with_their_kind() -> None:
    learned = fit([replace(one, category=f"my {one.category}") for one in samples(100)], 0.4)
    assert learned is not None
    assert learned.model.kind_of == {
        "my late": "complaint",
        "my defective": "complaint",
        "my billing": "question",
    }


def test_the_same_samples_make_the_same_version_and_others_another() -> None:
    some = list(samples(100))
    first, again, other = fit(some, 0.4), fit(some[::-1], 0.4), fit(some[:-1], 0.4)
    assert first and again and other
    assert first.model.version == again.model.version != other.model.version
