"""What is kept of releases: numbers as they may be shown, never the true ones, and what of the budget they spent."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row
from true_api.privacy.announcing import ChangedKind, to_everybody
from true_api.privacy.reach import Reach


class Release(Row, table=True):
    """One table of the grid for one period, sealed. A later revision stands beside it, and nothing of it changes."""

    __tablename__ = "sealed_releases"
    __announced__: ClassVar[Announced] = to_everybody(ChangedKind.RELEASE, "period", "table")
    __table_args__ = (UniqueConstraint("period", "table", "revision"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    period: str = Field(max_length=7)
    """Written `2026-10`, `2026-Q4` or `FY2027`."""
    period_kind: str = Field(max_length=20)
    """`month`, `quarter` or `fiscal_year`."""
    starts_on: date = Field(index=True)
    """The first day of the period, by which periods of one kind are put in order."""
    table: str = Field(max_length=60)
    dimensions: str = Field(max_length=80)
    """The names of its dimensions, none, one or two, separated by a comma."""
    unit: str = Field(max_length=20)
    revision: int
    """0 when the period was first sealed."""
    is_latest: bool = True
    mechanism: str = Field(max_length=60)
    sealed_on: date


class ReleaseCell(Row, table=True):
    """One cell as it may be shown; a value of null was kept back. The true count is not kept."""

    __tablename__ = "sealed_cells"
    __parent__: ClassVar[str] = "release_id"
    __reach__: ClassVar[Reach] = Reach()

    release_id: UUID = Field(primary_key=True, foreign_key="sealed_releases.id")
    place: int = Field(primary_key=True)
    """Its place in the table, which depends on the grid alone."""
    one: str = Field(max_length=60)
    """The term of the first dimension; empty where there is none."""
    other: str = Field(max_length=60)
    """The term of the second dimension; empty where there is none."""
    value: int | None = None


class LedgerEntry(Row, table=True):
    """What one release spent of the nominal budget: cells of one person x how often they count / b."""

    __tablename__ = "epsilon_ledger"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    release_id: UUID = Field(foreign_key="sealed_releases.id", unique=True)
    cells_of_person: int
    """In how many cells of the table one person can be."""
    most: int
    """How often one person may count in a cell."""
    scale: int
    """The b of the noise."""

    @property
    def epsilon(self) -> float:
        """The nominal epsilon of this release alone. It is a ledger of what was given out, not a proven bound."""
        return self.cells_of_person * self.most / self.scale
