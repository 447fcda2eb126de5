"""Sending through a program: what it is given, and what each of its ends means for the letter."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from outbox.sendmail import Sendmail
from outbox.smtp import SmtpDown
from tests.hosts import until

PROGRAM = """#!{python}
import json, os, pathlib, sys, time
place = pathlib.Path({place!r})
way = (place / "way").read_text() if (place / "way").exists() else "0"
if way == "deaf":
    time.sleep(600)
data = sys.stdin.buffer.read()
if way == "slow":
    time.sleep(600)
(place / "given").write_text(json.dumps([sys.argv[1:], data.decode("latin-1")]))
(place / "env").write_text(json.dumps(dict(os.environ)))
if way.startswith("-"):
    os.kill(os.getpid(), int(way[1:]))
print("the program says why", file=sys.stderr)
sys.exit(int(way))
"""


@dataclass(frozen=True)
class Letter:
    data: bytes = b"Subject: hello\r\n\r\nDear Sara,\r\n.\r\nbye\r\n"
    recipient: str = "sara@example.org"
    envelope_from: str = "desk@peygir.example"


class Fake:
    """A program that ends as it is told."""

    def __init__(self, place: Path) -> None:
        self.place, self.path = place, place / "send mail"
        self.path.write_text(PROGRAM.format(python=sys.executable, place=str(place)))
        self.path.chmod(0o700)

    def ends(self, way: str) -> None:
        (self.place / "way").write_text(way)

    def given(self) -> tuple[list[str], str]:
        arguments, data = json.loads((self.place / "given").read_text())
        return arguments, data


@pytest.fixture
def program(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def test_the_program_gets_none_of_the_workers_surroundings_for_passwords_may_stand_there(
    program: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", "secret")
    assert Sendmail(str(program.path)).send(Letter()).result == "sent"
    given = json.loads((program.place / "env").read_text())
    assert "IMAP_PASSWORD" not in given
    assert given["PATH"]


def test_the_program_gets_the_envelope_as_arguments_and_the_letter_with_plain_line_ends(
    program: Fake,
) -> None:
    outcome = Sendmail(str(program.path)).send(Letter())
    arguments, data = program.given()
    assert (outcome.result, outcome.code) == ("sent", 0)
    assert arguments == ["-i", "-f", "desk@peygir.example", "--", "sara@example.org"]
    assert data == "Subject: hello\n\nDear Sara,\n.\nbye\n"


def test_an_automatic_letter_has_the_null_sender(program: Fake) -> None:
    Sendmail(str(program.path)).send(Letter(envelope_from=""))
    assert program.given()[0][2] == "<>"


def test_what_looks_like_an_option_or_a_command_is_none(program: Fake) -> None:
    assert Sendmail(str(program.path)).send(Letter(recipient="-oQ@example.org")).result == "sent"
    assert program.given()[0][-2:] == ["--", "-oQ@example.org"]
    assert Sendmail(str(program.path)).send(Letter(recipient="$(id)`id`@example.org")).result == "sent"
    assert program.given()[0][-1] == "$(id)`id`@example.org"
    assert Sendmail(str(program.path)).send(Letter(recipient="a b@example.org")).result == "refused"


@pytest.mark.parametrize(
    ("code", "result", "of_server"),
    [
        ("65", "refused", False),
        ("67", "refused", False),
        ("68", "refused", False),
        ("75", "later", True),
        ("64", "later", True),
        ("69", "later", True),
        ("71", "later", True),
        ("78", "later", True),
        ("1", "later", True),
        ("-9", "in-doubt", True),
    ],
)
def test_each_end_means_one_thing(program: Fake, code: str, result: str, of_server: bool) -> None:
    program.ends(code)
    outcome = Sendmail(str(program.path)).send(Letter())
    assert (outcome.result, outcome.of_server, outcome.reached) == (result, of_server, True)
    assert code == "-9" or "the program says why" in outcome.text


@pytest.mark.parametrize("way", ["slow", "deaf"])
def test_a_program_that_hangs_is_ended_and_the_letter_is_in_doubt(program: Fake, way: str) -> None:
    program.ends(way)
    outcome = Sendmail(str(program.path), timeout=1).send(Letter(data=b"x" * 2**20))
    assert (outcome.result, outcome.of_server) == ("in-doubt", True)
    assert not (program.place / "given").exists()
    assert until(lambda: not _runs(program.path))


def _runs(path: Path) -> bool:
    found = (one / "cmdline" for one in Path("/proc").iterdir() if one.name.isdigit())
    for one in found:
        try:
            if str(path).encode() in one.read_bytes():
                return True
        except OSError:
            continue
    return False


def test_a_letter_that_is_another_workers_by_now_is_not_given(program: Fake) -> None:
    outcome = Sendmail(str(program.path)).send(Letter(), may_end=lambda: False)
    assert outcome.result == "later"
    assert not (program.place / "given").exists()


def test_what_waits_to_be_recorded_is_recorded_before(program: Fake) -> None:
    done: list[bool] = []
    Sendmail(str(program.path)).send(
        Letter(), meanwhile=lambda: done.append((program.place / "given").exists())
    )
    assert done == [False]


def test_without_the_program_nothing_is_tried_and_the_setting_is_named(tmp_path: Path) -> None:
    missing = Sendmail(str(tmp_path / "none"))
    assert "SENDMAIL" in missing.reach()
    with pytest.raises(SmtpDown, match="no program"):
        missing.check()
    outcome = missing.send(Letter())
    assert (outcome.result, outcome.reached) == ("later", False)
    assert Sendmail(str(tmp_path)).reach()


def test_a_program_that_is_there_is_reached(program: Fake) -> None:
    assert Sendmail(str(program.path)).reach() == ""
