"""A day of a county's dashboard: sealed months, small numbers kept back, and no door to a person."""

from tests.outlets.many_people import fill
from tests.world import SECRET, House, ok, refused


async def test_a_dashboard_signs_in_and_reads_a_sealed_month_and_nothing_else(house: House) -> None:
    await fill(house, people=200, months=1)
    await house.peer.records(await house.peer.enrolls(), setting="mail", occurred_on="2026-10-31")
    ok(await house.admin.post("/v1/releases", {"period": "2026-10"}))

    form = {"grant_type": "client_credentials", "scope": "release:read"}
    granted = await house.http.post("/oauth/token", data=form, auth=(str(house.integrator.id), SECRET))
    bearer = {"Authorization": f"Bearer {ok(granted)['access_token']}"}
    listed = ok(await house.http.get("/v1/releases", headers=bearer))
    assert {line["table"] for line in listed["releases"]} == {table["name"] for table in listed["tables"]}
    path = "/v1/releases/2026-10/people-by-setting"
    release = await house.http.get(path, headers=bearer)
    rows = {row["setting"]: row for row in ok(release)["rows"]}
    assert rows["street"]["value"] >= 11
    assert (rows["mail"]["value"], rows["mail"]["suppressed"]) == (None, True)

    unchanged = {**bearer, "If-None-Match": release.headers["etag"]}
    assert (await house.http.get(path, headers=unchanged)).status_code == 304
    for closed in ("/v1/participants", "/v1/encounters", "/v1/insights/months?from=2026-10&to=2026-11"):
        refused(await house.http.get(closed, headers=bearer), 403, "not_permitted")
