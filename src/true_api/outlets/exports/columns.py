"""Of each kind of export: which columns its tables have, and what is left out of them and why."""

from true_api.kernel.database import Database
from true_api.outlets.exports import dataset, sealed_tables
from true_api.outlets.exports.operational import OPERATIONAL
from true_api.outlets.exports.vocabulary import ExportKind
from true_api.outlets.formats import Columns


async def columns_of(database: Database, kind: ExportKind, table: str) -> Columns:
    """The columns of one file."""
    if kind is ExportKind.DATASET:
        return dataset.COLUMNS
    if kind is ExportKind.OPERATIONAL:
        return OPERATIONAL[table].columns if table in OPERATIONAL else ()
    return sealed_tables.columns_of(await sealed_tables.dimensions_of(database, table))


def left_out_of(kind: ExportKind, table: str) -> tuple[tuple[str, str], ...]:
    """What stays in the house, and why."""
    if kind is ExportKind.DATASET:
        return dataset.LEFT_OUT
    if kind is ExportKind.OPERATIONAL:
        return OPERATIONAL[table].left_out if table in OPERATIONAL else ()
    return sealed_tables.LEFT_OUT
