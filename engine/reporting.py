"""`worker.py report`: the figures of a time as a page, and as CSV and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cases.rules.rulebook import Rulebook
from cases.rules.types import MAY_SEE_AGENTS, Agent
from engine import figuring, page_words
from engine.doing import NotDone
from engine.places import folder
from engine.rule_files import WrongFiles, read_rules
from reports import exporting, page
from reports.figures import Figures
from reports.period import Days, NoPeriod, period
from reports.tables import Table, tables
from reports.words import Words
from settings import Settings
from store.database import Database

JALALI = "fa"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see: a time as it was written, a language, and who asks."""

    written_from: str = ""
    written_to: str = ""
    language: str = ""
    agent: Agent | None = None

    @property
    def in_language(self) -> str:
        """The page's language: the one that was asked for, else the asking agent's, else English."""
        spoken = self.agent.languages[:1] if self.agent else ()
        return self.language or next(iter(spoken), page_words.LAST_RESORT)

    @property
    def by_agent(self) -> bool:
        """Whether who asks may see figures of single agents."""
        return self.agent is not None and bool(MAY_SEE_AGENTS & set(self.agent.roles))


@dataclass(frozen=True, slots=True)
class Report:
    """The figures and the page that was made of them."""

    figures: Figures
    page: str

    @property
    def tables(self) -> dict[str, Table]:
        """Every figure, as tables."""
        return tables(self.figures)

    def write_csv(self, to: Path) -> list[Path]:
        """A file a table."""
        to.mkdir(parents=True, exist_ok=True)
        written = []
        for name, table in self.tables.items():
            written.append(to / f"{name}.csv")
            # With a mark at its beginning spreadsheets know that it is UTF-8.
            written[-1].write_text(exporting.as_csv(table), "utf-8-sig")
        return written

    def write_json(self, to: Path) -> None:
        """All of them in one file."""
        to.write_text(exporting.as_json(self.figures, self.tables) + "\n", "utf-8")


def report(database: Database, rulebook: Rulebook, templates: Path, wish: Wish, now: datetime) -> Report:
    """The report that is wished. Raises NotDone where the time or the language is none, and WrongFiles."""
    words, days = understood(rulebook, templates, wish, now)
    jalali = wish.in_language == JALALI
    with database.read() as session:
        figures = figuring.figures(session, rulebook, days, now, jalali=jalali, by_agent=wish.by_agent)
    return Report(figures, page.render(figures, words))


def understood(rulebook: Rulebook, templates: Path, wish: Wish, now: datetime) -> tuple[Words, Days]:
    """The words and the time that are wished. Raises NotDone where the time or the language is none."""
    try:
        words = page_words.words(templates, wish.in_language, rulebook)
        jalali = wish.in_language == JALALI
        return words, period(wish.written_from, wish.written_to, now, rulebook.calendar, jalali=jalali)
    except (NoPeriod, page_words.NoSuchLanguage) as wrong:
        raise NotDone(str(wrong)) from None


def write_page(settings: Settings, path: Path, now: datetime) -> None:
    """Write the usual page of a database to a file."""
    rulebook, problems = read_rules(folder(settings.RULES_DIR))
    if rulebook is None:
        raise WrongFiles(problems)
    database = Database(settings.DATABASE_URL)
    try:
        made = report(database, rulebook, folder(settings.TEMPLATES_DIR), Wish(), now)
    finally:
        database.close()
    path.write_text(made.page, "utf-8")
