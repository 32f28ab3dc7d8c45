"""What we keep of an open need: whose it is apart from what is offered, and a reference of its own for each agency."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, Table, UniqueConstraint, and_, exists
from sqlmodel import Field

from true_api.kernel.feed import Announced
from true_api.kernel.ids import new_id, new_reference
from true_api.kernel.rows import Row, choice, listing, table_of
from true_api.privacy.announcing import ChangedKind, as_part, to_organization, to_program
from true_api.privacy.cases import on_caseload
from true_api.privacy.profile import Language
from true_api.privacy.reach import Reach, Viewer, own_organization
from true_api.privacy.retention import Deleted, Fate, Kept, Rules
from true_api.privacy.terms import Need, Urgency
from true_api.rooms.offers.vocabulary import OfferState


class OpenNeed(Row, table=True):
    """Whose need it is. Only the program reads this table: what agencies see stands in the others, and names nobody."""

    __tablename__ = "open_needs"
    __announced__: ClassVar[Announced] = to_program(ChangedKind.OFFER)
    __subject__: ClassVar[str | None] = "participant_id"
    __forgotten__: ClassVar[Fate] = Deleted()
    __kept_for__: ClassVar[Rules] = (Kept("published_on", 120, "what came of an offer is of use for a season"),)
    __reach__: ClassVar[Reach] = Reach(program=on_caseload)
    __table_args__ = (Index("ix_open_needs_journey", "participant_id", "published_on", "id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    participant_id: UUID = Field(foreign_key="participants.id")
    member_id: UUID = Field(foreign_key="members.id")
    team_id: UUID = Field(foreign_key="teams.id")
    published_on: date
    referral_id: UUID | None = Field(default=None, foreign_key="referrals.id")


class Offer(Row, table=True):
    """What is offered: a need, and nobody's (privacy.md 7). One agency at a time holds it, until `held_until`."""

    __tablename__ = "offers"
    __announced__: ClassVar[Announced] = as_part(
        ChangedKind.OFFER,
        "open_need_id",
        only=frozenset({"state", "expires_on"}),
        through=("offer_invitations", "open_need_id"),
    )
    __parent__: ClassVar[str] = "open_need_id"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    open_need_id: UUID = Field(foreign_key="open_needs.id", unique=True)
    need: Need = Field(sa_type=choice(Need))
    urgency: Urgency = Field(sa_type=choice(Urgency))
    language: Language | None = Field(default=None, sa_type=choice(Language))
    zone: str | None = Field(default=None, max_length=40)
    wishes: list[str] = Field(default_factory=list, sa_type=listing())
    state: OfferState = Field(default=OfferState.OPEN, sa_type=choice(OfferState))
    expires_on: date
    held_by: UUID | None = Field(default=None, foreign_key="organizations.id")
    held_until: datetime | None = None


def still_offered(offers: Table | Any, today: date) -> ColumnElement[bool]:
    """Whether agencies may still see and claim it."""
    return and_(offers.c.state == OfferState.OPEN, offers.c.expires_on >= today)


def offered_to(table: Table, viewer: Viewer) -> ColumnElement[bool]:
    """For an agency: its own invitations to what is still offered, but for those where it was told no."""
    offers = table_of(Offer)
    open_still = exists().where(offers.c.open_need_id == table.c.open_need_id, still_offered(offers, viewer.today))
    return and_(own_organization(table, viewer), table.c.declined_on.is_(None), open_still.correlate(table))


class OfferInvitation(Row, table=True):
    """One agency that may claim an offer. Its `reference` is no other agency's, so that two of them cannot compare."""

    __tablename__ = "offer_invitations"
    __announced__: ClassVar[Announced] = to_organization(
        ChangedKind.OFFER, "reference", only=frozenset({"declined_on"}), until_gone=True
    )
    __parent__: ClassVar[str] = "open_need_id"
    __reach__: ClassVar[Reach] = Reach(agency=offered_to)
    __table_args__ = (
        UniqueConstraint("open_need_id", "organization_id"),
        Index("ix_offer_invitations_agency", "organization_id", "reference"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = 1
    reference: UUID = Field(default_factory=new_reference, unique=True)
    open_need_id: UUID = Field(foreign_key="open_needs.id")
    organization_id: UUID = Field(foreign_key="organizations.id")
    claims: int = 0
    declined_on: date | None = None
