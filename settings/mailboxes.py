"""Several mailboxes: the settings of each are the same names with its own name before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from settings.checks import MAIN, listed
from settings.model import SECRETS, Settings

_OWN_BEGIN = ("IMAP_", "SMTP_", "OAUTH_")
_OWN = frozenset(
    {
        "ALIASES", "ANSWER_FROM_ALIAS", "COMPLAINTS_ADDRESS", "FROM_NAME", "LANGUAGE", "MAILDIR",
        "POLL_SECONDS", "REPLY_ADDRESS_FORM", "RULES_DIR", "SENDERS", "SENDMAIL", "SENT_FOLDER", "TEAM",
        "TEMPLATES_DIR", "TLS_CA_FILE", "TOKEN_ONLY_COMMANDS", "TRUSTED_AUTHSERV_ID",
    }
)  # fmt: skip
_NEVER_SHARED = ("ALIASES",)
_OF_A_LOGIN = {
    "IMAP_HOST": ("IMAP_USER", "IMAP_PASSWORD", "IMAP_AUTH", "OAUTH_TOKEN_FILE"),
    "IMAP_USER": ("IMAP_PASSWORD", "OAUTH_TOKEN_FILE"),
    "SMTP_HOST": ("SMTP_USER", "SMTP_PASSWORD", "SMTP_AUTH"),
    "SMTP_USER": ("SMTP_PASSWORD",),
}
"""What is not taken over where this is another: no server gets the password of an account elsewhere."""
_INSTEAD_OF = {
    "MAILDIR": ("IMAP_HOST", "IMAP_USER", "IMAP_PASSWORD"),
    "IMAP_HOST": ("MAILDIR",),
    "SENDMAIL": ("SMTP_HOST", "SMTP_USER", "SMTP_PASSWORD"),
    "SMTP_HOST": ("SENDMAIL",),
}
"""What is not taken over where this is said: a mailbox is read in one way, and sends in one way."""


def prefix_of(name: str) -> str:
    """What stands before the settings of a mailbox."""
    return f"{name.upper()}_" if name else ""


def can_be_own(setting: str) -> bool:
    """Whether a mailbox can have it for itself; everything else is the worker's."""
    return setting in _OWN or setting.startswith(_OWN_BEGIN)


def prefixed(names: str) -> dict[str, tuple[str, str]]:
    """Every setting of further mailboxes, as it is written: the mailbox, and the setting's own name."""
    known = [setting for setting in Settings.model_fields if can_be_own(setting)]
    known += [f"{secret}_FILE" for secret in SECRETS if can_be_own(secret)]
    return {f"{prefix_of(name)}{setting}": (name, setting) for name in listed(names) for setting in known}


def name_clashes(names: str) -> Iterator[str]:
    """Names of mailboxes that make one setting look like another."""
    taken = {*Settings.model_fields, *(f"{secret}_FILE" for secret in SECRETS)}
    by_name: dict[str, str] = {}
    for written, (name, _) in prefixed(names).items():
        if written in taken:
            by_name.setdefault(name, written)
    for name, written in by_name.items():
        yield f"MAILBOXES: {name} can't be a mailbox's name: {written} is a setting already; choose another"


def inherited(main: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """What a further mailbox takes over from the main one."""
    out = set(_NEVER_SHARED)
    for setting, without in _INSTEAD_OF.items():
        if own.get(setting):
            out.update(without)
    for setting, login in _OF_A_LOGIN.items():
        if setting in own and own[setting] != main.get(setting, ""):
            out.update(login)
    return {name: value for name, value in main.items() if name not in out and name != "MAILBOXES"}


def without_passwords(name: str, main: Mapping[str, str], own: Mapping[str, str]) -> Iterator[str]:
    """Logins of a mailbox's own that lack the password which every other login has."""
    for way in ("IMAP", "SMTP"):
        user, password = f"{way}_USER", f"{way}_PASSWORD"
        by_password = {**main, **own}.get(f"{way}_AUTH", "password") == "password"
        other = own.get(user) and own[user] != main.get(user, "")
        if by_password and other and main.get(password) and password not in own:
            mine = prefix_of(name)
            yield (
                f"{mine}{password} is missing: {mine}{user} is a login of its own, and gets no other's "
                f"password; write {mine}{password}=… or {mine}{password}_FILE=…"
            )


def misplaced(source: Mapping[str, str], names: str) -> Iterator[str]:
    """Settings of the whole worker that a mailbox wants for itself."""
    for name in listed(names):
        for setting in Settings.model_fields:
            written = f"{prefix_of(name)}{setting}"
            if written in source and not can_be_own(setting):
                yield f"{written}: {setting} is one for all mailboxes; leave {written} out"


def clashes(mailboxes: tuple[Settings, ...]) -> Iterator[str]:
    """Mailboxes that have one address, or read one folder: each of their mails would be two."""
    addresses: dict[str, Settings] = {}
    folders: dict[str, Settings] = {}
    for one in mailboxes:
        for address in dict.fromkeys(each.lower() for each in one.addresses):
            other = addresses.setdefault(address, one)
            if other is not one:
                told = f"{_called(other)} and {_called(one)} have the same address {address}"
                yield f"{prefix_of(one.name)}COMPLAINTS_ADDRESS: {told}; each mailbox needs its own"
        if one.SENT_FOLDER and not one.MAILDIR and one.SENT_FOLDER.lower() == one.IMAP_FOLDER.lower():
            told = "it is the folder that mail is read from; name another"
            yield f"{prefix_of(one.name)}SENT_FOLDER = {one.SENT_FOLDER!r}: {told}"
        other = folders.setdefault(place_of(one), one)
        if other is not one:
            told = f"{_called(other)} and {_called(one)} read the same folder ({place_of(one)})"
            yield (
                f"{prefix_of(one.name)}{'MAILDIR' if one.MAILDIR else 'IMAP_USER'}: {told}; give each its "
                "own account or folder, or make one address an alias of the other (ALIASES)"
            )


def place_of(settings: Settings) -> str:
    """Where a mailbox is, the same for every way to write it."""
    if settings.MAILDIR:
        return str(Path(settings.MAILDIR).expanduser().resolve())
    return (
        f"{settings.IMAP_USER.lower()}@{settings.IMAP_HOST.lower()}:{settings.IMAP_PORT}/{_folder(settings)}"
    )


def _folder(settings: Settings) -> str:
    folder = settings.IMAP_FOLDER
    return folder.upper() if folder.upper() == "INBOX" else folder


def _called(settings: Settings) -> str:
    return settings.name or f"the {MAIN} mailbox"
