"""README and docs: each link, anchor, file and setting that they name is there; each setting is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import settings
from settings import page as settings_page
from settings.mailboxes import can_be_own
from settings.model import SECRETS
from store.writing import TABLES
from tests.docs_pages import ROOT, anchors, blocks, inline, links, pages, text_of

ELSEWHERE = ("https://", "http://", "mailto:")
ROOMS = tuple(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] not in "._"))
TO_WRITE = frozenset(
    {
        "templates/en/answer/assembly.md",
        "templates/en/answer/warranty.md",
        "templates/tr/",
        "rules/van.yaml",
        "rules/words/tr.yaml",
        "rules/phrases/tr/late.yaml",
        "rules/tone/tr.yaml",
        "rules/phrases/",
    }
)
"""Files that a page tells its reader to write."""
LEFT_BY = frozenset({"demo-run/"})
"""What a command makes."""
NO_SETTINGS = frozenset(
    {
        "UIDVALIDITY", "SIGTERM", "SIGKILL", "SIGINT", "IDLE", "MOVE", "UTF",
    }
)  # fmt: skip
"""Words in capitals that stand for something else."""
NAME = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
ASSIGNED = re.compile(r"^#? ?([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
OF_OTHERS = (
    r"POSTGRES_\w+|PG\w+|PYTHON\w*|LEARN|LC_\w+|WATCHDOG_USEC|NOTIFY_SOCKET|CREDENTIALS_DIRECTORY|XDG_\w+"
    r"|AADSTS\w+|LIMIT_\w*"
)
"""Settings of other programs, and of make."""
OF_A_MAILBOX = ("RETURNS", "BILLING")
"""Mailboxes that the pages have as examples."""


@pytest.mark.parametrize("page", pages())
def test_each_link_and_anchor_leads_somewhere(page: str) -> None:
    lost = []
    for number, target in links(page):
        if target.startswith(ELSEWHERE):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists():
            lost.append(f"{page}:{number}: {target}: there is no such file")
        elif anchor and anchor not in anchors(str(file.resolve().relative_to(ROOT))):
            lost.append(f"{page}:{number}: {target}: there is no such heading")
    assert lost == []


@pytest.mark.parametrize("page", pages())
def test_each_file_that_is_named_is_there(page: str) -> None:
    lost = [
        f"{page}:{number}: {written}"
        for number, written in inline(page)
        if _is_path(written) and written not in TO_WRITE | LEFT_BY and not _is_there(written)
    ]
    assert lost == []


def _is_path(written: str) -> bool:
    if not re.fullmatch(r"[\w.<>*{},…/-]+", written) or written.startswith("/"):
        return False
    first, slash, _ = written.partition("/")
    if slash:
        return first in ROOMS
    return bool(re.fullmatch(r"\w+\.py|\w+\.toml", written))


def _is_there(written: str) -> bool:
    pattern = re.sub(r"<[^>]*>|…|\{[^}]*\}", "*", written).rstrip("/")
    return any(True for _ in ROOT.glob(pattern))


def test_each_table_and_each_room_has_its_place_in_the_architecture() -> None:
    """Whoever adds one says what it is for."""
    page = text_of("docs/architecture.md")
    named = {written for _, written in inline("docs/architecture.md")}
    assert set(TABLES) - named == set()
    rooms = {name for name in ROOMS if any((ROOT / name).glob("*.py"))}
    assert {name for name in rooms if f"`{name}/`" not in page} == set()


# -- settings


def test_each_setting_that_is_named_is_one() -> None:
    named = ((page, name) for page in pages() for name in sorted(set(_named(page))))
    lost = [f"{page}: {name}" for page, name in named if not _is_setting(name)]
    assert lost == []


def test_each_setting_has_a_place_in_the_docs() -> None:
    everything = "\n".join(text_of(page) for page in pages())
    missing = [name for name in settings.Settings.model_fields if not re.search(rf"\b{name}\b", everything)]
    assert missing == []


def test_the_page_of_all_settings_is_current() -> None:
    kept = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert kept == settings_page.page(), "write it anew: make settings-page"


@pytest.mark.parametrize("page", [page for page in pages() if page.startswith("docs/start-")])
def test_the_settings_of_a_start_page_are_whole_and_right(page: str, tmp_path: Path) -> None:
    read = settings.load(_written(page, tmp_path), tmp_path / "none")
    assert read.COMPLAINTS_ADDRESS == "complaints@example.com"


def _written(page: str, folder: Path) -> Mapping[str, str]:
    """What a page says to write into .env; a secret's file is there."""
    values: dict[str, str] = {}
    for _, language, body in blocks(page):
        if language == "ini":
            values |= dict(ASSIGNED.findall(body))
    assert values, f"{page} shows no settings"
    for name in values:
        if name.endswith("_FILE") and name.removesuffix("_FILE") in SECRETS:
            (folder / name).write_text("a secret", "utf-8")
            (folder / name).chmod(0o600)
            values[name] = str(folder / name)
    return values


def _named(page: str) -> Iterator[str]:
    for _, written in inline(page):
        yield from NAME.findall(written)
    for _, _, body in blocks(page):
        yield from (name for name, _ in ASSIGNED.findall(body))


def _is_setting(name: str) -> bool:
    if name in NO_SETTINGS or re.fullmatch(OF_OTHERS, name):
        return True
    known = {*settings.Settings.model_fields, *(f"{secret}_FILE" for secret in SECRETS)}
    prefix, _, own = name.partition("_")
    of_a_mailbox = prefix in OF_A_MAILBOX and own in known and can_be_own(own.removesuffix("_FILE"))
    return name in known or of_a_mailbox
