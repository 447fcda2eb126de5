"""The environment, then `.env`, into one frozen object, or every problem at once."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import BaseModel, ValidationError, create_model

from settings.checks import database_url, listed, mailbox_names
from settings.credentials import with_credentials
from settings.mailboxes import (
    can_be_own,
    clashes,
    inherited,
    misplaced,
    name_clashes,
    prefix_of,
    prefixed,
    without_passwords,
)
from settings.model import DATABASE_FILE, SECRETS, Settings, missing_in

IN_WORDS = {
    "bool_parsing": "write true or false",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number",
}

STANDS_IN = "x@example.com"
"""For what is missing, so that all else is looked at as well."""


class WrongSettings(Exception):
    """The settings can't be used; `problems` has one line for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(environment: Mapping[str, str], dotenv: Path) -> Settings:
    """Settings from the environment, then from the file; raises WrongSettings with all mistakes."""
    problems: list[str] = []
    from_file = _read_dotenv(dotenv, problems)
    environment = with_credentials(environment)
    sources = (from_file, environment)
    names = _names(sources)
    known = prefixed(names)
    problems += [f"{_place(name, dotenv)}: {told}" for name, told in _unknown(from_file, {*known})]
    problems += [*name_clashes(names), *misplaced({**environment, **from_file}, names)]
    main = _values(sources, "", problems)
    _place_database(main)
    made = [_made("", main, {}, sources, dotenv, problems)]
    for name in listed(names):
        own = _values(sources, prefix_of(name), problems)
        problems += without_passwords(name, main, own)
        made.append(_made(name, main, own, sources, dotenv, problems))
    whole = tuple(one for one in made if one is not None)
    if not problems:
        problems += clashes(whole)
    if problems:
        raise WrongSettings(problems)
    return whole[0].beside(whole[1:])


def _names(sources: Sequence[Mapping[str, str]]) -> str:
    """The names of the further mailboxes, where they are names; otherwise that is told of the setting."""
    names = next((source["MAILBOXES"] for source in reversed(sources) if "MAILBOXES" in source), "")
    try:
        return mailbox_names(names)
    except ValueError:
        return ""


def _values(sources: Sequence[Mapping[str, str]], prefix: str, problems: list[str]) -> dict[str, str]:
    """The settings of one mailbox as they are written, by their own names; the later source wins."""
    values: dict[str, str] = {}
    for source in sources:
        names = (name for name in Settings.model_fields if not prefix or can_be_own(name))
        values.update({name: source[f"{prefix}{name}"] for name in names if f"{prefix}{name}" in source})
        problems += _read_secret_files(source, values, prefix=prefix)
    return values


def _made(
    name: str,
    main: Mapping[str, str],
    own: Mapping[str, str],
    sources: Sequence[Mapping[str, str]],
    dotenv: Path,
    problems: list[str],
) -> Settings | None:
    """The settings of one mailbox; None with what is wrong in them, but for what it took over."""
    values, prefix = ({**inherited(main, own), **own} if name else dict(main)), prefix_of(name)
    environment = sources[-1]
    missing = missing_in(values)
    for one in missing:
        place = "environment" if f"{prefix}{one}" in environment else _place(f"{prefix}{one}", dotenv)
        problems.append(f"{place}: {_is_missing(f'{prefix}{one}', one)}")
    if missing and not name and not dotenv.is_file():
        problems.append(f"there is no {dotenv} here: cp .env.example {dotenv}, and fill it in")
    try:
        return Settings.model_validate({**values, **dict.fromkeys(missing, STANDS_IN)}).named(name)
    except ValidationError as wrong:
        said = [error for error in wrong.errors() if not name or error["loc"][:1] in {(key,) for key in own}]
        problems += [_explain(error, environment, dotenv, prefix) for error in said]
        return None


def _unknown(from_file: Mapping[str, str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in from_file:
        if name in Settings.model_fields or name.removesuffix("_FILE") in SECRETS or name in known:
            continue
        of, _, rest = name.partition("_")
        told = f"{name} is not a setting; .env.example lists them"
        while rest and not can_be_own(rest):
            more, _, rest = rest.partition("_")
            of = f"{of}_{more}"
        if rest in Settings.model_fields:
            told += f"; for a mailbox of its own, name {of.lower()} in MAILBOXES"
        yield name, told


def one(name: str, environment: Mapping[str, str], dotenv: Path) -> str:
    """One setting alone, for what needs no other; raises WrongSettings."""
    values: dict[str, str] = {}
    wanted = (name, "STATE_DIR") if name == "DATABASE_URL" else (name,)
    problems: list[str] = []
    for source in (_read_dotenv(dotenv, problems), with_credentials(environment)):
        values.update({key: source[key] for key in wanted if source.get(key)})
        problems += _read_secret_files(source, values, only=name)
    _place_database(values)
    field = Settings.model_fields[name]
    values.setdefault(name, "" if field.is_required() else str(field.default))
    if name == "DATABASE_URL" and not problems:
        try:
            database_url(values[name])
        except ValueError as wrong:
            problems.append(f"{name}: {wrong}")
    if problems:
        raise WrongSettings(problems)
    return values[name]


def _place_database(values: dict[str, str]) -> None:
    """The database lies in STATE_DIR where nothing else is said of it."""
    if values.get("STATE_DIR") and not values.get("DATABASE_URL"):
        values["DATABASE_URL"] = f"sqlite:///{Path(values['STATE_DIR']).expanduser() / DATABASE_FILE}"


def some(names: Sequence[str], environment: Mapping[str, str], dotenv: Path) -> dict[str, Any]:
    """A few settings alone, for what needs no other; raises WrongSettings with all mistakes in them."""
    problems: list[str] = []
    values: dict[str, str] = {}
    for source in (_read_dotenv(dotenv, problems), with_credentials(environment)):
        values.update({name: source[name] for name in names if name in source})
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in Settings.model_fields.items() if name in names
    }
    try:
        found: BaseModel = create_model("Some", **fields)(**values)
    except ValidationError as wrong:
        problems += [_explain(error, environment, dotenv) for error in wrong.errors()]
        raise WrongSettings(problems) from None
    if problems:
        raise WrongSettings(problems)
    return found.model_dump()


def _read_dotenv(dotenv: Path, problems: list[str]) -> dict[str, str]:
    """The lines of the file as they stand: nothing is expanded. Every line that is none is a problem."""
    if not dotenv.is_file():
        return {}
    try:
        text = dotenv.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise WrongSettings([f"{dotenv}: it can't be read as UTF-8 text: {trouble}"]) from None
    values: dict[str, str] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key and binding.value is None):
            problems.append(f"{dotenv}:{binding.original.line}:1: this is no setting; write NAME=value")
        elif binding.key in values:
            problems.append(f"{dotenv}:{binding.original.line}:1: {binding.key} is set twice; keep one line")
        elif binding.key:
            values[binding.key] = binding.value or ""
    return values


def _read_secret_files(
    source: Mapping[str, str], values: dict[str, str], only: str = "", prefix: str = ""
) -> list[str]:
    """Each secret may stand in a file of its own, named by SECRET_FILE."""
    problems = []
    for secret in (one for one in SECRETS if only in ("", one)):
        path = source.get(f"{prefix}{secret}_FILE") if not prefix or can_be_own(secret) else None
        if not path:
            continue
        try:
            values[secret] = Path(path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as trouble:
            problems.append(f"{prefix}{secret}_FILE: {path} can't be read: {trouble}")
    return problems


def _explain(error: Any, environment: Mapping[str, str], dotenv: Path, prefix: str = "") -> str:
    name = str(error["loc"][0])
    written = f"{prefix}{name}"
    place = "environment" if written in environment else _place(written, dotenv)
    if error["type"] == "missing" or (error["type"] == "string_too_short" and not error["input"]):
        return f"{place}: {_is_missing(written, name)}"
    shown = "" if name in SECRETS else f" = {error['input']!r}"
    words = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    return f"{place}: {written}{shown}: {IN_WORDS.get(error['type'], words)}"


def _is_missing(written: str, name: str) -> str:
    return f"{written} is missing; write {written}=… ({Settings.model_fields[name].description})"


def _place(name: str, dotenv: Path) -> str:
    """File, line and column of a setting in .env; the file alone when it isn't there."""
    if dotenv.is_file():
        for count, line in enumerate(dotenv.read_text("utf-8", "replace").splitlines(), 1):
            if re.match(rf"\s*(export\s+)?{re.escape(name)}(_FILE)?\s*=", line):
                return f"{dotenv}:{count}:{line.index('=') + 2}"
    return str(dotenv)
