"""Reply addresses."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.tokens import digest, mint, reply_address, tokens_in

OURS = "complaints@example.com"
PLUS, DOT, CATCH_ALL = "{local}+{token}@{domain}", "{local}.{token}@{domain}", "{token}@{domain}"
TOKEN = "abcdefghijklmnopqrstuvwx23"


@given(st.binary(min_size=16, max_size=16))
def test_a_token_is_26_characters_that_survive_any_mail_server(random: bytes) -> None:
    assert re.fullmatch("[a-z2-7]{26}", mint(random))


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_different_bytes_make_different_tokens(one: bytes, other: bytes) -> None:
    assert (mint(one) == mint(other)) == (one == other)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_token_of_too_few_bits_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        mint(b"x" * size)


def test_what_is_stored_does_not_hold_the_token() -> None:
    assert re.fullmatch("[0-9a-f]{64}", digest(TOKEN))
    assert TOKEN not in digest(TOKEN)


@pytest.mark.parametrize("form", [PLUS, DOT, CATCH_ALL])
@given(random=st.binary(min_size=16, max_size=16))
def test_a_token_is_read_back_from_its_address_in_any_case_of_letters(form: str, random: bytes) -> None:
    token = mint(random)
    address = reply_address(OURS, token, form)
    for seen in (address, address.upper(), f"  {address} "):
        assert tokens_in([seen], OURS, form) == (token,)


def test_the_forms_put_the_token_where_the_operator_wants_it() -> None:
    assert reply_address(OURS, TOKEN, PLUS) == f"complaints+{TOKEN}@example.com"
    assert reply_address(OURS, TOKEN, DOT) == f"complaints.{TOKEN}@example.com"
    assert reply_address(OURS, TOKEN, CATCH_ALL) == f"{TOKEN}@example.com"


@pytest.mark.parametrize(
    "address",
    [
        OURS,
        f"complaints+{TOKEN}@example.org",
        f"complaints+{TOKEN}@example.com.example.org",
        f"complaints+{TOKEN}x@example.com",
        f"complaints+{TOKEN[:-1]}@example.com",
        f"complaints+{TOKEN[:-1]}1@example.com",
        f"complaintsx{TOKEN}@example.com",
        f"complaints+{TOKEN}@exampleXcom",
        f"x-complaints+{TOKEN}@example.com",
        f"complaints+{TOKEN}@example.com, other@example.com",
        "",
    ],
)
def test_what_only_looks_like_a_reply_address_holds_no_token(address: str) -> None:
    assert tokens_in([address], OURS, PLUS) == ()


@pytest.mark.parametrize("letter", ["\u017f", "\u212a"])
def test_letters_that_merely_fold_to_ascii_are_no_token(letter: str) -> None:
    """The long s and the Kelvin sign equal "s" and "k" where case is ignored."""
    address = f"complaints+{TOKEN[:-1]}{letter}@example.com"
    assert tokens_in([address], OURS, PLUS) == ()


def test_every_token_is_given_once_in_order() -> None:
    other = TOKEN[::-1].replace("3", "4")
    addresses = [f"complaints+{one}@example.com" for one in (other, TOKEN, other)]
    assert tokens_in(["someone@example.org", *addresses], OURS, PLUS) == (other, TOKEN)


@given(st.lists(st.text(max_size=80)))
def test_any_text_can_stand_for_an_address(addresses: list[str]) -> None:
    for form in (PLUS, DOT, CATCH_ALL):
        assert all(digest(token) for token in tokens_in(addresses, OURS, form))
