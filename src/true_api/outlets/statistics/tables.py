"""What we keep of numbers: months that were counted, and which of them something was written to since."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice
from true_api.outlets.statistics.grid import Source


class TouchedMonth(Row, table=True):
    """Something of a month was written. The engine itself adds the row, in the commit of the write: none is missed.

    It goes when the month was counted with it. Ids are random, and say nothing of the order.
    """

    __tablename__ = "touched_months"
    __table_args__ = (Index("ix_touched_months_month", "month", "source"),)

    id: UUID = Field(default_factory=new_reference, primary_key=True)
    source: Source = Field(sa_type=choice(Source))
    month: str = Field(max_length=7)


class CountedMonth(Row, table=True):
    """One month of one table was counted, by the `rules` in force; its cells are exact until the month is touched."""

    __tablename__ = "counted_months"
    __table_args__ = (UniqueConstraint("table", "month"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    month: str = Field(max_length=7)
    table: str = Field(max_length=60)
    rules: int


class CountedCell(Row, table=True):
    """What stands in a cell; where there is no row there is nothing."""

    __tablename__ = "counted_cells"
    __parent__: ClassVar[str] = "counted_id"

    counted_id: UUID = Field(primary_key=True, foreign_key="counted_months.id")
    one: str = Field(primary_key=True, max_length=60)
    other: str = Field(primary_key=True, max_length=60)
    value: int = Field(sa_type=BigInteger)
