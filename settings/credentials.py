"""Secrets that systemd hands over: a file for each, in the folder that CREDENTIALS_DIRECTORY names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from settings.model import SECRETS

FOLDER = "CREDENTIALS_DIRECTORY"
"""What systemd calls it, for LoadCredential= and SetCredentialEncrypted=."""


def with_credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment, with NAME_FILE for each credential that is called like a secret (IMAP_PASSWORD).

    What the environment says of the same secret itself goes before. A mailbox's own secret has its prefix.
    """
    named = dict(environment)
    folder = environment.get(FOLDER, "")
    for path in sorted(Path(folder).glob("*")) if folder else ():
        if path.name.endswith(SECRETS) and not {path.name, f"{path.name}_FILE"} & environment.keys():
            named[f"{path.name}_FILE"] = str(path)
    return named


def secret_files(environment: Mapping[str, str], dotenv: Path) -> dict[str, Path]:
    """Every file that is named for a secret, by the setting that names it."""
    written = dotenv_values(dotenv, interpolate=False, encoding="utf-8") if dotenv.is_file() else {}
    named = {**written, **with_credentials(environment)}
    return {
        name: Path(value)
        for name, value in named.items()
        if value and name.endswith("_FILE") and name.removesuffix("_FILE").endswith(SECRETS)
    }
