"""Where access tokens come from, and what admins are told of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from access.token_file import Kept
from access.tokens import Standing
from engine import accounts
from engine.alerts import Board
from engine.connecting import imap_of, server_of
from engine.pulse import Pulse
from settings import Settings
from tests.token_endpoint import CLIENT, SECRET, Endpoint

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint().start()
    yield made
    made.stop()


def settings(folder: Path, **more: Any) -> Settings:
    usual = {
        "IMAP_HOST": "127.0.0.1",
        "IMAP_USER": "Help@example.com",
        "IMAP_AUTH": "oauth",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_AUTH": "oauth",
        "COMPLAINTS_ADDRESS": "help@example.com",
        "OAUTH_PROVIDER": "own",
        "OAUTH_CLIENT_ID": CLIENT,
        "OAUTH_CLIENT_SECRET": SECRET,
        "OAUTH_TOKEN_URL": "http://127.0.0.1:1/token",
        "STATE_DIR": str(folder),
    }
    return Settings.model_validate(usual | more)


def test_reading_and_sending_share_their_tokens(tmp_path: Path) -> None:
    made = settings(tmp_path)
    assert imap_of(made).line.tokens is accounts.tokens_of(made)
    assert server_of(made)["tokens"] is accounts.tokens_of(made)
    assert server_of(made)["user"] == "Help@example.com"
    by_password = settings(tmp_path, IMAP_AUTH="password", SMTP_AUTH="password")
    assert imap_of(by_password).line.tokens is None
    assert (server_of(by_password)["tokens"], server_of(by_password)["user"]) == (None, "")


def test_every_account_has_a_file_of_its_own(tmp_path: Path) -> None:
    one, other = settings(tmp_path), settings(tmp_path, IMAP_USER="a/../b@example.com")
    assert accounts.place_of(one) == tmp_path / "oauth-help@example.com.json"
    assert accounts.place_of(other).parent == tmp_path
    assert accounts.tokens_of(one) is not accounts.tokens_of(other)
    chosen = settings(tmp_path, OAUTH_TOKEN_FILE=str(tmp_path / "x.json"))
    assert accounts.place_of(chosen) == tmp_path / "x.json"


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(good_for=3000), ""),
        (Standing("it is away", lasting=False, good_for=900), ""),
        (Standing("it is away", lasting=False, good_for=500), "until the last access token ends"),
        (Standing("revoked", lasting=True, good_for=2000), "revoked; mail is read and sent until"),
        (Standing("revoked", lasting=True), "revoked; no mail is read or sent by it"),
        (Standing(good_for=9, ends=(NOW + timedelta(days=4)).isoformat()), ""),
        (Standing(good_for=9, ends=(NOW + timedelta(days=2)).isoformat()), "the consent ends on 2026-03-03"),
        (Standing(good_for=9, ends="one day"), ""),
    ],
)
def test_admins_are_told_in_time_and_of_nothing_that_passes(standing: Standing, words: str) -> None:
    said = accounts.wrong(standing, "worker.py auth", NOW)
    assert words in said
    assert bool(said) is bool(words)


def test_whoever_looks_is_told_how_it_stands(tmp_path: Path, endpoint: Endpoint) -> None:
    made = settings(tmp_path, OAUTH_TOKEN_URL=endpoint.url())
    assert accounts.told(settings(tmp_path, IMAP_AUTH="password", SMTP_AUTH="password"), NOW) == []
    ((well, words, _),) = accounts.told(made, NOW)
    assert not well and "nobody has consented yet" in words
    file = accounts.tokens_of(made).file
    assert file
    file.write(Kept(endpoint.consented(), "one", "help@example.com", "mail", "2026-02-01T10:00:00+00:00"))
    told = accounts.told(made, NOW)
    assert [well for well, _, _ in told] == [True, True]
    assert "given by help@example.com on 2026-02-01" in told[0][1]
    assert "good for 60 minutes" in told[1][1]


def test_settings_that_name_no_provider_are_told(tmp_path: Path) -> None:
    made = settings(
        tmp_path, OAUTH_PROVIDER="google", OAUTH_TOKEN_URL="", OAUTH_AUTH_URL="http://example.com"
    )
    ((well, words, _),) = accounts.told(made, NOW)
    assert not well and "OAUTH_AUTH_URL must begin with https://" in words


def test_many_accounts_of_a_provider_that_is_away_are_no_thread_that_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, hung = [0.0], list[list[str]]()
    monkeypatch.setattr("engine.pulse.time", SimpleNamespace(monotonic=lambda: now[0]))
    desk: Any = SimpleNamespace(pulse=Pulse(), alerts=Board(), clock=lambda: NOW, whole=None)
    desk.settings = SimpleNamespace(
        mailboxes=[settings(tmp_path, IMAP_USER=f"help{n}@example.com") for n in range(9)]
    )

    def keep() -> Standing:
        now[0] += 120
        hung.append(desk.pulse.hung())
        return Standing("it is away", lasting=False)

    monkeypatch.setattr(accounts, "tokens_of", lambda _: SimpleNamespace(keep=keep))
    keeper = accounts.Keeper(desk)
    desk.pulse.beat()
    keeper.look()
    assert hung == [[]] * 9
