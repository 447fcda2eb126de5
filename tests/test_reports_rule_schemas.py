"""rules/schemas: what editors are told of the rule files is what the code takes."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from cases.rules.strict_yaml import parse
from reports import rule_schemas

RULES = Path(__file__).parent.parent / "rules"
SHIPPED = sorted(path.relative_to(RULES).as_posix() for path in RULES.rglob("*.yaml"))


@cache
def validator(schema: str) -> Draft7Validator:
    return Draft7Validator(json.loads((RULES / "schemas" / schema).read_text("utf-8")))


def as_json(text: str) -> Any:
    document, problems = parse("f.yaml", text)
    assert document is not None, problems
    return json.loads(json.dumps(document.data))


def mistakes(schema: str, text: str) -> list[str]:
    return [error.message for error in validator(schema).iter_errors(as_json(text))]


def test_the_schemas_are_current() -> None:
    kept = {path.name: path.read_text("utf-8") for path in (RULES / "schemas").iterdir()}
    assert kept == rule_schemas.schemas(), "write them anew: make schemas"


@pytest.mark.parametrize("schema", sorted(rule_schemas.schemas()))
def test_every_schema_is_one(schema: str) -> None:
    Draft7Validator.check_schema(json.loads((RULES / "schemas" / schema).read_text("utf-8")))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_names_its_schema_and_keeps_to_it(name: str) -> None:
    first, _, _ = (RULES / name).read_text("utf-8").partition("\n")
    assert first == rule_schemas.header(name)
    assert (RULES / name).parent.joinpath(first.removeprefix(rule_schemas.HEADER)).is_file()
    assert mistakes(rule_schemas.schema_name(name), (RULES / name).read_text("utf-8")) == []


def test_every_key_that_an_admin_may_write_is_explained_or_says_what_it_is() -> None:
    told = json.loads(rule_schemas.schemas()["rules.json"])["definitions"]["Conditions"]["properties"]
    assert all("description" in one for one in told.values())
    assert "stands for up to three words" in told["phrase"]["description"]


@pytest.mark.parametrize(
    ("schema", "text", "words"),
    [
        ("rules.json", "rules: []", "non-empty"),
        (
            "rules.json",
            "rules:\n  - name: a b\n    when: {phrase: x}\n    says: {category: late}",
            "does not match",
        ),
        (
            "rules.json",
            "rules:\n  - name: a\n    when: {phrases: x}\n    says: {category: late}",
            "'phrases' was",
        ),
        (
            "rules.json",
            "rules:\n  - name: a\n    when: {phrase: 404}\n    says: {category: late}",
            "404 is not",
        ),
        ("rules.json", "rules:\n  - name: a\n    when: {phrase: x}\n    says: late", "'late' is not of type"),
        ("rules.json", "rules:\n  - name: a\n    when: {phrase: x}", "'says' is a required"),
        (
            "rules.json",
            "rules:\n  - name: a\n    when: {phrase: x}\n    says: {stop: yes}",
            "'yes' is not of type",
        ),
        (
            "categories.json",
            "categories: {late: {kind: complain, description: x}}",
            "'complain' is not one of",
        ),
        (
            "categories.json",
            "categories: {late: {kind: complaint, description: x, close_after: 7}}",
            "7 is not",
        ),
        (
            "categories.json",
            "categories: {late: {kind: complaint, description: x, close_after: soon}}",
            "'soon' does not match",
        ),
        (
            "categories.json",
            "unsure_below: 40\ncategories: {a: {kind: other, description: x}}",
            "40 is greater",
        ),
        ("agents.json", "agents: [{address: dana, name: Dana}]", "'dana' does not match"),
        (
            "agents.json",
            "agents: [{address: d@example.com, name: Dana, roles: [boss]}]",
            "is not valid under any",
        ),
        ("calendar.json", "working_hours: 9 to 5", "'9 to 5' does not match"),
        ("calendar.json", "holidays: [21.03.2027]", "'21.03.2027' does not match"),
        ("signals.json", "signals: [{name: a, threshold: many, to: admin}]", "'many' does not match"),
        ("words.json", "language: en\nname: English\ncourtsey: [x]", "'courtsey' was"),
    ],
)
def test_an_editor_tells_a_typical_mistake(schema: str, text: str, words: str) -> None:
    assert any(words in message for message in mistakes(schema, text)), mistakes(schema, text)


def test_a_kind_of_field_without_a_schema_is_not_left_out_in_silence() -> None:
    with pytest.raises(TypeError, match="no schema is known"):
        rule_schemas._plain(complex, {})
