from __future__ import annotations

import base64

import pytest

from language.hiding import hidden

SECRET = 'hunter2 "über" \\ü'


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "said",
    [
        f"LOGIN sam {SECRET} failed",
        'LOGIN "sam" "hunter2 \\"über\\" \\\\ü" failed',
        f"AUTH PLAIN {b64(chr(0) + 'sam' + chr(0) + SECRET)}",
        f"AUTH PLAIN {b64('sam' + chr(0) + 'sam' + chr(0) + SECRET)} failed",
        f"AUTH LOGIN {b64(SECRET)}",
        f"AUTHENTICATE XOAUTH2 {b64(f'user=sam{chr(1)}auth=Bearer {SECRET}{chr(1) * 2}')}",
        "postgresql://sam:hunter2%20%22%C3%BCber%22%20%5C%C3%BC@host/name",
        repr({"password": SECRET}),
    ],
)
def test_a_secret_is_hidden_in_every_form_in_which_it_travels(said: str) -> None:
    shown = hidden(said, (SECRET,), "sam")
    assert "(hidden)" in shown
    assert "hunter2" not in shown
    assert not any(word in shown for word in said.split() if len(word) > 30)


def test_all_else_is_left_as_it_is() -> None:
    assert hidden("a login was refused", ("", "hunter2")) == "a login was refused"


def test_a_short_secret_is_hidden_only_where_it_stands_alone() -> None:
    assert hidden("p: password p is wrong", ("p",)) == "(hidden): password (hidden) is wrong"


def test_of_two_secrets_the_longer_one_leaves_no_rest() -> None:
    assert hidden("hunter2more", ("hunter2", "hunter2more")) == "(hidden)"


def test_a_secret_that_is_no_text_is_hidden_like_any_other() -> None:
    secret = b"p\xe4ssword".decode("utf-8", "surrogateescape")
    assert hidden(f"{secret} p%E4ssword", (secret,)) == "(hidden) (hidden)"
