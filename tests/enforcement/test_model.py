"""Whatever people say, and whatever happens: at every door every token is told exactly what the reference says."""

import inspect

import pytest

from tests.enforcement import doors as _looks
from tests.enforcement import lives
from tests.enforcement.model import Size, live_and_look
from tests.enforcement.watching import DOORS, Watch
from tests.world import House
from true_api.api.all_doors import every_door
from true_api.api.openapi import reached_by_agencies
from true_api.security.gates import Gate

ABOUT_NOBODY = {
    "GET /v1/me",
    "GET /v1/directory/export",
    "GET /v1/directory/records/{kind}",
    "GET /v1/directory/records/{kind}/{id}",
    "PUT /v1/directory/records/{kind}/{id}",
    "DELETE /v1/directory/records/{kind}/{id}",
    "POST /v1/directory/search",
    "GET /v1/vocabularies",
    "POST /v1/language/check",
    "GET /dashboard",
    "GET /v1/indicators",
    "GET /v1/releases",
    "GET /v1/releases/calendar",
    "GET /v1/releases/tables/{table}",
    "GET /v1/releases/{period}/{table}",
    "POST /v1/exports",
    "GET /v1/exports",
    "GET /v1/exports/{reference}",
    "DELETE /v1/exports/{reference}",
    "GET /v1/exports/{reference}/files/{name}",
    "GET /v1/submissions",
    "GET /v1/submissions/{period}",
}
"""What says the same whatever anybody agreed to: it is about nobody, or numbers that were sealed before."""
LONGEST_REFERENCE = 40


def reached() -> set[str]:
    """Every door that the policy opens to agencies."""
    return {door.name for door in every_door() if isinstance(door.gate, Gate) and reached_by_agencies(door.gate)}


def test_no_door_that_an_agency_can_reach_is_left_out() -> None:
    assert set(_looks.DOORS) == set(DOORS)
    assert set(DOORS) | ABOUT_NOBODY == reached()
    assert not set(DOORS) & ABOUT_NOBODY


def test_the_reference_is_short_enough_to_be_judged_by_eye() -> None:
    lines = [*inspect.getsource(lives.resting).splitlines(), *inspect.getsource(lives.may_be_told).splitlines()]
    assert len(lines) <= LONGEST_REFERENCE


def looked(watch: Watch) -> bool:
    """Whether there was something to be told and something to be withheld: a watch that sees nothing proves nothing."""
    return all(watch.told[what] > 0 for what in ("listed", "read", "absent"))


async def test_every_door_tells_every_token_exactly_what_people_agreed_to(house: House) -> None:
    assert looked(await live_and_look(house, Size(), 0))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(6))
async def test_of_a_few_people_to_whom_much_happens_exactly_what_they_agreed_to_is_told(
    house: House, seed: int
) -> None:
    watch = await live_and_look(house, Size(agencies=3, events=400), seed)
    assert looked(watch)
    assert all(watch.told[what] > 0 for what in ("progress", "onward", "repeated", "endings"))


@pytest.mark.proof
async def test_of_two_hundred_people_and_six_agencies_exactly_what_they_agreed_to_is_told(house: House) -> None:
    watch = await live_and_look(house, Size(agencies=6, people=200, events=2_500), 0)
    assert looked(watch)
    assert all(watch.told[what] > 0 for what in ("progress", "onward", "repeated", "endings"))
