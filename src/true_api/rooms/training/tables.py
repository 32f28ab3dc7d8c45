"""What we keep of training: hours by competency, and certificates with the day on which they end."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Kept, Rules, Stays
from true_api.rooms.training.vocabulary import Competency, TrainingKind
from true_api.security.colleagues import own_or_of_team


class TrainingRecord(Row, table=True):
    """Time that somebody who works here spent on learning, on supervised work, on leading or on speaking up."""

    __tablename__ = "training_records"
    __reach__: ClassVar[Reach] = Reach(program=own_or_of_team)
    __kept_for__: ClassVar[Rules] = (Kept("done_on", 2_192, "boards that certify ask for the hours of six years"),)
    __table_args__ = (Index("ix_training_records_member", "member_id", "done_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    member_id: UUID = Field(foreign_key="members.id")
    kind: TrainingKind = Field(sa_type=choice(TrainingKind))
    competency: Competency = Field(sa_type=choice(Competency))
    minutes: int
    done_on: date


class Certificate(Row, table=True):
    """A certificate that somebody who works here holds; its kind is one of the program's own terms."""

    __tablename__ = "certificates"
    __reach__: ClassVar[Reach] = Reach(program=own_or_of_team)
    __kept_for__: ClassVar[Rules] = (
        Kept("expires_on", 2_192, "boards that certify ask for six years"),
        Stays("one without an end holds for as long as its holder works here"),
    )
    __table_args__ = (
        Index("ix_certificates_member", "member_id", "obtained_on", "id"),
        Index("ix_certificates_expiry", "expires_on"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    member_id: UUID = Field(foreign_key="members.id")
    kind: str = Field(max_length=40)
    obtained_on: date
    expires_on: date | None = None
