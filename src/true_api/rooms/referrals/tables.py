"""What we keep of a referral, and of each step that it took."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, and_
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice
from true_api.privacy.cases import on_caseload
from true_api.privacy.consents import Category, consented, resting_on
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Fate, Goes, Kept, Rules, Unlinked
from true_api.rooms.referrals.vocabulary import (
    DecidedBy,
    Need,
    Reason,
    ReferralOutcome,
    ReferralState,
    Urgency,
)

NEVER_SENT = (ReferralState.DRAFT, ReferralState.ENTERED_IN_ERROR)


def sent_with_consent(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For the agency addressed: what was sent, while the person's live consent names that agency (privacy.md 7)."""
    return and_(consented(table, viewer, Category.REFERRAL), table.c.state.not_in(NEVER_SENT))


class Referral(Row, table=True):
    """One request to one agency for one need. `reference` is what the agency knows it by."""

    __tablename__ = "referrals"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("requested_on", "changed_on"), redrawn=("reference",))
    __kept_for__: ClassVar[Rules] = (
        Kept("changed_on", 1_096, "accounting of what was disclosed looks back three years (42 CFR 2.25)", Goes.WORDS),
    )
    __reach__: ClassVar[Reach] = Reach(
        program=on_caseload, agency=sent_with_consent, basis=resting_on(Category.REFERRAL)
    )
    __table_args__ = (
        Index("ix_referrals_journey", "participant_id", "requested_on", "id"),
        Index("ix_referrals_agency", "organization_id", "requested_on", "reference"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    organization_id: UUID = Field(foreign_key="organizations.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    need: Need = Field(sa_type=choice(Need))
    urgency: Urgency = Field(sa_type=choice(Urgency))
    state: ReferralState = Field(sa_type=choice(ReferralState))
    reason: Reason | None = Field(default=None, sa_type=choice(Reason))
    decided_by: DecidedBy | None = Field(default=None, sa_type=choice(DecidedBy))
    outcome: ReferralOutcome | None = Field(default=None, sa_type=choice(ReferralOutcome))
    requested_on: date
    changed_on: date


class ReferralStep(Row, table=True):
    """One move of a referral: from where, to where, by whom."""

    __tablename__ = "referral_steps"
    __parent__: ClassVar[str] = "referral_id"
    __kept_for__: ClassVar[Rules] = (
        Kept("moved_on", 1_096, "accounting of what was disclosed looks back three years (42 CFR 2.25)", Goes.WORDS),
    )
    __forgotten__: ClassVar[Fate] = Unlinked(days=("moved_on",))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    referral_id: UUID = Field(foreign_key="referrals.id", index=True)
    from_state: ReferralState = Field(sa_type=choice(ReferralState))
    to_state: ReferralState = Field(sa_type=choice(ReferralState))
    reason: Reason | None = Field(default=None, sa_type=choice(Reason))
    by_agency: bool
    moved_on: date
