"""The virus scanner's protocol, and what is made of answers that are wrong, late, or none."""

from __future__ import annotations

import hashlib
import io
import shutil
import socket
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.clamd import Answer, ClamdDown, Place, ping, place_of, scan, signatures
from tests.clamd import EICAR, NAME, clamd


def test_a_stream_is_sent_whole_in_pieces_and_found_clean() -> None:
    data = bytes(range(256)) * 4000
    with clamd() as daemon:
        assert scan(place_of(daemon.setting), data, 5) == Answer()
        assert daemon.streams == [data]
        assert daemon.commands == [b"zINSTREAM"]


def test_a_virus_is_told_by_its_name() -> None:
    with clamd() as daemon:
        assert scan(place_of(daemon.setting), b"before" + EICAR, 5) == Answer(NAME)


def test_it_listens_at_a_path_too(tmp_path: Path) -> None:
    with clamd(path=str(tmp_path / "clamd.ctl")) as daemon:
        assert daemon.setting.startswith("unix:/")
        assert scan(place_of(daemon.setting), EICAR, 5).virus == NAME


def test_an_empty_stream_is_one() -> None:
    with clamd() as daemon:
        assert scan(place_of(daemon.setting), b"", 5) == Answer()


def test_more_than_it_takes_is_said_to_be_so_also_when_it_closes_early() -> None:
    with clamd(most=1000) as daemon:
        assert scan(place_of(daemon.setting), b"x" * 20_000_000, 10).too_large


@pytest.mark.parametrize(
    "says",
    [
        b"",
        b"stream: \0",
        b"what?\0",
        b"stream: OK but no\0",
        b"\xff\xfe\0",
        b"x" * 10_000,
        b"Can't allocate. ERROR\0",
    ],
)
def test_any_other_answer_is_trouble_and_never_a_clean_file(says: bytes) -> None:
    with clamd(says=lambda _: says) as daemon, pytest.raises(ClamdDown):
        scan(place_of(daemon.setting), b"data", 5)


def test_an_answer_without_its_nul_counts_where_the_line_ends() -> None:
    with clamd(says=lambda _: b"stream: OK") as daemon:
        assert scan(place_of(daemon.setting), b"data", 5) == Answer()


def test_the_name_of_a_virus_can_hide_nothing() -> None:
    with clamd(says=lambda _: "stream: A\u202e<b>\nB FOUND\0".encode()) as daemon:
        assert scan(place_of(daemon.setting), b"data", 5).virus == "A__b__B"


def test_one_that_hangs_is_given_up() -> None:
    with clamd(hangs=threading.Event()) as daemon, pytest.raises(ClamdDown, match=r"no answer for 0\.2 s"):
        scan(place_of(daemon.setting), b"data", 0.2)


def test_one_that_takes_no_bytes_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(ClamdDown, match="no answer"):
        scan(Place("", "127.0.0.1", deaf.getsockname()[1]), b"x" * 50_000_000, 0.3)


def test_one_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for place in (Place("", "127.0.0.1", port), Place(str(tmp_path / "none.ctl"))):
        with pytest.raises(ClamdDown, match="start clamd, or mend CLAMAV"):
            scan(place, b"data", 5)


def test_a_ping_tells_its_version_and_the_age_of_its_signatures() -> None:
    with clamd() as daemon:
        version = ping(place_of(daemon.setting))
    assert version.startswith("ClamAV 1.4.2/")
    assert signatures(version) == "Sun Nov 22 09:40:12 2026"
    assert signatures("something else") == ""


# ClamAV itself, where it is installed: with one signature of our own, so that it needs nothing from a network


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("ClamAV's daemon is not installed (Debian: apt install clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    mark = hashlib.sha256(EICAR).hexdigest()
    (folder / "db" / "own.hsb").write_text(f"{mark}:{len(EICAR)}:Own.Test-1:73\n", "ascii")
    settings = {
        "LocalSocket": folder / "clamd.ctl",
        "DatabaseDirectory": folder / "db",
        "LogFile": folder / "log",
        "PidFile": folder / "pid",
        "TemporaryDirectory": folder,
        "Foreground": "yes",
        "StreamMaxLength": "1M",
    }
    config = folder / "clamd.conf"
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), "utf-8")
    with subprocess.Popen(
        [program, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as daemon:
        try:
            yield _ready(Place(str(folder / "clamd.ctl")), daemon)
        finally:
            daemon.terminate()
            daemon.wait(20)


def _ready(place: Place, daemon: subprocess.Popen[bytes]) -> Place:
    end = time.monotonic() + 60
    while time.monotonic() < end and daemon.poll() is None:
        try:
            ping(place, 2)
        except ClamdDown:
            time.sleep(0.1)
        else:
            return place
    pytest.fail("clamd did not begin to listen")


def test_the_real_one_finds_what_its_signature_names_and_nothing_else(real: Place) -> None:
    assert scan(real, EICAR, 20).virus.startswith("Own.Test-1")
    assert scan(real, b"My parcel is late.", 20) == Answer()
    assert scan(real, b"", 20) == Answer()


def test_the_real_one_says_when_a_stream_is_larger_than_it_takes(real: Place) -> None:
    assert scan(real, b"x" * 3_000_000, 20).too_large


def test_the_real_one_looks_into_archives(real: Place) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bill.txt", EICAR)
    assert scan(real, out.getvalue(), 20).virus.startswith("Own.Test-1")


def test_the_real_one_tells_its_version(real: Place) -> None:
    assert ping(real).startswith("ClamAV ")
