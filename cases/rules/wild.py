"""Texts in which `*` stands for anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import re2


@dataclass(frozen=True, slots=True)
class Wild:
    """A text in which `*` stands for any run of characters; letters match in either case."""

    written: str
    compiled: Any

    @classmethod
    def of(cls, written: str) -> Wild:
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        options.dot_nl = True
        body = ".*".join(re2.escape(part) for part in written.strip().split("*"))
        return cls(written, re2.compile(body, options))

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return Wild.of, (self.written,)

    def fits(self, text: str) -> bool:
        return self.compiled.fullmatch(text.strip()) is not None


@dataclass(frozen=True, slots=True)
class HeaderWild:
    """`Name: value` with `*`, or a name alone: the header is there."""

    name: str
    value: Wild

    @classmethod
    def of(cls, written: str) -> HeaderWild:
        name, _, value = written.partition(":")
        return cls(name.strip().lower(), Wild.of(value.strip() or "*"))

    def fits(self, headers: Sequence[tuple[str, str]]) -> str:
        """The first header that fits, as `Name: value`; "" when none does."""
        fitting = (f"{name}: {value}" for name, value in headers if self._is(name, value))
        return next(fitting, "")

    def _is(self, name: str, value: str) -> bool:
        return name.lower() == self.name and self.value.fits(value)
