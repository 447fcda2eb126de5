from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest

from cases.rules.classify import classify
from engine import rule_files
from engine.files import Files, InForce, read_letters
from engine.memory import Memory
from engine.rule_files import WrongFiles, notes_on, read_rules
from inbox.parse import parse
from outbox import variables
from outbox.letters import Letters

ROOT = Path(__file__).parent.parent
LATE = "My parcel is three weeks late, nobody answers, and I want my money back."


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the shipped rules and templates."""
    for name in ("rules", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path / "rules", tmp_path / "templates"


@pytest.fixture(autouse=True)
def _what_a_start_gives_up_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process begins here again and again; files that it has read need not be parsed each time."""
    for name in ("forget", "forget_letters"):
        monkeypatch.setattr(f"engine.files.{name}", lambda: None)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "cache")


@pytest.fixture
def small(places: tuple[Path, Path]) -> tuple[Path, Path]:
    """The same with few phrases and the English letters alone, which are read in no time."""
    for path in [*(places[0] / "phrases").glob("??/*.yaml"), places[0] / "threats.yaml"]:
        path.unlink()
    for language in ("fa", "he", "ar", "de"):
        shutil.rmtree(places[1] / language)
    return places


def started(places: tuple[Path, Path], memory: Memory | None = None) -> InForce:
    """What a new process has in force."""
    rule_files._newest.clear()
    return Files(*places, memory).current


def said(in_force: InForce) -> list[object]:
    """What the rules and letters make of things."""
    verdict = classify(subject="Parcel", text=LATE, language="en", rulebook=in_force.rulebook)
    full, bare = variables.samples("agent_draft")
    letters = [
        in_force.letters.render("agent_draft", language, values)
        for language in in_force.letters.languages()
        for values in (full, bare)
    ]
    when = {"check_in": datetime(2026, 11, 25, 22, tzinfo=UTC)}
    return [verdict, letters, in_force.letters.sentence("resolved", "fa", when)]


def test_a_later_start_has_the_same_rules_and_letters_as_the_first(
    places: tuple[Path, Path], memory: Memory
) -> None:
    first, later = started(places, memory), started(places, memory)
    assert later.rulebook is not first.rulebook
    assert later.rulebook.rules == first.rulebook.rules
    assert (later.rulebook.words, later.rulebook.version) == (first.rulebook.words, first.rulebook.version)
    assert said(later) == said(first)


def test_rules_that_are_in_use_already_are_kept_too(places: tuple[Path, Path], memory: Memory) -> None:
    used = started(places)
    parse(
        f"From: ann@example.com\nX-Mailer: a\n\n{LATE}".encode(),
        used.rulebook.words,
        None,
        used.rulebook.signs,
    )
    first = said(used)
    started(places, memory)
    assert said(started(places, memory)) == first


def test_a_later_start_checks_and_compiles_nothing(
    places: tuple[Path, Path], memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(places, memory)

    def unexpected(*_: object) -> None:
        raise AssertionError("it was known")

    monkeypatch.setattr(rule_files, "load_rules", unexpected)
    monkeypatch.setattr(Letters, "load", unexpected)
    started(places, memory)


def test_rules_with_patterns_headers_and_senders_are_the_same_when_they_are_recalled(
    places: tuple[Path, Path], memory: Memory
) -> None:
    (places[0] / "own.yaml").write_text(
        "rules:\n"
        "  - name: one\n    when: {pattern: 'late by \\d+ days'}\n    says: {tag: long}\n"
        "  - name: two\n    when: {header: 'X-Shop: *'}\n    says: {tag: shop}\n"
        "  - name: three\n    when: {sender: '*@example.org'}\n    says: {tag: friend}\n"
    )
    found = [
        classify(
            subject="",
            text="It is late by 12 days.",
            language="en",
            rulebook=started(places, memory).rulebook,
            headers=(("X-Shop", "7"),),
            sender="ann@example.org",
        )
        for _ in range(2)
    ]
    assert found[0] == found[1]
    assert {"long", "shop", "friend"} <= set(found[1].tags)


def test_dates_are_written_in_the_time_zone_of_the_calendar_although_letters_are_recalled(
    places: tuple[Path, Path], memory: Memory
) -> None:
    evening = {"check_in": datetime(2026, 11, 25, 22, tzinfo=UTC)}

    def told(zone: str) -> str:
        letters, problems = read_letters(places[1], ZoneInfo(zone), memory)
        assert letters, problems
        return letters.sentence("resolved", "en", evening)

    assert told("UTC") != told("Asia/Tehran")
    assert told("Asia/Tehran") == told("Asia/Tehran")


@pytest.mark.parametrize("wrong", ["rules/severity.yaml", "templates/en/ack_complaint.md"])
def test_a_wrong_edit_is_told_although_what_was_there_is_known(
    small: tuple[Path, Path], memory: Memory, wrong: str, tmp_path: Path
) -> None:
    started(small, memory)
    before = (tmp_path / wrong).read_text("utf-8")
    (tmp_path / wrong).write_text(before + "\n{{ nobody }}\n", "utf-8")
    for _ in range(2):
        with pytest.raises(WrongFiles) as told:
            started(small, memory)
        assert {Path(problem.file).name for problem in told.value.problems} == {Path(wrong).name}
    (tmp_path / wrong).write_text(before, "utf-8")
    started(small, memory)


def test_mistakes_of_rules_and_letters_are_told_together_although_one_half_was_known(
    small: tuple[Path, Path], memory: Memory
) -> None:
    started(small, memory)
    (small[0] / "agents.yaml").write_text("agents: []\n")
    (small[1] / "en" / "transcript.md").write_text("no front matter\n")
    with pytest.raises(WrongFiles) as told:
        started(small, memory)
    assert {Path(problem.file).name for problem in told.value.problems} == {"agents.yaml", "transcript.md"}


def test_an_edit_that_keeps_size_and_time_is_seen_by_the_next_start(
    small: tuple[Path, Path], memory: Memory
) -> None:
    started(small, memory)
    path = small[0] / "agents.yaml"
    stat, text = path.stat(), path.read_text("utf-8")
    name = started(small, memory).rulebook.agents[0].name
    path.write_text(text.replace(name, "x" * len(name)), "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert started(small, memory).rulebook.agents[0].name == "x" * len(name)


def test_an_answer_that_went_away_is_missed_although_the_rules_are_known(
    places: tuple[Path, Path], memory: Memory
) -> None:
    assert read_rules(places[0], {"default", "late"}, memory)[0] is None
    rulebook, _ = read_rules(places[0], None, memory)
    assert rulebook
    assert read_rules(places[0], {"default", "late"}, memory)[0] is None


def test_letters_that_are_edited_while_they_are_compiled_are_not_kept(
    small: tuple[Path, Path], memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, path = Letters.load, small[1] / "en" / "transcript.md"

    def edited_meanwhile(folder: Path, zone: ZoneInfo, facts: object) -> object:
        path.write_text(path.read_text("utf-8") + "One line more.\n", "utf-8")
        return load(folder, zone)

    with monkeypatch.context() as patch:
        patch.setattr(Letters, "load", edited_meanwhile)
        read_letters(small[1], ZoneInfo("UTC"), memory)
    before = path.read_text("utf-8").replace("One line more.\n", "")
    path.write_text(before, "utf-8")
    letters, _ = read_letters(small[1], ZoneInfo("UTC"), memory)
    assert letters
    full, _ = variables.samples("transcript")
    assert "One line more." not in letters.render("transcript", "en", full).text


def test_the_same_rules_are_read_once_in_a_process(places: tuple[Path, Path]) -> None:
    first = started(places)
    assert Files(*places).current.rulebook is first.rulebook


def test_a_file_that_vanishes_while_it_is_looked_at_is_none(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file

    def vanishes(path: Path) -> bool:
        was = is_file(path)
        if path.name == "new.yaml":
            path.unlink()
        return was

    files = Files(*places)
    (places[0] / "new.yaml").touch()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "is_file", vanishes)
        assert not files.refresh()
    assert not (places[0] / "new.yaml").exists()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_an_edit_is_in_force_when_it_stood_still_for_one_look(small: tuple[Path, Path]) -> None:
    files = Files(*small)
    edit(small[0] / "agents.yaml", "The agent", "Dana")
    assert not files.refresh(), "it may be half written"
    edit(small[0] / "agents.yaml", "Dana", "Dana Levi")
    assert not files.refresh(), "it still changes"
    assert files.refresh()
    assert "Dana Levi" in {agent.name for agent in files.current.rulebook.agents}
    assert not files.mended


def test_a_file_that_is_saved_in_two_halves_is_never_told_as_wrong(small: tuple[Path, Path]) -> None:
    files, path = Files(*small), small[0] / "severity.yaml"
    whole = path.read_bytes()
    for part in (b"", whole[: len(whole) // 3], whole + b"# the end\n"):
        path.write_bytes(part)
        assert not files.refresh()
    assert files.refresh()


def test_a_wrong_state_is_told_once_and_its_mending_too(small: tuple[Path, Path]) -> None:
    files, path = Files(*small), small[0] / "agents.yaml"
    before, right = files.current, path.read_text("utf-8")
    states = set()
    for wrong in ("agents: []\n", "agents: {}\n"):
        path.write_text(wrong, "utf-8")
        assert not files.refresh()
        with pytest.raises(WrongFiles):
            files.refresh()
        states.add(files.state)
        assert not files.refresh(), "it was told"
        path.write_text(wrong, "utf-8")
        assert not any(files.refresh() for _ in range(2)), "saved again, it is as wrong as before"
        assert files.current is before
    path.write_text(right, "utf-8")
    assert [files.refresh() for _ in range(2)] == [False, True]
    assert files.mended
    assert len({*states, files.state}) == 3


def test_an_edit_that_could_not_be_read_is_tried_again(
    small: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(*small)
    edit(small[0] / "agents.yaml", "The agent", "Dana")
    assert not files.refresh()
    with monkeypatch.context() as patch:
        patch.setattr("engine.files.read_rules", Mock(side_effect=OSError("too many open files")))
        with pytest.raises(OSError, match="too many open files"):
            files.refresh()
    assert files.refresh()
    assert "Dana" in {agent.name for agent in files.current.rulebook.agents}


def test_what_an_editor_leaves_beside_a_file_is_not_looked_at(small: tuple[Path, Path]) -> None:
    files = Files(*small)
    names = (
        ".agents.yaml.swp",
        "agents.yaml~",
        "#agents.yaml#",
        ".~lock.agents.yaml#",
        "._agents.yaml",
        "~$a.yaml",
    )
    for name in names:
        (small[0] / name).write_bytes(b"\x00 [")
        assert not any(files.refresh() for _ in range(3)), name
    assert read_rules(small[0])[1] == []


def test_a_lock_that_points_nowhere_is_not_looked_at(small: tuple[Path, Path]) -> None:
    (small[0] / ".#agents.yaml").symlink_to("dana@office.4711:1")
    assert read_rules(small[0])[1] == []


def test_a_file_in_another_encoding_is_told_beside_the_mistakes_of_the_others(
    places: tuple[Path, Path],
) -> None:
    persian = places[0] / "phrases" / "fa" / "late.yaml"
    persian.write_bytes(persian.read_text("utf-8").encode("cp1256", "replace"))
    edit(places[0] / "agents.yaml", "roles: [agent]", "roles: [agnt]")
    _, problems = read_rules(places[0])
    assert [Path(problem.file).name for problem in problems] == ["agents.yaml", "late.yaml"]
    assert "Windows-1256" in problems[1].message
    assert problems[1].line > 0


def test_the_shipped_rules_give_no_cause_for_a_note(places: tuple[Path, Path]) -> None:
    assert notes_on(places[0]) == []
    edit(
        places[0] / "phrases" / "en" / "late.yaml",
        "rules:\n",
        "rules:\n  - name: x\n    when: {phrase: שלום}\n    says: {tag: x}\n",
    )
    (note,) = notes_on(places[0])
    assert (Path(note.file).name, note.message.startswith("'שלום' is Hebrew")) == ("late.yaml", True)


def test_what_a_start_recalls_is_not_lost_to_a_wrong_edit_or_to_rules_read_without_letters(
    small: tuple[Path, Path], memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = (small[0] / "agents.yaml").read_text("utf-8")
    started(small, memory)
    assert read_rules(small[0], None, memory)[0]
    (small[0] / "agents.yaml").write_text("agents: []\n", "utf-8")
    with pytest.raises(WrongFiles):
        started(small, memory)
    (small[0] / "agents.yaml").write_text(right, "utf-8")

    def never(*_: object) -> None:
        raise AssertionError("this was known")

    monkeypatch.setattr(Letters, "load", never)
    monkeypatch.setattr(rule_files, "load_rules", never)
    started(small, memory)
