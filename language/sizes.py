"""How large a file is, as people of a language write it."""

from __future__ import annotations

from language.dates import number

_KILO, _MEGA = 1000, 1000 * 1000
_UNITS = {"fa": ("کیلوبایت", "مگابایت"), "ar": ("كيلوبايت", "ميغابايت")}
_POINTS = {"fa": "٫", "ar": "٫"}


def file_size(count: int, language: str) -> str:
    """A number of bytes in kilobytes, begun ones as whole, or megabytes."""
    kilo, mega = _UNITS.get(language, ("kB", "MB"))
    if count < _MEGA:
        return f"{number(-(-count // _KILO), language)} {kilo}"
    written = f"{count / _MEGA:.1f}".removesuffix(".0").replace(".", _POINTS.get(language, "."))
    return f"{number(written, language)} {mega}"
