"""Nobody answers: the peer is reminded by a promise of their own, and in the end the referral rests (a job)."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant
from true_api.privacy.endings import not_ended
from true_api.rooms.promises.tables import Promise
from true_api.rooms.promises.vocabulary import PromiseKind, PromiseState
from true_api.rooms.referrals.tables import Referral, ReferralStep
from true_api.rooms.referrals.unanswered import NEUTRAL_END, UNANSWERED, Standing, standing, until_next
from true_api.security.errands import Errand
from true_api.security.installation import Installation

WHILE_ENDED: Final = timedelta(days=1)


async def look_for_an_answer(_installation: Installation, errand: Errand) -> None:
    """Look whether the agency has answered; whatever it finds done it leaves as it is."""
    referrals = table_of(Referral)
    found = (await errand.database.read(select(referrals).where(referrals.c.id == errand.record_id)))[0]
    if not found or (stands := standing(found[0], errand.today)) is Standing.ANSWERED:
        return
    if not await _goes_on(errand, found[0].participant_id):
        # Referred after the way with the person ended, or as it did: looked at again, and nobody is reminded.
        errand.later(UNANSWERED, errand.record_id, errand.now + WHILE_ENDED)
        return
    if stands is Standing.TIME_TO_REST:
        _let_rest(errand, found[0])
        return
    if stands is Standing.TIME_TO_TELL:
        await _tell(errand, found[0])
    errand.later(UNANSWERED, errand.record_id, errand.now + until_next(found[0], errand.today))


async def _goes_on(errand: Errand, participant: UUID | None) -> bool:
    people = table_of(Participant)
    reminded = select(people.c.id).where(people.c.id == participant, not_ended(people.c.id))
    return participant is None or bool((await errand.database.read(reminded))[0])


async def _tell(errand: Errand, referral: Any) -> None:
    """It stands out in the program's list, and whoever referred has something to do today, unless they have already."""
    errand.about(referral.participant_id)
    errand.change(Referral, referral, no_answer_since=errand.today)
    promises = table_of(Promise)
    own = select(promises.c.id).where(
        promises.c.referral_id == referral.id,
        promises.c.kind == PromiseKind.FOLLOW_UP,
        promises.c.state == PromiseState.OPEN,
    )
    if not (await errand.database.read(own))[0]:
        errand.keep(
            Promise(
                participant_id=referral.participant_id,
                member_id=referral.member_id,
                team_id=referral.team_id,
                kind=PromiseKind.FOLLOW_UP,
                due_on=errand.today,
                referral_id=referral.id,
                made_on=errand.today,
            )
        )


def _let_rest(errand: Errand, referral: Any) -> None:
    """It ends neutrally, by the program, and can be asked again from there."""
    errand.about(referral.participant_id)
    errand.change(Referral, referral, **NEUTRAL_END, changed_on=errand.today, no_answer_since=None)
    errand.keep(
        ReferralStep(
            referral_id=referral.id,
            from_state=referral.state,
            to_state=NEUTRAL_END["state"],
            reason=NEUTRAL_END["reason"],
            by_agency=False,
            moved_on=errand.today,
        )
    )
