"""Jobs: every kind that the outbox may hold, with who does it. What is not here is never touched."""

from true_api.journeys import first_contact, unanswered
from true_api.rooms.intake import withdrawing
from true_api.rooms.intake.service import FIRST_CONTACT
from true_api.rooms.offers import holds
from true_api.rooms.referrals.unanswered import UNANSWERED
from true_api.security.errands import Handler, run_errands
from true_api.security.installation import Installation

ROUNDS = 20
"""So that whoever else waits has their turn when very much is due at once."""

HANDLERS: dict[str, Handler] = {
    FIRST_CONTACT: first_contact.escalate,
    holds.HOLD_ENDS: holds.end_hold,
    withdrawing.WITHDRAWAL: withdrawing.carry_out,
    UNANSWERED: unanswered.look_for_an_answer,
}
"""By kind: what it is called in the outbox, in the log and in the trail."""


async def do_jobs(installation: Installation) -> int:
    """Do what is due now, and what became due by that; how many jobs were done."""
    count = 0
    for _ in range(ROUNDS):
        if not (found := await run_errands(installation, HANDLERS)):
            break
        count += found
    return count
