"""Consents: append-only, and the one predicate that says whether a live one names an agency."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, and_, case, exists, not_, or_, true
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, table_of
from true_api.privacy.cases import Participant, live_code, on_caseload
from true_api.privacy.profile import AgeBand
from true_api.privacy.reach import Reach, Viewer, within_reach
from true_api.privacy.retention import Fate, Kept, KeptApart, Rules


class ConsentPurpose(StrEnum):
    """Why information may be disclosed (42 CFR 2.31(a)(5)). Recorded; not yet held against the token's purpose."""

    COORDINATION_OF_CARE = "coordination_of_care"
    TREATMENT = "treatment"


class Category(StrEnum):
    """What may be disclosed (42 CFR 2.31(a)(3)). The list grows with what agencies can be shown."""

    REFERRAL = "referral"


class Consent(Row, table=True):
    """A participant's consent that one agency may receive certain information. Never changed, only revoked."""

    __tablename__ = "consents"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = KeptApart(days=("given_on", "valid_to"))
    __kept_for__: ClassVar[Rules] = (Kept("valid_to", 1_096, "accounting looks back three years (42 CFR 2.25)"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (Index("ix_consents_live", "participant_id", "organization_id", "valid_to"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    reference: UUID = Field(default_factory=new_reference, unique=True)
    participant_id: UUID = Field(foreign_key="participants.id")
    organization_id: UUID = Field(foreign_key="organizations.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    purpose: ConsentPurpose = Field(sa_type=choice(ConsentPurpose))
    category: Category = Field(sa_type=choice(Category))
    valid_from: date
    valid_to: date
    given_on: date


class ConsentRevocation(Row, table=True):
    """The end of a consent, by the person's wish (42 CFR 2.31(a)(6))."""

    __tablename__ = "consent_revocations"
    __parent__: ClassVar[str] = "consent_id"

    consent_id: UUID = Field(primary_key=True, foreign_key="consents.id")
    member_id: UUID = Field(foreign_key="members.id")
    revoked_on: date


def live(consents: Table, today: date) -> ColumnElement[bool]:
    """Whether a consent counts today: begun, not run out, not revoked."""
    revocations = table_of(ConsentRevocation)
    return and_(
        consents.c.valid_from <= today,
        consents.c.valid_to >= today,
        not_(exists().where(revocations.c.consent_id == consents.c.id)),
    )


def agreed(participant: Any, organization: Any, category: Category, today: date) -> ColumnElement[bool]:
    """Whether a participant's live consent names an organization (each a column or an id). Unknown is no.

    Under 18 nothing is disclosed, whatever was agreed before the age was known (privacy.md 7); nor of a person who is
    being forgotten.
    """
    consents, people = table_of(Consent), table_of(Participant)
    shut = or_(people.c.age_band == AgeBand.UNDER_18, people.c.forgetting_since.is_not(None))
    return and_(
        exists().where(
            consents.c.participant_id == participant,
            consents.c.organization_id == organization,
            consents.c.category == category,
            live(consents, today),
        ),
        not_(exists().where(people.c.id == participant, shut)),
    )


def consented(table: Table, viewer: Viewer, category: Category) -> ColumnElement[bool]:
    """Rows addressed to the viewer's agency about a person whose live consent names that agency."""
    return and_(
        table.c.organization_id == viewer.organization_id,
        agreed(table.c.participant_id, viewer.organization_id, category, viewer.today),
    )


def disclosed_code(participant: Any, organization: Any, category: Category, viewer: Viewer) -> ColumnElement[str]:
    """The organization's own code for a participant, null unless a live consent names it that the viewer may see."""
    consents = table_of(Consent)
    in_reach = exists().where(
        consents.c.participant_id == participant,
        consents.c.organization_id == organization,
        within_reach(Consent, viewer) if viewer.sight.of_program else true(),
    )
    shown = and_(agreed(participant, organization, category, viewer.today), in_reach)
    return case((shown, live_code(organization, participant)))
