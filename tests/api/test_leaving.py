"""A door that goes away says so long before, in every answer and in the document."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest

from tests.world import House, ok, refused
from true_api.api.all_doors import every_door
from true_api.api.door import Leaving
from true_api.api.doors import Doors
from true_api.kernel.schemas import View
from true_api.security.gates import OpenGate

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""None of it asks the database."""

GOING = Leaving(date(2026, 11, 2), date(2027, 6, 1), "https://example.org/instead")


class Old(View):
    """What an old door told."""

    told: str


@pytest.fixture
async def old(house: House) -> AsyncIterator[House]:
    """A house with a door in it that goes away."""
    doors = Doors("/old", tag="Old", version="")

    @doors.open("GET", "", OpenGate("to be taken down"), leaving=GOING)
    async def read_old() -> Old:
        """Read what there was."""
        return Old(told="still here")

    route = doors.router.routes[0]
    house.app.router.routes.insert(0, route)
    yield house
    house.app.router.routes.remove(route)


async def test_every_answer_of_a_door_that_goes_away_says_when_and_where_to_read_on(old: House) -> None:
    for answer in (await old.http.get("/old"), await old.http.get("/old?marigold=1")):
        since = int(answer.headers["deprecation"].removeprefix("@"))
        assert datetime.fromtimestamp(since, UTC).date() == GOING.since
        assert parsedate_to_datetime(answer.headers["sunset"]).date() == GOING.until
        assert answer.headers["link"] == '<https://example.org/instead>; rel="deprecation"; type="text/html"'
    ok(await old.http.get("/old"))
    refused(await old.http.get("/old?marigold=1"), 422, "invalid_shape")
    assert "sunset" not in (await old.http.get("/health/live")).headers


async def test_nobody_is_given_less_than_half_a_year(house: House) -> None:
    with pytest.raises(ValueError, match="half a year"):
        replace(GOING, until=date(2027, 1, 1))


def test_no_door_leaves_unannounced_in_the_document(house: House) -> None:
    paths = house.app.openapi()["paths"]
    for door in every_door():
        assert paths[door.path][door.method.lower()].get("deprecated", False) is (door.leaving is not None)
