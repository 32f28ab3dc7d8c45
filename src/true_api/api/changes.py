"""The door to the change feed."""

from typing import Annotated

from fastapi import Query
from pydantic import BeforeValidator, Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import digits
from true_api.kernel.errors import InvalidCursor
from true_api.kernel.schemas import Draft
from true_api.outlets.feed.places import FeedTooOld
from true_api.outlets.feed.reading import Asked, read_feed
from true_api.outlets.feed.schemas import FeedPage
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.referrals.tables import Referral
from true_api.security.gates import ListGate
from true_api.security.permits import ListPermit
from true_api.security.roles import Permission

doors = Doors("/changes", tag="Changes")

FOLLOW = ListGate(Permission.CHANGES_READ, of=(Referral, IntakeRequest))


class ChangesQuery(Draft):
    """How much of the feed, of what, and from where."""

    after: str | None = Field(
        None,
        max_length=512,
        description="`next` of the page before, or an item's `cursor`; without: all that is kept.",
    )
    limit: Annotated[int, BeforeValidator(digits)] = Field(50, ge=1, le=200, description="Changes per page.")
    kinds: str | None = Field(
        None,
        max_length=400,
        pattern=r"^[a-z_]+(,[a-z_]+)*$",
        description="Only these kinds, separated by commas. A cursor holds for the kinds that it was given for.",
    )


@doors.open("GET", "", FOLLOW, refuses=(InvalidCursor, FeedTooOld))
async def follow_changes(query: Annotated[ChangesQuery, Query()], permit: Permitted[ListPermit]) -> FeedPage:
    """Follow what came, changed or went, among what you may see.

    Changes come in the order of their commits, and none is missed. An item names a record and says no more: read it at
    its own door. What you may not see now tells nothing; a reference that you could have known, and that leads nowhere
    any more, comes as `gone`. Changes are kept for 30 days: who has read nothing for longer gets 410 `feed_too_old`,
    lists anew, and follows from there.
    """
    return await read_feed(permit, Asked(query.after, query.limit, query.kinds))
