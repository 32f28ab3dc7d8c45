"""What this room decides for agencies: which one of them holds an offer, and until when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select

from true_api.kernel.errors import Conflict, NotFound, WriteCollided
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.offers.tables import Offer, OfferInvitation, OpenNeed
from true_api.rooms.offers.vocabulary import HOLD, MOST_CLAIMS, OfferSight, OfferState
from true_api.security.errands import Errand
from true_api.security.installation import Installation
from true_api.security.permits import ListPermit, Permit, RecordPermit

HOLD_ENDS: Final = "offer_hold_ends"
"""The job that opens an offer again. Until it has run, the clock alone says that nobody holds it."""

NOBODY: Final[Mapping[str, Any]] = {"held_by": None, "held_until": None}
"""What is kept of a hold that is over: not even its moment."""


class OfferHeld(Conflict):
    """This offer is held now; a claim ends by itself, and the offer may open again."""

    code = "offer_held"


class ClaimedTooOften(Conflict):
    """Your agency has held this offer as often as one agency may; it stays open for the others."""

    code = "offer_claimed_too_often"


def holder(offer: Mapping[str, Any], now: datetime) -> UUID | None:
    """Who holds an offer at this moment, whether or not the end of an earlier hold was carried out."""
    return offer["held_by"] if offer["held_until"] is not None and offer["held_until"] > now else None


def minutes_left(offer: Mapping[str, Any], now: datetime) -> int:
    """How long a hold lasts, in whole minutes begun."""
    return -int((now - offer["held_until"]) // timedelta(minutes=1))


def sight_of(offer: Mapping[str, Any], permit: Permit) -> OfferSight:
    """How an offer stands for the agency that asks."""
    held_by = holder(offer, permit.now)
    if held_by is None:
        return OfferSight.OPEN
    return OfferSight.HELD_BY_YOU if held_by == permit.actor.organization_id else OfferSight.HELD


async def claim(permit: RecordPermit) -> Mapping[str, Any]:
    """Hold an offer for a while. Of all who claim it at one moment one holds it, and the others meet `OfferHeld`."""
    offered, offer = await _with_offer(permit)
    if holder(offer._mapping, permit.now) is not None:
        raise OfferHeld
    if offered["claims"] >= MOST_CLAIMS:
        raise ClaimedTooOften
    until = permit.now + HOLD[offered["urgency"]]
    news = {"held_by": permit.actor.organization_id, "held_until": until}
    # Who comes second goes through the gate once more: there it is held, or gone, or open after all.
    permit.change(Offer, offer, or_else=OfferHeld.meanwhile(), **news)
    permit.adjust(OfferInvitation, permit.record, claims=1)
    permit.later(HOLD_ENDS, offer.id, until)
    permit.unit.resource = permit.record.id
    return {**offered, **news}


async def release(permit: RecordPermit) -> Mapping[str, Any]:
    """Let an offer go before the hold ends by itself. Raises `NotFound` for who does not hold it."""
    offered, offer = await _with_offer(permit)
    if sight_of(offer._mapping, permit) is not OfferSight.HELD_BY_YOU:
        raise NotFound
    permit.change(Offer, offer, or_else=WriteCollided.meanwhile(), **NOBODY)
    permit.unit.resource = permit.record.id
    return {**offered, **NOBODY}


async def _with_offer(permit: RecordPermit) -> tuple[Mapping[str, Any], Any]:
    """What the agency may claim, and the offer as one read gave it: its version stands for what is judged by it."""
    offered = (await by_record(permit))._mapping
    offer = await offer_of(permit, offered["open_need_id"])
    if offer.state is not OfferState.OPEN:
        raise NotFound
    return offered, offer


async def end_hold(installation: Installation, errand: Errand) -> None:
    """For the outbox: open an offer whose hold is over, and leave no moment of it behind."""
    offers, needs = table_of(Offer), table_of(OpenNeed)
    named = select(offers.c.id, offers.c.version, offers.c.held_until, needs.c.participant_id)
    found = named.where(offers.c.id == errand.record_id, needs.c.id == offers.c.open_need_id)
    for offer in (await errand.database.read(found))[0]:
        if offer.held_until is not None and offer.held_until <= errand.now:
            errand.change(Offer, offer, **NOBODY)
            errand.about(offer.participant_id)


def offered_columns() -> list[ColumnElement[Any]]:
    """What stands beside an open need, or an invitation, of what is offered."""
    offers = table_of(Offer)
    names = "need", "urgency", "language", "zone", "wishes", "state", "expires_on", "held_by", "held_until"
    return [offers.c[name] for name in names]


async def offer_of(permit: Permit, open_need_id: UUID) -> Any:
    """The offer of an open need. Raises `NotFound`."""
    offers = table_of(Offer)
    found = (await permit.database.read(select(offers).where(offers.c.open_need_id == open_need_id)))[0]
    if not found:
        raise NotFound
    return found[0]


def _invitations(permit: Permit) -> Select[Any]:
    invitations, offers = table_of(OfferInvitation), table_of(Offer)
    own = permit.own(OfferInvitation).add_columns(*offered_columns())
    return own.where(offers.c.open_need_id == invitations.c.open_need_id)


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """What an agency may claim or holds. The order says nothing of when it was published, nor of another's list."""
    return await permit.page(OfferInvitation, _invitations(permit), [table_of(OfferInvitation).c.reference], page)


async def by_record(permit: RecordPermit) -> Any:
    """What the agency may claim, as it stands now. Raises `NotFound` for what it no longer may."""
    its_own = table_of(OfferInvitation).c.id == permit.record.id
    found = await permit.rows(OfferInvitation, _invitations(permit).where(its_own))
    if not found:
        raise NotFound
    return found[0]
