"""What we keep of a plan: which kind, in which language, and its days; every word of it is sealed."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.announcing import ChangedKind, to_program
from true_api.privacy.cases import on_caseload
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Deleted, Fate, Kept, Rules
from true_api.rooms.plans.vocabulary import PlanKind, PlanLanguage


class Plan(Row, table=True):
    """One version of a plan; `superseded_on` once there is a later one. Its parts are texts: even its codes are sealed.

    Within the reach of the program's own people and of nobody else: no agency, no figure and no export reads it.
    """

    __tablename__ = "plans"
    __announced__: ClassVar[Announced] = to_program(ChangedKind.PLAN)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (
        Kept("superseded_on", 365, "what was written before helps to write anew for a year; the one in force stays"),
    )
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (
        Index("ix_plans_journey", "participant_id", "kind", "written_on", "id"),
        Index("ix_plans_review", "review_on", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    kind: PlanKind = Field(sa_type=choice(PlanKind))
    written_in: PlanLanguage = Field(sa_type=choice(PlanLanguage))
    written_on: date
    review_on: date | None = None
    reviewed_on: date | None = None
    superseded_on: date | None = None
