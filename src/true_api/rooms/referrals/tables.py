"""What we keep of a referral, and of each step that it took."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, and_
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.announcing import ChangedKind, as_part, to_program_and_agency
from true_api.privacy.cases import on_caseload
from true_api.privacy.consents import Category, consented, resting_on
from true_api.privacy.reach import Reach, Viewer
from true_api.privacy.retention import Fate, Goes, Kept, Rules, Unlinked
from true_api.privacy.terms import PartOfDay
from true_api.rooms.referrals.vocabulary import (
    Arrived,
    DecidedBy,
    HandOffHow,
    Need,
    Reason,
    ReferralMode,
    ReferralState,
    Urgency,
)

NEVER_SENT = (ReferralState.DRAFT, ReferralState.ENTERED_IN_ERROR)


def was_sent(table: Table) -> ColumnElement[bool]:
    """What the agency addressed has a record of; who goes alone has a slip, and the agency has none."""
    return and_(table.c.state.not_in(NEVER_SENT), table.c.mode != ReferralMode.GOES_ALONE)


def sent_with_consent(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For the agency addressed: what was sent, while the person's live consent names that agency (privacy.md 7)."""
    return and_(consented(table, viewer, Category.REFERRAL), was_sent(table))


class Referral(Row, table=True):
    """One request to one agency for one need. `reference` is what the agency knows it by."""

    __tablename__ = "referrals"
    __announced__: ClassVar[Announced] = to_program_and_agency(ChangedKind.REFERRAL, agency_knows=False)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(
        days=("requested_on", "changed_on", "arranged_on", "held_until", "no_answer_since"), redrawn=("reference",)
    )
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
    outcomes: list[str] = Field(default_factory=list, sa_type=listing())
    mode: ReferralMode = Field(default=ReferralMode.SENT, sa_type=choice(ReferralMode))
    wishes: list[str] = Field(default_factory=list, sa_type=listing())
    arranged_on: date | None = None
    arranged_part_of_day: PartOfDay | None = Field(default=None, sa_type=choice(PartOfDay))
    held_until: date | None = None
    bring: list[str] = Field(default_factory=list, sa_type=listing())
    requested_on: date
    changed_on: date
    no_answer_since: date | None = None


class ReferralStep(Row, table=True):
    """One move of a referral, or a hand-off where it stands: from where, to where, by whom, and how it went."""

    __tablename__ = "referral_steps"
    __announced__: ClassVar[Announced] = as_part(ChangedKind.REFERRAL, "referral_id")
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
    hand_off: HandOffHow | None = Field(default=None, sa_type=choice(HandOffHow))
    accompanied: bool | None = None
    arrived: Arrived | None = Field(default=None, sa_type=choice(Arrived))


class ReferralReroute(Row, table=True):
    """That a referral took the place of another one; told to the program alone."""

    __tablename__ = "referral_reroutes"
    __parent__: ClassVar[str] = "referral_id"
    __forgotten__: ClassVar[Fate] = Unlinked()

    referral_id: UUID = Field(primary_key=True, foreign_key="referrals.id")
    from_id: UUID = Field(foreign_key="referrals.id", index=True)
