"""The password within a database's address is known as whatever a log could show of it."""

import pytest

from settings.hidden import passwords_in


@pytest.mark.parametrize(
    ("url", "passwords"),
    [
        ("postgresql+psycopg://peygir:hunter2@db/peygir", ("hunter2",)),
        ("postgresql://peygir:hunter2@db/peygir?options=-csearch_path%3Da@b", ("hunter2",)),
        ("postgresql://peygir:p%40ss@db/peygir", ("p%40ss", "p@ss")),
        ("postgresql://peygir@db/peygir", ()),
        ("postgresql://peygir@db:5432/peygir?application_name=a@b", ()),
        ("sqlite:///peygir.sqlite3", ()),
    ],
)
def test_the_password_of_a_databases_address_is_found(url: str, passwords: tuple[str, ...]) -> None:
    assert passwords_in(url) == passwords


def test_an_at_sign_that_should_have_been_written_as_percent_40_is_hidden_with_the_whole_password() -> None:
    assert "hunter2@home" in passwords_in("postgresql://peygir:hunter2@home@db/peygir")
