"""Mail in and mail out by OAuth: the token expires in the middle, is revoked, and somebody consents anew."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlmodel import select

from engine import logs
from inbox.mailbox import MailboxDown
from store.models import Alert, AlertState
from tests.hosts import DOVECOT, NO_DOVECOT, until
from tests.journeys import Journey
from tests.oauth_hosts import OauthHost
from tests.token_endpoint import SECRET

pytestmark = pytest.mark.skipif(DOVECOT is None, reason=NO_DOVECOT)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[OauthHost]:
    made = OauthHost(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def oauth(host: OauthHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    # A token is as old at once as it would be after a while.
    monkeypatch.setattr("access.tokens.FRESH", 0.0)
    made = Journey(host, f"sqlite:///{tmp_path / 'peygir.sqlite3'}", tmp_path, **host.settings())
    yield made
    made.stop()


def worked(journey: Journey) -> bool:
    """Let the worker work; whether Bea has a letter then."""
    journey.work()
    return bool(journey.letters("bea@example.com"))


def alerts(journey: Journey) -> list[tuple[str, AlertState, str]]:
    with journey.worker.desk.database.read() as session:
        found = [(one.key, one.state, one.words) for one in session.exec(select(Alert))]
    return [one for one in found if one[0].startswith("token/")]


def test_mail_comes_in_and_is_acknowledged_by_access_tokens(oauth: Journey, host: OauthHost) -> None:
    host.consent("first")
    oauth.customer_writes("The parcel is broken.")
    oauth.work()
    assert len(oauth.letters()) == 1
    assert host.smtp.logins == ["good"]
    assert host.endpoint.grants() == ["refresh_token"], "one token for reading and sending"


def test_a_token_that_expires_in_the_middle_is_replaced_and_nothing_is_late(
    oauth: Journey, host: OauthHost
) -> None:
    host.consent("first")
    oauth.customer_writes("The parcel is broken.")
    oauth.work()
    host.endpoint.expire()
    host.smtp.cut()
    oauth.customer_writes("It never came.", sender="Bea <bea@example.com>")
    oauth.work()
    assert len(oauth.letters("bea@example.com")) == 1
    assert host.endpoint.grants() == ["refresh_token"] * 2


def test_a_revoked_consent_is_alerted_and_a_new_one_goes_on_without_a_restart(
    oauth: Journey, host: OauthHost
) -> None:
    host.consent("first")
    oauth.customer_writes("The parcel is broken.")
    oauth.work()
    host.endpoint.revoke()
    host.smtp.cut()
    oauth.customer_writes("It never came.", sender="Bea <bea@example.com>")
    with pytest.raises(MailboxDown, match=r"used up.*run worker\.py auth"):
        oauth.work()
    asked = len(host.endpoint.asked)
    with pytest.raises(MailboxDown):
        oauth.work()
    assert len(host.endpoint.asked) == asked, "a provider that says no is left alone"
    ((key, state, words),) = alerts(oauth)
    assert key == f"token/{host.address}@127.0.0.1"
    assert state is AlertState.OPEN
    assert "run worker.py auth" in words
    host.consent("second")
    # The way out is looked at again after a pause of its own.
    assert until(lambda: worked(oauth))
    assert len(oauth.letters("bea@example.com")) == 1
    assert [state for _, state, _ in alerts(oauth)] == [AlertState.ENDED]


def test_a_running_worker_takes_a_new_consent_up_by_itself(oauth: Journey, host: OauthHost) -> None:
    oauth.customer_writes("The parcel is broken.")
    oauth.worker.start()
    assert until(oauth.worker.desk.alerts.seen)
    assert not host.endpoint.asked
    host.consent("first")
    assert until(lambda: len(oauth.letters()) == 1, 30)
    assert host.endpoint.grants() == ["refresh_token"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    before, stream = structlog.get_config(), io.StringIO()
    logs.configure("debug", "json", stream)
    yield stream
    structlog.configure(**before)


def test_no_token_and_no_secret_is_written_anywhere_but_in_the_token_file(
    oauth: Journey, host: OauthHost, tmp_path: Path, log: io.StringIO
) -> None:
    host.consent("first")
    oauth.customer_writes("The parcel is broken.")
    oauth.work()
    host.endpoint.revoke()
    host.smtp.cut()
    with pytest.raises(MailboxDown) as down:
        oauth.work()
    oauth.stop()
    said = log.getvalue() + str(down.value)
    assert "access by OAuth is in trouble" in said
    places = [path for path in tmp_path.rglob("*") if path.is_file() and path != host.file.path]
    for secret in (SECRET, "access-1", "access-2", "access-3", "refresh-1", "refresh-2"):
        assert secret not in said
        assert [path for path in places if secret.encode() in path.read_bytes()] == []
    assert b"refresh-" in host.file.path.read_bytes()
