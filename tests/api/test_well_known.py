"""Where a stranger looks first."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.world import House, house_settings, ok, open_house, refused

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""None of it asks the database."""


async def test_whoever_finds_a_weakness_is_told_whom_to_tell(house: House) -> None:
    answer = await house.http.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said["Contact"] == "mailto:security@example.org"
    left = datetime.fromisoformat(said["Expires"]) - house.clock.now()
    assert timedelta(0) < left < timedelta(days=366)
    assert said["Canonical"].endswith("/.well-known/security.txt")


async def test_where_nobody_was_named_there_is_no_such_page(database_url: str, tmp_path: Path) -> None:
    async with open_house(house_settings(tmp_path, database_url, TRUE_SECURITY_CONTACT="")) as house:
        refused(await house.http.get("/.well-known/security.txt"), 404, "not_found")


async def test_the_catalog_leads_to_what_is_there(house: House) -> None:
    answer = await house.http.get("/.well-known/api-catalog")
    assert answer.headers["content-type"].startswith("application/linkset+json")
    for entry in ok(answer)["linkset"]:
        for relation in ("service-desc", "service-doc", "status"):
            for link in entry[relation]:
                assert (await house.http.get(link["href"])).status_code == 200
