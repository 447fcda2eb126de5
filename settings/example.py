"""The text of .env.example."""

from __future__ import annotations

from settings.model import NEEDED, Settings


def example() -> str:
    """The text of .env.example: every setting with its default."""
    lines = [
        "# Peygir's settings. Copy this file to .env; what is not set here or in the environment",
        "# has the default shown. A secret can stand in a file of its own: IMAP_PASSWORD_FILE=/path.",
        "",
    ]
    for name, field in Settings.model_fields.items():
        if field.description:
            lines += [f"# {part}" for part in _wrap(field.description)]
        default = "" if field.is_required() else _shown(field.default)
        lines += [f"{'' if name in NEEDED else '#'}{name}={default}"]
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f'"{text}"' if " " in text else text


def _wrap(text: str, width: int = 96) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
