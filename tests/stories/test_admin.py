"""An admin's day: a new partner, a new peer, somebody who leaves, and no look at any participant."""

from dataclasses import replace
from uuid import UUID

from tests.stories.steps import items
from tests.world import House, intake, ok, refused


async def test_an_admin_lets_a_partner_in_and_a_peer_go(house: House) -> None:
    admin = house.admin
    shelter = ok(await admin.post("/v1/organizations", {"kind": "partner_agency", "name": "Lakeside Shelter"}))
    system = {"organization_id": shelter["id"], "role": "agency", "label": "Night desk"}
    client = ok(await admin.post("/v1/clients", system))
    form, credentials = {"grant_type": "client_credentials"}, (client["id"], client["secret"])
    granted = ok(await house.http.post("/oauth/token", data=form, auth=credentials))
    partner = {"Authorization": f"Bearer {granted['access_token']}", "Idempotency-Key": "first-night"}
    ok(await house.http.post("/v1/intake-requests", json=intake(), headers=partner))
    assert [one["organization_id"] for one in await items(house.peer, "/v1/intake-requests")] == [shelter["id"]]

    team = ok(await admin.post("/v1/teams", {"name": "Day van"}))
    draft = {"organization_id": str(house.organizations["program"]), "team_id": team["id"], "role": "peer"}
    newcomer = ok(await admin.post("/v1/members", {**draft, "label": "peer-07"}))
    caller = replace(house.peer, id=UUID(newcomer["id"]))
    code = await caller.enrolls()

    path = f"/v1/members/{newcomer['id']}"
    ok(await admin.patch(path, {"active": False}, (await admin.get(path)).headers["etag"]))
    refused(await caller.get(f"/v1/participants/{code}"), 401, "unauthenticated")
    refused(await admin.get(f"/v1/participants/{code}"), 403, "not_permitted")
