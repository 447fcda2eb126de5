"""A customer's files on their way to an agent: what goes, what is kept out, and what the mail says of it."""

from __future__ import annotations

import gzip
import io
import threading
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest

from commandline.attachments import files
from commandline.grammar import parser
from commandline.shell import Shell
from engine.doing import NotDone
from tests.clamd import EICAR, NAME, Clamd, clamd
from tests.hosts import Host, until
from tests.journeys import Journey, running
from tests.journeys import text_of as shown_of

PROGRAM = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff"
PICTURE = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\1" * 500
WORDS = "My parcel is late, and the box was open. Look at what came."


def sent(
    journey: Journey, *files: tuple[str, bytes], words: str = WORDS, headers: dict[str, str] | None = None
) -> str:
    """A customer's mail with files; its Message-ID."""
    mail = journey.mail(words, sender="Ann <ann@example.com>", subject="A complaint", headers=headers)
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    journey.host.deliver(mail.as_bytes(), to=journey.host.address)
    journey.work()
    return str(mail["Message-ID"])


def text_of(mail: EmailMessage) -> str:
    """What a mail says, without the signs that keep names of other scripts apart."""
    return shown_of(mail).translate(dict.fromkeys(range(0x2066, 0x206A)))


def names(mail: EmailMessage) -> list[str]:
    return [str(one.get_filename()) for one in mail.iter_attachments()]


def content(mail: EmailMessage, name: str) -> bytes:
    (found,) = [one for one in mail.iter_attachments() if one.get_filename() == name]
    data = found.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


# What may harm


def test_a_program_is_kept_out_and_the_mail_says_why_and_how_an_admin_gets_it(quick_journey: Journey) -> None:
    sent(quick_journey, ("photo.jpg", PICTURE), ("setup.exe", PROGRAM))
    (mail,) = quick_journey.mails_to()
    assert names(mail) == ["photo.jpg", "original.txt"]
    text, number = text_of(mail), quick_journey.case()["number"]
    assert f"worker.py files {number}" in text
    assert "setup.exe (1 kB): it is a program" in text
    assert WORDS in text, "the customer's words are never lost"
    assert PROGRAM not in mail.as_bytes()
    assert any(PROGRAM[:2] in raw or b"setup.exe" in raw for raw in quick_journey.raws()), (
        "it stays as it came"
    )


def test_what_the_mail_says_goes_along_as_a_text_where_the_mail_itself_does_not(
    quick_journey: Journey,
) -> None:
    sent(quick_journey, ("setup.exe", PROGRAM), words=f"{WORDS}\n\n> what you wrote before\n")
    (mail,) = quick_journey.mails_to()
    told = content(mail, "original.txt").decode("utf-8-sig")
    assert "From: Ann <ann@example.com>" in told
    assert "Subject: A complaint" in told
    assert WORDS in told
    assert "what you wrote before" in told


def test_the_customer_hears_nothing_of_it(quick_journey: Journey) -> None:
    sent(quick_journey, ("setup.exe", PROGRAM))
    (letter,) = quick_journey.letters()
    assert "setup.exe" not in text_of(letter)
    assert not names(letter)


def test_it_is_written_down_once(quick_journey: Journey) -> None:
    sent(quick_journey, ("setup.exe", PROGRAM))
    quick_journey.agent_replies("assign noa")
    (event,) = quick_journey.events("kept-out")
    assert event["text"].startswith("setup.exe (14 bytes): program")
    assert names(quick_journey.mails_to(quick_journey.noa)[-1]) == ["original.txt"]


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("photo.jpg", PROGRAM, "it is a program"),
        ("photo\u202egpj.exe", b"not even a program", "it is a program"),
        ("инвойс.ехе", b"x", "it is a program"),
        ("a.zip", zipped(**{"in/setup.exe": PROGRAM}), "in it, setup.exe: it is a program"),
        ("a.zip", zipped(**{"run.js": b"WScript.Echo(1)"}), "in it, run.js: it holds commands"),
        (
            "a.zip",
            zipped(**{"b.zip": zipped(**{"c.vbs": b"x"})}),
            "in it, c.vbs: it holds commands",
        ),
        ("bill.html", b"<html><body onload='x()'>", "it has a script in it"),
        ("logo.svg", b"<svg><script>x()</script></svg>", "it has a script in it"),
        ("big.gz", gzip.compress(b"\0" * 70_000_000), "it is packed so that it fills a computer"),
        ("a.7z", b"7z\xbc\xaf'\x1c" + b"x" * 40, "it is an archive that could not be looked into"),
        ("bill.docm", b"x", "it is a document with a program in it (macros)"),
        ("bill.pdf.lnk", b"L\0\0\0\1\x14\2\0", "it is a shortcut"),
    ],
)
def test_what_harms_is_known_by_its_bytes_and_by_its_name(
    quick_journey: Journey, name: str, data: bytes, why: str
) -> None:
    sent(quick_journey, (name, data))
    (mail,) = quick_journey.mails_to()
    assert names(mail) == ["original.txt"]
    assert why in text_of(mail)
    assert "\u202e" not in text_of(mail) + str(mail)


def test_files_of_a_mail_in_the_mail_are_looked_at_too_and_its_words_kept(quick_journey: Journey) -> None:
    inner = quick_journey.mail("What the shop wrote to me.", sender="Shop <shop@example.org>", subject="Bill")
    inner.add_attachment(PROGRAM, maintype="application", subtype="octet-stream", filename="setup.exe")
    mail = quick_journey.mail(WORDS, sender="Ann <ann@example.com>", subject="A complaint")
    mail.add_attachment(inner)
    quick_journey.host.deliver(mail.as_bytes(), to=quick_journey.host.address)
    quick_journey.work()
    (told,) = quick_journey.mails_to()
    assert names(told) == ["original.txt"]
    assert "What the shop wrote to me." in content(told, "original.txt").decode("utf-8-sig")


def test_a_mail_that_was_saved_as_a_file_is_looked_into(quick_journey: Journey) -> None:
    inner = quick_journey.mail("What the shop wrote.", sender="Shop <shop@example.org>", subject="Bill")
    inner.add_attachment(PROGRAM, maintype="application", subtype="octet-stream", filename="setup.exe")
    plain = quick_journey.mail("Only words.", sender="Shop <shop@example.org>", subject="Bill")
    sent(quick_journey, ("bill.eml", inner.as_bytes()), ("words.eml", plain.as_bytes()))
    (mail,) = quick_journey.mails_to()
    assert names(mail) == ["words.eml", "original.txt"]
    assert "bill.eml (1 kB): in it, setup.exe: it is a program" in text_of(mail)


def test_a_mail_whose_parts_are_damaged_goes_as_text(quick_journey: Journey) -> None:
    head = (
        b"From: Ann <ann@example.com>\r\nSubject: Late\r\nMessage-ID: <odd@example.com>\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\n"
    )
    part = b'--b\r\nContent-Type: text/plain; name="a.txt"\r\n\r\nlisted\r\n'
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nMy parcel is late.\r\n" + part + b"--b--\r\n"
    quick_journey.host.deliver(head + body, to=quick_journey.host.address)
    quick_journey.work()
    (mail,) = quick_journey.mails_to()
    assert names(mail) == ["a.txt", "original.txt"]
    assert "its parts are damaged" in text_of(mail)
    assert "My parcel is late." in content(mail, "original.txt").decode("utf-8-sig")


def test_a_file_that_is_not_what_it_is_called_goes_and_that_is_said(quick_journey: Journey) -> None:
    sent(quick_journey, ("photo.jpg", b"%PDF-1.7\n1 0 obj"))
    (mail,) = quick_journey.mails_to()
    assert names(mail) == ["original.eml"]
    assert "photo.jpg is called a picture, and is a PDF" in text_of(mail)


@pytest.mark.parametrize("language", ["fa", "he", "ar"])
def test_it_is_said_in_the_agents_own_language(quick_journey: Journey, language: str) -> None:
    quick_journey.edit_agents("languages: [en, fa, ar]", f"languages: [{language}]")
    quick_journey.edit_agents("languages: [he]", f"languages: [{language}]")
    sent(quick_journey, ("setup.exe", PROGRAM))
    (mail,) = quick_journey.mails_to() + quick_journey.mails_to(quick_journey.noa)
    text = text_of(mail)
    assert "setup.exe" in text
    assert "worker.py files" in text
    assert "it is a program" not in text


def test_admins_change_what_is_kept_out(quick_journey: Journey) -> None:
    (quick_journey.rules / "attachments.yaml").write_text(
        "keep_out: [program]\nendings: {program: [one]}\n", "utf-8"
    )
    sent(quick_journey, ("run.js", b"x"), ("notes.one", b"y"), ("setup.exe", PROGRAM))
    (mail,) = quick_journey.mails_to()
    assert names(mail) == ["run.js", "original.txt"]


# The virus scanner


@pytest.fixture
def scanner() -> Iterator[Clamd]:
    with clamd() as daemon:
        yield daemon


@pytest.fixture
def scanned(embedded_host: Host, tmp_path: Path, scanner: Clamd) -> Iterator[Journey]:
    made = _with(embedded_host, tmp_path, scanner)
    yield made
    made.stop()


def _with(host: Host, folder: Path, scanner: Clamd, **more: object) -> Journey:
    url = f"sqlite:///{folder / 'peygir.sqlite3'}"
    return Journey(host, url, folder, CLAMAV=scanner.setting, CLAMAV_SECONDS=2, **more)


def test_clean_files_go_along_with_the_first_draft(scanned: Journey, scanner: Clamd) -> None:
    sent(scanned, ("photo.jpg", PICTURE))
    (mail,) = scanned.mails_to()
    assert names(mail) == ["original.eml"]
    assert PICTURE in scanner.streams, "the file itself was scanned, and not only how it was packed"


def test_what_holds_a_virus_is_kept_out_written_down_and_told_to_admins_once(scanned: Journey) -> None:
    sent(scanned, ("photo.jpg", PICTURE), ("bill.txt", EICAR))
    number = scanned.case()["number"]
    mails = scanned.mails_to()
    alert = next(one for one in mails if "virus" in str(one["Subject"]).lower())
    draft = next(one for one in mails if one is not alert)
    assert len(mails) == 2
    assert names(draft) == ["photo.jpg", "original.txt"]
    assert f"the virus scanner found {NAME} in it" in text_of(draft)
    assert EICAR not in draft.as_bytes()
    assert str(number) in str(alert["Subject"])
    (event,) = scanned.events("kept-out")
    assert NAME in event["text"]


def test_a_running_worker_scans_beside_everything_else(scanned: Journey) -> None:
    with running(scanned):
        mail = scanned.mail(WORDS, sender="Ann <ann@example.com>", subject="A complaint")
        mail.add_attachment(PICTURE, maintype="image", subtype="jpeg", filename="photo.jpg")
        scanned.host.deliver(mail.as_bytes(), to=scanned.host.address)
        assert until(lambda: len(scanned.mails_to()) == 1)
    assert names(scanned.mails_to()[0]) == ["original.eml"]


def test_a_mail_without_files_is_not_sent_to_the_scanner(scanned: Journey, scanner: Clamd) -> None:
    sent(scanned)
    assert names(scanned.mails_to()[0]) == ["original.eml"]
    assert not scanner.streams


def test_files_of_a_later_mail_come_in_a_mail_of_their_own_once_they_are_scanned(scanned: Journey) -> None:
    first = sent(scanned)
    sent(scanned, ("photo.jpg", PICTURE), words="Here is the photo.", headers={"In-Reply-To": first})
    draft, later, last = scanned.mails_to()
    assert "Not yet checked for viruses" in text_of(later)
    assert names(later) == ["original.txt"]
    assert names(last) == ["original.eml"]
    assert "They have been checked for viruses" in text_of(last)
    assert len(scanned.cases()) == 1
    scanned.reply(later, "approve", sender=scanned.sam)
    scanned.work()
    assert len(scanned.letters()) == 2, "the reply address of the mail before stays good"
    assert str(draft["Subject"])


def test_no_mail_waits_for_a_scanner_that_is_away_and_the_files_come_when_it_is_back(
    scanned: Journey, scanner: Clamd
) -> None:
    setting = scanner.setting
    scanner.stop()
    sent(scanned, ("photo.jpg", PICTURE))
    assert len(scanned.letters()) == 1, "the acknowledgement"
    (draft,) = (one for one in scanned.mails_to() if "Not yet checked" in text_of(one))
    assert names(draft) == ["original.txt"]
    assert PICTURE not in draft.as_bytes()
    scanned.clock.skip(minutes=5)
    scanned.work()
    assert not _with_files(scanned)
    scanner.start_again(setting)
    scanned.clock.skip(minutes=5)
    scanned.work()
    (late,) = _with_files(scanned)
    assert names(late) == ["original.eml"]


def _with_files(journey: Journey) -> list[EmailMessage]:
    return [one for one in journey.mails_to() if "The customer's files" in str(one["Subject"])]


def test_a_scanner_that_is_away_is_alerted_and_said_to_be_back(scanned: Journey, scanner: Clamd) -> None:
    setting = scanner.setting
    scanner.stop()
    sent(scanned, ("photo.jpg", PICTURE))
    for _ in range(3):
        scanned.clock.skip(minutes=10)
        scanned.work()
    assert any("scanner" in str(one["Subject"]) for one in scanned.mails_to()), [
        str(one["Subject"]) for one in scanned.mails_to()
    ]
    scanner.start_again(setting)
    scanned.clock.skip(minutes=5)
    scanned.work()
    seen = scanned.worker.desk.alerts.seen()["scanner"]
    assert not seen.wrong


def test_where_the_operator_says_so_files_go_unchecked_with_a_note(
    embedded_host: Host, tmp_path: Path, scanner: Clamd
) -> None:
    scanner.stop()
    journey = _with(embedded_host, tmp_path, scanner, CLAMAV_AWAY="send")
    sent(journey, ("photo.jpg", PICTURE), ("setup.exe", PROGRAM))
    mail = next(one for one in journey.mails_to() if "setup.exe" in text_of(one))
    assert "photo.jpg" in names(mail)
    assert "setup.exe" not in names(mail), "the rules hold without a scanner"
    assert "The virus scanner could not be asked" in text_of(mail)
    journey.stop()


def test_a_scanner_that_hangs_keeps_nobody_waiting(embedded_host: Host, tmp_path: Path) -> None:
    never = threading.Event()
    with clamd(hangs=never) as daemon:
        journey = _with(embedded_host, tmp_path, daemon)
        sent(journey, ("photo.jpg", PICTURE))
        assert len(journey.letters()) == 1
        assert any("Not yet checked" in text_of(one) for one in journey.mails_to())
        never.set()
        journey.stop()


def test_a_file_that_the_scanner_does_not_take_is_kept_out(embedded_host: Host, tmp_path: Path) -> None:
    with clamd(most=400) as daemon:
        journey = _with(embedded_host, tmp_path, daemon)
        sent(journey, ("photo.jpg", PICTURE), ("note.txt", b"small"))
        mail = next(one for one in journey.mails_to() if "photo.jpg" in text_of(one))
        assert names(mail) == ["note.txt", "original.txt"]
        assert "it is too large for the virus scanner" in text_of(mail)
        journey.stop()


@pytest.mark.parametrize("answer", [None, b"stream: Can't allocate memory ERROR\0"], ids=["dies", "says so"])
def test_a_mail_over_which_the_scanner_fails_stops_no_other(
    embedded_host: Host, tmp_path: Path, answer: bytes | None
) -> None:
    with clamd(says=lambda data: answer if b"poison" in data else b"stream: OK\0") as daemon:
        journey = _with(embedded_host, tmp_path, daemon)
        mail = journey.mail(WORDS, sender="Bob <bob@example.com>", subject="Another complaint")
        mail.add_attachment(b"poison", maintype="application", subtype="octet-stream", filename="bad.txt")
        embedded_host.deliver(mail.as_bytes(), to=embedded_host.address)
        sent(journey, ("photo.jpg", PICTURE))
        bad, good = sorted(journey.mails_to(), key=lambda one: "bad.txt" not in text_of(one))
        assert names(good) == ["original.eml"]
        assert names(bad) == ["original.txt"]
        assert "or the scanner failed over it" in text_of(bad)
        assert not journey.worker.desk.scans.away
        journey.stop()


def test_a_scanner_that_is_slow_over_many_files_hangs_nobody(
    embedded_host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("engine.pulse.time", SimpleNamespace(monotonic=lambda: now[0]))
    hung: list[list[str]] = []

    def slowly(data: bytes) -> bytes:
        hung.append(journey.worker.desk.pulse.hung())
        now[0] += 250
        return b"stream: OK\0"

    with clamd(says=slowly) as daemon:
        journey = _with(embedded_host, tmp_path, daemon)
        journey.worker.desk.pulse.beat()
        sent(journey, ("a.jpg", PICTURE), ("b.jpg", PICTURE), ("c.jpg", PICTURE))
        journey.stop()
    assert len(hung) >= 4 and not any(map(any, hung))


# What an admin gets


def asked(journey: Journey, *argv: str) -> int:
    """The command `files`, as an operator calls it."""
    journey.stop()
    environment = {"DATABASE_URL": journey.settings.DATABASE_URL, "RULES_DIR": str(journey.rules)}
    shell = Shell(environment, journey.folder / "none", journey.clock)
    return files(shell, parser().parse_args(["files", *argv]))


def test_an_admin_sees_and_gets_what_was_kept_out(
    quick_journey: Journey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent(quick_journey, ("photo.jpg", PICTURE), ("setup.exe", PROGRAM))
    number = str(quick_journey.case()["number"])
    capsys.readouterr()
    assert asked(quick_journey, number) == 0
    photo, program = capsys.readouterr().out.splitlines()
    assert "photo.jpg" in photo
    assert program.endswith("setup.exe, 1 kB; kept out: program")
    out = tmp_path / "out"
    assert asked(quick_journey, number, "--out", str(out)) == 0
    assert [one.name.partition("-")[2] for one in out.iterdir()] == ["photo.jpg"]
    assert asked(quick_journey, number, "--out", str(out), "--kept-out") == 0
    saved = {one.name.partition("-")[2]: one for one in out.iterdir() if one.name.endswith(".kept-out")}
    assert list(saved) == ["setup.exe.kept-out"]
    assert saved["setup.exe.kept-out"].read_bytes() == PROGRAM
    assert saved["setup.exe.kept-out"].stat().st_mode & 0o777 == 0o600


def test_a_saved_file_never_leaves_its_folder_and_replaces_none(
    quick_journey: Journey, tmp_path: Path
) -> None:
    sent(quick_journey, ("../../../etc/cron.txt", b"a"), ("..", b"b"), ("same.txt", b"c"), ("same.txt", b"d"))
    number = str(quick_journey.case()["number"])
    out = tmp_path / "deep" / "out"
    asked(quick_journey, number, "--out", str(out))
    assert sorted(one.read_bytes() for one in out.iterdir()) == [b"a", b"b", b"c", b"d"]
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_case_that_there_is_not_is_said_to_be_none(quick_journey: Journey) -> None:
    sent(quick_journey)
    with pytest.raises(NotDone, match="there is no case 9"):
        asked(quick_journey, "9")
