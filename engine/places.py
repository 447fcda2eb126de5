"""Where the folders are that the settings name."""

from __future__ import annotations

from pathlib import Path

INSTALLED = Path(__file__).resolve().parent.parent


def folder(path: Path) -> Path:
    """A folder of the settings: from here, or beside worker.py when there is none here."""
    return path if path.is_absolute() or path.is_dir() else INSTALLED / path
