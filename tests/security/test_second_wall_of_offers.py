"""The second wall around a hold: PostgreSQL itself lets no agency clear another one's before its time."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.rooms.offering import claims, offers
from tests.security.walls import within
from tests.stories.steps import items
from tests.world import Caller, House, ok
from true_api.kernel.rows import table_of
from true_api.rooms.offers.tables import Offer

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def cleared(house: House, caller: Caller) -> int:
    """How many holds an agency clears by a statement of its own, with no predicate of ours; undone at once."""
    nobody = update(table_of(Offer)).values(held_by=None, held_until=None)
    async with within(house, caller)._to_write() as connection:  # type: ignore[attr-defined]
        return int((await connection.execute(nobody)).rowcount)


async def test_a_hold_is_cleared_by_who_has_it_and_by_others_once_its_time_is_over(house: House) -> None:
    await offers(house, await house.peer.enrolls(), need="wound-care", urgency="urgent")
    (seen,) = await items(house.agency, "/v1/offers")
    ok(await claims(house.agency, seen))
    assert await cleared(house, house.other_agency) == 0
    assert await cleared(house, house.agency) == 1
    house.clock.move(timedelta(minutes=31))
    assert await cleared(house, house.other_agency) == 1
