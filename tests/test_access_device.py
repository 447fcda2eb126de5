"""Consenting on another device, as RFC 8628 has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from access import device
from access.provider import Provider
from access.trouble import NoAccess
from tests.oauth_hosts import own
from tests.token_endpoint import Endpoint, Told


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint().start()
    yield made
    made.stop()


@pytest.fixture
def provider(endpoint: Endpoint) -> Provider:
    return own(endpoint, device_url=endpoint.url("/device"), scope="mail")


def test_a_person_types_a_code_and_we_wait(endpoint: Endpoint, provider: Provider) -> None:
    endpoint.waits_for, slept = 3, list[float]()
    code = device.code(provider)
    assert (code.shown, code.url) == ("WDJB-MJHT", "https://login.example.com/device")
    answer = device.consent(provider, code, slept.append)
    assert answer.told["refresh_token"]
    assert slept == [5, 5, 5, 5]
    assert "device-secret" not in repr(code)


def test_we_ask_more_slowly_when_we_are_asked_to(endpoint: Endpoint, provider: Provider) -> None:
    answers = iter(["slow_down", "authorization_pending", "slow_down"])
    endpoint.odd = lambda path, form: _error(next(answers, "")) if path == "/token" else None
    slept = list[float]()
    device.consent(provider, device.code(provider), slept.append)
    assert slept == [5, 10, 10, 15]


def test_a_provider_that_is_away_is_asked_less_and_less_often(endpoint: Endpoint, provider: Provider) -> None:
    answers = iter([503, 503, 503])
    endpoint.odd = lambda path, form: _status(next(answers, 0)) if path == "/token" else None
    slept = list[float]()
    device.consent(provider, device.code(provider), slept.append)
    assert slept == [5, 10, 20, 40]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("access_denied", "said no"),
        ("authorization_declined", "said no"),
        ("expired_token", "the code has expired"),
        ("invalid_client", "does not know the application"),
    ],
)
def test_a_no_ends_the_waiting(endpoint: Endpoint, provider: Provider, error: str, words: str) -> None:
    endpoint.odd = lambda path, form: _error(error) if path == "/token" else None
    slept = list[float]()
    with pytest.raises(NoAccess, match=words):
        device.consent(provider, device.code(provider), slept.append)
    assert len(slept) == 1


def test_nobody_who_comes_is_waited_for_as_long_as_the_code_is_good(
    endpoint: Endpoint, provider: Provider
) -> None:
    endpoint.waits_for, slept = 10**6, list[float]()
    with pytest.raises(NoAccess, match=r"nobody consented in 15 minutes.*run worker\.py auth again"):
        device.consent(provider, device.code(provider), slept.append)
    assert sum(slept) == 900


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"device_code": "x", "user_code": "y"},
        {"device_code": "x", "user_code": "y", "verification_uri": "javascript:x"},
        {"device_code": "x", "user_code": "y\x1b[2J", "verification_uri": "https://x"},
        {"device_code": 5, "user_code": "y", "verification_uri": "https://x"},
    ],
)
def test_an_answer_without_a_code_to_show_is_refused(
    endpoint: Endpoint, provider: Provider, told: dict[str, Any]
) -> None:
    endpoint.odd = lambda path, form: (200, told)
    with pytest.raises(NoAccess, match="without a code; check OAUTH_DEVICE_URL"):
        device.code(provider)


def test_a_provider_that_gives_no_codes_says_why(endpoint: Endpoint, provider: Provider) -> None:
    endpoint.odd = lambda path, form: (400, {"error": "invalid_scope"})
    with pytest.raises(NoAccess, match="check OAUTH_SCOPE"):
        device.code(provider)


def _error(error: str) -> Told | None:
    return (400, {"error": error}) if error else None


def _status(status: int) -> Told | None:
    return (status, {}) if status else None
