"""Labels: words for kinds and the like; a word that nothing asks for is told."""

from datetime import UTC
from pathlib import Path

import pytest

from outbox.filters import environment
from outbox.labels import read
from outbox.letters import Letters

TEMPLATES = Path(__file__).parent.parent / "templates"
ENGLISH, _ = read("en", (TEMPLATES / "en" / "labels.yaml").read_text("utf-8"), ())


def test_labels_are_read_by_group_and_name() -> None:
    found, problems = read("f", 'severity:\n  high: dringend\nbutton:\n  "1": eins\n', (), ENGLISH)
    assert problems == []
    assert found == {("severity", "high"): "dringend", ("button", "1"): "eins"}


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("severty:\n  high: x\n", 1, 1, "no group “severty”; did you mean “severity”?"),
        ("severity:\n  hihg: x\n", 2, 3, "severity has no “hihg”; did you mean “high”?"),
        ("headline:\n  nwe: x\n", 2, 3, "headline has no “nwe”; did you mean “new”?"),
        ("command:\n  aprove: x\n", 2, 3, "command has no “aprove”; did you mean “approve”?"),
        ("severity:\n  high: x\n  high: y\n", 3, 3, "“high” stands here twice"),
        ("severity:\n  high: [x]\n", 2, 9, 'put it between quotes: high: "…"'),
        ("severity: high\n", 1, 11, "write the words of severity below it"),
    ],
)
def test_a_label_that_nothing_asks_for_is_told(text: str, line: int, column: int, says: str) -> None:
    _, (problem,) = read("f", text, (), ENGLISH)
    assert (problem.line, problem.column) == (line, column)
    assert says in problem.message


def test_a_currency_can_have_a_shorter_name() -> None:
    found, problems = read("f", "currency:\n  IRR: ریال\n  IRT: تومان\n", (), ENGLISH)
    assert [(one.line, one.column) for one in problems] == [(3, 3)]
    shown = environment("fa", UTC, found, html=False).from_string("{{ '1250000'|money('IRR') }}").render()
    assert shown == "۱٬۲۵۰٬۰۰۰ ریال"
    others = environment("fa", UTC, {}, html=False).from_string("{{ '1250000'|money('IRR') }}").render()
    assert others == "۱٬۲۵۰٬۰۰۰ ریال ایران"


def test_a_group_that_a_letter_asks_for_is_known() -> None:
    letters = ('{{ name|label("mood") }}', "{{ x | label( 'tone', '') }}")
    _, problems = read("f", "mood:\n  good: x\ntone:\n  a: b\nmod:\n  good: x\n", letters, ENGLISH)
    assert [(one.line, "did you mean “mood”?" in one.message) for one in problems] == [(5, True)]


def test_numbers_are_named_as_far_as_a_language_wants() -> None:
    assert read("f", "number:\n  2: zwei\n  20: zwanzig\n", (), ENGLISH)[1] == []


def test_the_labels_of_a_folder_are_checked(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "ack_praise.md").write_text('---\nsubject: "Danke"\n---\nDanke\n', "utf-8")
    (tmp_path / "de" / "labels.yaml").write_text("kind:\n  praize: Lob\n", "utf-8")
    found = [one for one in Letters.load(tmp_path)[1] if one.file.endswith("labels.yaml")]
    assert [(one.line, one.column) for one in found] == [(2, 3)]
    assert "did you mean “praise”?" in found[0].message
