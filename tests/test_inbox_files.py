"""The files of a mail with their bytes, as far as they fit."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from inbox.files import Came, files_in, files_of
from inbox.mime.limits import Limits
from store.attached import Danger

LIMITS = Limits()
SAMPLES = sorted((Path(__file__).parent / "samples").rglob("*.eml"))


def mail(**files: bytes) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "ann@example.com", "See"
    made.set_content("See the pictures.")
    made.add_alternative("<p>See the pictures.</p>", subtype="html")
    for name, data in files.items():
        made.add_attachment(data, maintype="image", subtype="jpeg", filename=f"{name}.jpg")
    return made


def names(raw: bytes, most: int = 10_000_000) -> tuple[list[str], list[tuple[str, int]]]:
    files, others = files_in(raw, LIMITS, most)
    return [one.name for one in files], others


def test_files_keep_their_bytes_their_type_and_their_order() -> None:
    sent = {"b": bytes(range(256)) * 500, "a": b"", "ک": b"\r\n\0"}
    files, others = files_in(mail(**sent).as_bytes(), LIMITS, 10_000_000)
    assert [(one.name, one.data) for one in files] == [(f"{name}.jpg", data) for name, data in sent.items()]
    assert {one.content_type for one in files} == {"image/jpeg"}
    assert others == []


def test_what_does_not_fit_is_named_and_smaller_files_behind_it_still_go() -> None:
    raw = mail(one=b"x" * 600, two=b"x" * 500, three=b"x" * 400).as_bytes()
    assert names(raw, 1000) == (["one.jpg", "three.jpg"], [("two.jpg", 500)])
    assert names(raw, 0) == ([], [("one.jpg", 600), ("two.jpg", 500), ("three.jpg", 400)])


def test_a_large_file_that_does_not_fit_is_named_with_its_true_size() -> None:
    assert names(mail(film=b"x" * 3_000_000).as_bytes(), 1_000_000) == ([], [("film.jpg", 3_000_000)])


def test_texts_are_no_files_but_a_text_with_a_name_is() -> None:
    made = mail()
    made.add_attachment("a list", filename="list.txt")
    assert names(made.as_bytes()) == (["list.txt"], [])


def test_a_name_that_is_a_path_loses_its_folders() -> None:
    made = mail()
    made.add_attachment(b"x", maintype="image", subtype="png", filename="../../etc/passwd")
    assert names(made.as_bytes()) == (["passwd"], [])


def test_a_picture_without_a_name_gets_one() -> None:
    made = mail()
    made.add_attachment(b"x", maintype="image", subtype="png")
    assert names(made.as_bytes()) == (["image.png"], [])


def test_a_mail_that_is_one_file_is_that_file() -> None:
    fields = b'Content-Type: application/pdf; name="bill.pdf"\r\nContent-Transfer-Encoding: base64\r\n'
    raw = fields + b"\r\nJVBERg==\r\n"
    files, _ = files_in(raw, LIMITS, 1000)
    assert [(one.name, one.data) for one in files] == [("bill.pdf", b"%PDF")]


@pytest.mark.parametrize(
    "raw", [b"", b"\0" * 50, b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 3000]
)
def test_nothing_that_a_mail_holds_raises(raw: bytes) -> None:
    files, _ = files_in(raw, LIMITS, 1000)
    assert sum(len(one.data) for one in files) <= 1000


def test_of_every_sample_the_files_fit_into_the_limit() -> None:
    assert SAMPLES
    for path in SAMPLES:
        files, _ = files_in(path.read_bytes(), LIMITS, 5000)
        assert sum(len(one.data) for one in files) <= 5000, path


def test_a_file_of_any_size_that_fits_goes_with_all_its_bytes() -> None:
    photo = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 5_000
    came = files_of(mail(photo=photo).as_bytes(), Limits(), 10_000_000)
    assert came.sure
    assert [one.data for one in came.files] == [photo]


def test_a_long_text_in_which_files_may_stand_is_a_file_that_nobody_looked_into() -> None:
    text = b"From: a@example.com\n\n" + b"begin 644 a.txt\n" * 100_000
    assert [one.seen.dangers for one in files_of(text, Limits(), 10_000_000).files] == [(Danger.UNSEEN,)]


def test_a_long_text_alone_is_no_file() -> None:
    assert files_of(b"From: a@example.com\n\n" + b"words\n" * 400_000, Limits(), 10_000_000) == Came()


def test_the_files_that_outlook_packs_into_one_are_files_of_their_own() -> None:
    raw = (Path(__file__).parent / "samples" / "winmail-dat.eml").read_bytes()
    files, others = files_in(raw, LIMITS, 10_000_000)
    told = json.loads((Path(__file__).parent / "samples" / "winmail-dat.json").read_text("utf-8"))
    assert [one.name for one in files] == [one["filename"] for one in told["attachments"]]
    assert files and all(one.data for one in files) and others == []
