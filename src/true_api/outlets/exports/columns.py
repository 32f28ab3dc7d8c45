"""Of each kind of export: which tables it may hold, which columns they have, and what is left out of them and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from true_api.outlets.exports import dataset, sealed_tables
from true_api.outlets.exports.operational import OPERATIONAL
from true_api.outlets.exports.vocabulary import ExportKind
from true_api.outlets.formats import Columns
from true_api.outlets.sealed.reading import columns_of as columns_released
from true_api.outlets.statistics.grid import GRID

LeftOut = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shape:
    """The tables of one kind of export."""

    tables: tuple[str, ...]
    columns: Callable[[str], Columns]
    left_out: Callable[[str], LeftOut]


SHAPES: Mapping[ExportKind, Shape] = {
    ExportKind.OPERATIONAL: Shape(
        tuple(OPERATIONAL), lambda table: OPERATIONAL[table].columns, lambda table: OPERATIONAL[table].left_out
    ),
    ExportKind.DATASET: Shape((dataset.TABLE,), lambda _: dataset.COLUMNS, lambda _: dataset.LEFT_OUT),
    ExportKind.RELEASES: Shape(
        tuple(GRID), lambda table: columns_released(GRID[table]), lambda _: sealed_tables.LEFT_OUT
    ),
}


def columns_of(kind: ExportKind, table: str) -> Columns:
    """The columns of one file; none of a table that an earlier version had."""
    shape = SHAPES[kind]
    return shape.columns(table) if table in shape.tables else ()


def left_out_of(kind: ExportKind, table: str) -> LeftOut:
    """What stays in the house of one table, and why."""
    shape = SHAPES[kind]
    return shape.left_out(table) if table in shape.tables else ()
