"""Models as bytes."""

from __future__ import annotations

import json

import pytest

from learning.fit import fit
from learning.keeping import OtherForm, kept, restored
from learning.suggesting import Ruled, suggestion
from tests.test_learning_fit import samples

UNSURE = Ruled("en", "", 0.0, False, {})


def test_a_model_that_was_kept_says_the_same() -> None:
    learned = fit(list(samples(150)), 0.4)
    assert learned is not None
    again = restored(kept(learned.model))
    assert again == learned.model
    said = suggestion(again, UNSURE, "", "the kettle leaks", 0.4)
    assert said is not None
    assert said == suggestion(learned.model, UNSURE, "", "the kettle leaks", 0.4)


@pytest.mark.parametrize(
    "data", [b"", b"\0\0\0\2{}", b"\0\0\0\5{not}", b"\0\0\0\x0a" + json.dumps({"form": 0}).encode()]
)
def test_what_another_version_kept_is_not_taken_for_a_model(data: bytes) -> None:
    with pytest.raises(OtherForm):
        restored(data)
