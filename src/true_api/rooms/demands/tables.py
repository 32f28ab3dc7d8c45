"""What we keep of a legal demand and of its steps. Who asks, and for whom by name, stands on the paper."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, or_
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice
from true_api.privacy.cases import of_team_caseload
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Fate, Kept, Rules, Unlinked
from true_api.rooms.demands.vocabulary import Authority, Counsel, DemandKind, DemandState, OrderSection


def of_supervisors(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For supervisors alone: demands about people their team works with, and those that name no participant."""
    if viewer.sight is not Sight.TEAM_CASELOAD:
        return false()
    return or_(table.c.participant_id.is_(None), of_team_caseload(table, viewer))


class LegalDemand(Row, table=True):
    """A subpoena, court order, search warrant or other request. `reference` is written on the paper that came."""

    __tablename__ = "legal_demands"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("received_on", "due_on", "changed_on"), redrawn=("reference",))
    __kept_for__: ClassVar[Rules] = (
        Kept("changed_on", 2_192, "documentation is kept for six years (45 CFR 164.530(j))"),
    )
    __reach__: ClassVar[Reach] = Reach(program=of_supervisors)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id", index=True)
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: DemandKind = Field(sa_type=choice(DemandKind))
    asked_by: Authority = Field(sa_type=choice(Authority))
    counsel: Counsel | None = Field(default=None, sa_type=choice(Counsel))
    order_section: OrderSection | None = Field(default=None, sa_type=choice(OrderSection))
    state: DemandState = Field(default=DemandState.RECEIVED, sa_type=choice(DemandState))
    received_on: date
    due_on: date | None = None
    changed_on: date


class LegalDemandStep(Row, table=True):
    """One move of a demand: from where, to where, by whom."""

    __tablename__ = "legal_demand_steps"
    __parent__: ClassVar[str] = "legal_demand_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("moved_on",))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    legal_demand_id: UUID = Field(foreign_key="legal_demands.id", index=True)
    member_id: UUID = Field(foreign_key="members.id")
    from_state: DemandState = Field(sa_type=choice(DemandState))
    to_state: DemandState = Field(sa_type=choice(DemandState))
    moved_on: date
