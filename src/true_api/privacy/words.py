"""Words: every sealed text of every record, apart from the facts, so that no list or export can carry one."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row
from true_api.privacy.retention import Rules, Stays


class SealedText(Row, table=True):
    """One text of one record, sealed under the data key of its sealing subject (privacy.md 6).

    The sealing subject is the participant whom the record is about, else the record itself: an intake request that
    nobody is connected to, a contact with somebody of whom there is no record. `place` is `table.column` as the
    text would have been a column of the record.
    """

    __tablename__ = "sealed_texts"
    __kept_for__: ClassVar[Rules] = (Stays("goes with the record, or by the rule of the record's table"),)
    __table_args__ = (UniqueConstraint("row_id", "place"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    row_id: UUID
    place: str = Field(max_length=60)
    sealing_subject: UUID = Field(index=True)
    schema_version: int = 1
    sealed: bytes = Field(sa_type=LargeBinary)
