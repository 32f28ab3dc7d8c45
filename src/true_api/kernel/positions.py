"""What the sequencer keeps: entries that wait, entries in their places, and whose turn it is."""

from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from true_api.kernel.rows import Row


class Pending(Row, table=True):
    """An entry that waits for its position."""

    __tablename__ = "pending"

    entry_id: UUID = Field(primary_key=True)
    stream: str = Field(max_length=40)


class Position(Row, table=True):
    """An entry's place in the order of commits."""

    __tablename__ = "positions"

    position: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    entry_id: UUID = Field(unique=True)
    stream: str = Field(max_length=40)


class Turn(Row, table=True):
    """The one row that whoever moves entries must change: the last position given."""

    __tablename__ = "turns"

    id: UUID = Field(primary_key=True)
    version: int = 1
    last_position: int = Field(default=0, sa_type=BigInteger)


ONLY_TURN = UUID("00000000-0000-7000-8000-000000000001")
"""The migration that makes the tables makes this row."""
