"""What we keep of a medical emergency; every disclosure stands in `Disclosure` too, which the seal writes."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.cases import on_caseload
from true_api.privacy.disclosures import LOOKS_BACK, Disclosure
from true_api.privacy.reach import Reach
from true_api.privacy.retention import Fate, Goes, Kept, Rules, Unlinked
from true_api.privacy.terms import PartOfDay
from true_api.rooms.disclosures.vocabulary import EmergencyNature, MedicalRecipient

__all__ = ["SIX_YEARS", "Disclosure", "EmergencyDisclosure"]

SIX_YEARS = 2_192
"""How long documentation is kept (45 CFR 164.530(j))."""


class EmergencyDisclosure(Row, table=True):
    """What medical personnel were told in an emergency, without consent (42 CFR 2.51).

    `reference` stands on the printed record, where the names of people are written by hand.
    """

    __tablename__ = "emergency_disclosures"
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Unlinked(days=("disclosed_on", "recorded_on"), redrawn=("reference",))
    __kept_for__: ClassVar[Rules] = (
        Kept("disclosed_on", LOOKS_BACK, "accounting looks back three years (42 CFR 2.25)", Goes.WORDS),
        Kept("disclosed_on", SIX_YEARS, "documentation is kept for six years (45 CFR 164.530(j))"),
    )
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (Index("ix_emergency_disclosures_journey", "participant_id", "disclosed_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    reference: UUID = Field(default_factory=new_reference, unique=True)
    participant_id: UUID | None = Field(default=None, foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    recipient: MedicalRecipient = Field(sa_type=choice(MedicalRecipient))
    nature: EmergencyNature = Field(sa_type=choice(EmergencyNature))
    information: list[str] = Field(sa_type=listing())
    disclosed_on: date
    part_of_day: PartOfDay = Field(sa_type=choice(PartOfDay))
    recorded_on: date
