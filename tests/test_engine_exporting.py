"""`export` and `erase` as a user runs them, and what is in an export."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path
from typing import Any

from engine import doing
from store import queries
from tests.commands import command as run
from tests.erasures import files_with
from tests.journeys import Journey

ADDRESS = "ann.zq@example.com"


def begun(journey: Journey) -> int:
    journey.customer_writes(
        "My parcel is late.", sender=f"Ann <{ADDRESS}>", subject="Where is it?", headers={"X-Shop": "a shop"}
    )
    journey.customer_writes("My own matter.", sender="Bob <bob@example.com>")
    journey.work()
    number = int(journey.case(ADDRESS)["number"])
    for command in ("note she is kind", "promise a new one in 10 days", "fact order_number ZQX-99881"):
        doing.do(journey.worker.desk, command, agent=journey.sam, number=number)
    journey.agent_replies("note nothing")
    return number


def exported(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        told: dict[str, Any] = json.loads(archive.read("customer.json"))
        told["files"] = {name: archive.read(name) for name in archive.namelist()}
    return told


def test_an_export_holds_all_that_is_kept_and_nothing_of_others(quick_journey: Journey) -> None:
    number = begun(quick_journey)
    ended = run(quick_journey, "export", ADDRESS, "--out", "ann.zip")
    assert (ended.returncode, ended.stderr) == (0, "")
    path = quick_journey.folder / "ann.zip"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = exported(path)
    [case] = told["cases"]
    assert (case["number"], case["promise"][0]["what"], case["fact"][0]["value"]) == (
        number,
        "a new one",
        "ZQX-99881",
    )
    assert "she is kind" in [event["text"] for event in case["event"]]
    [mail] = case["mail"]
    assert b"X-Shop: a shop" in told["files"][mail["file"]]
    assert told["files"][case["letter"][0]["file"]].startswith(b"From: ")
    whole = json.dumps(told["cases"]) + "".join(map(str, told["files"].values()))
    assert "bob@example.com" not in whole
    with quick_journey.worker.desk.database.read() as session:
        secrets = [row.reply_token for row in queries.customer_cases(session, ADDRESS)]
    assert not any(secret in json.dumps(told["cases"]) for secret in secrets), "a reply address is a key"
    assert "she is kind" not in told["files"]["README.txt"].decode()


def test_a_folder_is_written_where_no_zip_is_named(quick_journey: Journey) -> None:
    begun(quick_journey)
    assert run(quick_journey, "export", ADDRESS, "--out", "ann").returncode == 0
    folder = quick_journey.folder / "ann"
    assert (folder / "README.txt").exists()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list((folder / "mails").glob("*.eml"))) == 1
    again = run(quick_journey, "export", ADDRESS, "--out", "ann")
    assert again.returncode == 1
    assert "is there already" in again.stderr


def test_of_one_of_several_people_only_their_part_is_given(quick_journey: Journey) -> None:
    quick_journey.customer_writes(
        "Bob's secret matter.", sender="Bob <bob@example.com>", headers={"Cc": ADDRESS}
    )
    quick_journey.work()
    letter = quick_journey.letters("bob@example.com")[-1]
    quick_journey.reply(letter, "I am his wife.", sender=f"Ann <{ADDRESS}>", quote=False)
    quick_journey.work()
    assert run(quick_journey, "export", ADDRESS, "--out", "ann.zip").returncode == 0
    told = exported(quick_journey.folder / "ann.zip")
    [part] = told["cases_of_others"]
    assert [mail["words"] for mail in part["mail"]] == ["I am his wife."]
    assert "secret matter" not in json.dumps(told["cases_of_others"])


def test_nothing_is_changed_without_yes_and_nothing_is_left_with_it(quick_journey: Journey) -> None:
    begun(quick_journey)
    quick_journey.stop()
    shown = run(quick_journey, "erase", ADDRESS)
    assert shown.returncode == 0
    assert "cases of theirs: 1 (1001)" in shown.stdout
    assert "nothing is changed" in shown.stdout
    assert run(quick_journey, "cases", "--json").stdout.count(ADDRESS) == 1
    ended = run(quick_journey, "erase", ADDRESS, "--yes")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "erased: 1 cases" in ended.stdout
    assert files_with(quick_journey.folder, ADDRESS.encode(), b"ZQX-99881") == []
    assert files_with(quick_journey.folder.parent / "compiled", ADDRESS.encode(), b"ZQX-99881") == []
    assert "nothing is kept about" in run(quick_journey, "erase", ADDRESS, "--yes").stdout
    assert "nothing is kept about" in run(quick_journey, "export", ADDRESS).stdout


def test_a_customer_without_an_address_is_erased_by_the_case(quick_journey: Journey) -> None:
    told = "open\nchannel: phone\nfrom: Mrs. Zanzibarquux\nsubject: A kettle\nIt leaks, she says.\nend"
    doing.do(quick_journey.worker.desk, told, agent=quick_journey.sam, number=None)
    quick_journey.stop()
    assert run(quick_journey, "erase", "--case", "1001", "--yes").returncode == 0
    assert files_with(quick_journey.folder, b"Zanzibarquux", b"zanzibarquux", b"she says") == []


def test_who_is_of_the_firm_or_nobody_is_not_erased(quick_journey: Journey) -> None:
    quick_journey.work()
    quick_journey.stop()
    for wrong, told in (
        (quick_journey.sam, "of your own"),
        (quick_journey.host.address, "of your own"),
        ("ann", "is no address"),
        ("ann@@example.com", "is no address"),
    ):
        ended = run(quick_journey, "erase", wrong, "--yes")
        assert ended.returncode == 1
        assert told in ended.stderr
    assert "there is no case 77" in run(quick_journey, "erase", "--case", "77", "--yes").stderr
    assert run(quick_journey, "erase").returncode == 2
