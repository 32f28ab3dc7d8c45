"""What we keep of who works with whom: hand-overs, beside the covers and exclusions that the gates read."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.cases import of_team_caseload
from true_api.privacy.covers import Cover as Cover
from true_api.privacy.exclusions import Exclusion as Exclusion
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Deleted, Fate, Kept, Rules
from true_api.rooms.assignments.vocabulary import HandedOverAs


def own_team(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For supervisors alone: what their team did."""
    return table.c.team_id == viewer.team if viewer.sight is Sight.TEAM_CASELOAD else false()


class HandOver(Row, table=True):
    """That a supervisor handed people over from one member of their team to another."""

    __tablename__ = "hand_overs"
    __kept_for__: ClassVar[Rules] = (Kept("handed_on", 365, "who was handed to whom can be seen for a year"),)
    __reach__: ClassVar[Reach] = Reach(program=own_team)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    from_id: UUID = Field(foreign_key="members.id")
    to_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id", index=True)
    handed_on: date
    more: bool


class HandedOverPerson(Row, table=True):
    """What became of one person of a hand-over."""

    __tablename__ = "handed_over_people"
    __subject__: ClassVar[str | None] = "participant_id"
    __parent__: ClassVar[str] = "hand_over_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __reach__: ClassVar[Reach] = Reach(program=of_team_caseload)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    hand_over_id: UUID = Field(foreign_key="hand_overs.id", index=True)
    participant_id: UUID = Field(foreign_key="participants.id", index=True)
    outcome: HandedOverAs = Field(sa_type=choice(HandedOverAs))
