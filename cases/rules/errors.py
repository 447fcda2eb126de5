"""Pydantic's errors told with their place in the file and what to write instead."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from cases.rules.strict_yaml import Document, Path
from language.problem import Problem

Model = TypeVar("Model", bound=BaseModel)

LINES = "write lines of 'key: value' here, a step further to the right"
WANTED = {
    "bool": "write true or false here, without quotes",
    "dict": LINES,
    "frozen": "leave this out",
    "is": LINES,
    "list": "write a list here: a line that begins with '- ' for each",
    "mapping": LINES,
    "model": LINES,
    "tuple": "write a list here: a line that begins with '- ' for each",
}
NUMBERS = {"float": "write a number here, such as 1 or 0.5", "int": "write a whole number here"}
EMPTY = (
    "this file is empty; put back what was in it, or its namesake from the rules folder that came with Peygir"
)
ONLY_COMMENTS = (
    "this file has only lines that begin with '#', which say nothing; write at least '{}: …', or delete it"
)
NOTHING = "nothing is written here; write what it should be, or delete the line"
HIDDEN = re.compile(r"\s*(#.*)")
CURLY = frozenset("“”„«»‘’‚")
MOST_KEYS = 20
CLOSE = 0.6
COMMAS = "،؛，、"


def read(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The document as this model, or None and every problem, each at its place."""
    data = {} if document.data is None else document.data
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        if document.data is None:
            first = next((one["loc"][0] for one in error.errors(include_url=False) if one["loc"]), "")
            told = ONLY_COMMENTS.format(first) if document.text.strip() else EMPTY
            return None, [Problem(document.file, 0, 0, told)]
        return None, [_problem(document, model, fault) for fault in error.errors(include_url=False)]


def meant(written: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(written, names, n=1, cutoff=CLOSE)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"write one of: {', '.join(names)}" if names else "there is none yet"


def _problem(document: Document, model: type[BaseModel], fault: Mapping[str, Any]) -> Problem:
    path: Path = tuple(part for part in fault["loc"] if part != "[key]")
    kind = fault["type"]
    at_key = kind == "extra_forbidden" or "[key]" in fault["loc"]
    line, column = document.place(path[:-1] if kind == "missing" else path, key=at_key)
    told = _told(kind, path, fault, model)
    if told == NOTHING and (comment := HIDDEN.match(document.text.split("\n")[line - 1], column - 1)):
        told = f"what begins with # is not read; put it in quotes: '{comment[1].strip()}'"
    return Problem(document.file, line, column, told)


def _told(kind: str, path: Path, fault: Mapping[str, Any], model: type[BaseModel]) -> str:
    given = fault["input"]
    if kind == "extra_forbidden":
        return _unknown(path, given, model)
    if kind == "missing":
        return f"'{path[-1]}' is missing here; add a line '{path[-1]}: …'{_choices(model, path)}"
    if isinstance(given, str) and (comma := next((sign for sign in COMMAS if sign in given), "")):
        return f"'{comma}' parts no entries; write the plain comma ',' between them"
    return _of_value(kind, path, fault, model)


def _of_value(kind: str, path: Path, fault: Mapping[str, Any], model: type[BaseModel]) -> str:
    given, context = fault["input"], fault.get("ctx", {})
    if given is None:
        return NOTHING
    if kind == "value_error":
        return f"{_quoted(given)}{context['error']}"
    if kind == "enum":
        return f"{_quoted(given)}{meant(str(given), _expected(context))}"
    if kind == "string_type":
        return _text_wanted(given)
    return _by_type(kind, path, fault, model)


def _expected(context: Mapping[str, Any]) -> list[str]:
    return [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]


def _choices(model: type[BaseModel], path: Path) -> str:
    """What can stand at a path, where that is a choice of words."""
    kind = kind_at(model, path)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f" with one of: {', '.join(str(one.value) for one in kind)}"
    return ""


def _unknown(path: Path, given: Any, model: type[BaseModel]) -> str:
    key, around = str(path[-1]), path[:-1]
    if given is None and key.isdigit():
        return f"the comma before '{key}' begins a new entry; write the number without a comma"
    known = keys_at(model, around)
    if not difflib.get_close_matches(key, known, n=1, cutoff=CLOSE) and (places := _homes(model, key)):
        return f"'{key}' does not belong here but {' or '.join(places)}; move it there"
    return f"'{key}' is not known here; {meant(key, known)}"


def _by_type(kind: str, path: Path, fault: Mapping[str, Any], model: type[BaseModel]) -> str:
    given, context = fault["input"], fault.get("ctx", {})
    if kind in ("too_short", "string_too_short"):
        return "this is empty; write at least one"
    if kind.startswith(("greater_than", "less_than")):
        return f"{_quoted(given)}write a number {_bound(kind)} {next(iter(context.values())):g}"
    first = kind.split("_", maxsplit=1)[0]
    if first in NUMBERS:
        return f"{_quoted(given)}{NUMBERS[first]}{_as_number(given)}"
    wanted = WANTED.get(first)
    if wanted == LINES and (keys := keys_at(model, path)):
        start = f"'{given}' lacks its key" if isinstance(given, str | int | float) else "the keys are missing"
        return f"{start}; write 'key: value' here, with one of the keys {', '.join(keys[:MOST_KEYS])}"
    return f"{_quoted(given)}{wanted or str(fault['msg']).lower()}"


def _as_number(given: Any) -> str:
    """What was meant by a number that people write and the file can't have."""
    if not isinstance(given, str):
        return ""
    share = given.strip().endswith(("%", "٪"))
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in given).strip("%٪ ")
    plain = digits.replace(",", ".").replace("٫", ".").replace("٬", "")
    with suppress(ValueError):
        number = float(plain) / (100 if share else 1)
        return f"; did you mean {number:g}?" if math.isfinite(number) else ""
    return ""


def _bound(kind: str) -> str:
    words = {"greater_than": "above", "greater_than_equal": "of at least", "less_than": "below"}
    return words.get(kind, "of at most")


def _text_wanted(given: Any) -> str:
    if isinstance(given, dict) and str(next(iter(given), ""))[:1] in CURLY:
        return "curly quotes don't count as quotes; type straight ones: '…'"
    if isinstance(given, dict):
        return "this is read as 'key: value' because of its colon; put the text in quotes: '…: …'"
    if isinstance(given, list):
        return "a single text belongs here, not a list; a text that begins with [ or '- ' needs quotes"
    written = str(given).lower() if isinstance(given, bool) else given
    return f"{written} without quotes is not a text; write '{written}' in quotes"


def _quoted(given: Any) -> str:
    return f"'{given}' doesn't fit; " if isinstance(given, str | int | float) else ""


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at a path of a model."""
    found = kind_at(model, path)
    return list(_fields(found)) if _is_model(found) else []


@lru_cache
def all_keys(model: type[BaseModel]) -> frozenset[str]:
    """The keys that may stand anywhere in a model."""
    return frozenset(key for inner, _ in _models(model) for key in _fields(inner))


def kind_at(model: type[BaseModel], path: Path) -> Any:
    """The type of what stands at a path of a model."""
    found: Any = model
    for part in path:
        found = _inside(found, part)
    return plain_kind(found)


def _homes(model: type[BaseModel], key: str) -> list[str]:
    """Where in a file a key belongs, in words."""
    places = [above for inner, above in _models(model) if key in _fields(inner)]
    return list(
        dict.fromkeys(f"below '{above}:'" if above else "at the beginning of a line" for above in places)
    )


def _models(model: Any, above: str = "", seen: frozenset[Any] = frozenset()) -> Iterator[tuple[Any, str]]:
    """A model and those in it, each with the key that it stands below."""
    model = plain_kind(model)
    if _is_model(model):
        if model not in seen:
            yield model, above
            for name, field in _fields(model).items():
                yield from _models(field.annotation, name, seen | {model})
    else:
        for item in get_args(model):
            yield from _models(item, above, seen)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _fields(model: Any) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _inside(kind: Any, part: str | int) -> Any:
    kind = plain_kind(kind)
    if _is_model(kind):
        fields = _fields(kind)
        return fields[str(part)].annotation if part in fields else None
    items = [item for item in get_args(kind) if item is not Ellipsis]
    return items[-1] if items else None


def plain_kind(kind: Any) -> Any:
    """A type without Annotated and Optional around it."""
    while hasattr(kind, "__metadata__") or get_origin(kind) in (Union, UnionType):
        inner = (item for item in get_args(kind) if item is not type(None))
        kind = next(inner) if get_origin(kind) is not None else kind.__origin__
    return kind
