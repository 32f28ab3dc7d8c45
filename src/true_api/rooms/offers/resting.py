"""What an ending does to offers: those that are open are withdrawn, and made again when it is undone."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.rooms.offers.holds import NOBODY
from true_api.rooms.offers.resting_tables import RestingOffer
from true_api.rooms.offers.tables import Offer, OpenNeed, still_offered
from true_api.rooms.offers.vocabulary import OfferState
from true_api.security.permits import CasePermit


async def rest(permit: CasePermit, ending_id: UUID) -> None:
    """Withdraw what agencies may still claim for the person, held or not."""
    offers = table_of(Offer)
    needs = permit.own(OpenNeed).with_only_columns(table_of(OpenNeed).c.id)
    still = select(offers).where(offers.c.open_need_id.in_(needs), still_offered(offers, permit.today))
    for offer in (await permit.database.read(still.order_by(offers.c.id)))[0]:
        permit.keep(RestingOffer(ending_id=ending_id, offer_id=offer.id))
        permit.change(Offer, offer, WriteCollided.meanwhile(), state=OfferState.WITHDRAWN, **NOBODY)


async def wake(permit: CasePermit, ending: Any) -> None:
    """Make again what an ending withdrew, as far as its time is not over."""
    offers, resting = table_of(Offer), table_of(RestingOffer)
    withdrawn = select(offers).where(
        resting.c.ending_id == ending.id,
        offers.c.id == resting.c.offer_id,
        offers.c.state == OfferState.WITHDRAWN,
        offers.c.expires_on >= permit.today,
    )
    for offer in (await permit.database.read(withdrawn.order_by(offers.c.id)))[0]:
        permit.change(Offer, offer, WriteCollided.meanwhile(), state=OfferState.OPEN)
