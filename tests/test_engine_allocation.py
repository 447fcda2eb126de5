from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

KEPT_OF_60_MB = """
from pathlib import Path
from engine.allocation import give_back_what_is_freed

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

if {wanted}:
    give_back_what_is_freed()
bytearray(2 ** 20)
before = held()
blocks = [bytearray(b"x" * 2 ** 20) for _ in range(64)]
del blocks[1:-1]
print(held() - before)
"""


def kept_of_60_mb(wanted: bool) -> int:
    """What a process still holds after it freed 62 blocks of 64."""
    code = KEPT_OF_60_MB.format(wanted=wanted)
    root = Path(__file__).parent.parent
    return int(subprocess.check_output([sys.executable, "-c", code], cwd=root, timeout=60))


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has to be told")
def test_big_blocks_are_given_back_when_they_are_freed() -> None:
    assert kept_of_60_mb(wanted=True) < 6
    assert kept_of_60_mb(wanted=False) > 50, "it is no longer needed"
