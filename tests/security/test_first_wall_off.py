"""What agencies' doors are tried by, tried again with the gate's predicates gone: PostgreSQL alone holds.

The tests are those of the doors themselves, to the letter. Only here every row of every table is within an agency's
reach, and every consent that anybody ever gave is live and for every purpose.
"""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.api import test_absent
from tests.rooms import test_capacity, test_consents, test_intake, test_offers, test_referrals
from tests.security.walls import take_the_first_wall_away, take_the_second_wall_away
from tests.stories import test_agency_worker
from tests.stories.steps import agrees, items, refers
from tests.world import House, intake, ok

SUITES = (test_absent, test_agency_worker, test_capacity, test_consents, test_intake, test_offers, test_referrals)


@pytest.fixture(scope="session")
def engine() -> str:
    """Only PostgreSQL has a second wall."""
    return "postgresql"


@pytest.fixture(autouse=True)
def _without_the_first_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    take_the_first_wall_away(monkeypatch)


def _tests_of_agencies(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The tests of a module in which an agency calls."""
    for name, test in vars(module).items():
        if name.startswith("test_") and callable(test) and _agency_calls(test):
            yield f"{name}__in_{module.__name__.rpartition('.')[2]}", test


def _agency_calls(test: Callable[..., Any]) -> bool:
    said = {*test.__code__.co_names, *test.__code__.co_varnames}
    return bool(said & {"agency", "other_agency", "agency_worker"})


for _module in SUITES:
    globals().update(_tests_of_agencies(_module))


async def _seen_by(house: House) -> tuple[int, int]:
    """How many referrals and requests bridge sees of somebody it may know: harbor was asked, and harbor posted."""
    code = await house.peer.enrolls()
    for name in ("harbor", "bridge"):
        await agrees(house.peer, code, house.organizations[name])
    await refers(house.peer, code, house.organizations["harbor"])
    ok(await house.agency.post("/v1/intake-requests", intake()))
    paths = ("/v1/referrals", "/v1/intake-requests")
    return tuple([len(await items(house.other_agency, path)) for path in paths])  # type: ignore[return-value]


async def test_without_either_wall_an_agency_would_see_another_ones_people(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first wall is gone indeed: what holds in all other tests here is the second."""
    take_the_second_wall_away(monkeypatch)
    assert await _seen_by(house) == (1, 1)


async def test_with_the_second_wall_alone_it_sees_nothing_of_them(house: House) -> None:
    assert await _seen_by(house) == (0, 0)
