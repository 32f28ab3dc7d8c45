"""Disclosures: every time that somebody outside the program was told of a person, for the accounting of 42 CFR 2.25."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.cases import of_team_caseload
from true_api.privacy.purposes import Purpose
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Fate, Kept, KeptApart, Rules

LOOKS_BACK = 1_096
"""Three years in days, the leap day included: how far the accounting goes back (42 CFR 2.25)."""


class Recipient(StrEnum):
    """Who was told of a person."""

    PARTNER_AGENCY = "partner_agency"
    EMERGENCY_DEPARTMENT = "emergency_department"
    AMBULANCE_SERVICE = "ambulance_service"
    HOSPITAL = "hospital"
    URGENT_CARE = "urgent_care"
    POISON_CENTER = "poison_center"
    CRISIS_TEAM = "crisis_team"
    OTHER_MEDICAL_PERSONNEL = "other_medical_personnel"
    COURT = "court"
    PROSECUTOR = "prosecutor"
    LAW_ENFORCEMENT = "law_enforcement"
    ATTORNEY = "attorney"
    OVERSIGHT_AGENCY = "oversight_agency"
    OTHER_AUTHORITY = "other_authority"


class LegalBasis(StrEnum):
    """Why it was allowed (42 CFR part 2, subparts C to E)."""

    CONSENT = "consent"
    MEDICAL_EMERGENCY = "medical_emergency"
    COURT_ORDER = "court_order"


class DisclosurePurpose(StrEnum):
    """What it was for."""

    COORDINATION_OF_CARE = "coordination_of_care"
    TREATMENT = "treatment"
    OPERATIONS = "operations"
    MEDICAL_EMERGENCY = "medical_emergency"
    LEGAL_PROCEEDING = "legal_proceeding"


PURPOSE_OF: dict[Purpose, DisclosurePurpose] = {
    Purpose.COORDINATION: DisclosurePurpose.COORDINATION_OF_CARE,
    Purpose.TREATMENT: DisclosurePurpose.TREATMENT,
    Purpose.OPERATIONS: DisclosurePurpose.OPERATIONS,
}
"""What is accounted for, by the purpose of use of the token that was shown something."""


@dataclass(frozen=True)
class Told:
    """What somebody outside was told of a person by word or paper; `id` names the record that tells more of it."""

    id: UUID
    recipient: Recipient
    basis: LegalBasis
    purpose: DisclosurePurpose
    categories: tuple[str, ...]
    record: str
    disclosed_on: date
    organization_id: UUID | None = None
    consents: tuple[str, ...] = ()


class Disclosure(Row, table=True):
    """One request in which one person was shown to somebody outside, with the trail entry of that request.

    `consents` holds the references of the consents it rests on, which stand on paper too, and lead nowhere here.
    """

    __tablename__ = "disclosures"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = KeptApart(days=("disclosed_on",))
    __kept_for__: ClassVar[Rules] = (Kept("disclosed_on", LOOKS_BACK, "accounting looks back three years (2.25)"),)
    __reach__: ClassVar[Reach] = Reach(program=of_team_caseload)
    __table_args__ = (Index("ix_disclosures_accounting", "participant_id", "disclosed_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    entry_id: UUID
    participant_id: UUID = Field(foreign_key="participants.id")
    recipient: Recipient = Field(sa_type=choice(Recipient))
    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    basis: LegalBasis = Field(sa_type=choice(LegalBasis))
    consents: list[str] = Field(sa_type=listing())
    by_intermediary: bool = False
    purpose: DisclosurePurpose = Field(sa_type=choice(DisclosurePurpose))
    categories: list[str] = Field(sa_type=listing())
    records: list[str] = Field(sa_type=listing())
    fields: list[str] = Field(sa_type=listing())
    disclosed_on: date
