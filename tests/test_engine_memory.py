from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import memory as memory_module
from engine.memory import Memory, key_of, name_of

KEY, OTHER = key_of(b"one"), key_of(b"two")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a" / "cache"


def test_what_was_kept_is_recalled_by_its_key_alone(folder: Path) -> None:
    Memory(folder).keep("rules", KEY, b"data")
    assert Memory(folder).recall("rules", KEY) == b"data"
    assert Memory(folder).recall("rules", OTHER) is None
    assert Memory(folder).recall("letters", KEY) is None


def test_a_newer_thing_takes_the_place_of_an_older_one_and_nothing_else_is_left(folder: Path) -> None:
    Memory(folder).keep("rules", KEY, b"old")
    Memory(folder).keep("rules", OTHER, b"new")
    assert Memory(folder).recall("rules", KEY) is None
    assert Memory(folder).recall("rules", OTHER) == b"new"
    assert [path.name for path in folder.iterdir()] == ["rules"]


def test_without_a_folder_nothing_is_kept() -> None:
    Memory().keep("rules", KEY, b"data")
    assert Memory().recall("rules", KEY) is None
    assert Memory.at("") == Memory()


def test_the_folder_and_what_is_in_it_belong_to_the_user_alone(folder: Path) -> None:
    Memory(folder).keep("rules", KEY, b"data")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "rules").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o750, 0o705])
def test_a_folder_that_is_open_to_others_is_neither_read_nor_written(folder: Path, mode: int) -> None:
    Memory(folder).keep("rules", KEY, b"data")
    folder.chmod(mode)
    assert Memory(folder).recall("rules", KEY) is None
    Memory(folder).keep("letters", KEY, b"data")
    assert not (folder / "letters").exists()


def test_a_folder_of_another_user_is_not_trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Memory(folder).keep("rules", KEY, b"data")
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    assert Memory(folder).recall("rules", KEY) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_not_trusted(folder: Path) -> None:
    Memory(folder).keep("rules", KEY, b"data")
    os.chown(folder / "rules", 54_321, -1)
    assert Memory(folder).recall("rules", KEY) is None


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    Memory(folder).keep("rules", KEY, b"data")
    (folder / "rules").rename(tmp_path / "elsewhere")
    (folder / "rules").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "link").symlink_to(folder)
    assert Memory(folder).recall("rules", KEY) is None
    assert Memory(tmp_path / "link").recall("rules", KEY) is None
    Memory(folder).keep("rules", KEY, b"new")
    assert Memory(folder).recall("rules", KEY) == b"new"


def test_what_is_damaged_or_cut_short_is_not_used(folder: Path) -> None:
    Memory(folder).keep("rules", KEY, b"x" * 1000)
    whole = (folder / "rules").read_bytes()
    for damaged in (b"", whole[:20], whole[:-1], whole + b"y", whole[:500] + b"?" + whole[501:]):
        (folder / "rules").write_bytes(damaged)
        assert Memory(folder).recall("rules", KEY) is None


def test_a_folder_that_can_not_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/nowhere/at/all")):
        Memory(place).keep("rules", KEY, b"data")
        assert Memory(place).recall("rules", KEY) is None


def test_a_full_disk_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Memory(folder).keep("rules", KEY, b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        Memory(folder).keep("rules", OTHER, b"new")
    assert [path.name for path in folder.iterdir()] == ["rules"]
    assert Memory(folder).recall("rules", KEY) == b"old"


def test_a_home_that_is_not_known_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "expanduser", homeless)
    assert Memory.at("~/.cache/peygir") == Memory()


def test_a_key_tells_its_parts_apart() -> None:
    assert len({key_of(), key_of(b""), key_of(b"ab"), key_of(b"a", b"b"), key_of(b"b", b"a")}) == 5


def test_a_key_changes_with_the_code_that_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cases").mkdir()
    keys = set()
    monkeypatch.setattr(memory_module, "_HERE", tmp_path)
    for code in ("a = 1", "a = 2"):
        (tmp_path / "cases" / "rules.py").write_text(code)
        memory_module._code.cache_clear()
        keys.add(key_of(b"one"))
    memory_module._code.cache_clear()
    assert len(keys) == 2


def test_each_folder_and_each_thing_about_it_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = [name_of("rules", tmp_path), name_of("letters", tmp_path), name_of("rules", tmp_path / "other")]
    assert len(set(names)) == 3
    assert name_of("rules", tmp_path / "other" / "..") == names[0]
