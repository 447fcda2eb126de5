"""The licences of all packages that are locked for a worker, as docs/licences.md: make licences."""

from __future__ import annotations

import re
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of what Peygir is made of

Peygir itself is under the MIT licence (LICENSE). A worker is installed with these packages and no others;
each stays under its own licence. `make licences` writes this page anew from what is installed; `make sbom`
writes the same for programs (CycloneDX).

| package | version | licence |
|---|---|---|
"""
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)
_KNOWN = {
    "colorama": "BSD-3-Clause",
    "imapclient": "BSD-3-Clause",
    "typing-extensions": "PSF-2.0",
}
"""Packages that other systems or versions of Python need, or that say it in their own files alone."""
_WORDS = re.compile(r"License :: (?:OSI Approved :: )?(.+)")


def licence(name: str) -> str:
    """As the package says it."""
    if name.lower() in _KNOWN:
        return _KNOWN[name.lower()]
    try:
        told = cast(Message, metadata(name))
    except PackageNotFoundError:
        return "not installed here"
    if expression := told.get("License-Expression"):
        return str(expression)
    said = (_WORDS.match(str(one)) for one in told.get_all("Classifier") or ())
    classified = [one[1] for one in said if one and one[1] != "OSI Approved"]
    if classified:
        return ", ".join(classified)
    short = str(told.get("License") or "").strip().splitlines()
    return short[0] if short and len(short[0]) < 60 else "see its own files"


def page(lock: str) -> str:
    """The whole page."""
    rows = sorted({(name.lower(), name, version) for name, version in _PINNED.findall(lock)})
    return HEAD + "".join(f"| {name} | {version} | {licence(name)} |\n" for _, name, version in rows)


if __name__ == "__main__":
    PAGE.write_text(page((ROOT / "requirements-learn.txt").read_text("utf-8")), "utf-8")
