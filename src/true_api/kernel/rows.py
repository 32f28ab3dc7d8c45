"""Rows: the base of every table, with one naming convention for both engines."""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, ClassVar, cast

from sqlalchemy import JSON, ColumnElement, MetaData, String, Table, func
from sqlalchemy import Enum as EnumColumn
from sqlalchemy import cast as cast_to
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


class Row(SQLModel, registry=registry(metadata=metadata)):
    """What we keep. Built only from validated drafts: a table class itself validates nothing."""

    __subject__: ClassVar[str | None] = None
    """The column that says whose record this is; forgetting and the gates read it."""


def table_of(kind: type[Row]) -> Table:
    """The Core table behind a row class: `table_of(Encounter).c.occurred_on` is a column."""
    return cast(Table, cast(Any, kind).__table__)


def values_of(row: Row) -> Mapping[str, object]:
    """The row's column values by column name."""
    held = row.__dict__
    return {name: held[name] for name in _columns_of(type(row))}


@cache
def _columns_of(kind: type[Row]) -> tuple[str, ...]:
    return tuple(str(column.key) for column in table_of(kind).columns)


def choice(kind: type[Enum]) -> EnumColumn:
    """A VARCHAR column that holds an enum's values; native enums store names and break downgrades."""
    return EnumColumn(
        kind,
        native_enum=False,
        length=40,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )


def month_of(day: ColumnElement[Any]) -> ColumnElement[str]:
    """`YYYY-MM` of a column of days: both engines write a date as `YYYY-MM-DD`."""
    return func.substr(cast_to(day, String), 1, 7, type_=String)


def listing() -> JSON:
    """A column that holds a short JSON list; never searched, so plain JSON on both engines."""
    return JSON()
