"""The page of all settings, docs/settings.md: what each is, by what it is about. `make settings-page`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from settings.mailboxes import can_be_own
from settings.model import NEEDED, SECRETS, Settings

HEAD = """# All settings

Settings stand in `.env` or in the environment, which wins; `.env` is looked for in the folder that the worker
is started in. [.env.example](../.env.example) has the same list to copy. `worker.py check` tells every
mistake at once.

- **needed**: there is no default.
- **secret**: it can stand in a file of its own, named by the same setting with `_FILE` behind it
  (`IMAP_PASSWORD_FILE=/run/secrets/imap`), and is never shown.
- **mailbox**: of several mailboxes each can have its own, with its name before it
  (`RETURNS_IMAP_USER`): see [several mailboxes](mailboxes.md#several-mailboxes).
"""
FOOT = "<!-- This page is made by `make settings-page`. -->\n"
GROUPS: Mapping[str, tuple[str, ...]] = {
    "The address": ("COMPLAINTS_ADDRESS", "FROM_NAME", "ALIASES", "ANSWER_FROM_ALIAS", "REPLY_ADDRESS_FORM",
                    "LANGUAGE", "TEAM"),
    "Mailboxes": ("MAILBOXES",),
    "The way in": ("IMAP_", "MAILDIR", "POLL_SECONDS", "READ_APART"),
    "The way out": ("SMTP_", "SENDMAIL", "SENT_FOLDER", "SENDERS", "RETRY_SECONDS"),
    "TLS": ("TLS_CA_FILE", "ALLOW_UNENCRYPTED"),
    "Access by tokens": ("OAUTH_",),
    "Where things are": ("DATABASE_URL", "STATE_DIR", "RULES_DIR", "TEMPLATES_DIR", "CACHE_DIR"),
    "Agents": ("TRUSTED_AUTHSERV_ID", "TOKEN_ONLY_COMMANDS", "TOKEN_DAYS", "UNDO_MINUTES", "REQUEST_DAYS",
               "CHALLENGE_MINUTES", "ATTACH_LIMIT_MB"),
    "Customers": ("CHECK_IN_DAYS", "ACKS_", "SAME_MAIL_MINUTES", "MAILS_PER_HOUR", "ALERTS_PER_HOUR"),
    "Limits of what is read": ("MAIL_LIMIT_MB", "HEADER_LIMIT_KB", "FIELD_LIMIT_KB", "DEPTH_LIMIT",
                               "PARTS_LIMIT", "TEXT_LIMIT_KB"),
    "Viruses": ("CLAMAV", "CLAMAV_"),
    "Learning": ("LEARNING", "LEARN_"),
    "Alerts": ("ALERT_",),
    "Metrics and logs": ("METRICS_", "LOG_"),
}  # fmt: skip
"""Each heading's settings; a name that ends with _ stands for all that begin so."""
UNSAID = {
    "IMAP_PORT": "Its port.",
    "IMAP_PASSWORD": "Its password.",
    "IMAP_FOLDER": "The folder that is read.",
    "SMTP_PORT": "Its port.",
    "SMTP_PASSWORD": "The password of the login.",
    "SMTP_TLS": "As IMAP_TLS.",
    "SMTP_PROTOCOL": "smtp or lmtp.",
    "OAUTH_CLIENT_SECRET": "Its secret, where the provider gave one.",
    "OAUTH_DEVICE_URL": "Of a provider of your own: where a short code is asked for.",
    "OAUTH_AUTH_URL": "Of a provider of your own: where a person consents in a browser.",
    "DATABASE_URL": "The database: `sqlite:///FILE`, or `postgresql+psycopg://user:password@host/name`.",
    "TEMPLATES_DIR": "The letters' folder, which admins edit.",
    "ACKS_PER_DAY": "The same, within a day.",
    "ALERT_SMTP_HOST": "The second mail server, for alerts alone.",
    "ALERT_SMTP_PORT": "Its port.",
    "ALERT_SMTP_USER": "Empty: no login.",
    "ALERT_SMTP_PASSWORD": "The password of that login.",
    "ALERT_SMTP_TLS": "As IMAP_TLS.",
    "METRICS_HOST": "The address of this machine at which they are asked for.",
    "LOG_LEVEL": "debug, info, warning or error.",
}
"""What .env.example need not say, since it stands beside its neighbour there."""


def page() -> str:
    """The page's text. Raises ValueError for a setting that has no place or no words."""
    left = dict.fromkeys(Settings.model_fields)
    parts = [HEAD]
    for heading, names in GROUPS.items():
        rows = [name for wanted in names for name in tuple(left) if _is(wanted, name)]
        for name in rows:
            left.pop(name, None)
        parts.append(
            f"## {heading}\n\n| setting | default | what it is |\n|---|---|---|\n" + "".join(_rows(rows))
        )
    if left:
        raise ValueError(f"{', '.join(left)} have no place in settings/page.py: GROUPS")
    return "\n".join((*parts, FOOT))


def write(path: Path) -> None:
    """Write the page anew."""
    path.write_text(page(), "utf-8")


def _is(wanted: str, name: str) -> bool:
    return name.startswith(wanted) if wanted.endswith("_") else name == wanted


def _rows(names: list[str]) -> Iterator[str]:
    for name in names:
        field = Settings.model_fields[name]
        said = field.description or UNSAID.get(name)
        if not said:
            raise ValueError(f"{name} has no description")
        yield f"| `{name}` | {_default(name)} | {said.replace('|', chr(92) + '|')}{_marks(name)} |\n"


def _default(name: str) -> str:
    default = Settings.model_fields[name].get_default()
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return "" if name in NEEDED or not shown else f"`{shown}`"


def _marks(name: str) -> str:
    marks = (("needed", name in NEEDED), ("secret", name in SECRETS), ("mailbox", can_be_own(name)))
    told = ", ".join(mark for mark, holds in marks if holds)
    return f" (**{told}**)" if told else ""
