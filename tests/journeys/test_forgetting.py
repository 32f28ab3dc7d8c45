"""Forgetting."""
from tests.world import *
from tests.world import House, ok, refused
from tests.journeys.leaving import *
import asyncio
async def test_x(house: House, tmp_path) -> None:
    life = await lives(house)
    before=await whatever_is_left(house, life)
    print(before)
    print(left_in_files(tmp_path, life))
    house.clock.set(NOON)
    r = await house.supervisor.post(f"/v1/participants/{life.code}/forget", ASKED)
    print(r.status_code, r.text)
    print(await whatever_is_left(house, life))
    print(left_in_files(tmp_path, life))
