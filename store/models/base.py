"""What every table has in common, and how rows are made without the ORM's cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import Column, Connection, Enum, Table, event, text
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.attributes import manager_of_class
from sqlmodel import Field, SQLModel

Noun = TypeVar("Noun", bound=SQLModel)

# Named, so that a later migration can drop or change them on SQLite too.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def enum_column(kind: type[StrEnum], *, constrained: bool = True, **column: Any) -> Any:
    """A column that stores an enum by value; a constrained one is also checked by the database."""
    stored = Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=constrained,
        validate_strings=True,
        length=32,
        name=f"{kind.__name__.lower()}_known",
    )
    return Field(sa_column=Column(stored, nullable=False, **column))


class Row(SQLModel):
    """What every table's rows have in common."""

    # Rows are written by the store and never validated: what pydantic needs for it is not made at the start.
    model_config = {"defer_build": True}


def only_where(table: str, name: str, condition: str) -> None:
    """Make an index of a table partial, so that it stays small however long the history grows.

    Said apart, because naming a database in the table itself loads SQLAlchemy's half for it, used or not.
    """

    def narrowed(made: Table, connection: Connection, **_: Any) -> None:
        [index] = (index for index in made.indexes if index.name == name)
        false = "0" if connection.dialect.name == "sqlite" else "false"
        index.dialect_options[connection.dialect.name]["where"] = text(condition.format(false=false))

    event.listen(SQLModel.metadata.tables[table], "before_create", narrowed)


def plain(kind: type[Noun], values: Mapping[str, Any]) -> Noun:
    """An object of a table with these values, which no session knows; nothing is validated.

    As the ORM makes one from a row: a tenth of what calling the class costs. What has a plain default may be
    left out.
    """
    make, defaults = _maker(kind)
    made = make()
    made.__dict__.update(defaults, **values)
    return cast(Noun, made)


def values_of(noun: SQLModel) -> dict[str, Any]:
    """What an object that `plain` made holds, by column."""
    return {name: value for name, value in noun.__dict__.items() if name[0] != "_"}


@lru_cache
def _maker(kind: type[SQLModel]) -> tuple[Callable[[], SQLModel], Mapping[str, Any]]:
    configure_mappers()
    fields = kind.model_fields.items()
    plain = {name: one.default for name, one in fields if not one.is_required() and not one.default_factory}
    return manager_of_class(kind).new_instance, plain
