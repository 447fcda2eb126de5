"""Names of customers' files: what is seen is what it is, on any system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.attached.names import handed_on


@pytest.mark.parametrize(
    ("given_", "name"),
    [
        ("photo.jpg", "photo.jpg"),
        ("عکس ۲.jpg", "عکس ۲.jpg"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2066a\u2069.txt\u200b", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\system32\\x.dll", "x.dll"),
        ("bill.pdf. . .", "bill.pdf"),
        ("bill.pdf ", "bill.pdf"),
        (".bashrc", "bashrc"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("a<b>:c|d?.txt", "a_b__c_d_.txt"),
        ('a"b*.txt', "a_b_.txt"),
        ("setup.exe.txt", "setup_exe.txt"),
        ("archive.tar.gz", "archive.tar.gz"),
        ("v1.2.notes.txt", "v1.2.notes.txt"),
        ("инвойс.ехе", "инвойс.exe"),
        ("a\u2024exe", "a.exe"),
        ("a．ｅｘｅ", "a.exe"),
        ("a.ｅｘｅ", "a.exe"),
        ("a.éxé", "a.exe"),
        ("a.／etc／passwd", "a._etc_passwd"),
        ("a.＼＼x／‥／y", "a.__x_.._y"),
        ("a.b℀", "a.ba_c"),
        ("photo.jpg               .exe", "photo.jpg.exe"),
        ("\n\r\t\0", "file-7.png"),
        ("...", "file-7.png"),
    ],
)
def test_a_name_hides_nothing_and_harms_no_system(given_: str, name: str) -> None:
    assert handed_on(given_, 7, "png") == name


def test_a_long_name_keeps_its_ending() -> None:
    name = handed_on("ش" * 400 + ".jpeg", 1)
    assert len(name.encode()) <= 180
    assert name.endswith("~.jpeg")
    assert len(handed_on("x" * 500, 1)) <= 180


@given(st.text(max_size=60))
def test_no_name_is_a_path_or_empty_or_holds_what_cannot_be_seen(text: str) -> None:
    name = handed_on(text, 1)
    assert name
    assert not set(name) & set('/\\<>:"|?*\0\n\u202e\u202d\u2066\u2069')
    assert name.isprintable() or set(name) & set("\u200c\u200d")
    assert name not in (".", "..")
    assert not name.endswith((".", " "))
    assert not name.startswith((".", " "))
