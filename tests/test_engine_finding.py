"""The files below a folder."""

from __future__ import annotations

from pathlib import Path

from engine.finding import files_below


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in files_below(folder))


def test_files_of_every_depth_are_found(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("one", "a/two", "a/b/three"):
        (tmp_path / name).touch()
    assert names(tmp_path) == ["a/b/three", "a/two", "one"]


def test_a_folder_that_is_linked_to_is_looked_through(tmp_path: Path) -> None:
    elsewhere, here = tmp_path / "elsewhere", tmp_path / "here"
    elsewhere.mkdir()
    here.mkdir()
    (elsewhere / "one").touch()
    (here / "linked").symlink_to(elsewhere)
    assert names(here) == ["linked/one"]


def test_folders_that_link_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one").touch()
    (tmp_path / "a" / "back").symlink_to(tmp_path)
    assert names(tmp_path) == ["a/one"]


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert names(tmp_path / "gone") == []
