"""Access tokens: renewed in time, by one at a time, and never at the price of the refresh token."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from access import token_file, tokens
from access.provider import Provider, WrongProvider, provider
from access.token_file import Kept, TokenFile
from access.tokens import Tokens
from access.trouble import NoAccess
from tests.token_endpoint import CLIENT, SECRET, Endpoint

ROOT = Path(__file__).parent.parent


class Time:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr("access.tokens.time.monotonic", made)
    monkeypatch.setattr("access.tokens.random.uniform", lambda low, high: (low + high) / 2)
    return made


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint().start()
    yield made
    made.stop()


@pytest.fixture
def file(tmp_path: Path, endpoint: Endpoint) -> TokenFile:
    made = TokenFile(tmp_path / "oauth.json")
    consent(made, endpoint)
    return made


def consent(file: TokenFile, endpoint: Endpoint, name: str = "first") -> None:
    with file.locked():
        file.write(Kept(endpoint.consented(), name))


def own(endpoint: Endpoint, **more: Any) -> Provider:
    return provider("own", client_id=CLIENT, client_secret=SECRET, token_url=endpoint.url(), **more)


def test_an_access_token_is_asked_for_once_and_given_again_and_again(
    endpoint: Endpoint, file: TokenFile
) -> None:
    made = Tokens(own(endpoint), file)
    assert made.token("imap") == made.token("smtp") == made.token("imap")
    assert endpoint.grants() == ["refresh_token"]


def test_it_is_renewed_before_it_expires(endpoint: Endpoint, file: TokenFile, time: Time) -> None:
    made = Tokens(own(endpoint), file)
    first = made.token("imap")
    time.now += 0.74 * 3600
    assert made.token("imap") == first
    time.now += 0.02 * 3600
    assert made.token("imap") != first
    assert made.standing().good_for == 3600


@pytest.mark.parametrize(
    ("said", "life"),
    [
        ("90", 90),
        (None, 3600),
        ("soon", 3600),
        (1, 30),
        (10**9, 86400),
        ("nan", 3600),
        (float("inf"), 3600),
        (10**400, 3600),
    ],
)
def test_a_life_is_believed_within_reason(
    endpoint: Endpoint, file: TokenFile, time: Time, said: object, life: int
) -> None:
    endpoint.more = {"expires_in": said}
    made = Tokens(own(endpoint), file)
    made.token("imap")
    assert made.standing().good_for == life


def test_a_rotated_refresh_token_is_on_disk_before_the_access_token_is_given(
    endpoint: Endpoint, file: TokenFile
) -> None:
    endpoint.strict = True
    Tokens(own(endpoint), file).token("imap")
    assert {file.read().refresh_token} == endpoint.refresh
    assert file.read().consent == "first"
    Tokens(own(endpoint), file).token("imap")
    assert {file.read().refresh_token} == endpoint.refresh


def test_a_provider_that_gives_no_new_refresh_token_leaves_the_old_one(
    endpoint: Endpoint, file: TokenFile
) -> None:
    endpoint.rotates = False
    before = file.read().refresh_token
    Tokens(own(endpoint), file).token("imap")
    assert file.read().refresh_token == before


def test_the_file_is_for_its_owner_alone(endpoint: Endpoint, file: TokenFile) -> None:
    Tokens(own(endpoint), file).token("imap")
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.path.parent.iterdir()} == {0o600}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_not_used(endpoint: Endpoint, file: TokenFile, mode: int) -> None:
    file.path.chmod(mode)
    made = Tokens(own(endpoint), file)
    with pytest.raises(NoAccess, match="chmod 600"):
        made.token("imap")
    assert not endpoint.asked
    file.path.chmod(0o600)
    assert made.token("imap")


def test_a_file_with_a_refresh_token_alone_is_enough(endpoint: Endpoint, file: TokenFile) -> None:
    file.path.write_text(json.dumps({"refresh_token": endpoint.consented()}))
    assert Tokens(own(endpoint), file).token("imap")
    assert file.read().consent


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b"[" * 30000, b'{"refresh_token": 5}', b"\xff\xfe"])
def test_what_is_no_token_file_says_what_to_run(endpoint: Endpoint, file: TokenFile, held: bytes) -> None:
    file.path.write_bytes(held)
    with pytest.raises(NoAccess, match=r"holds no refresh token; run worker.py auth"):
        Tokens(own(endpoint), file).token("imap")


def test_without_a_consent_nobody_is_asked(endpoint: Endpoint, file: TokenFile) -> None:
    file.path.unlink()
    made = Tokens(own(endpoint), file)
    with pytest.raises(NoAccess, match=r"nobody has consented yet.*run worker.py auth"):
        made.token("imap")
    assert not endpoint.asked
    consent(file, endpoint)
    assert made.token("imap")


def test_many_threads_at_once_ask_once(endpoint: Endpoint, file: TokenFile) -> None:
    made, got = Tokens(own(endpoint), file), list[str]()
    threads = [threading.Thread(target=lambda: got.append(made.token("imap"))) for _ in range(16)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(set(got)) == 1 and len(got) == 16
    assert endpoint.grants() == ["refresh_token"]


def test_workers_that_share_a_file_never_use_one_refresh_token_twice(
    endpoint: Endpoint, file: TokenFile
) -> None:
    endpoint.strict = True
    many = [Tokens(own(endpoint), TokenFile(file.path)) for _ in range(6)]
    threads = [threading.Thread(target=one.token, args=("imap",)) for one in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one.standing().good_for for one in many)
    used = [form["refresh_token"] for _, form in endpoint.asked]
    assert len(used) == len(set(used)) == 6


def test_processes_that_share_a_file_never_use_one_refresh_token_twice(
    endpoint: Endpoint, file: TokenFile
) -> None:
    endpoint.strict = True
    script = (
        "import sys; from pathlib import Path; from access.provider import provider\n"
        "from access.token_file import TokenFile; from access.tokens import Tokens\n"
        "made = provider('own', client_id=sys.argv[3], client_secret=sys.argv[4], token_url=sys.argv[1])\n"
        "[Tokens(made, TokenFile(Path(sys.argv[2]))).token('imap') for _ in range(5)]"
    )
    command = [sys.executable, "-c", script, endpoint.url(), str(file.path), CLIENT, SECRET]
    both = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [one.wait(60) for one in both] == [0, 0]
    used = [form["refresh_token"] for _, form in endpoint.asked]
    assert len(used) == len(set(used)) == 10


def killed(endpoint: Endpoint, file: TokenFile) -> list[str]:
    """What became of the token after each step at which a renewal was killed."""
    command = [sys.executable, "-m", "tests.token_killer", endpoint.url(), str(file.path), CLIENT, SECRET]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line.split()[1] for line in done.stdout.splitlines()]


def test_a_worker_killed_at_any_step_leaves_a_token_that_works(endpoint: Endpoint, file: TokenFile) -> None:
    steps = killed(endpoint, file)
    assert len(steps) > 100
    assert set(steps) == {"ok"}


def test_only_between_question_and_writing_can_a_provider_that_forgives_nothing_be_lost(
    endpoint: Endpoint, file: TokenFile
) -> None:
    endpoint.strict = True
    steps = killed(endpoint, file)
    lost = [number for number, said in enumerate(steps) if said == "invalid_grant"]
    assert lost == list(range(lost[0], lost[0] + len(lost)))
    assert steps.count("ok") == len(steps) - len(lost) > len(lost)
    assert lost[0] > 100, "the file was made ready before anybody was asked"


def test_a_disk_that_fills_up_is_found_out_before_anything_can_be_lost(
    endpoint: Endpoint, file: TokenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("access.token_file.os.fsync", full)
    made = Tokens(own(endpoint), file)
    with pytest.raises(NoAccess, match="can't be written: No space left on device; give the worker"):
        made.token("imap")
    assert not endpoint.asked


def test_a_refresh_token_that_could_not_be_written_is_kept_until_it_can(
    endpoint: Endpoint, file: TokenFile, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    endpoint.strict = True
    write = TokenFile.write

    def fails(*_: object) -> None:
        raise NoAccess("the token file can't be written")

    made = Tokens(own(endpoint), file)
    monkeypatch.setattr(TokenFile, "write", fails)
    with pytest.raises(NoAccess, match="can't be written"):
        made.token("imap")
    assert made.standing().good_for == 0
    monkeypatch.setattr(TokenFile, "write", write)
    time.now += tokens.FIRST_LASTING * 1.3
    assert made.token("imap") in endpoint.access
    assert endpoint.grants() == ["refresh_token"]
    assert {file.read().refresh_token} == endpoint.refresh


def test_a_new_consent_is_not_overwritten_by_what_could_not_be_written_before(
    endpoint: Endpoint, file: TokenFile, monkeypatch: pytest.MonkeyPatch, time: Time
) -> None:
    write = TokenFile.write

    def fails(*_: object) -> None:
        raise NoAccess("the token file can't be written")

    made = Tokens(own(endpoint), file)
    monkeypatch.setattr(TokenFile, "write", fails)
    with pytest.raises(NoAccess):
        made.token("imap")
    monkeypatch.setattr(TokenFile, "write", write)
    stamp = file.stamp()
    consent(file, endpoint, "second")
    # As if the file had changed a moment after it was looked at.
    monkeypatch.setattr(file, "stamp", lambda: stamp)
    time.now += tokens.FIRST_LASTING * 1.3
    assert made.token("imap")
    assert file.read().consent == "second"


def test_what_a_killed_worker_left_half_written_is_no_hindrance(endpoint: Endpoint, file: TokenFile) -> None:
    file.path.with_name("oauth.json.new").write_text("half")
    file.path.with_name("oauth.json.lock").write_text("")
    assert Tokens(own(endpoint), file).token("imap")


def test_a_worker_that_stands_still_is_waited_for_only_so_long(
    endpoint: Endpoint, file: TokenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(token_file, "LOCK_WAIT", 0.1)
    with file.locked(), pytest.raises(NoAccess, match="another process has held") as held:
        Tokens(own(endpoint), TokenFile(file.path)).token("imap")
    assert not held.value.lasting


# Trouble


def test_a_provider_that_says_no_is_asked_less_and_less_often(
    endpoint: Endpoint, file: TokenFile, time: Time
) -> None:
    endpoint.revoke()
    made = Tokens(own(endpoint), file)
    for _ in range(1000):
        with pytest.raises(NoAccess, match=r"the consent is used up.*run worker.py auth"):
            made.token("imap")
        time.now += 10
    assert len(endpoint.asked) == 10, "in three hours: after 1, 2, 4 … minutes, then every half hour"


def test_a_provider_that_is_away_is_asked_again_sooner(
    endpoint: Endpoint, file: TokenFile, time: Time
) -> None:
    endpoint.odd = lambda path, form: (503, b"<html>")
    made = Tokens(own(endpoint), file)
    with pytest.raises(NoAccess, match="just now") as away:
        made.token("imap")
    assert not away.value.lasting
    endpoint.odd = None
    time.now += 2.5
    assert made.token("imap")
    assert made.standing().trouble == ""


def test_while_the_old_token_works_trouble_is_only_told(
    endpoint: Endpoint, file: TokenFile, time: Time
) -> None:
    made = Tokens(own(endpoint), file)
    first = made.token("imap")
    endpoint.revoke()
    time.now += 0.8 * 3600
    standing = made.keep()
    assert standing.lasting and "used up" in standing.trouble and standing.good_for == pytest.approx(720)
    assert made.token("imap") == first
    time.now += 800
    with pytest.raises(NoAccess, match="used up"):
        made.token("imap")


def test_a_new_consent_is_taken_up_at_once(endpoint: Endpoint, file: TokenFile, time: Time) -> None:
    endpoint.revoke()
    made = Tokens(own(endpoint), file)
    with pytest.raises(NoAccess):
        made.token("imap")
    consent(file, endpoint, "second")
    assert made.token("imap") in endpoint.access


def test_a_new_consent_replaces_a_token_that_still_works(endpoint: Endpoint, file: TokenFile) -> None:
    made = Tokens(own(endpoint), file)
    first = made.token("imap")
    consent(file, endpoint, "second")
    assert made.keep().good_for
    assert made.token("imap") != first


def test_workers_do_not_chase_each_other_over_each_others_new_tokens(
    endpoint: Endpoint, file: TokenFile
) -> None:
    one, other = Tokens(own(endpoint), file), Tokens(own(endpoint), TokenFile(file.path))
    for _ in range(5):
        one.token("imap")
        other.token("imap")
        one.keep()
        other.keep()
    assert len(endpoint.asked) == 2


def test_a_token_that_a_server_refuses_for_its_age_is_replaced_at_once(
    endpoint: Endpoint, file: TokenFile, time: Time
) -> None:
    made = Tokens(own(endpoint), file)
    first = made.token("imap")
    time.now += 100
    assert made.refused("imap", first, "no")
    assert made.token("imap") != first


def test_a_server_that_refuses_new_tokens_is_shown_fewer_and_fewer(
    endpoint: Endpoint, file: TokenFile, time: Time
) -> None:
    made, shown = Tokens(own(endpoint), file), 0
    for _ in range(360):
        try:
            token = made.token("imap")
        except NoAccess as why:
            assert str(why) == "IMAP login was refused"
        else:
            shown += 1
            assert not made.refused("imap", token, "IMAP login was refused")
        time.now += 10
    assert shown < 14, "of 360 attempts within an hour"
    assert made.token("smtp"), "the other server is none the worse for it"
    consent(file, endpoint, "second")
    assert made.token("imap")
    made.accepted("imap")


def test_an_application_by_itself_needs_no_file(endpoint: Endpoint) -> None:
    made = Tokens(own(endpoint, grant="client", scope="mail/.default"), None)
    assert made.token("smtp") in endpoint.access
    assert endpoint.asked[0][1]["scope"] == "mail/.default"
    assert endpoint.grants() == ["client_credentials"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"token_type": "Bearer"}, "without an access token"),
        ({"access_token": "a\x01b"}, "no mail server could be given"),
        ({"access_token": "a\r\nb"}, "no mail server could be given"),
        ({"access_token": "a", "token_type": "mac"}, "of a kind that mail servers don't take"),
    ],
)
def test_an_answer_that_holds_no_good_token_changes_nothing(
    endpoint: Endpoint, file: TokenFile, told: dict[str, str], words: str
) -> None:
    endpoint.odd = lambda path, form: (200, {**told, "refresh_token": "bad"})
    before = file.read()
    with pytest.raises(NoAccess, match=words):
        Tokens(own(endpoint), file).token("imap")
    assert file.read() == before


def test_no_secret_is_in_what_is_said(endpoint: Endpoint, file: TokenFile) -> None:
    kept = file.read().refresh_token
    endpoint.odd = lambda path, form: (400, {"error": "odd", "error_description": f"{kept} {SECRET} is bad"})
    made = Tokens(own(endpoint), file)
    with pytest.raises(NoAccess) as why:
        made.token("imap")
    told = f"{why.value} {made.standing()} {made.provider!r} {file.read()!r}"
    assert kept not in told and SECRET not in told


def test_when_a_consent_ends_by_itself_is_kept(endpoint: Endpoint, file: TokenFile) -> None:
    endpoint.more = {"refresh_token_expires_in": 604799}
    made = Tokens(own(endpoint), file)
    made.token("imap")
    assert made.standing().ends == file.read().ends != ""


# Which provider


def test_the_known_providers_need_an_id_alone() -> None:
    google = provider("google", client_id="x")
    assert (google.scope, google.device_url) == ("https://mail.google.com/", "")
    microsoft = provider("microsoft", client_id="x", tenant="example.com")
    assert microsoft.token_url == "https://login.microsoftonline.com/example.com/oauth2/v2.0/token"
    assert microsoft.device_url.endswith("/example.com/oauth2/v2.0/devicecode")
    assert "offline_access" in microsoft.scope
    by_itself = provider("microsoft", client_id="x", client_secret="y", tenant="t", grant="client")
    assert by_itself.scope == "https://outlook.office365.com/.default"


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("yahoo", {}, "OAUTH_PROVIDER"),
        ("google", {"client_id": ""}, "OAUTH_CLIENT_ID is missing"),
        ("own", {}, "OAUTH_TOKEN_URL is missing"),
        ("own", {"token_url": "http://idp.example.com/token"}, "must begin with https://"),
        ("own", {"token_url": "ftp://127.0.0.1/token"}, "must begin with https://"),
        (
            "own",
            {"token_url": "https://idp.example.com:port/token"},
            "OAUTH_TOKEN_URL must begin with https://",
        ),
        ("own", {"token_url": "https://[idp/token"}, "OAUTH_TOKEN_URL must begin with https://"),
        ("google", {"auth_url": "http://example.com/"}, "OAUTH_AUTH_URL must begin with https://"),
        ("google", {"grant": "client"}, "no application read mail by itself"),
        ("microsoft", {"grant": "client"}, "needs OAUTH_CLIENT_SECRET"),
        ("microsoft", {"grant": "client", "client_secret": "s"}, "needs OAUTH_TENANT"),
        ("microsoft", {"grant": "client", "client_secret": "s", "tenant": "common"}, "needs OAUTH_TENANT"),
    ],
)
def test_a_provider_that_can_not_be_asked_names_the_setting(
    name: str, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(WrongProvider, match=words):
        provider(name, **({"client_id": "x"} | more))


def test_the_lock_is_free_again_when_its_holder_dies(endpoint: Endpoint, file: TokenFile) -> None:
    child = os.fork()
    if child == 0:
        with file.locked():
            os._exit(0)
    os.waitpid(child, 0)
    with file.locked():
        assert file.read()
