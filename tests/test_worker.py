"""The command line as a contract: as a user has it, in a process of its own where that is the point."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import pytest
from aiosmtpd.smtp import Envelope

import worker
from commandline.grammar import parser
from engine import rule_files
from tests import supervised
from tests.commands import command, command_in
from tests.hosts import DovecotHost, Host, until
from tests.journeys import Journey, text_of

MINUTE = 60.0
"""Longer than anything takes that comes at all, also beside many other processes."""
WORKER, environment, run = str(supervised.WORKER), supervised.settings_of, supervised.command


def test_run_once_reads_decides_and_sends(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    ended = run(quick_journey, "run", "--once")
    assert (ended.returncode, ended.stdout) == (0, "1 mails read\n")
    assert len(quick_journey.letters()) == 1
    assert "ann@example.com" not in ended.stderr, "no address of a customer in the log"


def test_the_lists_and_one_case(quick_journey: Journey) -> None:
    message_id = quick_journey.customer_writes("My parcel has not arrived.", subject="Late\u202e one")
    quick_journey.work()
    number = quick_journey.case()["number"]
    (case,) = json.loads(command(quick_journey, "cases", "--json").stdout)
    assert case["message_ids"] == [message_id]
    assert {"number", "status", "customer", "category", "severity", "assignee", "opened", "deadline"} <= set(
        case
    )
    events = json.loads(command(quick_journey, "events", "--json").stdout)
    assert {"at", "case", "kind", "message_id", "sender", "text"} <= set(events[0])
    queue = command(quick_journey, "queue").stdout
    assert str(number) in queue
    assert "\u202e" not in queue
    shown = command(quick_journey, "show", str(number)).stdout
    assert "My parcel has not arrived." in shown
    assert json.loads(command(quick_journey, "show", str(number), "--json").stdout)["number"] == number
    status = command(quick_journey, "status")
    assert status.returncode == 0
    assert "all is well" in status.stdout
    report = quick_journey.folder / "page.html"
    today = f"{quick_journey.clock():%Y-%m-%d}"
    assert command(quick_journey, "report", "--out", str(report), "--to", today).returncode == 0
    assert "1 case came in" in report.read_text("utf-8")
    assert "ann@example.com" not in report.read_text("utf-8"), "customers are named nowhere"


def test_the_report_is_written_for_people_and_for_programs(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    page, told, tables = (quick_journey.folder / name for name in ("page.html", "all.json", "tables"))
    today = f"{quick_journey.clock():%Y-%m-%d}"
    wish = ("--from", today, "--to", today, "--lang", "fa", "--csv", str(tables), "--json", str(told))
    made = command(quick_journey, "report", "--out", str(page), *wish, "--as", "Sam")
    assert (made.returncode, made.stderr) == (0, "")
    assert f"tables are written to {tables}" in made.stdout
    assert '<html lang="fa" dir="rtl">' in page.read_text("utf-8")
    kinds = json.loads(told.read_text("utf-8"))["tables"]["kinds"]
    assert {one["kind"]: one["cases"] for one in kinds}["complaint"] == 1
    lines = (tables / "kinds.csv").read_text("utf-8-sig").splitlines()
    assert lines[:2] == ["kind,cases,before", "complaint,1,0"]
    assert (tables / "agents.csv").exists()
    again = command(quick_journey, "report", "--out", str(page), "--as", "Noa")
    assert "figures by agent are left out: Noa is neither admin nor owner" in again.stdout
    assert "Sam" not in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (("--from", "soon"), "'soon' is no time; write a day (2026-03-01 or 1404-12-10)"),
        (("--lang", "xx"), "there is no page in 'xx'; there are ar, en, fa, he"),
        (("--as", "eve@example.org"), "eve@example.org is no agent"),
    ],
)
def test_a_report_that_can_not_be_made_is_told_with_what_to_write(
    quick_journey: Journey, wish: tuple[str, ...], says: str
) -> None:
    ended = command(quick_journey, "report", "--out", str(quick_journey.folder / "page.html"), *wish)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_do_obeys_an_agent_through_the_same_registry(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    number = str(quick_journey.case()["number"])
    done = command(quick_journey, "do", "approve", "--as", quick_journey.sam, "--case", number)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Approved" in done.stdout
    quick_journey.work()
    assert len(quick_journey.letters()) == 2
    again = command(quick_journey, "do", "approve", "--as", quick_journey.sam, "--case", number)
    assert again.returncode == 1
    assert "no draft is open" in again.stderr
    stranger = command(quick_journey, "do", "note x", "--as", "eve@example.org", "--case", number)
    assert stranger.returncode == 1
    assert quick_journey.sam in stranger.stderr
    assert command(quick_journey, "do", "note x", "--as", quick_journey.sam).returncode == 1
    assert command(quick_journey, "show", "999999").returncode == 1


def test_check_is_content_with_a_good_setup(journey: Journey, mail_host: Host) -> None:
    if isinstance(mail_host, DovecotHost):
        journey.only_english()
    checked = command(journey, "check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_check_tells_every_problem_at_once_and_run_does_not_start(quick_journey: Journey) -> None:
    quick_journey.only_english()
    rules = quick_journey.rules / "calendar.yaml"
    rules.write_text("time_zone: Asia/Tehran\nweekend: fridya\n", "utf-8")
    letter = quick_journey.templates / "en" / "ack_complaint.md"
    letter.write_text("---\nsubject: Hello\n---\n\nDear {{ nam }},\n", "utf-8")
    checked = command(
        quick_journey, "check", IMAP_PASSWORD="wrong", SMTP_PORT="1", DATABASE_URL="sqlite:////proc/x"
    )
    assert checked.returncode == 1
    lines = checked.stderr.splitlines()
    assert any(line.startswith(f"{rules}:2:") and "friday" in line for line in lines), lines
    assert any(line.startswith(f"{letter}:5:") and "name" in line for line in lines), lines
    assert any("IMAP_PASSWORD" in line for line in lines), lines
    assert any("SMTP" in line and ":1" in line for line in lines), lines
    assert any("/proc/x" in line for line in lines), lines
    started = run(quick_journey, "run", "--once")
    assert started.returncode == 1
    assert str(rules) in started.stderr
    assert str(letter) in started.stderr
    assert "Traceback" not in checked.stderr + started.stderr


def test_check_says_when_no_command_could_be_obeyed(quick_journey: Journey) -> None:
    checked = command(quick_journey, "check", TRUSTED_AUTHSERV_ID="")
    assert checked.returncode == 1
    assert "TOKEN_ONLY_COMMANDS" in checked.stderr


def test_wrong_settings_are_told_and_nothing_starts(quick_journey: Journey) -> None:
    (quick_journey.folder / ".env").write_text("POLL_SECONDS=often\n", "utf-8")
    for asked, name in ((run, "run"), (command, "check")):
        ended = asked(quick_journey, name, IMAP_TLS="maybe")
        assert ended.returncode == 1
        assert ".env:1:14: POLL_SECONDS = 'often'" in ended.stderr
        assert "environment: IMAP_TLS = 'maybe'" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_wrong_usage_exits_with_two(quick_journey: Journey) -> None:
    assert command(quick_journey, "dance").returncode == 2
    assert command(quick_journey, "show", "one").returncode == 2


def test_parse_says_what_it_understands_and_needs_no_settings(tmp_path: Path) -> None:
    mail = tmp_path / "a.eml"
    mail.write_bytes(
        b"From: Ann <ann@example.com>\r\nTo: c@example.com\r\nSubject: Late\r\n\r\nIt is late.\r\n"
    )
    asked = ("parse", "--jsonl", str(mail), str(tmp_path / "none.eml"), "-")
    ended = command_in(tmp_path, {"HOME": str(tmp_path)}, *asked, stdin=b"\x00\xff not a mail")
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert first["from"] == {"name": "Ann", "address": "ann@example.com"}
    assert first["kind"] == "customer"
    assert first["reply_text"].strip() == "It is late."
    assert second["kind"] == "customer"
    assert "none.eml" in ended.stderr


@pytest.mark.parametrize(("folder", "kept"), [("cache", 1), ("", 0)])
def test_rules_that_were_found_right_are_kept_where_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, kept: int
) -> None:
    environment = {"HOME": str(tmp_path), "CACHE_DIR": folder}
    for _ in range(2):
        # As a process that has read no rules yet.
        monkeypatch.setattr(rule_files, "_newest", {})
        done = command_in(tmp_path, environment, "classify", stdin=b'{"id": 1, "text": "My parcel is late."}')
        assert json.loads(done.stdout)["category"] == "late"
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == kept


def test_parse_obeys_the_limits_that_are_set_and_tells_wrong_ones(tmp_path: Path) -> None:
    mail = tmp_path / "long.eml"
    mail.write_text("From: ann@example.com\n\n" + "late " * 5000, "utf-8")
    for limit, exit_code in (("10", 0), ("none", 1)):
        done = command_in(tmp_path, {"TEXT_LIMIT_KB": limit, "HOME": str(tmp_path)}, "parse", str(mail))
        assert done.returncode == exit_code
        if exit_code:
            assert done.stderr.startswith("environment: TEXT_LIMIT_KB = 'none': write a whole number")
        else:
            assert 9_990 < len(json.loads(done.stdout)["text"]) <= 10_000


def test_classify_answers_a_line_each(quick_journey: Journey) -> None:
    lines = '{"id": 7, "subject": "Late", "text": "My parcel has not arrived."}\nnonsense\n[]\n'
    ended = command(quick_journey, "classify", "--jsonl", stdin=lines)
    (verdict,) = (json.loads(line) for line in ended.stdout.splitlines())
    assert (verdict["id"], verdict["category"], verdict["kind"]) == (7, "late", "complaint")
    assert verdict["why"]
    assert "line 2" in ended.stderr
    assert "line 3" in ended.stderr


class Running:
    """`worker.py run` as a process, which lives no longer than the block."""

    def __init__(self, journey: Journey, **changes: str) -> None:
        self.log = journey.folder / "log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, WORKER, "run"],
                cwd=journey.folder,
                env=environment(journey) | changes,
                stdout=log,
                stderr=log,
            )

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()

    def says(self, words: str) -> int:
        return self.log.read_text("utf-8").count(words)

    def end(self) -> float:
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0
        return time.monotonic() - begun


def test_the_newest_events_can_be_asked_for(quick_journey: Journey) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    every = json.loads(command(quick_journey, "events", "--json").stdout)
    assert json.loads(command(quick_journey, "events", "--json", "--limit", "2").stdout) == every[-2:]


def test_what_a_user_gets_wrong_is_told_without_a_traceback(quick_journey: Journey) -> None:
    for arguments, code in (
        (("show", "9" * 30), 2),
        (("events", "--limit", "-1"), 2),
        (("do", "note x", "--as", quick_journey.sam, "--case", "9" * 30), 2),
        (("report", "--out", "/proc/no/page.html"), 1),
    ):
        ended = command(quick_journey, *arguments)
        assert ended.returncode == code, arguments
        assert "Traceback" not in ended.stderr, arguments


def test_classify_answers_what_is_hardly_text(tmp_path: Path) -> None:
    given = b'{"id": "\\ud800", "text": "My parcel is late \\udfff"}\n\xff\xfe\n' + b"[" * 100_000 + b"\n"
    nothing = {"HOME": str(tmp_path), "CACHE_DIR": ""}
    ended = command_in(tmp_path, nothing, "classify", "--jsonl", stdin=given)
    assert ended.returncode == 1
    assert json.loads(ended.stdout)["category"] == "late"
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 2


def test_sigterm_ends_the_worker_in_time_and_a_restart_carries_on(journey: Journey) -> None:
    with Running(journey) as running:
        journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(journey.letters()) == 1, MINUTE)
        assert running.end() < 10
    journey.customer_writes("It came broken.", sender="eve@example.com")
    with Running(journey) as again:
        assert until(lambda: len(journey.letters("eve@example.com")) == 1, MINUTE)
        again.end()
    assert len(journey.letters()) == 1
    assert len(journey.cases()) == 2


def test_sigkill_loses_nothing(quick_journey: Journey) -> None:
    def answered() -> int:
        return len({one.recipients for one in quick_journey.host.sent()})

    for first, last in ((0, 4), (4, 11), (11, 18)):
        before = answered()
        with Running(quick_journey, SENDERS="2"):
            for count in range(first, last):
                quick_journey.customer_writes(f"My parcel {count} is late.", sender=f"c{count}@example.com")
            assert until(lambda: answered() > before, MINUTE)  # noqa: B023 - it is asked at once
    with Running(quick_journey, SENDERS="2") as running:
        for count in (18, 19):
            quick_journey.customer_writes(f"My parcel {count} is late.", sender=f"c{count}@example.com")
        assert until(lambda: answered() == 20, MINUTE)
        running.end()
    assert len(quick_journey.cases()) == 20
    ids = [mail["Message-ID"] for n in range(20) for mail in quick_journey.letters(f"c{n}@example.com")]
    assert len(set(ids)) == 20, "a letter that is sent again has the same Message-ID"


def test_a_wrong_edit_while_running_changes_nothing_and_is_mailed_to_the_admin(
    quick_journey: Journey,
) -> None:
    quick_journey.only_english()
    calendar = quick_journey.rules / "calendar.yaml"
    with Running(quick_journey) as running:
        assert until(lambda: running.says("reading") > 0, MINUTE)
        calendar.write_text("weekend: fridya\n", "utf-8")
        assert until(quick_journey.mails_to, MINUTE)
        alert = text_of(quick_journey.mails_to()[0])
        assert "calendar.yaml, line 1" in alert
        assert "friday" in alert
        quick_journey.customer_writes("My parcel has not arrived.")
        assert until(lambda: len(quick_journey.letters()) == 1, MINUTE)
        calendar.write_text("weekend: friday\n", "utf-8")
        assert until(lambda: running.says("edited files are in force") == 1, MINUTE)
        running.end()


def test_a_mailbox_that_is_down_is_said_once_and_tried_again(quick_journey: Journey, free_port: int) -> None:
    with Running(quick_journey, IMAP_PORT=str(free_port)) as running:
        assert until(lambda: running.says("can't be read") == 1, MINUTE)
        time.sleep(4)
        assert running.says("can't be read") == 1
        status = command(quick_journey, "status")
        assert status.returncode == 1
        assert str(free_port) in status.stdout
        running.end()
    assert "Traceback" not in running.log.read_text("utf-8")
    once = run(quick_journey, "run", "--once", IMAP_PORT=str(free_port))
    assert once.returncode == 1
    assert str(free_port) in once.stderr
    assert "Traceback" not in once.stderr


def test_an_smtp_server_that_is_down_holds_letters_and_loses_none(
    quick_journey: Journey, free_port: int
) -> None:
    quick_journey.customer_writes("My parcel has not arrived.")
    with Running(quick_journey, SMTP_PORT=str(free_port), SENDERS="2") as running:
        assert until(lambda: running.says("mail can't be sent") >= 1, MINUTE)
        time.sleep(3)
        assert running.says("mail can't be sent") <= 2, "once for each sender"
        running.end()
    assert quick_journey.letters() == []
    quick_journey.work()
    assert len(quick_journey.letters()) == 1


def is_for_ann(envelope: Envelope) -> bool:
    return "ann@example.com" in envelope.rcpt_tos


def test_a_letter_that_is_refused_is_told_to_the_agent(quick_journey: Journey) -> None:
    def refuse(stage: str, envelope: Envelope) -> str | None:
        return "550 5.1.1 no such user" if stage == "data" and is_for_ann(envelope) else None

    quick_journey.host.behave(refuse)
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    quick_journey.work()
    assert quick_journey.letters() == []
    assert quick_journey.events("send-failed")
    assert any("no such user" in text_of(mail) for mail in quick_journey.mails_to())
    assert command(quick_journey, "status").returncode == 1


@pytest.mark.parametrize("stage", ["dot", "kept", "done"])
def test_a_connection_lost_after_the_dot_sends_the_same_bytes_again(
    quick_journey: Journey, stage: str
) -> None:
    lost = {"left": 1}

    def drop(at: str, envelope: Envelope) -> str | None:
        if at == stage and is_for_ann(envelope) and lost["left"]:
            lost["left"] -= 1
            return "drop"
        return None

    quick_journey.host.behave(drop)
    quick_journey.customer_writes("My parcel has not arrived.")
    quick_journey.work()
    quick_journey.clock.skip(hours=2)
    quick_journey.work()
    kept = [one.data for one in quick_journey.host.sent()]
    assert len(kept) == (2 if stage == "kept" else 1)
    assert len(set(kept)) == 1
    assert bool(quick_journey.events("in-doubt")) == (stage != "done")


def test_every_command_that_is_understood_is_carried_out() -> None:
    [action] = (action for action in parser()._actions if action.dest == "command")
    assert set(action.choices or ()) == set(worker.PLACES)
    assert all(callable(worker.command(name)) for name in worker.PLACES)


@pytest.mark.parametrize(
    "looking",
    [
        ("check",),
        ("cases",),
        ("rules", "try", "--rules", "rules"),
        ("rules", "suggest"),
    ],
)
def test_what_only_looks_makes_no_database(quick_journey: Journey, looking: tuple[str, ...]) -> None:
    quick_journey.only_english()
    ended = command(quick_journey, *looking)
    assert not list(quick_journey.folder.glob("peygir.sqlite3*"))
    if looking == ("check",):
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "note: the database is still to be made" in ended.stdout
    else:
        assert ended.returncode == 1
        assert "is not there yet; start `worker.py run` once, which makes it" in ended.stderr


def test_what_a_command_writes_is_for_its_owner_alone(quick_journey: Journey) -> None:
    quick_journey.work()
    quick_journey.stop()
    page, card = quick_journey.folder / "page.html", quick_journey.folder / "card.svg"
    assert command(quick_journey, "report", "--out", str(page)).returncode == 0
    assert command(quick_journey, "card", "--out", str(card)).returncode == 0
    assert page.stat().st_mode & 0o777 == 0o600
    assert card.stat().st_mode & 0o777 == 0o644, "a card is made to be shown"
