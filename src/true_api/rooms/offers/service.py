"""What this room decides for the program: what agencies are offered, and what it answers to the one that claims it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.privacy.zones import NoSuchZone as NoSuchZone
from true_api.privacy.zones import must_be_a_zone
from true_api.rooms.offers.holds import NOBODY, holder, offer_of, offered_columns
from true_api.rooms.offers.schemas import OfferDraft
from true_api.rooms.offers.tables import Offer, OfferInvitation, OpenNeed
from true_api.rooms.offers.vocabulary import OfferState
from true_api.security.accounts import Organization, OrganizationKind
from true_api.security.permits import CasePermit, ListPermit, Permit

Known = Mapping[str, Any]
"""An open need with what is offered of it, its code in the program, and whom it is offered to, by field."""


class NobodyToAsk(Conflict):
    """An offer goes to active partner agencies of this program, and there is none, or one that is named is not."""

    code = "nobody_to_ask"


class NoClaimToAnswer(Conflict):
    """The agency named holds this offer no more, or not yet; read the offer again."""

    code = "no_claim_to_answer"


class OfferEnded(Conflict):
    """This offer has become a referral or was withdrawn."""

    code = "offer_ended"


async def publish(permit: CasePermit, draft: OfferDraft) -> Known:
    """Offer an open need to agencies, each of which gets a reference of its own."""
    asked = await _agencies(permit, draft.organization_ids)
    await must_be_a_zone(permit.database, draft.zone)
    need = permit.keep(
        OpenNeed(
            participant_id=permit.participant,
            member_id=permit.actor.id,
            team_id=permit.team,
            published_on=permit.today,
        )
    )
    offer = permit.keep(
        Offer(
            open_need_id=need.id,
            need=draft.need,
            urgency=draft.urgency,
            language=draft.language,
            zone=draft.zone,
            wishes=[wish.value for wish in draft.wishes],
            expires_on=permit.today + timedelta(days=draft.days - 1),
        )
    )
    for organization in asked:
        permit.keep(OfferInvitation(open_need_id=need.id, organization_id=organization))
    return {**vars(offer), **vars(need), "code": permit.case.code, "organization_ids": asked}


async def _agencies(permit: Permit, named: Sequence[UUID] | None) -> list[UUID]:
    organizations = table_of(Organization)
    active = organizations.c.kind == OrganizationKind.PARTNER_AGENCY, organizations.c.active
    found = select(organizations.c.id).where(*active).order_by(organizations.c.id)
    if named is not None:
        found = found.where(organizations.c.id.in_(named))
    asked = [row.id for row in (await permit.database.read(found))[0]]
    if not asked or (named is not None and len(asked) < len(named)):
        raise NobodyToAsk
    return asked


def state_of(offer: Known, permit: Permit) -> OfferState:
    """Where an offer stands, now."""
    if offer["state"] is not OfferState.OPEN:
        return OfferState(offer["state"])
    if holder(offer, permit.now) is not None:
        return OfferState.HELD
    return OfferState.OPEN if offer["expires_on"] >= permit.today else OfferState.EXPIRED


async def claimed_by(permit: CasePermit, need_id: UUID, organization_id: UUID) -> tuple[Known, Any]:
    """An open need and its offer, which this agency holds now. Raises `NotFound`, `OfferEnded`, `NoClaimToAnswer`."""
    known, offer = await _open(permit, need_id)
    if holder(offer._mapping, permit.now) != organization_id:
        raise NoClaimToAnswer
    return known, offer


def refer(permit: CasePermit, known: Known, offer: Any, referral_id: UUID) -> Known:
    """End an offer with the referral that came of it; no agency sees it any more."""
    news = {"state": OfferState.REFERRED, **NOBODY}
    permit.change(Offer, offer, or_else=NoClaimToAnswer.meanwhile(), **news)
    permit.change(OpenNeed, known["row"], or_else=NoClaimToAnswer.meanwhile(), referral_id=referral_id)
    permit.unit.resource = known["id"]
    return {**known, **news, "referral_id": referral_id}


async def decline(permit: CasePermit, need_id: UUID, organization_id: UUID) -> Known:
    """Tell an agency no: the offer opens again for all others, and is absent for this one."""
    known, offer = await claimed_by(permit, need_id, organization_id)
    permit.change(Offer, offer, or_else=NoClaimToAnswer.meanwhile(), **NOBODY)
    for invitation in (await permit.parts(OfferInvitation, [known["row"]]))[known["id"]]:
        if invitation.organization_id == organization_id:
            permit.change(OfferInvitation, invitation, declined_on=permit.today)
    permit.unit.resource = known["id"]
    return {**known, **NOBODY}


async def withdraw(permit: CasePermit, need_id: UUID) -> Known:
    """Take an offer back, held or not."""
    known, offer = await _open(permit, need_id)
    news = {"state": OfferState.WITHDRAWN, **NOBODY}
    permit.change(Offer, offer, or_else=WriteCollided.meanwhile(), **news)
    permit.unit.resource = known["id"]
    return {**known, **news}


async def _open(permit: CasePermit, need_id: UUID) -> tuple[Known, Any]:
    known = await by_id(permit, need_id)
    offer = await offer_of(permit, known["id"])
    if offer.state is not OfferState.OPEN:
        raise OfferEnded
    return known, offer


def _needs(permit: Permit) -> Select[Any]:
    needs, offers = table_of(OpenNeed), table_of(Offer)
    code = live_code(permit.program_id, needs.c.participant_id).label("code")
    return permit.own(OpenNeed).add_columns(code, *offered_columns()).where(offers.c.open_need_id == needs.c.id)


async def by_id(permit: Permit, need_id: UUID) -> Known:
    """One open need within reach. Raises `NotFound`."""
    found = await permit.rows(OpenNeed, _needs(permit).where(table_of(OpenNeed).c.id == need_id))
    if not found:
        raise NotFound
    return (await _known(permit, found))[0]


async def listed(permit: ListPermit | CasePermit, page: PageRequest) -> tuple[list[Known], str | None]:
    """Open needs within reach, newest first."""
    needs = table_of(OpenNeed)
    rows, following = await permit.page(OpenNeed, _needs(permit), [needs.c.published_on, needs.c.id], page)
    return await _known(permit, rows), following


async def _known(permit: Permit, rows: Sequence[Any]) -> list[Known]:
    invited = await permit.parts(OfferInvitation, rows)
    return [
        {**row._mapping, "row": row, "organization_ids": sorted(part.organization_id for part in invited[row.id])}
        for row in rows
    ]
