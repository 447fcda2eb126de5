"""All that is stored is written out, and can be taken in again."""

from __future__ import annotations

import json
import mailbox
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.exporting_all import NotWritten, Written, write_all
from store.database import opened
from store.models import Raw
from tests.hosts import EmbeddedHost
from tests.journeys import Journey
from tests.test_journey_import import taken_in

ANN, BEN = "ann@example.com", "ben@example.com"


def lived(journey: Journey) -> None:
    """Two customers; one of them is answered and writes again."""
    journey.customer_writes("My parcel has not arrived.\n\nFrom here on I wait.", subject="Parcel")
    journey.work()
    journey.agent_replies("edit\nDear Ann,\n\nFrom tomorrow on it is on its way, at our cost.\nend\napprove")
    answer = journey.letters()[-1]
    journey.reply(answer, "It came and is broken.", sender=f"Ann <{ANN}>", passes=None)
    journey.customer_writes("The kettle does not work.", sender=f"Ben <{BEN}>", subject="Kettle")
    journey.work()


def exported(journey: Journey, name: str = "all") -> tuple[Path, Written]:
    folder = journey.folder / name
    with opened(journey.settings.DATABASE_URL) as database:
        return folder, write_all(database, folder, journey.clock(), lambda *_: None)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def ids_in(folder: Path) -> list[str]:
    """The Message-IDs as another program reads them."""
    with closing(mailbox.mbox(folder / "mail.mbox")) as box:
        return [str(mail["Message-ID"]) for mail in box]


def test_every_mail_and_every_list_is_written(stored_journey: Journey) -> None:
    journey = stored_journey
    lived(journey)
    folder, written = exported(journey)
    assert [row["number"] for row in lines(folder / "cases.jsonl")] == [c["number"] for c in journey.cases()]
    assert {row["kind"] for row in lines(folder / "events.jsonl")} >= {"opened", "acknowledged", "approved"}
    for name, count in written.counts.items():
        if name.endswith(".jsonl"):
            assert len(lines(folder / name)) == count
    ids = ids_in(folder)
    assert len(ids) == written.counts["mail.mbox"]
    assert {str(letter["Message-ID"]) for letter in (*journey.letters(ANN), *journey.letters(BEN))} <= set(
        ids
    )
    assert {row["message_id"] for row in lines(folder / "mails.jsonl")} <= set(ids)
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_reply_address_that_joins_a_case_is_in_the_lists(quick_journey: Journey) -> None:
    journey = quick_journey
    lived(journey)
    folder, _ = exported(journey)
    assert all("token" not in column for column in lines(folder / "cases.jsonl")[0])


def test_what_was_written_makes_the_same_cases_in_an_empty_database(
    stored_journey: Journey, embedded_server: Any, tmp_path: Path
) -> None:
    journey = stored_journey
    lived(journey)
    folder, _ = exported(journey)
    (tmp_path / "other").mkdir()
    other = Journey(EmbeddedHost(embedded_server), f"sqlite:///{tmp_path}/other.sqlite3", tmp_path / "other")
    other.settings = other.settings.model_copy(update={"COMPLAINTS_ADDRESS": journey.host.address})
    other.work()
    (other.rules / "agents.yaml").write_text((journey.rules / "agents.yaml").read_text("utf-8"), "utf-8")
    other.stop()
    other.work()
    done = taken_in(other, folder / "mail.mbox", leave_open=True)
    assert done.aside == [] and done.alone == 0
    assert told(other) == told(journey)
    other.stop()


def told(journey: Journey) -> list[tuple[Any, ...]]:
    """What makes a case: whose it is, its mails, and what its customer got."""
    found = []
    for case in journey.cases():
        shown = journey.shown(case["number"])
        mails = sorted(one["message_id"] for one in shown["mails"] if one["kind"] == "customer")
        letters = sorted(
            (one["message_id"], one["kind"]) for one in shown["letters"] if one["to"] == case["customer"]
        )
        about = ("customer", "subject", "category", "kind", "language", "answered", "acknowledged")
        found.append((*(str(case[name])[:16] for name in about), mails, letters))
    return found


def test_the_folder_is_there_whole_or_not_at_all(
    quick_journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = quick_journey
    lived(journey)
    with monkeypatch.context() as patch:
        patch.setattr("engine.exporting_all._write_list", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            exported(journey)
    assert not (journey.folder / "all").exists() and not (journey.folder / ".all.part").exists()
    exported(journey)
    with pytest.raises(NotWritten, match="is there already"):
        exported(journey)


def test_a_mail_whose_bytes_are_damaged_is_named_and_all_others_are_there(quick_journey: Journey) -> None:
    journey = quick_journey
    lived(journey)
    with opened(journey.settings.DATABASE_URL) as database, database.write() as session:
        raw = session.get(Raw, 1)
        assert raw is not None
        raw.data = b"rubbish"
    folder, written = exported(journey)
    [note] = written.damaged
    assert "mail 1" in note
    assert len(ids_in(folder)) == written.counts["mail.mbox"] > 3
