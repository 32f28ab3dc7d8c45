"""What we keep of an intake request, and of the attempts to meet the person."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, and_, or_
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.announcing import ChangedKind, as_part, to_program_and_agency
from true_api.privacy.cases import not_being_forgotten, on_caseload
from true_api.privacy.consents import Category, resting_on
from true_api.privacy.profile import Language
from true_api.privacy.reach import Reach, Viewer, own_organization
from true_api.privacy.retention import Fate, Goes, Kept, Rules, Unlinked
from true_api.rooms.intake.vocabulary import (
    AttemptResult,
    ConsentAsked,
    IntakeReason,
    IntakeSource,
    IntakeState,
    IntakeUrgency,
    MeetsAt,
    PersonKnows,
    WithdrawnThrough,
)

UNTIL_CLOSED = 29
"""Every request closes for its agency on the 30th day after it was posted, so that closing says nothing."""


def never_connected(table: Table) -> ColumnElement[bool]:
    """Requests about somebody whom the program has no record of; not those of people who were forgotten."""
    return and_(table.c.participant_id.is_(None), table.c.state != IntakeState.CONNECTED)


def open_or_on_caseload(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """The whole queue for the program; once connected, only who works with the person."""
    return or_(never_connected(table), on_caseload(table, viewer))


def own_and_not_forgotten(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """The agency's own requests, but for those of people who asked to be forgotten."""
    about_somebody = or_(table.c.participant_id.is_not(None), never_connected(table))
    return and_(own_organization(table, viewer), about_somebody, not_being_forgotten(table.c.participant_id))


class IntakeRequest(Row, table=True):
    """Somebody asks that a person be met. `reference` is what a partner agency knows it by.

    Its clock is a job of the outbox: the moment at which it runs out stands nowhere else, and goes with the first
    attempt. `escalation` says how often it ran out without one, and is 0 again once somebody tried.
    """

    __tablename__ = "intake_requests"
    __announced__: ClassVar[Announced] = to_program_and_agency(ChangedKind.INTAKE_REQUEST, agency_knows=True)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(
        days=("posted_on", "changed_on", "escalated_on", "withdrawn_on"), redrawn=("reference",), own_key=True
    )
    __kept_for__: ClassVar[Rules] = (
        Kept("posted_on", 365, "a person who was not met may still come within the year", only=never_connected),
        Kept("posted_on", UNTIL_CLOSED, "it is shown until the request is closed", Goes.WORDS, text="safe_contact"),
        Kept("posted_on", 1_096, "accounting looks back three years (42 CFR 2.25)", Goes.WORDS),
    )
    __reach__: ClassVar[Reach] = Reach(
        program=open_or_on_caseload,
        agency=own_and_not_forgotten,
        basis=resting_on(Category.INTAKE_STATUS),
        onward=resting_on(Category.ONWARD_STATUS),
    )
    __table_args__ = (
        Index("ix_intake_requests_agency", "organization_id", "posted_on", "reference"),
        Index("ix_intake_requests_queue", "state", "posted_on", "id"),
        Index("ix_intake_requests_escalated", "escalation", "posted_on", "id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    source: IntakeSource = Field(default=IntakeSource.PARTNER_AGENCY, sa_type=choice(IntakeSource))
    needs: list[str] = Field(sa_type=listing())
    urgency: IntakeUrgency = Field(sa_type=choice(IntakeUrgency))
    person_knows: PersonKnows = Field(sa_type=choice(PersonKnows))
    meets_at: MeetsAt = Field(sa_type=choice(MeetsAt))
    language: Language = Field(sa_type=choice(Language))
    wishes: list[str] = Field(sa_type=listing())
    contacting_prohibited: bool = False
    posted_on: date
    state: IntakeState = Field(default=IntakeState.NEW, sa_type=choice(IntakeState))
    reason: IntakeReason | None = Field(default=None, sa_type=choice(IntakeReason))
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id", index=True)
    member_id: UUID | None = Field(default=None, foreign_key="members.id")
    team_id: UUID | None = Field(default=None, foreign_key="teams.id")
    changed_on: date | None = None
    consent_asked: ConsentAsked | None = Field(default=None, sa_type=choice(ConsentAsked))
    escalation: int = 0
    escalated_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_through: WithdrawnThrough | None = Field(default=None, sa_type=choice(WithdrawnThrough))


class IntakeAttempt(Row, table=True):
    """One attempt to meet the person."""

    __tablename__ = "intake_attempts"
    __announced__: ClassVar[Announced] = as_part(ChangedKind.INTAKE_REQUEST, "intake_request_id")
    __parent__: ClassVar[str] = "intake_request_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("attempted_on",))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    intake_request_id: UUID = Field(foreign_key="intake_requests.id", index=True)
    member_id: UUID = Field(foreign_key="members.id")
    attempted_on: date
    result: AttemptResult = Field(sa_type=choice(AttemptResult))


class IntakeOnward(Row, table=True):
    """A referral that went on from a request: what the agency that posted may follow, where the person agreed.

    `referral_id` has no foreign key, so that forgetting can draw it anew: of two facts about nobody, none may lead to
    the other (privacy.md 6).
    """

    __tablename__ = "intake_onward"
    __parent__: ClassVar[str] = "intake_request_id"
    __forgotten__: ClassVar[Fate] = Unlinked(redrawn=("referral_id",))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    intake_request_id: UUID = Field(foreign_key="intake_requests.id", index=True)
    referral_id: UUID = Field(unique=True)
