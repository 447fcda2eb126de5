"""Every known refusal of a provider, told with what to do."""

from __future__ import annotations

import pytest

from access.post import Answer
from access.provider import provider
from access.refusal_words import WORDS
from access.refusals import refusal

MICROSOFT = provider("microsoft", client_id="id", client_secret="the-secret", tenant="example.com")


def told(error: str, said: str = "", status: int = 400, **more: object) -> str:
    return str(refusal(MICROSOFT, Answer(status, {"error": error, "error_description": said, **more}, None)))


@pytest.mark.parametrize(
    ("error", "said", "words"),
    [
        ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.",
         "not used for a long time; run worker.py auth"),
        ("invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked",
         "when a password changes; run worker.py auth"),
        ("invalid_grant", "AADSTS70008: expired", "the consent or the code has expired"),
        ("invalid_grant", "AADSTS65001: The user or administrator has not consented",
         "let an admin grant consent in Entra ID"),
        ("interaction_required", "AADSTS50076: you must use multi-factor authentication", "second factor"),
        ("invalid_grant", "AADSTS53003: blocked by Conditional Access", "exempt this application"),
        ("invalid_client", "AADSTS7000215: Invalid client secret provided.", "not its Secret ID"),
        ("invalid_client", "AADSTS7000222: The provided client secret keys are expired.", "make a new one"),
        ("invalid_client", "AADSTS7000218: must contain client_assertion or client_secret",
         "Allow public client flows"),
        ("unauthorized_client", "AADSTS700016: Application 'x' was not found", "OAUTH_CLIENT_ID"),
        ("invalid_request", "AADSTS90002: Tenant 'x' not found.", "there is no such tenant"),
        ("invalid_grant", "Token has been expired or revoked.", "the consent is used up"),
        ("invalid_grant", "reauth related error (invalid_rapt)", "sign in again after a time"),
        ("invalid_client", "The OAuth client was not found.", "its secret is wrong"),
        ("admin_policy_enforced", "", "your organisation's policy forbids"),
        ("invalid_scope", "", "check OAUTH_SCOPE"),
        ("access_denied", "", "said no"),
        ("something_new", "Nobody knows", "something_new: Nobody knows"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong_and_what_to_do(error: str, said: str, words: str) -> None:
    assert words in told(error, said)


@pytest.mark.parametrize("code", [code for code, _, _ in WORDS])
def test_every_known_word_is_told_by_its_own_line(code: str) -> None:
    wrong = next(wrong for known, wrong, _ in WORDS if known == code)
    assert wrong in (told("x", f"{code}: y") if code.startswith("AADSTS") else told(code))


def test_microsofts_numbers_are_enough() -> None:
    assert "when a password changes" in told("invalid_grant", "?", error_codes=[50173])


def test_a_number_is_not_taken_for_a_shorter_one() -> None:
    assert "the consent or the code has expired" not in told("x", "AADSTS700081: y")


@pytest.mark.parametrize(
    ("error", "status"), [("temporarily_unavailable", 400), ("", 503), ("invalid_grant", 500), ("", 429)]
)
def test_what_may_pass_is_not_taken_for_a_no(error: str, status: int) -> None:
    no = refusal(MICROSOFT, Answer(status, {"error": error}, None))
    assert not no.lasting
    assert "asked again by itself" in str(no)


def test_an_application_by_itself_is_not_sent_to_consent() -> None:
    made = provider("microsoft", client_id="id", client_secret="s", tenant="example.com", grant="client")
    words = str(refusal(made, Answer(400, {"error": "invalid_grant"}, None)))
    assert "worker.py auth" not in words
    assert "application's permissions" in words


def test_the_mailbox_is_in_the_command() -> None:
    made = provider("google", client_id="id", command="worker.py auth --mailbox returns")
    words = str(refusal(made, Answer(400, {"error": "invalid_grant"}, None)))
    assert "run worker.py auth --mailbox returns, and consent again" in words


def test_what_a_provider_says_fits_into_one_line_without_secrets() -> None:
    words = told("odd", "a\r\nb\x1b[31m the-secret " + "x" * 5000)
    assert "\n" not in words and "\x1b" not in words and "the-secret" not in words
    assert len(words) < 600


@pytest.mark.parametrize("value", [5, None, ["x"], {"a": 1}])
def test_odd_answers_are_refusals_too(value: object) -> None:
    answer = Answer(400, {"error": value, "error_description": value, "error_codes": value}, None)
    assert "gives no access token" in str(refusal(MICROSOFT, answer))
