"""What we keep so that an offer that an ending withdrew can be made again."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row
from true_api.privacy.endings import Ending as Ending


class RestingOffer(Row, table=True):
    """That an ending withdrew an offer; told to nobody. It goes with the ending.

    `offer_id` has no foreign key: an open need and its offer go after a season, whatever ended.
    """

    __tablename__ = "resting_offers"
    __parent__: ClassVar[str] = "ending_id"
    __table_args__ = (UniqueConstraint("ending_id", "offer_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    ending_id: UUID = Field(foreign_key="participant_endings.id")
    offer_id: UUID
