"""What an ending does to referrals: those on their way close neutrally, and are taken up again when it is undone."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.rooms.referrals.moving import ON_ITS_WAY
from true_api.rooms.referrals.resting_tables import RestingReferral
from true_api.rooms.referrals.tables import Referral, ReferralStep
from true_api.rooms.referrals.unanswered import UNANSWERED, until_next
from true_api.rooms.referrals.vocabulary import DecidedBy, Reason, ReferralMode, ReferralState
from true_api.security.permits import CasePermit

CLOSED: Final[Mapping[str, Any]] = {
    "state": ReferralState.CANCELLED,
    "reason": Reason.OTHER,
    "decided_by": DecidedBy.PROGRAM,
}
"""How a referral closes with an ending: as others do that the program takes back, so that it says nothing of why."""


async def rest(permit: CasePermit, ending_id: UUID) -> None:
    """Close what is on its way for the person, and keep where each of it stood."""
    referrals = table_of(Referral)
    on_its_way = permit.own(Referral).where(referrals.c.state.in_(ON_ITS_WAY)).order_by(referrals.c.id)
    for referral in await permit.rows(Referral, on_its_way):
        permit.keep(
            RestingReferral(
                ending_id=ending_id,
                referral_id=referral.id,
                state=referral.state,
                reason=referral.reason,
                decided_by=referral.decided_by,
                changed_on=referral.changed_on,
                no_answer_since=referral.no_answer_since,
            )
        )
        _move(permit, referral, {**CLOSED, "changed_on": permit.today, "no_answer_since": None})


async def wake(permit: CasePermit, ending: Any) -> None:
    """Take up again what an ending closed, but for what somebody has moved since; its clock stood still meanwhile."""
    referrals, resting = table_of(Referral), table_of(RestingReferral)
    closed = [referrals.c[name] == value for name, value in CLOSED.items()]
    untouched = select(referrals, *(resting.c[name].label(f"rested_{name}") for name in _KEPT)).where(
        resting.c.ending_id == ending.id,
        referrals.c.id == resting.c.referral_id,
        referrals.c.changed_on == ending.recorded_on,
        *closed,
    )
    stood_still = permit.today - ending.recorded_on
    for referral in (await permit.database.read(untouched.order_by(referrals.c.id)))[0]:
        news = {name: getattr(referral, f"rested_{name}") for name in _KEPT}
        for day in ("changed_on", "no_answer_since"):
            news[day] = news[day] and news[day] + stood_still
        _move(permit, referral, news)
        if news["state"] is ReferralState.REQUESTED and referral.mode is not ReferralMode.GOES_ALONE:
            await permit.no_longer(UNANSWERED, referral.id)
            waits = SimpleNamespace(urgency=referral.urgency, changed_on=news["changed_on"])
            permit.later(UNANSWERED, referral.id, permit.now + until_next(waits, permit.today))


_KEPT = ("state", "reason", "decided_by", "changed_on", "no_answer_since")


def _move(permit: CasePermit, referral: Any, news: Mapping[str, Any]) -> None:
    permit.change(Referral, referral, WriteCollided.meanwhile(), **news)
    permit.keep(
        ReferralStep(
            referral_id=referral.id,
            from_state=referral.state,
            to_state=news["state"],
            reason=news["reason"],
            by_agency=False,
            moved_on=permit.today,
        )
    )
