from __future__ import annotations

import re

import pytest

from language.late import late


def test_it_is_compiled_at_its_first_use_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_now = re.compile

    def noted(pattern: str, flags: int = 0) -> re.Pattern[str]:
        compiled.append(pattern)
        return compile_now(pattern, flags)

    monkeypatch.setattr(re, "compile", noted)
    pattern = late("A+", re.IGNORECASE)
    assert compiled == []
    assert [pattern.fullmatch("aaa") is not None, pattern.search("b"), pattern.sub("-", "xaax")] == [
        True,
        None,
        "x-x",
    ]
    assert compiled == ["A+"]


def test_it_has_what_a_pattern_has() -> None:
    assert late("(a)(?P<n>b)").groupindex == {"n": 2}
    assert late(",").split("a,b") == ["a", "b"]
    with pytest.raises(AttributeError):
        _ = late("a").nothing  # type: ignore[attr-defined]
