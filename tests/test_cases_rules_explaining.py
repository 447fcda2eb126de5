"""Why the rules say what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cases.rules.explaining import Explanation, explained
from cases.rules.holding import Around
from cases.rules.rulebook import Rulebook
from store.models import Severity
from tests import shipped
from tests.facts_factory import rulebook

MINE = """\
language: en
rules:
  - {name: late, when: {phrase: [too late, came too late]}, says: {category: late}, weight: 2}
  - {name: nice, when: {phrase: [late]}, says: {category: praise}}
  - {name: hurt, when: {phrase: [hurt]}, says: {severity: urgent, tag: injury}}
  - {name: whole, when: {all: [{phrase: kettle}, {phrase: broken}]}, says: {category: late}}
  - {name: polite, when: {phrase: please, not: {phrase: hurt}}, says: {kind: question}}
  - {name: final, when: {phrase: enough now}, says: {category: praise, stop: true}}
"""


def why(text: str, subject: str = "", rules: Rulebook | None = None, **around: Any) -> Explanation:
    return explained(subject, text, Around(**({"language": "en"} | around)), rules or rulebook(mine=MINE))


def test_each_rule_that_hit_is_told_with_its_words_and_score() -> None:
    found = why("It came too late.")
    (late,) = found.spoke
    assert (late.rule, late.words, late.says, late.score) == (
        "late",
        ("came too late",),
        "category late",
        4.0,
    )
    assert late.notes == ("weight 2",)


def test_what_made_a_rule_count_more_or_less_is_said() -> None:
    assert why("", subject="too late").spoke[0].notes[0] == "in the subject: counts 1.3 times"
    assert "a rule for en in a mail in de: counts 0.4 times" in why("too late", language="de").spoke[0].notes


def test_a_rule_that_nearly_hit_says_which_line_failed() -> None:
    (whole,) = why("The kettle came.").missed
    assert (whole.rule, whole.held, whole.failed) == ("whole", (("phrase", ("kettle",)),), ("phrase",))
    (polite,) = why("Please help, it hurt.").missed
    assert (polite.rule, polite.failed) == ("polite", ("not",))


def test_a_phrase_whose_words_a_longer_one_took_is_told() -> None:
    (nice,) = why("It came too late.").suppressed
    assert (nice.rule, nice.words, nice.because) == ("nice", ("late",), "“came too late” of late is longer")


def test_a_rule_that_stops_sets_the_others_aside() -> None:
    found = why("It is too late. Enough now.")
    assert found.because == ("final says stop: its category is taken, and no other is weighed",)
    assert [(one.rule, one.because) for one in found.suppressed if one.rule == "late"] == [
        ("late", "another rule stops")
    ]


def test_the_sum_is_told_step_by_step() -> None:
    found = why("It came too late, please.")
    assert found.kinds == {"complaint": 4.0, "question": 1.0}
    assert found.because == (
        "kind complaint: a complaint goes first from 50% of the best other on; it has 4.00, "
        "and question has 1.00",
        "late leads: 4.00 of (4.00 + 1 held against it) is 80%",
    )


def test_where_no_rule_speaks_that_is_said() -> None:
    assert why("Good morning.").because == ("no rule speaks for a category or a kind: unsure",)


def test_severity_and_tags_name_their_rules() -> None:
    found = why("It hurt.")
    assert found.verdict.severity is Severity.URGENT
    assert found.severity_because[1:] == ("hurt says urgent: “hurt”",)
    assert found.tags == (("injury", "hurt"),)


def test_the_text_is_shown_as_the_rules_see_it() -> None:
    found = why("It CAME too late‌ ۱۲")
    assert found.words.startswith("it came too late")
    assert found.text.endswith("12")


LABELLED = Path(__file__).parent / "labelled"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_is_explained_is_what_is_decided(language: str) -> None:
    mails = yaml.safe_load((LABELLED / f"{language}.yaml").read_text("utf-8"))
    texts = [text for several in (*mails["causes"].values(), *mails["kinds"].values()) for text in several]
    for text in texts[::7]:
        found = why(text, rules=shipped.rules(), language=language)
        kind = found.verdict.kind.value
        told = [line for line in found.because if line.startswith("kind ")]
        assert all(line.startswith(f"kind {kind}:") for line in told), (text, found.because)
        for line in (line for line in found.because if " leads: " in line):
            name, sure = line.partition(" ")[0], float(line.rpartition(" ")[2].rstrip("%")) / 100
            assert name == found.verdict.category or any("unsure_below" in more for more in found.because)
            assert sure == pytest.approx(found.verdict.confidence, abs=0.011)
