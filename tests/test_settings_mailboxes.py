"""Several mailboxes: whose setting is whose, and every mistake in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from settings import Settings, WrongSettings, load

NONE = Path("none")
MAIN = {
    "IMAP_HOST": "imap.example.com",
    "IMAP_USER": "u",
    "IMAP_PASSWORD": "main-secret",
    "SMTP_HOST": "smtp.example.com",
    "COMPLAINTS_ADDRESS": "complaints@example.com",
    "FROM_NAME": "Example Shop",
    "ALIASES": "help@example.com, info@example.com",
}
RETURNS = {
    "MAILBOXES": "returns",
    "RETURNS_COMPLAINTS_ADDRESS": "returns@example.com",
    "RETURNS_IMAP_USER": "returns",
    "RETURNS_IMAP_PASSWORD": "returns-secret",
}
BOTH = MAIN | RETURNS


def further(changes: dict[str, str]) -> Settings:
    return load(BOTH | changes, NONE).mailboxes[1]


def problems(environment: dict[str, str], dotenv: Path = NONE) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        load(environment, dotenv)
    return wrong.value.problems


def test_one_mailbox_is_the_main_one_and_has_no_name() -> None:
    loaded = load(MAIN, NONE)
    assert [one.name for one in loaded.mailboxes] == [""]
    assert loaded.mailboxes[0] is loaded


def test_a_further_mailbox_says_what_is_its_own_and_takes_over_the_rest() -> None:
    main, returns = load(BOTH | {"RETURNS_FROM_NAME": "Returns"}, NONE).mailboxes
    assert (main.COMPLAINTS_ADDRESS, main.FROM_NAME, main.IMAP_PASSWORD) == (
        "complaints@example.com",
        "Example Shop",
        "main-secret",
    )
    assert (returns.name, returns.COMPLAINTS_ADDRESS, returns.FROM_NAME) == (
        "returns",
        "returns@example.com",
        "Returns",
    )
    assert (returns.IMAP_HOST, returns.IMAP_PASSWORD) == ("imap.example.com", "returns-secret")


def test_its_settings_may_stand_in_the_file_and_its_secrets_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-file\n", "utf-8")
    lines = {**BOTH, "RETURNS_IMAP_PASSWORD_FILE": str(tmp_path / "secret")}
    del lines["RETURNS_IMAP_PASSWORD"]
    dotenv = tmp_path / ".env"
    dotenv.write_text("".join(f"{name}='{value}'\n" for name, value in lines.items()), "utf-8")
    _, returns = load({"RETURNS_FROM_NAME": "Returns"}, dotenv).mailboxes
    assert (returns.IMAP_PASSWORD, returns.FROM_NAME) == ("from-file", "Returns")


def test_no_server_gets_the_password_of_an_account_elsewhere() -> None:
    other = further({"RETURNS_SMTP_HOST": "smtp.elsewhere.example"})
    assert (other.SMTP_USER, other.SMTP_PASSWORD) == ("", "")
    without = {name: value for name, value in BOTH.items() if name != "RETURNS_IMAP_PASSWORD"}
    (told,) = problems(without)
    assert "RETURNS_IMAP_PASSWORD is missing" in told
    assert "main-secret" not in told


def test_the_aliases_of_the_main_mailbox_are_no_others() -> None:
    assert further({}).addresses == ("returns@example.com",)
    assert load(BOTH, NONE).addresses == ("complaints@example.com", "help@example.com", "info@example.com")


def test_a_maildir_needs_no_server_to_read_from_and_sendmail_none_to_send_through() -> None:
    local = load({"MAILDIR": "/var/mail/c", "SENDMAIL": "/s", "COMPLAINTS_ADDRESS": "c@example.com"}, NONE)
    assert (local.IMAP_HOST, local.SMTP_HOST) == ("", "")
    assert further({"RETURNS_MAILDIR": "/var/mail/r"}).IMAP_HOST == ""
    beside = load(
        {"MAILDIR": "/m", "SENDMAIL": "/s", "COMPLAINTS_ADDRESS": "c@example.com"}
        | RETURNS
        | {"RETURNS_IMAP_HOST": "imap.example.com", "RETURNS_SMTP_HOST": "smtp.example.com"},
        NONE,
    ).mailboxes[1]
    assert (beside.MAILDIR, beside.SENDMAIL) == ("", "")


def test_who_may_not_be_an_agent_is_known_of_all_mailboxes() -> None:
    assert load(BOTH, NONE).own_names == (
        "complaints@example.com",
        "help@example.com",
        "info@example.com",
        "u",
        "returns@example.com",
        "returns",
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"MAILBOXES": "Returns"}, "Returns can't be a mailbox's name; write small letters"),
        ({"MAILBOXES": "main"}, "main can't be a mailbox's name"),
        ({"MAILBOXES": "returns, returns"}, "returns is there twice"),
        ({"RETURNS_COMPLAINTS_ADDRESS": "Complaints@example.com"}, "the same address complaints@example.com"),
        ({"RETURNS_ALIASES": "help@example.com"}, "the same address help@example.com"),
        ({"RETURNS_IMAP_USER": "U"}, "read the same folder (u@imap.example.com:993/INBOX)"),
        ({"RETURNS_DATABASE_URL": "sqlite:///x"}, "DATABASE_URL is one for all mailboxes"),
        ({"RETURNS_IMAP_PORT": "imap"}, "environment: RETURNS_IMAP_PORT = 'imap': write a whole number"),
        ({"RETURNS_COMPLAINTS_ADDRESS": "nobody"}, "RETURNS_COMPLAINTS_ADDRESS = 'nobody'"),
        ({"RETURNS_ALIASES": "help@example.com, x"}, "RETURNS_ALIASES"),
        ({"RETURNS_LANGUAGE": "Persian"}, "write a language's code"),
        (
            {"RETURNS_IMAP_HOST": "imap.elsewhere.example", "RETURNS_IMAP_USER": ""},
            "RETURNS_IMAP_USER is missing",
        ),
    ],
)
def test_each_mistake_is_told_once_by_the_name_that_was_written(changes: dict[str, str], says: str) -> None:
    (told,) = problems(BOTH | changes)
    assert says in told


def test_a_mailbox_without_its_own_address_is_told_what_clashes() -> None:
    told = problems(MAIN | {"MAILBOXES": "returns"})
    assert any("the main mailbox and returns have the same address" in one for one in told)


def test_a_mistake_in_the_main_settings_is_told_once(tmp_path: Path) -> None:
    assert len(problems(BOTH | {"POLL_SECONDS": "often"})) == 1


def test_a_name_that_makes_one_setting_look_like_another_is_refused() -> None:
    told = problems(BOTH | {"MAILBOXES": "returns,alert"})
    assert "alert can't be a mailbox's name: ALERT_SMTP_HOST is a setting already" in told[0]


def test_a_line_of_a_mailbox_that_nobody_named_says_so(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("BILLING_IMAP_USER=x\n", "utf-8")
    (told,) = problems(MAIN, dotenv)
    assert "name billing in MAILBOXES" in told
