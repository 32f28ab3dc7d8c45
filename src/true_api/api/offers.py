"""Doors to offers: a peer publishes an open need without a person, and one agency at a time holds it for a while."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.consents import GIVING
from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import claiming
from true_api.kernel.codes import shown
from true_api.kernel.errors import WriteCollided
from true_api.kernel.ids import read_id
from true_api.kernel.schemas import Page
from true_api.rooms.offers import holds, service
from true_api.rooms.offers.schemas import AgencyOfferView, Answered, OfferDraft, OfferView
from true_api.rooms.offers.tables import OfferInvitation
from true_api.rooms.offers.vocabulary import OfferSight, OfferState
from true_api.rooms.referrals.service import NoSuchPartner
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, Permit, RecordPermit
from true_api.security.roles import Permission

of_participant = Doors("/participants/{code}/offers", tag="Offers")
doors = Doors("/offers", tag="Offers")

WRITE = CaseGate(Permission.OFFER_WRITE)
READ = CaseGate(Permission.PARTICIPANT_READ)
REFER = CaseGate(Permission.REFERRAL_WRITE)
LIST = ListGate(Permission.OFFER_READ)
CLAIM = RecordGate(Permission.OFFER_CLAIM, OfferInvitation, by_reference=True)

UNANSWERED = (service.OfferEnded, service.NoClaimToAnswer)
AnyPage = Page[OfferView] | Page[AgencyOfferView]


def _view(permit: Permit, known: service.Known) -> OfferView:
    state = service.state_of(known, permit)
    held: dict[str, Any] = {"held_by": None, "minutes_left": None}
    if state is OfferState.HELD:
        held = {"held_by": known["held_by"], "minutes_left": holds.minutes_left(known, permit.now)}
    return OfferView.of({**known, **held, "code": shown(known["code"]), "state": state})


def _for_agency(permit: Permit, offered: Mapping[str, Any]) -> AgencyOfferView:
    state = holds.sight_of(offered, permit)
    left = holds.minutes_left(offered, permit.now) if state is OfferSight.HELD_BY_YOU else None
    return AgencyOfferView.of({**offered, "state": state, "minutes_left": left})


async def _again(permit: CasePermit, need: UUID) -> OfferView:
    return _view(permit, await service.by_id(permit, need))


async def _claimed_again(permit: RecordPermit, _invitation: UUID) -> AgencyOfferView:
    return _for_agency(permit, (await holds.by_record(permit))._mapping)


@of_participant.open(
    "POST", "", WRITE, status=201, again=_again, refuses=(service.NobodyToAsk, service.NoSuchZone, NoTeam)
)
async def offer_need(code: str, draft: OfferDraft, permit: Permitted[CasePermit]) -> OfferView:
    """Offer an open need to partner agencies, without the person.

    They see the need, how soon, and what else the draft says; not whose it is, and no day. One at a time may hold it.
    """
    return _view(permit, await service.publish(permit, draft))


@of_participant.open("GET", "", READ)
async def list_offers_of_participant(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[OfferView]:
    """List what was offered for a participant, newest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[_view(permit, known) for known in found], next_cursor=following)


@of_participant.open("GET", "/{id}", READ)
async def read_offer(code: str, id: str, permit: Permitted[CasePermit]) -> OfferView:
    """Read one offer: whether an agency holds it, and for how long."""
    return _view(permit, await service.by_id(permit, read_id(id)))


@of_participant.open(
    "POST",
    "/{id}/acceptance",
    REFER,
    again=_again,
    refuses=(*UNANSWERED, claiming.NoConsentNamesIt, NoSuchPartner, *GIVING),
)
async def accept_claim(code: str, id: str, draft: claiming.Acceptance, permit: Permitted[CasePermit]) -> OfferView:
    """Say yes to the agency that holds an offer: it becomes a referral, which the person's consent lets it see.

    The consent can be sent along. Only with this the agency learns whose need it was; the offer is gone for all.
    """
    return _view(permit, await claiming.accept(permit, read_id(id), draft))


@of_participant.open("POST", "/{id}/decline", WRITE, again=_again, refuses=UNANSWERED)
async def decline_claim(code: str, id: str, draft: Answered, permit: Permitted[CasePermit]) -> OfferView:
    """Say no to the agency that holds an offer: it opens again for all others, and is gone for this one."""
    return _view(permit, await service.decline(permit, read_id(id), draft.organization_id))


@of_participant.open("POST", "/{id}/withdrawal", WRITE, again=_again, refuses=(service.OfferEnded, WriteCollided))
async def withdraw_offer(code: str, id: str, permit: Permitted[CasePermit]) -> OfferView:
    """Take an offer back, whether an agency holds it or not."""
    return _view(permit, await service.withdraw(permit, read_id(id)))


@doors.open("GET", "", LIST)
async def list_offers(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> AnyPage:
    """List offers: for an agency what it may claim or holds; for the program those of the caller's or team's people."""
    if permit.viewer.sight.of_program:
        found, following = await service.listed(permit, page.request())
        return Page[OfferView](items=[_view(permit, known) for known in found], next_cursor=following)
    rows, following = await holds.listed(permit, page.request())
    return Page[AgencyOfferView](items=[_for_agency(permit, row._mapping) for row in rows], next_cursor=following)


@doors.open("GET", "/{reference}", CLAIM)
async def read_offered_need(reference: str, permit: Permitted[RecordPermit]) -> AgencyOfferView:
    """Read one offer, as an agency that may claim it."""
    return _for_agency(permit, (await holds.by_record(permit))._mapping)


@doors.open("POST", "/{reference}/claim", CLAIM, again=_claimed_again, refuses=(holds.OfferHeld, holds.ClaimedTooOften))
async def claim_offer(reference: str, permit: Permitted[RecordPermit]) -> AgencyOfferView:
    """Hold an offer until the program answers: for 30 minutes if it is urgent, else for 24 hours.

    Of all who claim it one holds it. A claim that nobody answers ends by itself.
    """
    return _for_agency(permit, await holds.claim(permit))


@doors.open("DELETE", "/{reference}/claim", CLAIM, refuses=(WriteCollided,))
async def release_offer(reference: str, permit: Permitted[RecordPermit]) -> AgencyOfferView:
    """Let an offer go that your agency holds; it opens again at once."""
    return _for_agency(permit, await holds.release(permit))
