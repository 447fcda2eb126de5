"""The shipped words of the tone check: every language has them, and each check can find something."""

from __future__ import annotations

import pytest
import yaml

from cases.rules.tone import TONE_FOLDER, ToneFile
from cases.tone import Written, findings
from cases.toning.kinds import Check, Part
from tests.toning import LANGUAGES, ROOT, guide_of

MOST = 3
"""Phrases of a check that may stand in a wording which is meant otherwise: longer letters show them."""


def file_of(language: str) -> ToneFile:
    text = (ROOT / "rules" / TONE_FOLDER / f"{language}.yaml").read_text("utf-8")
    return ToneFile.model_validate(yaml.load(text, yaml.CSafeLoader))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_how_a_good_letter_sounds(language: str) -> None:
    file = file_of(language)
    assert all(getattr(file.checks, check) for check in type(file.checks).model_fields)
    assert all(getattr(file.parts, part).better for part in type(file.parts).model_fields)
    assert file.salutation.greetings
    assert file.common
    assert file.alike


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check", ["non_apology", "blame", "boilerplate", "stiffness", "placeholder"])
def test_every_phrase_is_found_in_a_letter_of_nothing_else(language: str, check: str) -> None:
    guide, missed = guide_of(language), []
    for group in getattr(file_of(language).checks, check):
        for phrase in group.phrases:
            told = findings(Written(f"—\n\n{phrase.replace('*', '—')}", language, parts=()), guide)
            if Check(check) not in {one.check for one in told}:
                missed.append(phrase)
    # What stands in a wording that is meant otherwise is looked for in letters, where more stands around it.
    assert len(missed) <= MOST, missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_better_wording_has_what_another_check_would_flag(language: str) -> None:
    file, guide, flagged = file_of(language), guide_of(language), []
    groups = [one for check in type(file.checks).model_fields for one in getattr(file.checks, check)]
    parts = [getattr(file.parts, part) for part in type(file.parts).model_fields]
    for better in (*(one.better for one in (*groups, *parts)), *dict(file.better).values()):
        told = findings(Written(better, language, parts=()), guide) if better else ()
        flagged += [
            (better, one.check, one.words) for one in told if one.check is not Check.PROMISE_WITHOUT_DATE
        ]
    assert flagged == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", Part)
def test_the_better_wording_of_a_part_has_that_part(language: str, part: Part) -> None:
    better = getattr(file_of(language).parts, part.value).better
    written = Written(better, language, parts=(part.value,), fault="ours", words="")
    assert findings(written, guide_of(language)) == ()
