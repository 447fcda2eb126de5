"""Settings for getting in: nothing goes unencrypted by accident, and OAuth has all that it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

import settings
from settings import WrongSettings

NOWHERE = Path("/nonexistent/.env")
USUAL = {
    "IMAP_HOST": "imap.example.com",
    "IMAP_USER": "help@example.com",
    "SMTP_HOST": "smtp.example.com",
    "COMPLAINTS_ADDRESS": "help@example.com",
}
GOOGLE = {"IMAP_AUTH": "oauth", "SMTP_AUTH": "oauth", "OAUTH_PROVIDER": "google", "OAUTH_CLIENT_ID": "x"}


def problems(**given: str) -> str:
    try:
        settings.load(USUAL | given, NOWHERE)
    except WrongSettings as wrong:
        return str(wrong)
    return ""


@pytest.mark.parametrize("line", ["IMAP", "SMTP", "ALERT_SMTP"])
def test_nothing_goes_to_another_machine_for_everybody_to_read(line: str) -> None:
    given = {f"{line}_HOST": "mail.example.com", f"{line}_TLS": "none"}
    said = problems(**given)
    assert f"{line}_TLS = 'none': everybody between here and mail.example.com could read" in said
    assert problems(**given, ALLOW_UNENCRYPTED="true") == ""


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.1.1", "::1", "[::1]"])
def test_on_this_machine_it_may(host: str) -> None:
    assert problems(IMAP_HOST=host, IMAP_TLS="none") == ""


@pytest.mark.parametrize("host", ["127.0.0.1.example.com", "localhost.example.com", "10.0.0.1", "mail"])
def test_what_only_looks_like_this_machine_is_another(host: str) -> None:
    assert "IMAP_TLS" in problems(IMAP_HOST=host, IMAP_TLS="none")


@pytest.mark.parametrize("line", ["IMAP", "SMTP"])
def test_an_access_token_never_goes_without_tls_whatever_is_allowed(line: str) -> None:
    said = problems(**GOOGLE, **{f"{line}_TLS": "none"}, ALLOW_UNENCRYPTED="true")
    assert f"{line}_TLS = 'none': an access token is never sent without TLS" in said


def test_a_login_by_oauth_needs_an_application_alone() -> None:
    assert problems(**GOOGLE) == ""
    assert "OAUTH_PROVIDER" in problems(**GOOGLE | {"OAUTH_PROVIDER": ""})
    assert "OAUTH_CLIENT_ID" in problems(**GOOGLE | {"OAUTH_CLIENT_ID": ""})
    assert "OAUTH_TOKEN_URL" in problems(**GOOGLE | {"OAUTH_PROVIDER": "own"})
    assert problems(OAUTH_PROVIDER="own") == "", "which nobody uses yet"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Google lets no application read mail by itself"),
        ({"OAUTH_PROVIDER": "microsoft"}, "needs OAUTH_CLIENT_SECRET"),
        ({"OAUTH_PROVIDER": "microsoft", "OAUTH_CLIENT_SECRET": "s"}, "needs OAUTH_TENANT"),
        ({"OAUTH_PROVIDER": "microsoft", "OAUTH_CLIENT_SECRET": "s", "OAUTH_TENANT": "t"}, ""),
    ],
)
def test_an_application_by_itself_needs_more(given: dict[str, str], words: str) -> None:
    said = problems(**GOOGLE | given | {"OAUTH_GRANT": "client"})
    assert words in said
    assert bool(words) is bool(said)


def test_the_clients_secret_is_shown_nowhere_and_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the-secret\n")
    made = settings.load(USUAL | GOOGLE | {"OAUTH_CLIENT_SECRET_FILE": str(tmp_path / "secret")}, NOWHERE)
    assert made.OAUTH_CLIENT_SECRET == "the-secret"
    assert "the-secret" not in repr(made)


def test_another_account_takes_no_consent_over(tmp_path: Path) -> None:
    given = USUAL | GOOGLE | {"MAILBOXES": "returns", "OAUTH_TOKEN_FILE": "main.json"}
    returns = {
        "RETURNS_COMPLAINTS_ADDRESS": "returns@example.com",
        "RETURNS_IMAP_USER": "returns@example.com",
    }
    main, other = settings.load(given | returns, NOWHERE).mailboxes
    assert (main.OAUTH_TOKEN_FILE, other.OAUTH_TOKEN_FILE) == ("main.json", "")
    assert other.IMAP_AUTH == "oauth"


def test_another_server_is_given_no_access_token() -> None:
    given = USUAL | GOOGLE | {"MAILBOXES": "returns", "RETURNS_COMPLAINTS_ADDRESS": "returns@example.com"}
    elsewhere = {
        "RETURNS_IMAP_HOST": "imap.example.net",
        "RETURNS_IMAP_USER": "returns",
        "RETURNS_SMTP_HOST": "smtp.example.net",
    }
    _, other = settings.load(given | elsewhere, NOWHERE).mailboxes
    assert (other.IMAP_AUTH, other.SMTP_AUTH) == ("password", "password")
