"""What became of a request, for the agency that posted it: exactly as far as the person agreed, and never to whom."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.privacy.consents import Category, told_to
from true_api.rooms.intake.schemas import OnwardReferralView, OnwardView, ProgressView
from true_api.rooms.intake.service import neutral_status
from true_api.rooms.intake.tables import IntakeOnward
from true_api.rooms.referrals.tables import NEVER_SENT, Referral
from true_api.security.permits import Permit
from true_api.security.telling import ONWARD


async def told(permit: Permit, requests: Sequence[Any]) -> list[dict[str, Any]]:
    """What an agency is told of its own requests beside what it sent itself, in their order.

    The neutral status moves with the calendar alone. The rest rests on the consents beside the rows: where there is
    none it is null, for requests that led nowhere as for those that led somewhere.
    """
    became = await _became(permit, [request.id for request in requests if getattr(request, ONWARD, None) is not None])
    return [
        {
            "status": neutral_status(request.posted_on, permit.today),
            "progress": _progress(permit, request),
            "onward": _onward(permit, request, became),
        }
        for request in requests
    ]


def _progress(permit: Permit, request: Any) -> ProgressView | None:
    disclosure = permit.disclosure_with(request)
    if disclosure is None:
        return None
    return ProgressView(state=request.state, changed_in=request.changed_on, disclosure=disclosure)


def _onward(permit: Permit, request: Any, became: dict[UUID, list[OnwardReferralView]]) -> OnwardView | None:
    disclosure = permit.disclosure_with(request, ONWARD)
    if disclosure is None:
        return None
    return OnwardView(referrals=became.get(request.id, []), disclosure=disclosure)


async def _became(permit: Permit, requests: Sequence[UUID]) -> dict[UUID, list[OnwardReferralView]]:
    """The referrals that went on from requests, in an order that tells nothing of time."""
    became: dict[UUID, list[OnwardReferralView]] = {}
    if requests:
        links, referrals = table_of(IntakeOnward), table_of(Referral)
        statement = (
            select(links.c.intake_request_id, referrals.c.need, referrals.c.state)
            .join(referrals, referrals.c.id == links.c.referral_id)
            .where(
                links.c.intake_request_id.in_(requests),
                told_to(referrals, permit.viewer, Category.ONWARD_STATUS),
                referrals.c.state.not_in(NEVER_SENT),
            )
            .order_by(referrals.c.need, referrals.c.state)
        )
        for row in (await permit.database.read(statement))[0]:
            one = OnwardReferralView(need=row.need, state=row.state)
            became.setdefault(row.intake_request_id, []).append(one)
    return became
