"""Pydantic's errors told with their place in the file and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cases.rules.strict_yaml import Document, Path
from language.problem import Problem

Model = TypeVar("Model", bound=BaseModel)

WANTED = {
    "bool": "write true or false here, without quotes",
    "dict": "write lines of 'key: value' here, a step further to the right",
    "float": "write a number here, such as 1 or 0.5",
    "frozen": "leave this out",
    "int": "write a whole number here",
    "list": "write a list here: a line that begins with '- ' for each",
    "mapping": "write lines of 'key: value' here, a step further to the right",
    "model": "write lines of 'key: value' here, a step further to the right",
    "tuple": "write a list here: a line that begins with '- ' for each",
}


def read(document: Document, model: type[Model]) -> tuple[Model | None, list[Problem]]:
    """The document as this model, or None and every problem, each at its place."""
    data = {} if document.data is None else document.data
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_problem(document, model, fault) for fault in error.errors(include_url=False)]


def meant(written: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: the nearest known one, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(written, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"write one of: {', '.join(names)}" if names else "there is none yet"


def _problem(document: Document, model: type[BaseModel], fault: Mapping[str, Any]) -> Problem:
    path: Path = tuple(part for part in fault["loc"] if part != "[key]")
    kind = fault["type"]
    at_key = kind == "extra_forbidden" or "[key]" in fault["loc"]
    line, column = document.place(path[:-1] if kind == "missing" else path, key=at_key)
    return Problem(document.file, line, column, _told(kind, path, fault, model))


def _told(kind: str, path: Path, fault: Mapping[str, Any], model: type[BaseModel]) -> str:
    given, context = fault["input"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        return f"'{path[-1]}' is not known here; {meant(str(path[-1]), _keys(model, path[:-1]))}"
    if kind == "missing":
        return f"'{path[-1]}' is missing here; add a line '{path[-1]}: …'"
    if kind == "value_error":
        return f"{_quoted(given)}{context['error']}"
    if kind == "enum":
        allowed = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        return f"{_quoted(given)}{meant(str(given), allowed)}"
    if kind == "string_type":
        return _text_wanted(given)
    return _by_type(kind, given, context, fault)


def _by_type(kind: str, given: Any, context: Mapping[str, Any], fault: Mapping[str, Any]) -> str:
    if kind in ("too_short", "string_too_short"):
        return "this is empty; write at least one"
    if kind.startswith(("greater_than", "less_than")):
        return f"{_quoted(given)}write a number {_bound(kind)} {next(iter(context.values())):g}"
    wanted = WANTED.get(kind.split("_", maxsplit=1)[0])
    return f"{_quoted(given)}{wanted or str(fault['msg']).lower()}"


def _bound(kind: str) -> str:
    words = {"greater_than": "above", "greater_than_equal": "of at least", "less_than": "below"}
    return words.get(kind, "of at most")


def _text_wanted(given: Any) -> str:
    if given is None:
        return "nothing is written here; write a text, or delete the line"
    if isinstance(given, dict):
        return "this is read as 'key: value' because of its colon; put the text in quotes: '…: …'"
    if isinstance(given, list):
        return "a single text belongs here, not a list; a text that begins with [ or '- ' needs quotes"
    written = str(given).lower() if isinstance(given, bool) else given
    return f"{written} without quotes is not a text; write '{written}' in quotes"


def _quoted(given: Any) -> str:
    return f"'{given}' doesn't fit; " if isinstance(given, str | int | float) else ""


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at a path of a model."""
    found: Any = model
    for part in path:
        found = _inside(found, part)
    found = _plain(found)
    if isinstance(found, type) and issubclass(found, BaseModel):
        return [field.alias or name for name, field in found.model_fields.items()]
    return []


def _inside(kind: Any, part: str | int) -> Any:
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {field.alias or name: field for name, field in kind.model_fields.items()}
        return fields[str(part)].annotation if part in fields else None
    items = [item for item in get_args(kind) if item is not Ellipsis]
    return items[-1] if items else None


def _plain(kind: Any) -> Any:
    """A type without Annotated and Optional around it."""
    while hasattr(kind, "__metadata__") or get_origin(kind) in (Union, UnionType):
        kind = next(item for item in get_args(kind) if item is not type(None))
    return kind
