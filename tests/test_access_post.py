"""Asking a token endpoint: bounded, verified, and its secrets go nowhere else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from access import post as posting
from access.post import Unanswered, post
from tests.token_endpoint import Endpoint


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint().start()
    yield made
    made.stop()


def test_an_answer_is_read_whatever_its_status(endpoint: Endpoint) -> None:
    endpoint.odd = lambda path, form: (400, {"error": "invalid_grant"})
    answer = post(endpoint.url(), {"a": "b c"})
    assert (answer.status, answer.told["error"]) == (400, "invalid_grant")
    assert endpoint.asked == [("/token", {"a": "b c"})]
    assert answer.at is not None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed_with_the_secrets(endpoint: Endpoint, status: int) -> None:
    endpoint.headers = {"Location": endpoint.url("/elsewhere")}
    endpoint.odd = lambda path, form: (status, {"access_token": "x"})
    with pytest.raises(Unanswered, match="points to another address") as why:
        post(endpoint.url(), {"refresh_token": "secret"})
    assert why.value.lasting
    assert [path for path, _ in endpoint.asked] == ["/token"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", "not the JSON of a token endpoint"),
        (b"[1]", "not the JSON of a token endpoint"),
        (b"\xff\xfe", "not the JSON of a token endpoint"),
        (b"", "not the JSON of a token endpoint"),
        (b'{"a": "' + b"x" * posting.LONGEST_ANSWER + b'"}', "far too long"),
        (b"[" * 30000, "not the JSON of a token endpoint"),
    ],
)
def test_what_is_no_answer_about_tokens_is_refused(endpoint: Endpoint, body: bytes, words: str) -> None:
    endpoint.odd = lambda path, form: (200, body)
    with pytest.raises(Unanswered, match=words):
        post(endpoint.url(), {})


def test_a_busy_provider_may_answer_what_it_likes(endpoint: Endpoint) -> None:
    endpoint.odd = lambda path, form: (503, b"<html>")
    assert post(endpoint.url(), {}).status == 503


def test_without_tls_nothing_leaves_this_machine() -> None:
    with pytest.raises(Unanswered, match="must begin with https://"):
        post("http://192.0.2.1/token", {"refresh_token": "secret"})


def test_nobody_there_may_pass_by_itself(free_port: int) -> None:
    with pytest.raises(Unanswered, match="refused") as why:
        post(f"http://127.0.0.1:{free_port}/token", {})
    assert not why.value.lasting


@pytest.mark.parametrize(
    "said", [b"", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"]
)
def test_a_server_that_breaks_off_is_no_answer(said: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(4096)
            line.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(Unanswered):
        post(f"http://127.0.0.1:{listener.getsockname()[1]}/token", {}, timeout=3)
    thread.join(5)
    listener.close()


def test_an_answer_that_drips_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "IN_ALL", 0.3)
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(4096)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not over.wait(0.05):
                try:
                    line.sendall(b" ")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with pytest.raises(Unanswered):
        post(f"http://127.0.0.1:{listener.getsockname()[1]}/token", {}, timeout=0.2)
    over.set()
    thread.join(5)
    listener.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://host:port/token",
        "https://127.0.0.1:99999/token",
        "https://[bad/token",
        "https://.example.com/token",
        f"https://{'a' * 70}.example.com/token",
    ],
)
def test_an_address_that_is_none_is_no_answer_and_will_not_become_one(url: str) -> None:
    with pytest.raises(Unanswered, match="its address") as why:
        post(url, {})
    assert why.value.lasting


def test_a_path_in_any_letters_is_asked_for_as_it_travels(endpoint: Endpoint) -> None:
    post(endpoint.url("/tök?a=b%20c"), {})
    assert [path for path, _ in endpoint.asked] == ["/t%C3%B6k?a=b%20c"]


def test_a_name_of_many_addresses_that_are_all_away_takes_no_longer_than_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[float] = []

    class Away(socket.socket):
        def connect(self, address: object) -> None:
            tried.append(self.gettimeout() or 0)
            passed.append(self.gettimeout() or 0)
            raise TimeoutError("timed out")

    passed = [0.0]
    many = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"192.0.2.{n}", 443)) for n in range(1, 17)]
    monkeypatch.setattr("access.post.socket.getaddrinfo", lambda *_, **__: many)
    monkeypatch.setattr("access.post.socket.socket", Away)
    monkeypatch.setattr("access.post.time.monotonic", lambda: sum(passed))
    with pytest.raises(Unanswered, match="timed out"):
        post("https://idp.example.com/token", {})
    assert tried == [15, 15], "thirty seconds in all"


def test_a_handshake_that_only_drips_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "IN_ALL", 0.5)
    over = threading.Event()

    def drip() -> None:
        line, _ = server.accept()
        with line:
            line.sendall(b"\x16\x03\x03\x40\x00")
            while not over.wait(0.05):
                try:
                    line.sendall(b"\x02")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        try:
            with pytest.raises(Unanswered):
                post(f"https://127.0.0.1:{server.getsockname()[1]}/token", {}, timeout=0.5)
        finally:
            over.set()
            dripping.join(5)
