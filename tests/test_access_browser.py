"""Consenting in a browser: with PKCE, on this machine or by pasting."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from access import browser
from access.browser import Visit
from access.consents import kept
from access.post import Answer
from access.provider import Provider, provider
from access.trouble import NoAccess
from tests.journeys import Clock
from tests.oauth_hosts import own
from tests.token_endpoint import Endpoint

GOOGLE = provider("google", client_id="id.apps.googleusercontent.com", client_secret="s")
HERE = "http://127.0.0.1:5000/"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint().start()
    yield made
    made.stop()


def asked(visit: Visit) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(visit.url).query).items()}


def test_google_is_asked_for_a_refresh_token_and_for_mail_alone() -> None:
    visit = Visit(GOOGLE, HERE, "help@example.com")
    told = asked(visit)
    assert visit.url.startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert told["scope"] == "https://mail.google.com/"
    assert (told["access_type"], told["prompt"]) == ("offline", "consent")
    assert (told["redirect_uri"], told["login_hint"]) == (HERE, "help@example.com")
    proof = base64.urlsafe_b64encode(hashlib.sha256(visit.verifier.encode()).digest()).rstrip(b"=")
    assert (told["code_challenge"], told["code_challenge_method"]) == (proof.decode(), "S256")
    assert 43 <= len(visit.verifier) <= 128
    assert visit.verifier not in visit.url and visit.verifier not in repr(visit)


def test_every_visit_is_another() -> None:
    one, other = Visit(GOOGLE, HERE, "u"), Visit(GOOGLE, HERE, "u")
    assert one.verifier != other.verifier
    assert one.state != other.state


def test_a_pasted_code_or_address_is_understood() -> None:
    visit = Visit(GOOGLE, HERE, "u")
    assert visit.code_in(" 4/0AX-_y \n") == "4/0AX-_y"
    assert visit.code_in(f"{HERE}?state={visit.state}&code=4%2F0AX&scope=x") == "4/0AX"
    assert visit.code_in(f"<{HERE}?code=4/0AX&state={visit.state}>") == "4/0AX"
    assert visit.code_in(f"code=4/0AX&state={visit.state}") == "4/0AX"


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        (f"{HERE}?error=access_denied", "said no"),
        (f"{HERE}?code=x&state=another", "belongs to another attempt"),
        (f"{HERE}?code=x", "belongs to another attempt"),
        (f"{HERE}?code=&state=x", "no code in that address"),
        ("http://[code=1", "no address"),
        ("what is this", "neither a code nor an address"),
        ("", "neither a code nor an address"),
    ],
)
def test_what_is_pasted_wrongly_is_told(pasted: str, words: str) -> None:
    with pytest.raises(NoAccess, match=words):
        Visit(GOOGLE, HERE, "u").code_in(pasted)


def test_a_code_is_worth_nothing_without_its_proof(endpoint: Endpoint) -> None:
    made = own(endpoint, auth_url=endpoint.url("/authorize"))
    visit, other = Visit(made, HERE, "u"), Visit(made, HERE, "u")
    endpoint.challenge = asked(visit)["code_challenge"]
    with pytest.raises(NoAccess):
        other.consent("a-code")
    assert visit.consent("a-code").told["refresh_token"]


# What comes back


class Typed:
    """A pipe that a test types into."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._file = os.fdopen(self._read)

    def fileno(self) -> int:
        return self._read

    def readline(self) -> str:
        return self._file.readline()

    def type(self, text: str) -> None:
        os.write(self._write, text.encode())

    def end(self) -> None:
        os.close(self._write)

    def close(self) -> None:
        self._file.close()


@pytest.fixture
def typed() -> Iterator[Typed]:
    made = Typed()
    yield made
    made.close()


@pytest.fixture
def door() -> Iterator[socket.socket]:
    with browser.listening() as made:
        yield made


def visit_by(door: socket.socket, *requests: bytes) -> list[bytes]:
    """What a browser is answered."""
    answers = []
    for request in requests:
        with socket.create_connection(door.getsockname(), 5) as line:
            line.sendall(request)
            answers.append(line.recv(4096))
    return answers


def test_a_browser_on_this_machine_brings_the_code_itself(door: socket.socket, typed: Typed) -> None:
    answers: list[bytes] = []
    requests = (
        b"GET /favicon.ico HTTP/1.1\r\n\r\n",
        b"nonsense\r\n",
        b"GET /?code=c&state=s HTTP/1.1\r\n\r\n",
    )
    thread = threading.Thread(target=lambda: answers.extend(visit_by(door, *requests)))
    thread.start()
    assert browser.came_back(door, typed, print) == "/?code=c&state=s"
    thread.join(5)
    assert [answer.split()[1] for answer in answers] == [b"404", b"404", b"200"]
    typed.end()


def test_a_paste_is_as_good_and_empty_lines_are_no_answer(door: socket.socket, typed: Typed) -> None:
    told: list[str] = []
    typed.type("\n  \na-code\n")
    assert browser.came_back(door, typed, told.append) == "a-code"
    assert len(told) == 2
    typed.end()


def test_the_end_of_the_input_is_no_code(door: socket.socket, typed: Typed) -> None:
    typed.end()
    assert browser.came_back(door, typed, print) == ""


def test_the_door_is_open_to_this_machine_alone(door: socket.socket) -> None:
    assert door.getsockname()[0] == "127.0.0.1"
    assert browser.redirect(GOOGLE, door) == f"http://127.0.0.1:{door.getsockname()[1]}/"
    microsoft = provider("microsoft", client_id="x")
    assert browser.redirect(microsoft, door).startswith("http://localhost:")


# What is kept of it


@pytest.mark.parametrize(
    ("made", "told", "words"),
    [
        (GOOGLE, {}, "gave no refresh token"),
        (GOOGLE, {"refresh_token": "r", "scope": "openid email"}, "leaves out https://mail.google.com/"),
        (provider("microsoft", client_id="x"),
         {"refresh_token": "r", "scope": "https://outlook.office.com/IMAP.AccessAsUser.All"},
         "leaves out https://outlook.office.com/SMTP.Send; .*tick every box"),
    ],
)  # fmt: skip
def test_a_consent_of_no_use_is_not_kept(made: Provider, told: dict[str, str], words: str) -> None:
    with pytest.raises(NoAccess, match=words):
        kept(made, Answer(200, told, None), "u", Clock()())


def test_a_consent_is_kept_with_whose_it_is_and_since_when() -> None:
    now = Clock()()
    told = {"refresh_token": "r", "scope": "https://mail.google.com/"}
    first, second = (kept(GOOGLE, Answer(200, told, None), "help@example.com", now) for _ in range(2))
    assert (first.refresh_token, first.user, first.since) == (
        "r",
        "help@example.com",
        now.isoformat(timespec="seconds"),
    )
    assert first.consent != second.consent
