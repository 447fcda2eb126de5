from __future__ import annotations

import pytest

from language.masking import masked


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 no such user ann@example.com.", "550 no such user (an address)."),
        ("for=<ann@example.com>, bob@example.org", "for=<(an address)>, (an address)"),
        ("Help@example.net is full", "Help@example.net is full"),
        ("help@example.net@imap.example.net/INBOX", "help@example.net@imap.example.net/INBOX"),
        ("@ and a@ and @b", "@ and a@ and @b"),
    ],
)
def test_addresses_of_others_are_left_out_and_ours_stand(said: str, shown: str) -> None:
    assert masked(said, ("help@example.net",)) == shown


def test_a_long_word_without_an_address_is_looked_through_once() -> None:
    word = "a" * 1_000_000
    assert masked(f"{word} ann@example.com") == f"{word} (an address)"
