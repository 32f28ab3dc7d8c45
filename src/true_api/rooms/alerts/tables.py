"""What we keep of an alert: codes, an area and days, no counts and nobody; its few words are sealed."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, or_, true
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Kept, Rules
from true_api.privacy.terms import Substance
from true_api.rooms.alerts.vocabulary import AlertDismissal, AlertMessage, AlertState, AlertWithdrawal

TOLD = (AlertState.CONFIRMED, AlertState.WITHDRAWN)


def told_or_own(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """What was confirmed is for everybody of the program; what is only proposed for supervisors and who proposed it."""
    if viewer.sight is Sight.TEAM_CASELOAD:
        return true()
    return or_(table.c.state.in_(TOLD), table.c.proposed_by == viewer.id)


class Alert(Row, table=True):
    """What was noticed. `overdose_event_id` is always an event about nobody, so that it leads to no person."""

    __tablename__ = "alerts"
    __kept_for__: ClassVar[Rules] = (
        Kept("proposed_on", 365, "what the supply was like a year ago helps to read what it is like now"),
    )
    __reach__: ClassVar[Reach] = Reach(program=told_or_own)
    __table_args__ = (Index("ix_alerts_standing", "state", "expires_on"), Index("ix_alerts_day", "proposed_on", "id"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    state: AlertState = Field(default=AlertState.PROPOSED, sa_type=choice(AlertState))
    message: AlertMessage = Field(sa_type=choice(AlertMessage))
    substance: Substance = Field(sa_type=choice(Substance))
    zone: str | None = Field(default=None, max_length=40)
    drug_check_id: UUID | None = Field(default=None, foreign_key="drug_checks.id")
    overdose_event_id: UUID | None = None
    proposed_by: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    proposed_on: date
    decided_by: UUID | None = Field(default=None, foreign_key="members.id")
    decided_on: date | None = None
    dismissal: AlertDismissal | None = Field(default=None, sa_type=choice(AlertDismissal))
    expires_on: date | None = None
    withdrawn_by: UUID | None = Field(default=None, foreign_key="members.id")
    withdrawn_on: date | None = None
    withdrawal: AlertWithdrawal | None = Field(default=None, sa_type=choice(AlertWithdrawal))
