"""Partners and staff: who fits where, secrets that are shown once, and switches that act at once."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.stories.steps import every_item, items
from tests.world import SECRET, Caller, House, encounter, ok, refused
from true_api.kernel.rows import table_of
from true_api.security.accounts import Client
from true_api.security.roles import Role


async def added(admin: Caller, what: str, **draft: Any) -> dict[str, Any]:
    return ok(await admin.post(f"/v1/{what}", draft))


async def changed(admin: Caller, what: str, identity: Any, **news: Any) -> Any:
    path = f"/v1/{what}/{identity}"
    return await admin.patch(path, news, (await admin.get(path)).headers["etag"])


def place(house: House, organization: str, role: str, team: str | None = None, **more: Any) -> dict[str, Any]:
    team_id = str(house.teams[team]) if team else None
    return {"organization_id": str(house.organizations[organization]), "role": role, "team_id": team_id, **more}


async def test_an_admin_adds_organizations_teams_members_and_clients(house: House) -> None:
    admin = house.admin
    agency = await added(admin, "organizations", kind="partner_agency", name="Lakeside Shelter")
    team = await added(admin, "teams", name="Day van")
    peer = await added(admin, "members", **place(house, "program", "peer", label="peer-07") | {"team_id": team["id"]})
    client = await added(admin, "clients", organization_id=agency["id"], role="agency", label="Shelter system")
    assert {agency["active"], team["active"], peer["active"], client["active"]} == {True}
    for what, one in (("organizations", agency), ("members", peer), ("clients", client)):
        kept = {name: one[name] for name in one if name != "secret"}
        assert ok(await admin.get(f"/v1/{what}/{one['id']}")) == kept
        assert kept in await every_item(admin, f"/v1/{what}", 2)
    assert team in await items(admin, "/v1/teams")
    newcomer = replace(house.peer, id=UUID(peer["id"]))
    assert ok(await newcomer.get("/v1/me"))["team_id"] == team["id"]
    ok(await newcomer.post("/v1/encounters", encounter()))


async def test_a_role_fits_its_organization_its_team_and_its_kind_of_account(house: House) -> None:
    for misfit in (
        place(house, "harbor", "peer", "night van"),
        place(house, "program", "agency"),
        place(house, "county", "agency"),
        place(house, "harbor", "integrator"),
        place(house, "program", "peer"),
        place(house, "program", "supervisor"),
        place(house, "program", "admin", "night van"),
        place(house, "harbor", "agency", "night van"),
    ):
        refused(await house.admin.post("/v1/members", {**misfit, "label": "new"}), 409, "role_does_not_fit")
    for organization, role in (
        ("program", "peer"),
        ("program", "admin"),
        ("county", "agency"),
        ("harbor", "integrator"),
    ):
        misfit = {"organization_id": str(house.organizations[organization]), "role": role, "label": "new"}
        refused(await house.admin.post("/v1/clients", misfit), 409, "role_does_not_fit")
    nowhere = {"role": "agency", "label": "new", "organization_id": str(house.peer.id)}
    refused(await house.admin.post("/v1/members", nowhere), 409, "no_such_organization")
    teamless = place(house, "program", "peer", label="new") | {"team_id": str(house.peer.id)}
    refused(await house.admin.post("/v1/members", teamless), 409, "no_such_team")
    refused(await changed(house.admin, "members", house.peer.id, role="agency"), 409, "role_does_not_fit")
    refused(await changed(house.admin, "members", house.peer.id, team_id=None), 409, "role_does_not_fit")


async def test_names_are_given_once_and_there_is_one_program(house: House) -> None:
    for what, draft in (
        ("organizations", {"kind": "partner_agency", "name": "harbor"}),
        ("teams", {"name": "night van"}),
        ("members", place(house, "program", "peer", "drop-in", label="peer")),
        (
            "clients",
            {"organization_id": str(house.organizations["harbor"]), "role": "agency", "label": "intake system"},
        ),
    ):
        refused(await house.admin.post(f"/v1/{what}", draft), 409, "name_taken")
    second = {"kind": "program", "name": "Another Program"}
    refused(await house.admin.post("/v1/organizations", second), 409, "one_program")
    program = house.organizations["program"]
    refused(await changed(house.admin, "organizations", program, active=False), 409, "one_program")


async def test_a_secret_is_shown_once_and_kept_nowhere(house: House) -> None:
    draft = {"organization_id": str(house.organizations["bridge"]), "role": "agency", "label": "night desk"}
    key = {"Idempotency-Key": "client-for-the-night-desk"}
    client = ok(await house.admin.post("/v1/clients", draft, headers=key))
    refused(await house.admin.post("/v1/clients", draft, headers=key), 409, "secret_shown_once")
    (kept,) = await house.rows(select(table_of(Client)))
    said = [*map(str, kept), (await house.admin.get(f"/v1/clients/{client['id']}")).text]
    said.append((await house.admin.get("/v1/clients")).text)
    assert len(client["secret"]) >= 32
    assert not [text for text in said if client["secret"] in text or "secret_hash" in text]
    granted = await house.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(client["id"], client["secret"])
    )
    token = {"Authorization": f"Bearer {ok(granted)['access_token']}"}
    me = ok(await house.http.get("/v1/me", headers=token))
    assert (me["id"], me["role"], me["organization_id"]) == (client["id"], "agency", draft["organization_id"])


async def test_the_last_admin_stays(house: House) -> None:
    for news in ({"active": False}, {"role": "peer", "team_id": str(house.teams["night van"])}):
        refused(await changed(house.admin, "members", house.admin.id, **news), 409, "last_admin")
    second = await added(house.admin, "members", **place(house, "program", "admin", label="second operator"))
    ok(await changed(house.admin, "members", house.admin.id, active=False))
    refused(await house.admin.get("/v1/me"), 401, "unauthenticated")
    remaining = replace(house.admin, id=UUID(second["id"]))
    refused(await changed(remaining, "members", second["id"], active=False), 409, "last_admin")


async def test_two_admins_never_switch_each_other_off(house: House) -> None:
    second = await added(house.admin, "members", **place(house, "program", "admin", label="second operator"))
    other = replace(house.admin, id=UUID(second["id"]))
    first_path, second_path = f"/v1/members/{house.admin.id}", f"/v1/members/{other.id}"
    etags = [(await house.admin.get(path)).headers["etag"] for path in (second_path, first_path)]
    answers = await asyncio.gather(
        house.admin.patch(second_path, {"active": False}, etags[0]),
        other.patch(first_path, {"active": False}, etags[1]),
    )
    assert sorted(answer.status_code == 200 for answer in answers) == [False, True]
    still = [caller for caller in (house.admin, other) if (await caller.get("/v1/me")).status_code == 200]
    assert len(still) == 1


async def test_a_member_switched_off_or_moved_loses_access_at_once(house: House) -> None:
    bearer = {"Authorization": f"Bearer {house.peer.token()}"}
    assert (await house.http.get("/v1/me", headers=bearer)).status_code == 200
    ok(await changed(house.admin, "members", house.peer.id, active=False))
    refused(await house.http.get("/v1/me", headers=bearer), 401, "unauthenticated")
    ok(await changed(house.admin, "members", house.peer.id, active=True))
    assert (await house.http.get("/v1/me", headers=bearer)).status_code == 200
    ok(await changed(house.admin, "members", house.peer.id, role="supervisor"))
    refused(await house.http.get("/v1/me", headers=bearer), 401, "unauthenticated")
    assert ok(await replace(house.peer, role=Role.SUPERVISOR).get("/v1/me"))["role"] == "supervisor"


async def test_an_organization_or_a_client_switched_off_loses_access_at_once(house: House) -> None:
    form, credentials = {"grant_type": "client_credentials"}, (str(house.agency.id), SECRET)
    for what, identity in (("clients", house.agency.id), ("organizations", house.organizations["harbor"])):
        bearer = {"Authorization": f"Bearer {house.agency.token()}"}
        ok(await changed(house.admin, what, identity, active=False))
        refused(await house.http.get("/v1/intake-requests", headers=bearer), 401, "unauthenticated")
        refused(await house.http.post("/oauth/token", data=form, auth=credentials), 401, "invalid_client")
        worker = await house.agency_worker.get("/v1/me")
        assert worker.status_code == (401 if what == "organizations" else 200)
        ok(await changed(house.admin, what, identity, active=True))
        ok(await house.http.post("/oauth/token", data=form, auth=credentials))


async def test_an_admin_changes_what_they_have_read(house: House) -> None:
    path = f"/v1/members/{house.peer.id}"
    stale = (await house.admin.get(path)).headers["etag"]
    ok(await house.admin.patch(path, {"team_id": str(house.teams["drop-in"])}, stale))
    refused(await house.admin.patch(path, {"active": False}, stale), 412, "precondition_failed")
    refused(await house.admin.call("PATCH", path, {"active": False}), 428, "if_match_required")
    assert ok(await house.admin.get(path))["active"] is True


async def test_only_an_admin_keeps_accounts_and_an_admin_keeps_nothing_else(house: House) -> None:
    for caller in (house.peer, house.supervisor, house.agency, house.integrator):
        for what in ("teams", "members", "clients"):
            refused(await caller.get(f"/v1/{what}"), 403, "not_permitted")
            refused(await caller.post(f"/v1/{what}", {}), 403, "not_permitted")
        refused(await caller.post("/v1/organizations", {}), 403, "not_permitted")
    assert "harbor" in {organization["name"] for organization in await items(house.peer, "/v1/organizations")}
    refused(await house.agency.get("/v1/organizations"), 403, "not_permitted")
    code = await house.peer.enrolls()
    for path in (
        "/v1/participants",
        f"/v1/participants/{code}",
        "/v1/encounters",
        "/v1/referrals",
        "/v1/intake-requests",
    ):
        refused(await house.admin.get(path), 403, "not_permitted")
