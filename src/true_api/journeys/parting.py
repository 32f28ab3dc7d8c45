"""Parting: what falls silent when the way with a person ends, and what speaks again when that is undone.

Reminders and clocks ask `not_ended` themselves, and nothing of theirs is touched. What agencies see has to be closed,
so where it stood is kept beside the ending, and put back with it.
"""

from typing import Any

from sqlalchemy import select

from true_api.kernel.rows import table_of
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.endings import service as endings
from true_api.rooms.endings.schemas import EndingDraft
from true_api.rooms.endings.tables import Ending
from true_api.rooms.offers import resting as offers
from true_api.rooms.referrals import resting as referrals
from true_api.security.permits import CasePermit


async def end(permit: CasePermit, draft: EndingDraft) -> Ending:
    """Record an ending: referrals and offers close neutrally, and after a death recent peers are offered a debrief.

    A new epoch begins, so that whatever was asked for the person at this very moment meets the ending.
    """
    ending = await endings.record(permit, draft)
    await referrals.rest(permit, ending.id)
    await offers.rest(permit, ending.id)
    met = table_of(Encounter)
    lately = met.c.participant_id.in_(permit.people), met.c.occurred_on >= permit.today - endings.LATELY
    await endings.offer_debriefs(permit, ending, select(met.c.member_id).where(*lately))
    permit.end_epoch(permit.participant)
    permit.unit.resource = ending.id
    return ending


async def undo(permit: CasePermit) -> Any:
    """Undo what stands, and take up again what closed with it; the ending as it was."""
    undone = await endings.undo(permit)
    for ending in undone:
        await referrals.wake(permit, ending)
        await offers.wake(permit, ending)
    permit.end_epoch(permit.participant)
    permit.unit.resource = undone[0].id
    return undone[0]
