"""Header values by name."""

from __future__ import annotations

from collections.abc import Iterable


class Fields:
    """Header values by name, in lower case, as few looks as possible."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.values: dict[str, list[str]] = {}
        for name, value in headers:
            self.values.setdefault(name.lower(), []).append(value)

    def first(self, name: str) -> str:
        return self.values.get(name, [""])[0]

    def has_null_return_path(self) -> bool:
        """Whether the mail was sent so that nothing can come back (RFC 5321, section 4.5.5)."""
        return "return-path" in self.values and self.first("return-path").strip() in ("<>", "")

    def __contains__(self, name: str) -> bool:
        return name in self.values
