"""Accounts: what the database says at this moment counts, whatever a token said when it was made."""

from typing import Any

import httpx2
import pytest

from tests.world import SECRET, Caller, House, ok, refused
from true_api.kernel.rows import table_of
from true_api.security.roles import POLICY, PURPOSES, USUAL_PURPOSE, Permission, Purpose, Role
from true_api.security.tokens import Grant
from true_api.security.trail import TrailEntry


class Holder:
    """Somebody with a token that is out already."""

    def __init__(self, caller: Caller, token: str = "") -> None:
        self.caller, self.token = caller, token or caller.token()

    async def get(self, path: str = "/v1/me") -> httpx2.Response:
        """GET with that same token."""
        return await self.caller.house.http.get(path, headers={"Authorization": f"Bearer {self.token}"})


async def change(house: House, path: str, **news: object) -> None:
    """The admin changes an account."""
    etag = (await house.admin.get(path)).headers["etag"]
    ok(await house.admin.patch(path, news, etag))


def granted(caller: Caller, **over: Any) -> str:
    """A token of this house that says something else than its policy would let it."""
    usual = {
        "subject": caller.id,
        "client_id": str(caller.id) if caller.is_client else "true-api-tests",
        "organization": caller.organization_id,
        "role": caller.role.value,
        "scope": " ".join(sorted(permission.value for permission in POLICY[caller.role])),
        "purpose_of_use": USUAL_PURPOSE[caller.role].value,
    }
    return caller.house.installation.tokens.issue(Grant(**{**usual, **over}), caller.house.clock.now(), 600)


async def test_a_member_who_is_switched_off_is_out_at_once_and_back_when_switched_on(house: House) -> None:
    holder, path = Holder(house.peer), f"/v1/members/{house.peer.id}"
    ok(await holder.get())
    await change(house, path, active=False)
    refused(await holder.get(), 401, "unauthenticated")
    refused(await house.peer.post("/v1/participants", {}), 401, "unauthenticated")
    await change(house, path, active=True)
    ok(await holder.get())


async def test_another_role_acts_at_once_on_tokens_already_out(house: House) -> None:
    holder, path = Holder(house.supervisor), f"/v1/members/{house.supervisor.id}"
    ok(await holder.get("/v1/insights/months?from=2026-10&to=2026-11"))
    await change(house, path, role="peer")
    refused(await holder.get("/v1/insights/months?from=2026-10&to=2026-11"), 401, "unauthenticated")
    refused(await holder.get(), 401, "unauthenticated")


async def test_another_team_acts_at_once_on_what_a_supervisor_sees(house: House) -> None:
    code, holder = await house.peer.enrolls(), Holder(house.supervisor)
    ok(await holder.get(f"/v1/participants/{code}"))
    await change(house, f"/v1/members/{house.supervisor.id}", team_id=str(house.teams["drop-in"]))
    refused(await holder.get(f"/v1/participants/{code}"), 404, "not_found")
    assert ok(await holder.get("/v1/participants"))["items"] == []
    assert ok(await holder.get())["team_id"] == str(house.teams["drop-in"])


async def test_an_organization_that_is_switched_off_is_out_with_everybody_in_it(house: House) -> None:
    holders = [Holder(house.agency), Holder(house.agency_worker)]
    others = [Holder(house.other_agency), Holder(house.peer), Holder(house.integrator)]
    path = f"/v1/organizations/{house.organizations['harbor']}"
    await change(house, path, active=False)
    for holder in holders:
        refused(await holder.get(), 401, "unauthenticated")
    refused(await signs_in(house, house.agency), 401, "invalid_client")
    for other in others:
        ok(await other.get())
    await change(house, path, active=True)
    for holder in holders:
        ok(await holder.get())


async def signs_in(house: House, client: Caller, **form: str) -> httpx2.Response:
    """A client asks for a token."""
    asked = {"grant_type": "client_credentials", **form}
    return await house.http.post("/oauth/token", data=asked, auth=httpx2.BasicAuth(str(client.id), SECRET))


async def test_a_client_that_is_switched_off_is_out_at_once_and_gets_no_new_token(house: House) -> None:
    holder = Holder(house.agency, ok(await signs_in(house, house.agency))["access_token"])
    ok(await holder.get())
    await change(house, f"/v1/clients/{house.agency.id}", active=False)
    refused(await holder.get(), 401, "unauthenticated")
    refused(await signs_in(house, house.agency), 401, "invalid_client")
    ok(await Holder(house.agency_worker).get())


async def test_a_token_counts_only_for_the_account_organization_and_role_it_names(house: House) -> None:
    for token in (
        granted(house.peer, role="supervisor"),
        granted(house.peer, role="admin"),
        granted(house.peer, role="nobody"),
        granted(house.peer, client_id=str(house.peer.id)),
        granted(house.agency, client_id="true-api-tests"),
        granted(house.agency, client_id=str(house.other_agency.id)),
        granted(house.agency, organization=house.organizations["bridge"]),
        granted(house.peer, subject=house.organizations["program"]),
        granted(house.peer, purpose_of_use="NOPURPOSE"),
    ):
        refused(await Holder(house.peer, token).get(), 401, "unauthenticated")


async def test_a_scope_only_takes_away(house: House) -> None:
    narrow = Holder(house.peer, house.peer.token(scope="me:read encounter:read"))
    assert ok(await narrow.get())["permissions"] == ["encounter:read", "me:read"]
    ok(await narrow.get("/v1/encounters"))
    refused(await narrow.get("/v1/participants"), 403, "not_permitted")
    everything = " ".join(permission.value for permission in Permission)
    wide = Holder(house.peer, granted(house.peer, scope=everything))
    assert ok(await wide.get())["permissions"] == sorted(permission.value for permission in POLICY[Role.PEER])
    refused(await wide.get("/v1/members"), 403, "not_permitted")
    refused(await wide.get("/v1/insights/months?from=2026-10&to=2026-11"), 403, "not_permitted")
    for scope in ("me:readmarigold", "ME:READ", "me:read,encounter:read", "*"):
        refused(await Holder(house.peer, granted(house.peer, scope=scope)).get("/v1/encounters"), 403, "not_permitted")


@pytest.mark.parametrize("persona", ["agency", "integrator"])
async def test_a_client_may_ask_for_less_and_never_for_more(house: House, persona: str) -> None:
    client = house.people[persona]
    assert ok(await signs_in(house, client, scope="me:read"))["scope"] == "me:read"
    assert len(ok(await signs_in(house, client))["scope"].split()) == len(POLICY[client.role])
    for scope in ("participant:read", "me:read member:write", "marigold", "me:read me:marigold", "*"):
        answer = await signs_in(house, client, scope=scope)
        assert refused(answer, 400, "invalid_scope")["error"] == "invalid_scope"
        assert "marigold" not in answer.text


async def test_a_purpose_that_is_not_the_roles_gets_no_token_and_opens_no_door(house: House) -> None:
    for purpose in ("HRESCH", "SYSADMIN", "treat", "marigold"):
        refused(await signs_in(house, house.agency, purpose_of_use=purpose), 400, "invalid_scope")
    ok(await signs_in(house, house.agency, purpose_of_use="TREAT"))
    for caller in (house.peer, house.supervisor, house.agency, house.integrator, house.admin):
        for purpose in Purpose:
            answer = await Holder(caller, granted(caller, purpose_of_use=purpose.value)).get()
            if purpose in PURPOSES[caller.role]:
                assert ok(answer)["purpose_of_use"] == purpose.value
            else:
                refused(answer, 403, "not_permitted")


async def test_the_purpose_of_a_token_stands_in_the_trail(house: House) -> None:
    for purpose in (Purpose.TREATMENT, Purpose.OPERATIONS):
        answer = await Holder(house.supervisor, house.supervisor.token(purpose=purpose.value)).get("/v1/participants")
        ok(answer)
        entries = (await house.rows(table_of(TrailEntry).select()))[0]
        (entry,) = [entry for entry in entries if entry.request_id == answer.headers["x-request-id"]]
        assert entry.purpose == purpose.value


async def test_an_account_that_is_switched_off_cannot_even_learn_what_it_may_not(house: House) -> None:
    holder = Holder(house.peer)
    await change(house, f"/v1/members/{house.peer.id}", active=False)
    for path in ("/v1/members", "/v1/participants/mistyped", "/v1/participants/0000-0000-0000", "/v1/encounters?x=1"):
        refused(await holder.get(path), 401, "unauthenticated")
