"""Doors to referrals: for the program, and for the agency that is asked."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.rooms.referrals import service
from true_api.rooms.referrals.schemas import AgencyReferralView, ReferralDraft, ReferralMove, ReferralView
from true_api.rooms.referrals.tables import Referral
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, Permit, RecordPermit
from true_api.security.roles import Permission

of_participant = Doors("/participants/{code}/referrals", tag="Referrals")
doors = Doors("/referrals", tag="Referrals")

WRITE = CaseGate(Permission.REFERRAL_WRITE)
READ = CaseGate(Permission.PARTICIPANT_READ)
LIST = ListGate(Permission.REFERRAL_READ)
READ_ONE = RecordGate(Permission.REFERRAL_READ, Referral)
MOVE = RecordGate(Permission.REFERRAL_MOVE, Referral)

AnyView = ReferralView | AgencyReferralView
AnyPage = Page[ReferralView] | Page[AgencyReferralView]


def view(permit: Permit, referral: Any, **more: Any) -> AnyView:
    """A referral as this caller may see it."""
    known = {**getattr(referral, "_mapping", {}), **more}
    state = known.get("state", referral.state)
    agency_code = known["agency_code"] and shown(known["agency_code"])
    known["moves"] = service.moves(permit, state)
    if permit.viewer.sight.of_program:
        return ReferralView.of(referral, **{**known, "code": shown(known["program_code"]), "agency_code": agency_code})
    return AgencyReferralView.of(referral, **{**known, "code": agency_code})


async def _again(permit: Permit, referral: UUID) -> AnyView:
    return view(permit, await service.by_id(permit, referral))


@of_participant.open(
    "POST", "", WRITE, status=201, again=_again, key_required=True, refuses=(service.NoSuchPartner, NoTeam)
)
async def refer_participant(code: str, draft: ReferralDraft, permit: Permitted[CasePermit]) -> ReferralView:
    """Ask a partner agency for something the person wants.

    The agency sees it only while the person's consent names that agency.
    """
    referral, agency_code = await service.refer(permit, draft)
    return view(permit, referral, program_code=permit.case.code, agency_code=agency_code)  # type: ignore[return-value]


@of_participant.open("GET", "", READ)
async def list_referrals_of_participant(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ReferralView]:
    """List a participant's referrals, newest first."""
    found, following = await service.listed(permit, page.request())
    items: list[Any] = [view(permit, referral) for referral in found]
    return Page(items=items, next_cursor=following)


@doors.open("GET", "", LIST)
async def list_referrals(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> AnyPage:
    """List referrals: the caller's or team's, or those addressed to the caller's agency with consent."""
    found, following = await service.listed(permit, page.request())
    items: list[Any] = [view(permit, referral) for referral in found]
    if permit.viewer.sight.of_program:
        return Page[ReferralView](items=items, next_cursor=following)
    return Page[AgencyReferralView](items=items, next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE)
async def read_referral(id: str, permit: Permitted[RecordPermit]) -> AnyView:
    """Read one referral: the program by its id, the agency by its reference."""
    return view(permit, await service.by_id(permit, permit.record.id))


@doors.open("POST", "/{id}/transitions", MOVE, again=_again, refuses=(service.MoveNotAllowed, service.MovedMeanwhile))
async def move_referral(id: str, draft: ReferralMove, permit: Permitted[RecordPermit]) -> AnyView:
    """Move a referral on, to a pause, to an end, or open it again.

    The answer to a move that is not allowed lists those that are.
    """
    news = await service.move(permit, draft)
    return view(permit, permit.record, **news)
