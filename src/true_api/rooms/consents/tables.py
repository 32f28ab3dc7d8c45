"""What this room writes; what the gates read too is declared beside their predicate."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id
from true_api.kernel.rows import Row
from true_api.privacy.announcing import ChangedKind, to_organization
from true_api.privacy.consents import Consent, ConsentCategory, ConsentLapse, ConsentRecipient, ConsentRevocation
from true_api.privacy.minors import MinorConsentRule
from true_api.privacy.reach import Reach, own_organization
from true_api.privacy.retention import Kept, Rules

__all__ = [
    "AccessEnding",
    "Consent",
    "ConsentCategory",
    "ConsentLapse",
    "ConsentRecipient",
    "ConsentRevocation",
    "MinorConsentRule",
]


class AccessEnding(Row, table=True):
    """That a reference which an agency knew leads no further for it (privacy.md 7). It names nobody, and no day."""

    __tablename__ = "access_endings"
    __announced__: ClassVar[Announced] = to_organization(ChangedKind.ACCESS_ENDING, "reference")
    __kept_for__: ClassVar[Rules] = (Kept("ended_in", 365, "an agency reads it when it next comes by"),)
    __reach__: ClassVar[Reach] = Reach(agency=own_organization)
    __table_args__ = (Index("ix_access_endings_agency", "organization_id", "ended_in", "reference"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    reference: UUID
    ended_in: date
