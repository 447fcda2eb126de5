"""Which files go to agents, and which are kept out."""

from __future__ import annotations

import pytest

from cases.attached import shortly, sorted_out, why_kept
from cases.rules.kept_files import KeptFiles
from store.attached import Attached, Danger, Family, Seen

RULES = KeptFiles()


def seen(name: str = "a.txt", *dangers: Danger, kind: str = "txt", inside: tuple[Seen, ...] = ()) -> Seen:
    return Seen(name, 10, kind, Family.TEXT, dangers, inside)


def code(one: Seen, rules: KeptFiles = RULES) -> str:
    why = why_kept(one, rules)
    return why.code if why else ""


def test_what_harms_nobody_goes() -> None:
    assert code(seen()) == ""


@pytest.mark.parametrize("danger", list(Danger))
def test_each_danger_has_its_own_words_and_can_be_let_through_but_a_bomb(danger: Danger) -> None:
    assert code(seen("a.txt", danger)) == f"danger-{danger}"
    others = KeptFiles(keep_out=tuple(one for one in Danger if one is not danger), endings={})
    assert code(seen("a.txt", danger), others) == ("danger-bomb" if danger is Danger.BOMB else "")


def test_an_ending_counts_whatever_is_in_the_file_and_in_archives_too() -> None:
    assert code(seen("a.exe")) == "danger-program"
    why = why_kept(seen("a.zip", inside=(seen("in.zip", inside=(seen("run.js"),)),)), RULES)
    assert why
    assert (why.code, why.values["file"], why.values["why"].code) == (
        "danger-inside",
        "run.js",
        "danger-script",
    )


def test_an_ending_that_is_let_through_goes_with_all_that_is_in_it() -> None:
    rules = KeptFiles(let_through=("docm", "js"))
    assert code(seen("form.docm", Danger.MACRO), rules) == ""
    assert code(seen("a.zip", inside=(seen("run.js"),)), rules) == ""
    assert code(seen("form.docm", Danger.BOMB), rules) == "danger-bomb"


def test_unknown_files_go_unless_the_rules_say_otherwise() -> None:
    strict = KeptFiles(unknown="keep-out")
    assert code(seen("a.bin2", kind="")) == ""
    assert code(seen("a.bin2", kind=""), strict) == "danger-unknown"
    assert code(Seen("empty.bin2"), strict) == ""


def test_a_virus_is_kept_out_whatever_the_rules_say() -> None:
    rules = KeptFiles(keep_out=(), endings={}, let_through=("txt",))
    files = [Attached(seen("a.txt"), "text/plain", 10, b""), Attached(seen("b.txt"), "text/plain", 10, b"")]
    found = sorted_out(files, rules, {1: "Test-1"})
    assert [one.seen.name for one in found.going] == ["a.txt"]
    assert [(one.file.seen.name, one.why.values["virus"]) for one in found.kept] == [("b.txt", "Test-1")]
    assert shortly(found.kept[0].why) == "virus Test-1"


def test_of_what_is_called_otherwise_than_it_is_agents_are_told_where_it_goes() -> None:
    odd = Seen("photo.jpg", 10, "pdf", Family.PDF, claims=Family.PICTURE)
    found = sorted_out([Attached(odd, "image/jpeg", 10, b"")], RULES, {})
    assert [(one.code, one.values["claims"].code) for one in found.odd] == [
        ("file-is-another", "family-picture")
    ]
