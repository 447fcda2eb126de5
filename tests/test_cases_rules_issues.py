"""rules/issues.yaml: what is read, and what each mistake is answered."""

from __future__ import annotations

import pytest

from cases.rules.loading import load
from tests.facts_factory import rulebook, texts

RIGHT = """\
an_hour: 30
issues:
  - name: haifa
    title: Parcels rest in Haifa
    category: late
    note:
      en: They rest.
      fa: مانده‌اند.
"""


def told(text: str) -> list[str]:
    return [problem.message for problem in load(texts(issues=text))[1]]


def test_what_the_file_says() -> None:
    file = rulebook(issues=RIGHT).issues
    (one,) = file.issues
    assert (file.an_hour, one.name, one.category) == (30, "haifa", "late")
    assert one.note == {"en": "They rest.", "fa": "مانده‌اند."}


def test_the_file_may_be_left_out() -> None:
    assert (rulebook().issues.issues, rulebook().issues.an_hour) == ((), 60)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("category: late", "category: lat", "there is no category 'lat'; did you mean 'late'?"),
        ("    category: late\n", "", "say which cases it concerns"),
        ("category: late", "fact: {product: K-1}", "no extractor finds a fact 'product'"),
        ("an_hour: 30", "an_hour: 0", "1"),
        ("      en: They rest.\n      fa: مانده‌اند.\n", "      {}\n", "this is empty; write at least one"),
        ("name: haifa", "name: in haifa", "a name has only letters"),
        ("      en:", "      english:", "write a language by its short name"),
        ("    title", "    titel", "'titel' is not known here; did you mean 'title'?"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, says: str) -> None:
    assert any(says in message for message in told(RIGHT.replace(old, new))), told(RIGHT.replace(old, new))


def test_a_name_is_given_once() -> None:
    again = RIGHT + RIGHT[RIGHT.index("  - name") :]
    assert told(again) == ["'haifa' is the name of another issue; choose one"]
