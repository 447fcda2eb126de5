"""`templates`: what admins ask of their letters."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from cases.naming import Names
from commandline.grammar import Options
from commandline.shell import Shell, say
from engine.doing import NotDone
from engine.files import read_letters
from engine.letters_asked import Shelf, preview_page, told
from engine.memory import Memory
from engine.rule_files import WrongFiles


def templates(shell: Shell, options: Options) -> int:
    """Tell what a letter may say, or write a page of letters as they would leave."""
    shelf = shelf_of(shell)
    if options.templates_command == "vars":
        letter, language = shelf.named(options.letter), shelf.language(options.lang)
        say(told(shelf, letter, language, as_json=options.json))
        return 0
    if options.all == bool(options.letter):
        raise NotDone("name one letter, such as ack_complaint, or write --all")
    letters = shelf.names() if options.all else [shelf.named(options.letter)]
    languages = [shelf.language(options.lang)] if options.lang else shelf.letters.languages()
    page = preview_page(shelf, letters, languages, options.case)
    Path(options.out).write_text(page, "utf-8")
    say(f"{options.out} is written; open it in your browser")
    return 0


def shelf_of(shell: Shell) -> Shelf:
    """The letters, in the words of the rules; raises WrongFiles. It needs no other setting."""
    rules, folder = shell.rules(), shell.folder("TEMPLATES_DIR")
    zone = ZoneInfo(rules.calendar.time_zone)
    memory = Memory.at(shell.some(("CACHE_DIR",))["CACHE_DIR"])
    letters, problems = read_letters(folder, zone, memory, frozenset(rules.extracting.names))
    if letters is None:
        raise WrongFiles(problems)
    names = Names(rules.words, rules.categories, rules.extracting.names)
    return Shelf(letters.calling(names).standing_in(rules.letters.stand_ins), folder, zone)
