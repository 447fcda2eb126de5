"""The same words again, and other cases about the same matter."""

from __future__ import annotations

import pytest

from cases.repeats import base_subject, perhaps_the_same, prefixes_of, says_the_same
from language.words import Words
from store.models import Mail, MailKind, Status
from store.values import Attachment
from tests.facts_factory import NOW, case, message

WORDS = (
    Words(language="en", name="English", subject_prefix=("Re", "Fwd")),
    Words(language="fa", name="فارسی", subject_prefix=("پاسخ",)),
    Words(language="zh", name="中文", subject_prefix=("回复",)),
)


def stored(words: str, *attachments: str) -> Mail:
    return Mail(
        fingerprint="f0",
        raw_id=1,
        size=1,
        kind=MailKind.CUSTOMER,
        words=words,
        attachments=list(attachments),
        received_at=NOW,
    )


def test_the_same_words_in_another_layout_are_the_same() -> None:
    assert says_the_same(message("My  parcel is late.\n"), stored("my parcel\nis late."))


def test_other_words_are_another_mail() -> None:
    assert not says_the_same(message("My parcel is late."), stored("My parcel is broken."))


def test_the_same_words_with_the_forgotten_attachment_are_another_mail() -> None:
    photo = (Attachment("photo.jpg", "image/jpeg", 9),)
    assert not says_the_same(message("Here it is.", attachments=photo), stored("Here it is."))
    assert says_the_same(message("Here it is.", attachments=photo), stored("Here it is.", "photo.jpg"))


def test_mails_without_words_are_never_taken_for_each_other() -> None:
    photo = (Attachment("image.jpg", "image/jpeg", 9),)
    assert not says_the_same(message("", attachments=photo), stored("", "image.jpg"))


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Late parcel", "late parcel"),
        ("Re: Fwd: RE[2]: Late parcel", "late parcel"),
        ("پاسخ: بسته نرسید", "بسته نرسید"),
        ("回复：包裹", "包裹"),
        ("Order: late", "order: late"),
        ("Re:" * 50 + " x", "re:" * 40 + " x"),
        ("", ""),
    ],
)
def test_a_subject_is_compared_without_what_replies_put_before_it(subject: str, base: str) -> None:
    assert base_subject(subject, prefixes_of(WORDS)) == base


def test_an_open_case_with_the_subject_or_the_cause_may_be_the_same() -> None:
    others = (
        case(number=5, subject="Re: late parcel", category="damaged"),
        case(number=4, subject="Something else", category="late"),
        case(number=3, subject="Something else", category="damaged"),
        case(number=2, subject="Late parcel", status=Status.CLOSED),
    )
    assert perhaps_the_same("Late parcel", "late", others, WORDS) == (5, 4)


def test_an_unsure_cause_and_an_empty_subject_are_no_likeness() -> None:
    others = (case(number=5, subject="", category="unsure"),)
    assert perhaps_the_same("", "unsure", others, WORDS) == ()
