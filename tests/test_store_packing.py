"""Whole mails, packed as they are stored."""

from __future__ import annotations

import os
import random
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.packing import Damaged, packed, unpacked


def test_what_was_packed_comes_back_as_it_was() -> None:
    for data in (b"", b"a", b"From: ann@example.com\r\n\r\nHello\r\n" * 1000, os.urandom(70_000)):
        assert unpacked(packed(data)) == data


def test_a_usual_mail_takes_less_room() -> None:
    mail = b"From: ann@example.com\r\n\r\nMy parcel has not arrived.\r\n" * 50
    assert len(packed(mail)) < len(mail) / 4


def test_what_was_packed_with_zlib_can_still_be_read() -> None:
    assert unpacked(zlib.compress(b"an old mail", 1)) == b"an old mail"


def test_damage_is_said_plainly() -> None:
    whole = packed(b"a mail" * 100)
    for damaged in (whole[:20], b"nothing that was ever packed", b""):
        with pytest.raises(Damaged, match="damaged"):
            unpacked(damaged)


def test_many_threads_may_pack_and_unpack_at_the_same_time() -> None:
    mails = [random.Random(seed).randbytes(1_000_000) for seed in range(8)]
    with ThreadPoolExecutor(8) as threads:
        back = list(threads.map(lambda mail: unpacked(packed(mail)), mails * 4))
    assert back == mails * 4
