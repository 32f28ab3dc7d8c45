"""What is left of a forgotten person: a keyed mark that finds them again in a restored backup, and nothing else."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, true
from sqlmodel import Field

from true_api.kernel.ids import new_reference
from true_api.kernel.rows import Row, choice, listing
from true_api.privacy.consents import ConsentKind, Decision
from true_api.privacy.disclosures import LOOKS_BACK, DisclosurePurpose, LegalBasis, Recipient
from true_api.privacy.purposes import ConsentPurpose
from true_api.privacy.reach import Reach, Sight, Viewer
from true_api.privacy.retention import Kept, Rules, Stays


class ForgottenMark(Row, table=True):
    """A keyed hash of the id that a forgotten person had, so that a restore can forget them again."""

    __tablename__ = "forgotten_marks"
    __kept_for__: ClassVar[Rules] = (Stays("as long as an old backup may come back"),)

    mark: str = Field(primary_key=True, max_length=64)
    forgotten_on: date


class ConsentKeptApart(Row, table=True):
    """What accounting law requires of a forgotten person's consent, by its reference alone (42 CFR 2.25, 2.31)."""

    __tablename__ = "consents_kept_apart"
    __kept_for__: ClassVar[Rules] = (Kept("valid_to", 1_096, "accounting looks back three years (42 CFR 2.25)"),)

    reference: UUID = Field(primary_key=True)
    organization_id: UUID = Field(foreign_key="organizations.id")
    purpose: ConsentPurpose = Field(sa_type=choice(ConsentPurpose))
    kind: ConsentKind = Field(sa_type=choice(ConsentKind))
    decision: Decision = Field(sa_type=choice(Decision))
    categories: list[str] = Field(sa_type=listing())
    recipients: list[str] = Field(sa_type=listing())
    given_on: date
    valid_to: date
    revoked_on: date | None = None


def for_supervisors(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """Whoever answers for the program; it is about nobody who could be on a caseload."""
    return true() if viewer.sight is Sight.TEAM_CASELOAD else false()


class DisclosureKeptApart(Row, table=True):
    """What a forgotten person's consents disclosed, by their references alone (42 CFR 2.25); alike ones are counted."""

    __tablename__ = "disclosures_kept_apart"
    __kept_for__: ClassVar[Rules] = (Kept("disclosed_on", LOOKS_BACK, "accounting looks back three years (2.25)"),)
    __reach__: ClassVar[Reach] = Reach(program=for_supervisors)

    id: UUID = Field(default_factory=new_reference, primary_key=True)
    recipient: Recipient = Field(sa_type=choice(Recipient))
    organization_id: UUID | None = Field(default=None, foreign_key="organizations.id")
    basis: LegalBasis = Field(sa_type=choice(LegalBasis))
    consents: list[str] = Field(sa_type=listing())
    by_intermediary: bool
    purpose: DisclosurePurpose = Field(sa_type=choice(DisclosurePurpose))
    categories: list[str] = Field(sa_type=listing())
    records: list[str] = Field(sa_type=listing())
    fields: list[str] = Field(sa_type=listing())
    disclosed_on: date
    times: int
