"""Release keys: a tool that refreshes by itself reads what was sealed with one, and nothing else in the house."""

import base64
import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.world import House, ok, refused
from true_api.api.all_doors import every_door
from true_api.kernel.errors import Unauthenticated
from true_api.kernel.rows import table_of
from true_api.security.gates import Gate
from true_api.security.release_keys import OPENS, ReleaseKey, credential, new_release_key
from true_api.security.roles import POLICY, Role

KEYS, LIST = "/v1/release-keys", "/v1/releases"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def makes(house: House, **over: Any) -> dict[str, Any]:
    """The admin makes a key for the county's dashboard."""
    draft = {"client_id": str(house.integrator.id), "label": "Power BI", "expires_on": "2026-11-30", **over}
    return ok(await house.admin.post(KEYS, draft))


async def reads(house: House, secret: str, path: str = LIST, scheme: str = "Bearer", name: str = "") -> httpx2.Response:
    """A request with a key, as a bearer token or as a password."""
    said = secret if scheme == "Bearer" else base64.b64encode(f"{name}:{secret}".encode()).decode()
    return await house.http.get(path, headers={"Authorization": f"{scheme} {said}"})


async def test_a_key_reads_what_was_sealed_as_its_client_does(house: House) -> None:
    made = await makes(house)
    assert re.fullmatch(r"true_rk_[\w-]{43}", made["secret"])
    shown = ok(await house.integrator.get(LIST))
    for answer in (
        await reads(house, made["secret"]),
        await reads(house, made["secret"], scheme="Basic"),
        await reads(house, made["secret"], scheme="basic", name="grafana"),
    ):
        assert ok(answer) == shown


async def test_a_key_opens_nothing_else(house: House) -> None:
    made, code = await makes(house), await house.peer.enrolls()
    for path in (
        "/v1/me",
        "/v1/directory/export",
        KEYS,
        "/v1/vocabularies",
        f"/v1/participants/{code}",
        "/v1/encounters",
    ):
        refused(await reads(house, made["secret"], path), 403, "not_permitted")
    headers = {"Authorization": f"Bearer {made['secret']}", "Idempotency-Key": "once-and-again"}
    refused(await house.http.post(LIST, json={"period": "2026-09"}, headers=headers), 403, "not_permitted")


def test_what_a_key_opens_is_said_here_door_by_door() -> None:
    gates = {door.name: door.gate for door in every_door() if isinstance(door.gate, Gate)}
    assert {name for name, gate in gates.items() if gate.by_key and gate.permission in OPENS} == {
        "GET /dashboard",
        "GET /v1/indicators",
        "GET /v1/releases",
        "GET /v1/releases/calendar",
        "GET /v1/releases/tables/{table}",
        "GET /v1/releases/{period}/{table}",
    }
    assert {name for name, gate in gates.items() if gate.permission in OPENS and not gate.by_key} == {
        "GET /v1/submissions",
        "GET /v1/submissions/{period}",
    }
    assert POLICY[Role.INTEGRATOR] > OPENS


async def test_revoked_expired_unknown_and_mangled_keys_meet_one_identical_answer(house: House) -> None:
    revoked, expired, idle = [await makes(house, label=label) for label in ("revoked", "expired", "idle")]
    gone = ok(await house.admin.call("DELETE", f"{KEYS}/{revoked['id']}"))
    assert gone == {**{name: value for name, value in revoked.items() if name != "secret"}, "revoked_on": "2026-11-02"}
    assert ok(await house.admin.call("DELETE", f"{KEYS}/{revoked['id']}")) == gone
    ok(await reads(house, expired["secret"]))
    tried = [revoked["secret"], new_release_key(), idle["secret"][:-1], idle["secret"] + "\t", "true_rk_", "true_rk_ä"]
    answers = [await reads(house, secret, scheme=scheme) for secret in tried[:-1] for scheme in ("Bearer", "Basic")]
    answers.append(await reads(house, tried[-1], scheme="Basic"))
    house.clock.move(timedelta(days=29))
    answers += [await reads(house, expired["secret"]), await reads(house, expired["secret"], scheme="Basic")]
    said = set()
    for answer in answers:
        problem = refused(answer, 401, "unauthenticated")
        said.add((repr({**problem, "request_id": ""}), answer.headers["www-authenticate"]))
    assert len(said) == 1


async def test_a_key_ends_with_its_client(house: House) -> None:
    made = await makes(house)
    etag = (await house.admin.get(f"/v1/clients/{house.integrator.id}")).headers["etag"]
    ok(await house.admin.patch(f"/v1/clients/{house.integrator.id}", {"active": False}, etag))
    refused(await reads(house, made["secret"]), 401, "unauthenticated")


async def test_a_key_is_shown_once_and_kept_as_a_hash(house: House) -> None:
    draft = {"client_id": str(house.integrator.id), "label": "Power BI", "expires_on": "2026-11-30"}
    answers = [await house.admin.post(KEYS, draft, headers={"Idempotency-Key": "the-same-key"}) for _ in range(2)]
    secret = ok(answers[0])["secret"]
    refused(answers[1], 409, "secret_shown_once")
    listed = await house.admin.get(KEYS)
    assert [item["label"] for item in ok(listed)["items"]] == ["Power BI"]
    (kept,) = (await house.rows(select(table_of(ReleaseKey))))[0]
    assert secret not in listed.text
    assert secret not in repr(kept)


@ON_SQLITE
@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"expires_on": "2026-11-01"}, "key_life_out_of_range"),
        ({"expires_on": "2027-11-04"}, "key_life_out_of_range"),
        ({"client_id": "5b0f3c52-8f0e-4b56-9c1d-2f6a7e1d3c40"}, "not_an_integrator"),
    ],
)
async def test_a_key_is_for_an_integrators_client_and_for_a_year_at_most(
    house: House, over: dict[str, str], code: str
) -> None:
    draft = {"client_id": str(house.integrator.id), "label": "Power BI", "expires_on": "2027-11-03", **over}
    refused(await house.admin.post(KEYS, draft), 409, code)


@ON_SQLITE
async def test_only_an_admin_keeps_keys_and_an_agency_gets_none(house: House) -> None:
    made = await makes(house)
    draft = {"client_id": str(house.agency.id), "label": "Power BI", "expires_on": "2026-11-30"}
    refused(await house.admin.post(KEYS, draft), 409, "not_an_integrator")
    for caller in (house.integrator, house.agency, house.supervisor, house.peer):
        refused(await caller.post(KEYS, draft), 403, "not_permitted")
        refused(await caller.get(KEYS), 403, "not_permitted")
        refused(await caller.call("DELETE", f"{KEYS}/{made['id']}"), 403, "not_permitted")


@ON_SQLITE
async def test_an_access_token_is_no_password(house: House) -> None:
    refused(await reads(house, house.integrator.token(), scheme="Basic"), 401, "unauthenticated")


@given(st.lists(st.text(st.characters(max_codepoint=255), max_size=40), max_size=2))
def test_whatever_stands_in_the_header_it_is_a_credential_or_one_refusal(headers: list[str]) -> None:
    try:
        assert isinstance(credential(headers), str)
    except Unauthenticated:
        assert len(headers) != 1 or not headers[0].lower().startswith("bearer ")
