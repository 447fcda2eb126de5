"""Shell completion: what each shell really offers, asked of the shell itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from commandline.completing import bash, fish, places, zsh
from commandline.grammar import parser
from worker import PLACES, main

PLACES_OF_ALL = tuple(places(parser()))
FILES = ("old.mbox", "words")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "old.mbox").touch()
    (tmp_path / "words").mkdir()
    return tmp_path


def needed(shell: str) -> str:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    return program


def offered(shell: str, line: str, folder: Path) -> set[str]:
    """What a shell offers at the end of a line."""
    return {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}[shell](line, folder)


def in_bash(line: str, folder: Path) -> set[str]:
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    script = (
        f"{bash(PLACES_OF_ALL)}\ncomplete -p worker.py >/dev/null || exit 9\n"
        f"COMP_WORDS=({quoted})\nCOMP_CWORD={len(words) - 1}\n"
        '_peygir_worker\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return _said([needed("bash"), "--norc", "--noprofile", "-c", script], folder)


def in_fish(line: str, folder: Path) -> set[str]:
    (folder / ".done.fish").write_text(fish(PLACES_OF_ALL), "utf-8")
    asked = f"source .done.fish; complete -C '{line}'"
    told = _said([needed("fish"), "--no-config", "-c", asked], folder)
    return {one.partition("\t")[0].rstrip("/") for one in told}


ZSH = """
compdef() { }
_describe() { [[ $1 == -o ]] && shift; print -rl -- "${(@)${(@P)2}%%:*}" }
_files() { [[ $1 == -/ ]] && print -rl -- *(/N) || print -rl -- *(N) }
compadd() { shift; print -rl -- "$@" }
source ./.done.zsh
words=(WORDS) CURRENT=${#words} PREFIX=${words[-1]}
_peygir_worker
"""
"""The shell's own helpers say here what they were given to offer: else only a terminal sees it."""


def in_zsh(line: str, folder: Path) -> set[str]:
    (folder / ".done.zsh").write_text(zsh(PLACES_OF_ALL), "utf-8")
    words = " ".join(f"'{word}'" for word in line.split(" "))
    told = _said([needed("zsh"), "-f", "-c", ZSH.replace("WORDS", words)], folder)
    return {one for one in told if one.startswith(line.rpartition(" ")[2])}


def _said(argv: list[str], folder: Path) -> set[str]:
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return {line.strip("\r") for line in done.stdout.splitlines() if line.strip()}


SHELLS = pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])


@SHELLS
def test_a_begun_command_is_completed(shell: str, folder: Path) -> None:
    assert offered(shell, "worker.py com", folder) == {"completion"}


@SHELLS
def test_every_command_is_offered(shell: str, folder: Path) -> None:
    assert offered(shell, "worker.py ", folder) >= set(PLACES)


@SHELLS
def test_the_commands_within_a_command_are_its_own(shell: str, folder: Path) -> None:
    found = offered(shell, "worker.py rules ", folder)
    assert found >= {"try", "suggest", "schema"}
    assert "run" not in found


@SHELLS
def test_options_are_those_of_the_place(shell: str, folder: Path) -> None:
    found = offered(shell, "worker.py rules try --l", folder)
    assert found == {"--labels", "--limit"}


@SHELLS
def test_what_an_option_takes_is_offered_behind_it(shell: str, folder: Path) -> None:
    assert offered(shell, "worker.py card --paper ", folder) == {"a4", "letter"}


@SHELLS
def test_files_are_offered_where_a_file_is_meant(shell: str, folder: Path) -> None:
    assert "old.mbox" in offered(shell, "worker.py import o", folder)


@SHELLS
def test_folders_alone_are_offered_where_a_folder_is_meant(shell: str, folder: Path) -> None:
    assert offered(shell, "worker.py rules try --rules ", folder) == {"words"}


def test_no_shell_can_be_told_to_do_anything_by_a_help_text() -> None:
    for made in (bash, zsh, fish):
        lines = made(PLACES_OF_ALL).splitlines()
        assert not [line for line in lines if "`" in line]
        assert all(line.count("'") % 2 == 0 for line in lines)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_command_writes_it(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert (
        capsys.readouterr().out.strip()
        == {"bash": bash, "zsh": zsh, "fish": fish}[shell](PLACES_OF_ALL).strip()
    )
