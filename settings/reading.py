"""The environment, then `.env`, into one frozen object, or every problem at once."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import BaseModel, ValidationError, create_model

from settings.model import DATABASE_FILE, SECRETS, Settings, database_url

IN_WORDS = {
    "bool_parsing": "write true or false",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number",
}


class WrongSettings(Exception):
    """The settings can't be used; `problems` has one line for each mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load(environment: Mapping[str, str], dotenv: Path) -> Settings:
    """Settings from the environment, then from the file; raises WrongSettings with all mistakes."""
    problems: list[str] = []
    from_file = _read_dotenv(dotenv, problems)
    known = set(Settings.model_fields)
    values: dict[str, str] = {}
    problems += [
        f"{_place(name, dotenv)}: {name} is not a setting; .env.example lists them"
        for name in from_file
        if name not in known and name.removesuffix("_FILE") not in SECRETS
    ]
    for source in (from_file, environment):
        values.update({name: source[name] for name in known if name in source})
        problems += _read_secret_files(source, values)
    _place_database(values)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as wrong:
        problems += [_explain(error, environment, dotenv) for error in wrong.errors()]
        if not dotenv.is_file() and any(error["type"] == "missing" for error in wrong.errors()):
            problems.append(f"there is no {dotenv} here: cp .env.example {dotenv}, and fill it in")
    if problems:
        raise WrongSettings(problems)
    return settings


def one(name: str, environment: Mapping[str, str], dotenv: Path) -> str:
    """One setting alone, for what needs no other; raises WrongSettings."""
    values: dict[str, str] = {}
    wanted = (name, "STATE_DIR") if name == "DATABASE_URL" else (name,)
    problems: list[str] = []
    for source in (_read_dotenv(dotenv, problems), environment):
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
    for source in (_read_dotenv(dotenv, problems), environment):
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


def _read_secret_files(source: Mapping[str, str], values: dict[str, str], only: str = "") -> list[str]:
    """Each secret may stand in a file of its own, named by SECRET_FILE."""
    problems = []
    for secret in (one for one in SECRETS if only in ("", one)):
        path = source.get(f"{secret}_FILE")
        if not path:
            continue
        try:
            values[secret] = Path(path).read_text("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as trouble:
            problems.append(f"{secret}_FILE: {path} can't be read: {trouble}")
    return problems


def _explain(error: Any, environment: Mapping[str, str], dotenv: Path) -> str:
    name = str(error["loc"][0])
    place = "environment" if name in environment else _place(name, dotenv)
    missing = error["type"] == "missing" or (error["type"] == "string_too_short" and not error["input"])
    if missing:
        return f"{place}: {name} is missing; write {name}=… ({Settings.model_fields[name].description})"
    shown = "" if name in SECRETS else f" = {error['input']!r}"
    words = error["msg"].removeprefix("Value error, ").replace("Input should be", "it must be")
    return f"{place}: {name}{shown}: {IN_WORDS.get(error['type'], words)}"


def _place(name: str, dotenv: Path) -> str:
    """File, line and column of a setting in .env; the file alone when it isn't there."""
    if dotenv.is_file():
        for count, line in enumerate(dotenv.read_text("utf-8", "replace").splitlines(), 1):
            if re.match(rf"\s*(export\s+)?{re.escape(name)}(_FILE)?\s*=", line):
                return f"{dotenv}:{count}:{line.index('=') + 2}"
    return str(dotenv)
