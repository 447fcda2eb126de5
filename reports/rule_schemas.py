"""JSON Schemas of the rule files, for editors that help while one types: `make schemas` writes them anew."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from cases import regular
from cases.quiet import Quiet
from cases.rules import fields
from cases.rules.calendars import CalendarFile, TeamTimes
from cases.rules.conditions import RulesFile
from cases.rules.deadlines import DeadlinesFile
from cases.rules.durations import Duration, Hours
from cases.rules.extractors import ExtractorsFile
from cases.rules.issues import IssuesFile
from cases.rules.kept_files import KeptFiles
from cases.rules.lettering import LettersFile
from cases.rules.loading import (
    AGENTS,
    ATTACHMENTS,
    AUTOMATIC,
    CALENDAR,
    CATEGORIES,
    DEADLINES,
    EXTRACTORS,
    ISSUES,
    LETTERS,
    RETENTION,
    ROUTING,
    SIGNALS,
    WORDS_FOLDER,
)
from cases.rules.past import AtLeast
from cases.rules.retention import Age, RetentionFile
from cases.rules.signals import SignalsFile, Threshold
from cases.rules.tone import TONE_FOLDER, ToneFile
from cases.rules.types import AgentsFile, CategoriesFile, RoutingFile
from language.signs import Signs
from language.words import Words

Schema = dict[str, Any]

ROOT = Path(__file__).parent.parent
DRAFT = "http://json-schema.org/draft-07/schema#"
HEADER = "# yaml-language-server: $schema="
RULES = "rules"
MODELS: Mapping[str, type[BaseModel]] = {
    AGENTS: AgentsFile,
    ATTACHMENTS: KeptFiles,
    AUTOMATIC: Signs,
    CALENDAR: CalendarFile,
    CATEGORIES: CategoriesFile,
    DEADLINES: DeadlinesFile,
    EXTRACTORS: ExtractorsFile,
    ISSUES: IssuesFile,
    LETTERS: LettersFile,
    RETENTION: RetentionFile,
    ROUTING: RoutingFile,
    SIGNALS: SignalsFile,
    TONE_FOLDER: ToneFile,
    WORDS_FOLDER: Words,
}
"""What each file says; all others hold rules."""

TIME = r"\d{1,4} +(working +)?(minute|hour|day|week)s?"
AS_TEXT: Mapping[type, Schema] = {
    Duration: {
        "type": "string",
        "pattern": r"^\s*(\d{1,4} +(minute|hour|day|week)s?|\d{1,3} +working +(hour|day)s?)\s*$",
        "examples": ["30 minutes", "4 hours", "2 days", "3 working days"],
    },
    Hours: {
        "type": "string",
        "pattern": r"^\s*\d{1,2}:\d{2} *[-–] *\d{1,2}:\d{2}\s*$",
        "examples": ["09:00-17:00"],
    },
    Quiet: {
        "type": "string",
        "pattern": r"^\s*(never|hourly|daily +\d{1,2}:\d{2})\s*$",
        "examples": ["never", "hourly", "daily 09:00"],
    },
    Age: {
        "type": "string",
        "pattern": r"^\s*(never|\d{1,4} +(month|year)s?)\s*$",
        "examples": ["never", "24 months", "7 years"],
    },
    regular.Regular: {"type": "string", "pattern": rf"^{regular.WRITTEN}$", "examples": ["daily at 08:00"]},
    AtLeast: {
        "anyOf": [
            {"type": "integer", "minimum": 1},
            {"type": "string", "pattern": rf"^\d{{1,4}}( +in +{TIME})?$"},
        ],
        "examples": ["3 in 90 days"],
    },
    Threshold: {"type": "string", "pattern": rf"^\d{{1,5}} +in +{TIME}$", "examples": ["20 in 7 days"]},
    date: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "examples": ["2027-03-21"]},
    Decimal: {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)?$"}]},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
}
BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "max_length": "maxLength",
    "min_length": "minLength",
}


def _first(kind: Any) -> Any:
    """The first check of an annotated type."""
    return kind.__metadata__[0]


FITTING: Mapping[Any, Schema] = {
    _first(fields.Language): {"pattern": "^[a-z]{2,3}$", "examples": ["fa", "he", "ar", "en"]},
    _first(fields.MailAddress): {"pattern": r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$"},
    _first(fields.Name): {"pattern": f"^{fields.NAME.pattern}$"},
    _first(fields.TimeZone): {"examples": ["Asia/Tehran", "Asia/Jerusalem", "UTC"]},
}
"""What the checks of a text ask for, where a schema can say it."""
AS_ELSEWHERE = (TeamTimes,)
"""What these leave out is as it stands elsewhere."""
BY_NAME = {"_as_country": ["IR", "IL", "AE", "DE"]}
"""The checks that take a text for what is called so, with examples."""
OR_ALONE = ("as_texts", "_texts")
"""The checks that take one text for a list of one."""


def model_of(name: str) -> type[BaseModel]:
    """What a rule file says, by its name within the folder."""
    return MODELS.get(f"{name.partition('/')[0]}/", MODELS.get(name, RulesFile))


def schema_name(name: str) -> str:
    """The schema's file of a rule file."""
    known = f"{name.partition('/')[0]}/" if f"{name.partition('/')[0]}/" in MODELS else name
    return f"{known.removesuffix('.yaml').rstrip('/') if known in MODELS else RULES}.json"


def header(name: str) -> str:
    """The line by which an editor finds the schema of a rule file."""
    return f"{HEADER}{'../' * name.count('/')}schemas/{schema_name(name)}"


def schema(model: type[BaseModel]) -> Schema:
    """The schema of one kind of file."""
    definitions: dict[str, Schema] = {}
    whole = _object(model, definitions)
    inner = {name: definitions[name] for name in sorted(definitions)}
    return {"$schema": DRAFT, **whole, **({"definitions": inner} if inner else {})}


def schemas() -> dict[str, str]:
    """Every schema as text, by its file's name."""
    found = {schema_name(name): model for name, model in MODELS.items()} | {f"{RULES}.json": RulesFile}
    return {
        name: json.dumps(schema(model), ensure_ascii=False, indent=1) + "\n"
        for name, model in sorted(found.items())
    }


def write(folder: Path = ROOT / "rules" / "schemas") -> None:
    """Write all schemas anew."""
    folder.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8")


def _object(model: type[BaseModel], definitions: dict[str, Schema]) -> Schema:
    told = _told(model)
    properties = {
        field.alias or name: _described(
            told.get(name, ""), _of(field.annotation, field.metadata, definitions)
        )
        | ({} if model in AS_ELSEWHERE else _default(field))
        for name, field in model.model_fields.items()
    }
    required = [field.alias or name for name, field in model.model_fields.items() if field.is_required()]
    words = " ".join((model.__doc__ or "").split())
    return {
        **({"description": words} if words else {}),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _described(words: str, what: Schema) -> Schema:
    """A schema with words to it; beside a reference, editors would not see them."""
    if not words:
        return what
    return {"description": words} | ({"allOf": [what]} if "$ref" in what else what)


def _default(field: FieldInfo) -> Schema:
    value = field.default.value if isinstance(field.default, Enum) else field.default
    if isinstance(value, Duration | Hours):
        value = str(value)
    plain = isinstance(value, bool | int | float | str) and value not in ("", PydanticUndefined)
    return {"default": value} if plain else {}


def _of(kind: Any, metadata: Iterable[Any], definitions: dict[str, Schema]) -> Schema:
    """The schema of a type with what is said about it."""
    marks = list(metadata)
    while hasattr(kind, "__metadata__"):
        marks, kind = [*kind.__metadata__, *marks], kind.__origin__
    found = dict(_plain(kind, definitions))
    names = {getattr(getattr(mark, "func", None), "__name__", "") for mark in marks}
    for mark in marks:
        found |= FITTING.get(mark, {}) if _hashable(mark) else {}
        found |= {word: getattr(mark, name) for name, word in BOUNDS.items() if hasattr(mark, name)}
    if "filled" in names:
        found |= {"minProperties" if found.get("type") == "object" else "minItems": 1}
    if names & set(BY_NAME):
        return {"anyOf": [{"type": "string", "examples": BY_NAME[(names & set(BY_NAME)).pop()]}, found]}
    if names & set(OR_ALONE):
        return {"anyOf": [found["items"], found]}
    return found


def _hashable(mark: Any) -> bool:
    try:
        hash(mark)
    except TypeError:
        return False
    return True


def _plain(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """The schema of a type by itself."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in AS_TEXT:
        found = AS_TEXT[kind]
    elif origin in (Union, UnionType):
        kinds = [_of(one, (), definitions) for one in inner if one is not NoneType]
        found = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    elif origin is Literal:
        found = {"enum": list(inner)}
    elif origin is tuple:
        found = {"type": "array", "items": _of(inner[0], (), definitions)}
    elif origin in (dict, Mapping):
        found = _mapping(*(_of(one, (), definitions) for one in inner))
    elif issubclass(kind, Enum):
        found = {"enum": [one.value for one in kind]}
    elif issubclass(kind, BaseModel):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__] = _object(kind, definitions)
        found = {"$ref": f"#/definitions/{kind.__name__}"}
    else:
        raise TypeError(f"no schema is known for {kind}; add it to AS_TEXT")
    return found


def _mapping(key: Schema, value: Schema) -> Schema:
    """Of a mapping, whose keys are always texts in a schema."""
    names: Schema = {word: key[word] for word in ("pattern", "minLength") if word in key}
    if "enum" in key:
        names["enum"] = [str(one) for one in key["enum"]]
    if key.get("type") == "integer":
        names["pattern"] = "^-?[0-9]+$"
    return {"type": "object", "additionalProperties": value} | ({"propertyNames": names} if names else {})


@cache
def _told(model: type[BaseModel]) -> dict[str, str]:
    """What the code says of each field: the text below it."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
            lines = body.body if isinstance(body, ast.ClassDef) else []
            for field, text in pairwise(lines):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    found |= _text_of(field.target.id, text)
    return found


def _text_of(name: str, line: ast.stmt) -> dict[str, str]:
    if (
        isinstance(line, ast.Expr)
        and isinstance(line.value, ast.Constant)
        and isinstance(line.value.value, str)
    ):
        return {name: " ".join(line.value.value.split())}
    return {}
