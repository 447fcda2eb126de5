"""Where the folders are that the settings name, and whose mail is read."""

from __future__ import annotations

from pathlib import Path

from settings import Settings

INSTALLED = Path(__file__).resolve().parent.parent


def folder(path: Path) -> Path:
    """A folder of the settings: from here, or beside worker.py when there is none here."""
    return path if path.is_absolute() or path.is_dir() else INSTALLED / path


def base_of(rules: Path, main: Settings) -> Path | None:
    """Where the rule files are that a mailbox's folder lacks: with the main one's; None where it is that."""
    base = folder(main.RULES_DIR)
    return None if rules.resolve() == base.resolve() else base


def addresses_of(main: Settings) -> tuple[str, ...]:
    """Every address of ours, of all mailboxes."""
    return tuple(address for one in main.mailboxes for address in one.addresses)
