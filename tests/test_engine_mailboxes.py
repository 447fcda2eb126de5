"""One desk for each mailbox: what they share, and what is each one's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.desk import Desk
from engine.mailboxes import desk_of, open_files, ways_out
from engine.rule_files import WrongFiles
from engine.ticking import refresh_files
from settings import Settings
from store.database import Database

GIVEN = {
    "IMAP_HOST": "imap.example.com",
    "IMAP_USER": "complaints",
    "SMTP_HOST": "smtp.example.com",
    "COMPLAINTS_ADDRESS": "complaints@example.com",
    "CACHE_DIR": "",
}


def settings(**further: dict[str, Any]) -> Settings:
    main = Settings.model_validate(GIVEN)
    return main.beside(
        [
            Settings.model_validate(
                GIVEN | {"COMPLAINTS_ADDRESS": f"{name}@example.com", "IMAP_USER": name} | own
            ).named(name)
            for name, own in further.items()
        ]
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    yield made
    made.close()


def desk(given: Settings, database: Database) -> Desk:
    return desk_of(given, database, open_files(given), lambda: datetime.now(UTC), "w")


def test_one_mailbox_is_alone_and_takes_every_letter(database: Database) -> None:
    made = desk(settings(), database)
    assert not made.several
    assert made.every == made.each_with_files == made.each_way_out == (made,)
    assert made.of("anything") is made


def test_those_that_send_through_one_server_share_its_senders() -> None:
    given = settings(returns={}, billing={"SMTP_HOST": "smtp.elsewhere.example"})
    assert ways_out(given.mailboxes) == [("", "returns"), ("billing",)]


def test_what_each_knows_and_what_all_share(database: Database) -> None:
    made = desk(settings(returns={}, billing={"SMTP_HOST": "smtp.elsewhere.example"}), database)
    returns, billing = made.of("returns"), made.of("billing")
    assert [one.settings.name for one in made.every] == ["", "returns", "billing"]
    assert (returns.policy.mailbox, returns.policy.complaints_address) == ("returns", "returns@example.com")
    assert {one.address for one in returns.policy.all_ours} == {
        "complaints@example.com", "returns@example.com", "billing@example.com"
    }  # fmt: skip
    assert made.stop is returns.stop is billing.stop
    assert made.way_out is returns.way_out is not billing.way_out
    assert made.files is returns.files
    assert made.of("taken away") is made


def test_the_senders_of_every_server_are_woken_and_one_that_sleeps_again_wakes_no_other(
    database: Database,
) -> None:
    made = desk(settings(billing={"SMTP_HOST": "smtp.elsewhere.example"}), database)
    first, second = made.letters_wait, made.of("billing").letters_wait
    for rung in (first, second):
        rung.set()
        assert first.is_set()
        assert second.is_set()
        first.clear()
        assert second.is_set()
        second.clear()
    waiting = threading.Thread(target=lambda: second.wait(10))
    waiting.start()
    first.set()
    waiting.join(5)
    assert not waiting.is_alive()


def own_folder(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "returns"
    folder.mkdir(exist_ok=True)
    (folder / "mine.yaml").write_text(text, "utf-8")
    return folder


MISSPELT = "rules:\n  - name: a\n    when: {mailbox: retruns}\n    says: {severity: high}\n"
RULE = "rules:\n  - name: lamps\n    when: {phrase: lamp}\n    says: {severity: %s}\n"


def test_a_wrong_edit_in_one_folder_leaves_the_others_alone(database: Database, tmp_path: Path) -> None:
    folder = own_folder(tmp_path, RULE % "high")
    made = desk(settings(returns={"RULES_DIR": folder}), database)
    before = made.of("returns").files.current.rulebook
    (folder / "mine.yaml").write_text(RULE % "highest", "utf-8")
    for _ in range(3):
        refresh_files(made)
    assert made.of("returns").files.current.rulebook is before
    [key] = [key for key, seen in made.alerts.seen().items() if seen.wrong]
    assert key == "files/returns"
    (folder / "mine.yaml").write_text(RULE % "urgent", "utf-8")
    for _ in range(3):
        refresh_files(made)
    assert made.of("returns").files.current.rulebook is not before
    assert not any(seen.wrong for seen in made.alerts.seen().values())


def test_an_edit_of_the_main_folder_reaches_what_a_mailbox_took_over(tmp_path: Path) -> None:
    folder = own_folder(tmp_path, RULE % "high")
    files = open_files(settings(returns={"RULES_DIR": folder}))
    main, returns = files[""].current.rulebook, files["returns"].current.rulebook
    assert returns.agents == main.agents
    assert returns.version != main.version
    assert "lamps" in {rule.name for rule in returns.rules} - {rule.name for rule in main.rules}


@pytest.mark.parametrize(
    ("own", "text", "says"),
    [
        ({}, RULE % "highest", "mine.yaml:4:"),
        (
            {},
            "rules:\n  - name: a\n    when: {mailbox: retruns}\n    says: {severity: high}\n",
            "did you mean",
        ),
        ({"TEAM": "nobody"}, RULE % "high", "no agent has the team 'nobody'"),
    ],
)
def test_a_wrong_folder_or_name_refuses_to_start_in_plain_words(
    tmp_path: Path, own: dict[str, Any], text: str, says: str
) -> None:
    folder = own_folder(tmp_path, text)
    with pytest.raises(WrongFiles) as wrong:
        open_files(settings(returns={"RULES_DIR": folder} | own))
    assert len(wrong.value.problems) == 1
    assert says in str(wrong.value)
    assert str(tmp_path) in str(wrong.value) or own
