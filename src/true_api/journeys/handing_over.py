"""The end of working together: whoever leaves leaves no promise behind that nobody would see."""

from sqlalchemy import select

from true_api.kernel.errors import Conflict
from true_api.kernel.rows import table_of
from true_api.privacy.endings import not_ended
from true_api.rooms.assignments import handing_over
from true_api.rooms.promises.tables import Promise
from true_api.rooms.promises.vocabulary import PromiseState
from true_api.security.permits import CasePermit


class PromisesStillOpen(Conflict):
    """You promised this person something that is still open: keep it, let it go, or have somebody take over first."""

    code = "promises_still_open"


async def leave(permit: CasePermit) -> None:
    """The caller works with the person no longer. Raises `PromisesStillOpen`, `NotFound`."""
    promises = table_of(Promise)
    own = select(promises.c.id).where(
        promises.c.participant_id == permit.participant,
        promises.c.member_id == permit.actor.id,
        promises.c.state == PromiseState.OPEN,
        not_ended(promises.c.participant_id),
    )
    if (await permit.database.read(own.limit(1)))[0]:
        raise PromisesStillOpen
    await handing_over.leave(permit)
