from __future__ import annotations

from pathlib import Path

import pytest

from settings import WrongSettings, load
from settings.credentials import secret_files
from settings.model import SECRETS

NEEDED = {
    "IMAP_HOST": "imap.example.com",
    "IMAP_USER": "u",
    "SMTP_HOST": "smtp.example.com",
    "COMPLAINTS_ADDRESS": "complaints@example.com",
    "ALERT_ADDRESS": "me@example.org",
    "ALERT_SMTP_HOST": "smtp.example.org",
}


@pytest.fixture
def handed(tmp_path: Path) -> Path:
    """The folder that systemd hands over, with every secret in it and a file that is none of ours."""
    folder = tmp_path / "credentials"
    folder.mkdir(0o700)
    for name in SECRETS:
        value = "postgresql+psycopg://u:planted-url@h/d" if name == "DATABASE_URL" else f"planted-{name}"
        (folder / name).write_text(f"{value}\n", "utf-8")
    (folder / "other").write_text("nothing of ours")
    return folder


def test_every_secret_is_taken_from_the_folder_that_systemd_names(handed: Path, tmp_path: Path) -> None:
    loaded = load(NEEDED | {"CREDENTIALS_DIRECTORY": str(handed)}, tmp_path / "none")
    for name in SECRETS:
        assert "planted" in getattr(loaded, name), name
        assert not getattr(loaded, name).endswith("\n")
    assert len(loaded.secrets) == len(SECRETS)


def test_every_secret_may_stand_in_a_file_of_its_own(handed: Path, tmp_path: Path) -> None:
    files = {f"{name}_FILE": str(handed / name) for name in SECRETS}
    loaded = load(NEEDED | files, tmp_path / "none")
    assert all("planted" in getattr(loaded, name) for name in SECRETS)
    dotenv = tmp_path / ".env"
    dotenv.write_text("".join(f"{name}={value}\n" for name, value in (NEEDED | files).items()))
    assert load({}, dotenv) == loaded
    assert set(secret_files({}, dotenv)) == set(files)


def test_what_the_environment_says_itself_goes_before(handed: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("IMAP_PASSWORD=of-the-file\n")
    environment = NEEDED | {"CREDENTIALS_DIRECTORY": str(handed), "SMTP_PASSWORD": "said-here"}
    loaded = load(environment, tmp_path / ".env")
    assert (loaded.IMAP_PASSWORD, loaded.SMTP_PASSWORD) == ("planted-IMAP_PASSWORD", "said-here")


def test_a_mailbox_of_its_own_has_its_secret_there_too(handed: Path, tmp_path: Path) -> None:
    (handed / "RETURNS_IMAP_PASSWORD").write_text("planted-returns")
    own = {
        "MAILBOXES": "returns",
        "RETURNS_COMPLAINTS_ADDRESS": "returns@example.com",
        "RETURNS_IMAP_USER": "returns",
    }
    environment = NEEDED | own | {"CREDENTIALS_DIRECTORY": str(handed)}
    loaded = load(environment, tmp_path / "none")
    assert [one.IMAP_PASSWORD for one in loaded.mailboxes] == ["planted-IMAP_PASSWORD", "planted-returns"]
    assert "planted-returns" in loaded.secrets


def test_no_secret_is_in_the_repr_of_settings_nor_in_what_is_wrong_with_them(
    handed: Path, tmp_path: Path
) -> None:
    environment = NEEDED | {"CREDENTIALS_DIRECTORY": str(handed)}
    assert "planted" not in repr(load(environment, tmp_path / "none"))
    (handed / "DATABASE_URL").write_text("mysql://root:planted-url@h/d")
    with pytest.raises(WrongSettings) as wrong:
        load(environment | {"IMAP_PORT": "imap"}, tmp_path / "none")
    assert wrong.value.problems
    assert "planted" not in str(wrong.value)
