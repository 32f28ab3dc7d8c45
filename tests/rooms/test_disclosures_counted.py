"""Every disclosure stands in the accounting, once: none is left out, and what is none does not come in."""

from collections import Counter

import pytest

from tests.rooms.telling import BY_DOOR, Told, accounted, agreed, doors_that_disclose, tell_in_every_way
from tests.world import House


async def stand_in_the_accounting(told: Told, times: int) -> None:
    """As many, by the same right, whichever size the pages have."""
    assert told.counted.total() == times
    for limit in (200, 7):
        found = await accounted(told.house.supervisor, told.code, limit)
        assert len(found) == times
        assert Counter(item["basis"] for item in found) == told.counted


def test_every_door_by_which_an_agency_can_be_told_is_walked_through() -> None:
    assert set(BY_DOOR) == doors_that_disclose()


async def test_sixty_disclosures_over_every_way_are_accounted_for_exactly(house: House) -> None:
    told = await agreed(house)
    assert await accounted(house.supervisor, told.code) == []
    await tell_in_every_way(told, 60, seed=60)
    await stand_in_the_accounting(told, 60)


@pytest.mark.proof
async def test_five_hundred_disclosures_over_every_way_are_accounted_for_exactly(house: House) -> None:
    told = await agreed(house)
    await tell_in_every_way(told, 500, seed=500)
    await stand_in_the_accounting(told, 500)
