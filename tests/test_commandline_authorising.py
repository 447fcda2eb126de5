"""`worker.py auth`: as a person at a terminal meets it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.hosts import DOVECOT, NO_DOVECOT
from tests.oauth_hosts import OauthHost
from tests.token_endpoint import Endpoint, Told

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(DOVECOT is None, reason=NO_DOVECOT)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OauthHost]:
    made = OauthHost(tmp_path_factory.mktemp("oauth"))
    yield made
    made.stop()


@pytest.fixture
def host(shared: OauthHost) -> Iterator[OauthHost]:
    shared.file.path.unlink(missing_ok=True)
    shared.endpoint.waits_for, shared.endpoint.odd = 0, None
    yield shared


def command(host: OauthHost, folder: Path, *arguments: str, **more: Any) -> subprocess.Popen[str]:
    settings = {
        "IMAP_HOST": host.imap_host,
        "IMAP_PORT": host.imap_port,
        "IMAP_USER": host.address,
        "IMAP_TLS": "none",
        "SMTP_HOST": host.smtp_host,
        "SMTP_PORT": host.smtp_port,
        "SMTP_TLS": "none",
        "COMPLAINTS_ADDRESS": host.address,
        **host.settings(),
        **more,
    }
    given = {name: str(value) for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, str(ROOT / "worker.py"), "auth", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **given},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def quick(endpoint: Endpoint) -> None:
    """Let a device be asked about every second, as often as RFC 8628 allows."""

    def odd(path: str, form: dict[str, str]) -> Told | None:
        if path != "/device":
            return None
        url = "https://login.example.com/device"
        told = {"device_code": "d", "user_code": "WDJB-MJHT", "verification_uri": url, "interval": 1}
        return 200, told | {"expires_in": 2}

    endpoint.odd = odd


def test_a_code_is_shown_and_what_it_gave_is_kept_and_tried(host: OauthHost, tmp_path: Path) -> None:
    quick(host.endpoint)
    out, said = command(host, tmp_path).communicate(timeout=60)
    assert said == ""
    assert "1. Open https://login.example.com/device in any browser" in out
    assert "2. Type this code there: WDJB-MJHT" in out
    assert f"Sign in as {host.address}" in out
    assert f"the mailbox {host.address}@127.0.0.1/INBOX can be read" in out
    assert "letters can be sent through 127.0.0.1" in out
    kept = json.loads(host.file.path.read_text())
    assert kept["user"] == host.address
    assert kept["refresh_token"] not in out


def test_a_person_who_never_comes_leaves_everything_as_it_was(host: OauthHost, tmp_path: Path) -> None:
    quick(host.endpoint)
    host.endpoint.waits_for = 100
    running = command(host, tmp_path)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "nobody consented" in said and "Traceback" not in said
    assert not host.file.path.exists()


def test_in_a_browser_elsewhere_the_address_is_pasted(host: OauthHost, tmp_path: Path) -> None:
    running = command(host, tmp_path, "--browser")
    told = asked(host, running)
    back = urlencode({"code": "a-code", "state": told["state"]})
    out, said = running.communicate(f"{told['redirect_uri']}?{back}\n", timeout=60)
    assert said == ""
    assert "can be read" in out and "can be sent" in out


def test_in_a_browser_on_this_machine_nothing_is_pasted(host: OauthHost, tmp_path: Path) -> None:
    running = command(host, tmp_path, OAUTH_DEVICE_URL="")
    told = asked(host, running)
    back = urlencode({"code": "a-code", "state": told["state"]})
    with urllib.request.urlopen(f"{told['redirect_uri']}?{back}", timeout=10) as page:  # noqa: S310
        assert b"You can close this page" in page.read()
    out, said = running.communicate(timeout=60)
    assert said == ""
    assert "can be read" in out


def asked(host: OauthHost, running: subprocess.Popen[str]) -> dict[str, str]:
    """What the address that is shown asks for; the provider remembers its proof."""
    assert running.stdout
    for line in running.stdout:
        if found := re.match(r"http://\S+/authorize\?\S+", line):
            told = {name: values[0] for name, values in parse_qs(urlsplit(found[0]).query).items()}
            host.endpoint.challenge = told["code_challenge"]
            return told
    raise AssertionError(running.stderr.read() if running.stderr else "")


@pytest.mark.parametrize(
    ("typed", "words"), [("", "nothing was pasted"), ("http://127.0.0.1/?error=access_denied\n", "said no")]
)
def test_a_no_in_the_browser_changes_nothing(host: OauthHost, tmp_path: Path, typed: str, words: str) -> None:
    running = command(host, tmp_path, "--browser")
    _, said = running.communicate(typed, timeout=60)
    assert running.returncode == 1
    assert words in said and "Traceback" not in said
    assert not host.file.path.exists()


def test_a_check_asks_for_no_consent(host: OauthHost, tmp_path: Path) -> None:
    running = command(host, tmp_path, "--check")
    out, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert said.count("nobody has consented yet") == 2
    host.consent("one")
    running = command(host, tmp_path, "--check")
    out, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (0, "")
    assert "can be read" in out and "can be sent" in out


def test_an_application_by_itself_needs_nobody(host: OauthHost, tmp_path: Path) -> None:
    running = command(host, tmp_path, OAUTH_GRANT="client")
    out, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (0, "")
    assert "nobody needs to consent here" in out
    assert not host.file.path.exists()


def test_with_passwords_there_is_nothing_to_consent_to(host: OauthHost, tmp_path: Path) -> None:
    running = command(host, tmp_path, IMAP_AUTH="password", SMTP_AUTH="password", IMAP_PASSWORD="x")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "docs/start-gmail.md" in said


def test_a_mailbox_that_is_not_there_is_named_with_those_that_are(host: OauthHost, tmp_path: Path) -> None:
    running = command(host, tmp_path, "--mailbox", "returns")
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "there is no mailbox 'returns'; MAILBOXES names these: main" in said


def test_a_folder_that_can_not_be_written_is_found_out_before_anybody_consents(
    host: OauthHost, tmp_path: Path
) -> None:
    before = len(host.endpoint.asked)
    running = command(host, tmp_path, OAUTH_TOKEN_FILE=str(tmp_path / "none" / "x.json"))
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "can't be written: No such file or directory" in said
    assert len(host.endpoint.asked) == before
