from __future__ import annotations

from pathlib import Path

import pytest

import settings
from settings import WrongSettings, load

NEEDED = {
    "IMAP_HOST": "imap.example.com",
    "IMAP_USER": "u",
    "SMTP_HOST": "smtp.example.com",
    "COMPLAINTS_ADDRESS": "complaints@example.com",
}


def problems(environment: dict[str, str], dotenv: Path) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        load(environment, dotenv)
    return wrong.value.problems


def test_the_example_file_lists_every_setting_with_its_default() -> None:
    shipped = (Path(settings.__file__).parents[1] / ".env.example").read_text("utf-8")
    assert shipped == settings.example(), "run: make example"


def test_the_example_file_can_be_filled_in_and_loaded(tmp_path: Path) -> None:
    filled = settings.example()
    for name, value in NEEDED.items():
        filled = filled.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    uncommented = filled.replace("\n#", "\n")
    lines = [line for line in uncommented.splitlines() if "=" in line and line.split("=")[0].isupper()]
    (tmp_path / ".env").write_text("\n".join(lines), "utf-8")
    loaded = load({}, tmp_path / ".env")
    assert loaded == load(NEEDED, tmp_path / "none")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("IMAP_HOST=from-file\nFROM_NAME='$HOME and ${HOME}'\n", "utf-8")
    loaded = load(NEEDED, tmp_path / ".env")
    assert loaded.IMAP_HOST == "imap.example.com"
    assert loaded.FROM_NAME == "$HOME and ${HOME}", "nothing is expanded"


def test_all_mistakes_are_told_at_once_with_file_line_and_column(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("IMAP_HOST=h\nIMAP_PORT=imap\n# a comment\nSMTP_TLS=ssl\nIMAP_HOTS=x\n", "utf-8")
    told = problems({"IMAP_USER": "u", "COMPLAINTS_ADDRESS": "nobody"}, dotenv)
    assert any(line.startswith(f"{dotenv}:2:11: IMAP_PORT = 'imap'") for line in told)
    assert any(line.startswith(f"{dotenv}:4:10: SMTP_TLS = 'ssl'") for line in told)
    assert any("IMAP_HOTS is not a setting" in line for line in told)
    assert any("SMTP_HOST is missing" in line for line in told)
    assert any(line.startswith("environment: COMPLAINTS_ADDRESS") for line in told)


def test_a_wrong_secret_is_not_shown() -> None:
    told = problems(NEEDED | {"DATABASE_URL": "mysql://root:hunter2@h/d"}, Path("none"))
    assert len(told) == 1
    assert "hunter2" not in told[0]
    assert "hunter2" not in repr(load(NEEDED | {"IMAP_PASSWORD": "hunter2"}, Path("none")))


def test_a_secret_can_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("p w\n", "utf-8")
    loaded = load(NEEDED | {"IMAP_PASSWORD_FILE": str(tmp_path / "secret")}, Path("none"))
    assert loaded.IMAP_PASSWORD == "p w"
    told = problems(NEEDED | {"IMAP_PASSWORD_FILE": str(tmp_path / "none")}, Path("none"))
    assert "can't be read" in told[0]


@pytest.mark.parametrize(("form", "says"), [("{local}@{domain}", "{token}"), ("{token}@{domain}", "{local}")])
def test_a_reply_form_without_one_of_its_parts_is_refused(form: str, says: str) -> None:
    (told,) = problems(NEEDED | {"REPLY_ADDRESS_FORM": form}, Path("none"))
    assert says in told


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"COMPLAINTS_ADDRESS": "c" * 40 + "@example.com"}, "shorter COMPLAINTS_ADDRESS"),
        ({"COMPLAINTS_ADDRESS": "complaints@exämple.de"}, "xn--"),
        ({"REPLY_ADDRESS_FORM": "{local}+{token}@{domain}{x}"}, "makes no address"),
        ({"REPLY_ADDRESS_FORM": "{local} {token}@{domain}"}, "makes no address"),
    ],
)
def test_a_setting_from_which_no_reply_address_can_be_made_is_refused(
    changes: dict[str, str], says: str
) -> None:
    (told,) = problems(NEEDED | changes, Path("none"))
    assert says in told


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    assert "can't be read" in problems({}, tmp_path / ".env")[0]


def test_a_line_that_sets_nothing_and_a_setting_that_is_set_twice_are_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("IMAP_HOST=a\nIMAP_PORT 143\nIMAP_HOST=b\n", "utf-8")
    told = problems(NEEDED, tmp_path / ".env")
    assert f"{tmp_path}/.env:2:1: this is no setting; write NAME=value" in told
    assert f"{tmp_path}/.env:3:1: IMAP_HOST is set twice; keep one line" in told


def test_without_a_file_the_way_to_one_is_told() -> None:
    assert "cp .env.example" in problems({}, Path("none"))[-1]


def test_one_setting_needs_no_other(tmp_path: Path) -> None:
    assert settings.one("DATABASE_URL", {}, tmp_path / "none") == "sqlite:///peygir.sqlite3"
    assert settings.one("RULES_DIR", {"RULES_DIR": "elsewhere"}, tmp_path / "none") == "elsewhere"
    with pytest.raises(WrongSettings):
        settings.one("DATABASE_URL", {"DATABASE_URL": "mysql://x"}, tmp_path / "none")


def test_a_few_settings_alone_are_checked_and_need_no_other(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PARTS_LIMIT=50\nIMAP_PORT=wrong\n", "utf-8")
    names = ("PARTS_LIMIT", "DEPTH_LIMIT")
    assert settings.some(names, {}, dotenv) == {"PARTS_LIMIT": 50, "DEPTH_LIMIT": 20}
    assert settings.some(names, {"PARTS_LIMIT": "60"}, dotenv)["PARTS_LIMIT"] == 60
    with pytest.raises(WrongSettings) as wrong:
        settings.some(names, {"PARTS_LIMIT": "0", "DEPTH_LIMIT": "deep"}, dotenv)
    assert {told.partition(" =")[0] for told in wrong.value.problems} == {
        "environment: DEPTH_LIMIT",
        "environment: PARTS_LIMIT",
    }


@pytest.mark.parametrize(
    "place", ["unix:/run/clamav/clamd.ctl", "127.0.0.1:3310", "[::1]:3310", "localhost:3310", ""]
)
def test_a_virus_scanner_on_this_machine_needs_no_more_words(place: str, tmp_path: Path) -> None:
    loaded = load(NEEDED | {"CLAMAV": place}, tmp_path / "none")
    assert place == loaded.CLAMAV


def test_a_virus_scanner_on_another_machine_has_to_be_allowed(tmp_path: Path) -> None:
    elsewhere = NEEDED | {"CLAMAV": "scanner.example.com:3310"}
    (told,) = problems(elsewhere, tmp_path / "none")
    assert "CLAMAV_REMOTE=true" in told
    assert load(elsewhere | {"CLAMAV_REMOTE": "true"}, tmp_path / "none").CLAMAV


@pytest.mark.parametrize(
    "place", ["clamd", "unix:", "unix:clamd.ctl", "127.0.0.1", "127.0.0.1:0", ":3310", "a:b"]
)
def test_a_place_where_no_scanner_can_be_is_told_with_what_to_write(place: str, tmp_path: Path) -> None:
    (told,) = problems(NEEDED | {"CLAMAV": place}, tmp_path / "none")
    assert "write unix:/run/clamav/clamd.ctl" in told
