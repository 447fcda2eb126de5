"""`make demo`'s story, told to a file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from demo.clock import FastClock
from demo.people import customers_mails, read
from tests.journeys import ROOT


def tell(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, sys.executable, str(ROOT / "worker.py"), "demo", "--pace", "0")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_demo_tells_the_whole_story_and_can_be_told_again(tmp_path: Path) -> None:
    for _ in range(2):
        told = tell(tmp_path)
        assert told.returncode == 0, told.stderr
        assert told.stderr == ""
        assert "is closed" in told.stdout
        assert "is open again" in told.stdout
        left = tmp_path / "demo-run"
        assert {path.name for path in left.iterdir()} >= {
            "mails",
            "page.html",
            "peygir.sqlite3",
            "worker.log",
        }
        show = re.search(r"cd (demo-run) && (\S+) (\S+) show 1002", told.stdout)
        assert show
        shown = run(tmp_path / show[1], show[2], show[3], "show", "1002")
        assert shown.returncode == 0, shown.stderr
        assert "\nstatus     open\n" in shown.stdout
        assert "Traceback" not in (left / "worker.log").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["demo-run"], "nothing lies outside its folder"


def test_the_demo_does_not_touch_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "demo-run").mkdir()
    (tmp_path / "demo-run" / "precious").write_text("mine")
    told = tell(tmp_path)
    assert told.returncode == 1
    assert "--dir" in told.stderr
    assert (tmp_path / "demo-run" / "precious").read_text() == "mine"


def test_the_sample_mails_are_about_a_dozen_in_four_languages() -> None:
    mails = customers_mails(FastClock()())
    assert len(mails) == 12
    assert all(read(raw)["Date"] for raw in mails.values())
    assert {name.split("-")[1] for name in mails} >= {"fa", "he", "ar", "en"}


@pytest.mark.parametrize("days", [1, 30])
def test_the_fast_clock_goes_forward(days: int) -> None:
    clock = FastClock()
    before = clock()
    clock.skip(timedelta(days=days))
    assert clock() - before >= timedelta(days=days)
