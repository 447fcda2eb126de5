"""The two ways to log in with an access token, byte for byte."""

from __future__ import annotations

import pytest

from access.sasl import Bearer, decoded, encoded, mechanism, reason


def test_the_examples_of_the_two_descriptions_come_out() -> None:
    google = Bearer("XOAUTH2", "someuser@example.com", "vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg", "x", 1)
    assert encoded(google()) == (
        "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UYzJOdmIzUmxja0JoZEhSaGRtbHpkR0V1WTI5dENnAQE="
    )
    rfc = Bearer(
        "OAUTHBEARER",
        "user@example.com",
        "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
        "server.example.com",
        143,
    )
    assert encoded(rfc()) == (
        "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNr"
        "QmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    )


@pytest.mark.parametrize(("way", "answer"), [("XOAUTH2", b""), ("OAUTHBEARER", b"\x01")])
def test_a_reason_for_a_refusal_is_kept_and_answered(way: str, answer: bytes) -> None:
    bearer = Bearer(way, "u", "t", "h", 1)
    bearer(b"")
    assert bearer(b'{"status":"invalid_token","scope":"mail"}') == answer
    assert bearer.why == "status invalid_token, scope mail"


def test_a_name_may_hold_what_the_mechanism_uses_itself() -> None:
    assert Bearer("OAUTHBEARER", "a=b,c", "t", "h", 1)().startswith(b"n,a=a=3Db=2Cc,\x01")


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["PLAIN", "XOAUTH2", "OAUTHBEARER"], "XOAUTH2"),
        (["plain", "oauthbearer"], "OAUTHBEARER"),
        (["PLAIN", "LOGIN"], ""),
        ([], ""),
    ],
)
def test_the_way_that_is_offered_is_taken(offered: list[str], chosen: str) -> None:
    assert mechanism(offered) == chosen


@pytest.mark.parametrize(
    ("challenge", "told"),
    [
        (b"", ""),
        (b"[]", ""),
        (b'{"status":', '{"status":'),
        (b"\xff\xfe no", "\ufffd\ufffd no"),
        (b"\x1b[2Jno", " [2Jno"),
        (b'{"status":"400\\u001b[2J"}', "status 400 [2J"),
        (b'{"other": 1}', ""),
        (b"[" * 50000, "[" * 300),
    ],
)
def test_whatever_a_server_gives_for_a_reason_fits_into_a_line(challenge: bytes, told: str) -> None:
    assert reason(challenge) == told


def test_a_token_is_in_no_repr() -> None:
    assert "secret-token" not in repr(Bearer("XOAUTH2", "u", "secret-token", "h", 1))


def test_a_challenge_that_is_no_base64_stays_as_it_is() -> None:
    assert decoded(b"e30=") == b"{}"
    assert decoded(b"not base64!") == b"not base64!"


@pytest.mark.parametrize("way", ["XOAUTH2", "OAUTHBEARER"])
def test_a_server_that_repeats_the_login_gives_nothing_away(way: str) -> None:
    bearer = Bearer(way, "help@example.com", "secret-token", "imap.example.com", 993)
    line = encoded(bearer(b""))
    bearer(b'{"status":"bad secret-token"}')
    said = bearer.told(f"BAD {line} and secret-token")
    assert line not in said and "secret-token" not in said
    assert said == "BAD (hidden) and (hidden) (status bad (hidden))"
