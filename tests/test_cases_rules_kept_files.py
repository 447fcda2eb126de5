"""rules/attachments.yaml: what is read, and what each mistake is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.rules.kept_files import ENDINGS, KeptFiles
from cases.rules.loading import load
from store.attached import Danger
from tests.facts_factory import rulebook, texts

RIGHT = """\
keep_out: [program, script]
endings:
  program: [exe, com]
  script:
    - js
let_through: [docm]
unknown: keep-out
"""


def told(text: str) -> list[str]:
    return [problem.message for problem in load(texts(attachments=text))[1]]


def test_what_the_file_says() -> None:
    file = rulebook(attachments=RIGHT).attachments
    assert file.keep_out == (Danger.PROGRAM, Danger.SCRIPT)
    assert (file.danger_of("com"), file.danger_of("js"), file.danger_of("docm")) == (
        "program",
        "script",
        None,
    )
    assert (file.let_through, file.unknown) == (("docm",), "keep-out")


def test_without_the_file_all_that_may_harm_is_kept_out() -> None:
    file = rulebook().attachments
    assert set(file.keep_out) == set(Danger)
    assert file.danger_of("exe") is Danger.PROGRAM
    assert file == KeptFiles()


def test_the_shipped_file_says_what_holds_without_it() -> None:
    shipped = (Path(__file__).parent.parent / "rules" / "attachments.yaml").read_text("utf-8")
    assert rulebook(attachments=shipped).attachments == KeptFiles()
    for danger in Danger:
        assert f"   {danger} " in shipped.replace("#", ""), f"{danger} is not explained"


def test_no_ending_stands_for_two_dangers() -> None:
    every = [one for endings in ENDINGS.values() for one in endings]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[program, script]", "[programm, script]", "program"),
        ("[exe, com]", "[.exe]", "write an ending without its dot: 'exe', 'docm' …"),
        ("[exe, com]", "['*.exe']", "write an ending without its dot"),
        ("[exe, com]", "[js]", "'js' stands under 'program' already; keep one of them"),
        ("[program, script]", "[program]", "'script' is not under keep_out, so these say nothing"),
        ("unknown: keep-out", "unknown: drop", "send"),
        ("let_through", "let_trough", "'let_trough' is not known here; did you mean 'let_through'?"),
    ],
)
def test_a_mistake_is_told_with_what_to_write(old: str, new: str, says: str) -> None:
    wrong = RIGHT.replace(old, new)
    assert wrong != RIGHT
    assert any(says in message for message in told(wrong)), told(wrong)
