"""`completion`: what lets a shell complete the commands, made from their grammar."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commandline.grammar import Options, parser
from commandline.shell import Shell, say

PROGRAM = "worker.py"
_FILES = re.compile(r"FILE|PATH")
_FOLDERS = re.compile(r"DIR\b")


@dataclass(frozen=True, slots=True)
class Word:
    """Something that can be written, and what it is for."""

    written: str
    told: str = ""
    takes: str = ""
    """What has to follow an option: files, folders, the choices with spaces between them, or "any"."""


@dataclass(frozen=True, slots=True)
class Place:
    """What can follow some commands, such as `rules try`."""

    at: str
    """/rules/try; "" is the beginning."""
    commands: tuple[Word, ...]
    options: tuple[Word, ...]
    takes: str
    """What stands without an option's name."""


def completion(_: Shell, options: Options) -> int:
    """Write the completion of a shell."""
    made = {"bash": bash, "zsh": zsh, "fish": fish}[options.shell]
    say(made(tuple(places(parser()))))
    return 0


def places(made: argparse.ArgumentParser, at: str = "") -> Iterator[Place]:
    """Every place of a grammar."""
    commands: list[Word] = []
    options: list[Word] = []
    inner: dict[str, argparse.ArgumentParser] = {}
    takes = ""
    for action in made._actions:
        if isinstance(action, argparse._SubParsersAction):
            said = {one.dest: one.help or "" for one in action._choices_actions}
            inner |= action.choices
            commands += [Word(name, _one_line(said.get(name))) for name in action.choices]
        elif action.option_strings:
            options += [Word(one, _one_line(action.help), _taken(action)) for one in action.option_strings]
        else:
            takes = takes or _taken(action)
    yield Place(at, tuple(commands), tuple(options), takes)
    for name, each in inner.items():
        yield from places(each, f"{at}/{name}")


def _taken(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices:
        return " ".join(map(str, action.choices))
    shown = action.metavar if isinstance(action.metavar, str) else action.dest
    if _FOLDERS.search(shown) or action.dest == "dir":
        return "folders"
    return "files" if _FILES.search(shown) else "any"


def _one_line(text: str | None) -> str:
    """What is said of it, short, without a sign that a shell reads."""
    said = re.split(r"[;:(…]| such as ", text or "", maxsplit=1)[0]
    return " ".join(re.sub(r"[^\w ,.-]", "", said).split())[:70].strip(" ,.")


def bash(all_places: Sequence[Place]) -> str:
    """For bash, from 3.2 on."""
    return f"""\
# bash completion of {PROGRAM}
_peygir_worker() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" place="" words="" i
    local IFS=$' \\t\\n'
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$place/${{COMP_WORDS[i]}}" in
            {_known(all_places)}) place="$place/${{COMP_WORDS[i]}}" ;;
        esac
    done
    case "$place $before" in
{_after_options(all_places, "words", " ;;")}
        *)
            case "$place" in
{_at_places(all_places)}
            esac ;;
    esac
    case "$words" in
        files) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur")) ;;
        folders) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$cur")) ;;
        any) ;;
        *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    esac
}}
complete -F _peygir_worker {PROGRAM}"""


def _known(all_places: Sequence[Place]) -> str:
    return "|".join(one.at for one in all_places if one.at)


def _after_options(all_places: Sequence[Place], variable: str, end: str) -> str:
    return "\n".join(
        f'        "{one.at} {option.written}") {variable}="{option.takes}"{end}'
        for one in all_places
        for option in one.options
        if option.takes
    )


def _at_places(all_places: Sequence[Place]) -> str:
    lines = []
    for one in all_places:
        names = " ".join(each.written for each in (*one.commands, *one.options))
        free = one.takes if one.takes in ("files", "folders") else ""
        named = f'"{names}"' if not one.takes or free or one.takes == "any" else f'"{one.takes} {names}"'
        if free:
            lines.append(
                f'                "{one.at}") [[ "$cur" == -* ]] && words={named} || words={free} ;;'
            )
        else:
            lines.append(f'                "{one.at}") words={named} ;;')
    return "\n".join(lines)


def zsh(all_places: Sequence[Place]) -> str:
    """For zsh, with what each is for."""
    return f"""\
#compdef {PROGRAM}
_peygir_worker() {{
    local place="" takes="" i
    local -a commands options
    for ((i = 2; i < CURRENT; i++)); do
        case "$place/$words[i]" in
            ({_known(all_places)}) place="$place/$words[i]" ;;
        esac
    done
    case "$place $words[CURRENT-1]" in
{_after_options(all_places, "takes", " ;;").replace('        "', '        ("')}
    esac
    if [[ -z "$takes" ]]; then
        case "$place" in
{_described(all_places)}
        esac
        (( $#commands )) && _describe command commands
        [[ "$PREFIX" == -* ]] && _describe -o option options
    fi
    case "$takes" in
        (files) _files ;;
        (folders) _files -/ ;;
        (any|"") ;;
        (*) compadd -- ${{=takes}} ;;
    esac
}}
if [[ "$funcstack[1]" == _peygir_worker || "$funcstack[1]" == _{PROGRAM} ]]; then
    _peygir_worker "$@"
else
    compdef _peygir_worker {PROGRAM}
fi"""


def _described(all_places: Sequence[Place]) -> str:
    lines = []
    for one in all_places:
        commands = " ".join(f"'{each.written}:{each.told}'" for each in one.commands)
        options = " ".join(f"'{each.written}:{each.told}'" for each in one.options)
        lines.append(
            f'            ("{one.at}") commands=({commands}) options=({options}) takes="{one.takes}" ;;'
        )
    return "\n".join(lines)


def fish(all_places: Sequence[Place]) -> str:
    """For fish, with what each is for."""
    known = " ".join(one.at for one in all_places if one.at)
    lines = [
        f"# fish completion of {PROGRAM}",
        "function __peygir_worker_at",
        "    set -l place ''",
        "    for word in (commandline -opc)[2..-1]",
        f"        contains -- $place/$word {known}; and set place $place/$word",
        "    end",
        '    test "$place" = "$argv[1]"',
        "end",
        f"complete -c {PROGRAM} -f",
    ]
    for one in all_places:
        here = f"complete -c {PROGRAM} -n '__peygir_worker_at \"{one.at}\"'"
        lines += [f"{here} -f -a {each.written} -d '{each.told}'" for each in one.commands]
        lines += [f"{here} {_fish_option(each)}" for each in one.options]
        lines += [f"{here} {_fish_taken(one.takes)}"] if one.takes not in ("", "any") else []
    return "\n".join(lines)


def _fish_option(option: Word) -> str:
    name = option.written.lstrip("-")
    written = f"-l {name}" if option.written.startswith("--") else f"-s {name}"
    taken = f" -r {_fish_taken(option.takes)}" if option.takes else ""
    return f"{written}{taken} -d '{option.told}'"


def _fish_taken(takes: str) -> str:
    match takes:
        case "files":
            return "-F"
        case "folders":
            return "-f -a '(__fish_complete_directories)'"
        case "any":
            return "-f"
    return f"-f -a '{takes}'"
