"""What we keep of capacity: questions about a need and nobody, an agency's answers, and what it says of tonight."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, UniqueConstraint, and_, select
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, listing, table_of
from true_api.privacy.reach import Reach, Viewer, every_row, own_organization
from true_api.privacy.retention import Kept, Rules
from true_api.privacy.terms import Need
from true_api.rooms.capacity.vocabulary import CapacityAnswerKind
from true_api.security.accounts import Member


def of_own_team(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """What the viewer's team asked: an answer helps whoever of them works tonight."""
    members = table_of(Member)
    own = select(members.c.team_id).where(members.c.id == viewer.id)
    return table.c.team_id == own.scalar_subquery()


class CapacityQuestion(Row, table=True):
    """A question about places; of what is asked stands with each agency that is asked. Nothing here names a person."""

    __tablename__ = "capacity_questions"
    __kept_for__: ClassVar[Rules] = (Kept("asked_on", 30, "an answer older than that says nothing about places"),)
    __reach__: ClassVar[Reach] = Reach(program=of_own_team)
    __table_args__ = (Index("ix_capacity_questions_team", "team_id", "asked_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    asked_on: date
    closes_on: date


def asked_of_own(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For an agency: what it is asked, as long as an answer is of use."""
    return and_(own_organization(table, viewer), table.c.closes_on >= viewer.today)


class CapacityAnswer(Row, table=True):
    """One agency that is asked, by a reference of its own, and what it last answered."""

    __tablename__ = "capacity_answers"
    __parent__: ClassVar[str] = "question_id"
    __reach__: ClassVar[Reach] = Reach(agency=asked_of_own)
    __table_args__ = (
        UniqueConstraint("question_id", "organization_id"),
        Index("ix_capacity_answers_agency", "organization_id", "reference"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    question_id: UUID = Field(foreign_key="capacity_questions.id")
    organization_id: UUID = Field(foreign_key="organizations.id")
    need: Need = Field(sa_type=choice(Need))
    tonight: bool
    closes_on: date
    answer: CapacityAnswerKind | None = Field(default=None, sa_type=choice(CapacityAnswerKind))
    places: int | None = None
    answered_at: datetime | None = None


class AgencyTonight(Row, table=True):
    """Whether an agency takes people tonight, in its own word, until `holds_until`."""

    __tablename__ = "agencies_tonight"
    __kept_for__: ClassVar[Rules] = (Kept("said_at", 30, "last month's nights say nothing about this one"),)
    __reach__: ClassVar[Reach] = Reach(program=every_row, agency=own_organization)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    organization_id: UUID = Field(foreign_key="organizations.id", unique=True)
    takes_people_tonight: bool
    needs: list[str] = Field(sa_type=listing())
    places: int | None = None
    said_at: datetime
    holds_until: datetime
