"""Realms: in all that agencies and integrators are told, nothing leads back to a person or a record."""

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlalchemy import Uuid, select

from tests.stories.steps import absent, agrees, every_item, items, refers
from tests.world import Caller, House, intake, ok, refused
from true_api.kernel.codes import shown
from true_api.kernel.rows import metadata, table_of
from true_api.privacy.cases import Caseload, RealmCode
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.referrals.tables import Referral

UUID_LIKE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME_OF_DAY = re.compile(r"\d:\d\d|\d{4}-\d\d-\d\dt\d\d", re.IGNORECASE)


@dataclass
class Overheard(Caller):
    """A caller who remembers every answer."""

    heard: list[httpx2.Response] = field(default_factory=list)

    async def call(self, method: str, path: str, json: Any = None, **options: Any) -> httpx2.Response:
        answer = await super().call(method, path, json, **options)
        self.heard.append(answer)
        return answer

    def told(self) -> str:
        """Everything that was ever said to this caller, with what stands inside its cursors."""
        said = [
            line
            for answer in self.heard
            for line in (answer.text, *(f"{name}: {value}" for name, value in answer.headers.items()))
        ]
        cursors = [answer.json().get("next_cursor") for answer in self.heard if answer.status_code == 200]
        for cursor in filter(None, cursors):
            said.append(str(json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[16:])))
        return "\n".join(said).lower()


def overhears(house: House, persona: str) -> Overheard:
    return Overheard(**vars(house.people[persona]))


async def days_of_an_agency(house: House, caller: Overheard) -> None:
    """Asks, reads page by page, moves what it may, and tries what it may not."""
    for _ in range(3):
        ok(await caller.post("/v1/intake-requests", intake()))
    for path in ("/v1/intake-requests", "/v1/referrals"):
        listed = await every_item(caller, path, 1)
        assert listed
        for item in listed:
            ok(await caller.get(f"{path}/{item['reference']}"))
    waiting = [one["reference"] for one in await items(caller, "/v1/referrals") if one["state"] == "requested"]
    path = f"/v1/referrals/{waiting[0]}/transitions"
    ok(await caller.post(path, {"to": "accepted"}))
    refused(await caller.post(path, {"to": "accepted"}), 409, "move_not_allowed")
    refused(await caller.post(path, {"to": "nowhere"}), 422, "invalid_shape")
    ok(await caller.get("/v1/me"))
    await tries_what_leads_to_people(house, caller)


async def tries_what_leads_to_people(house: House, caller: Overheard) -> None:
    """Every name that the program has for somebody, at every door."""
    (code, *_) = [entry["code"] for entry in await items(house.peer, "/v1/participants")]
    (met, *_) = await items(house.peer, "/v1/encounters")
    (referral, *_) = await items(house.peer, "/v1/referrals")
    (request, *_) = await items(house.peer, "/v1/intake-requests")
    for path in (f"participants/{code}", f"participants/{code}/timeline", f"encounters/{met['id']}", "encounters"):
        refused(await caller.get(f"/v1/{path}"), 403, "not_permitted")
    refused(await caller.post("/v1/caseload", {"code": code}), 403, "not_permitted")
    for path in (f"referrals/{referral['id']}", f"intake-requests/{request['id']}"):
        if caller.role == "agency":
            await absent(caller, f"/v1/{path}")
        else:
            refused(await caller.get(f"/v1/{path}"), 403, "not_permitted")


async def a_program_at_work(house: House) -> None:
    """Two people, each known to both agencies; contacts, a sealed month, and one consent taken back."""
    harbor, bridge = house.organizations["harbor"], house.organizations["bridge"]
    for code in [await house.peer.enrolls() for _ in range(2)]:
        await house.peer.records(code, occurred_on="2026-10-31")
        ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", {"occurred_on": "2026-11-01"}))
        for agency in (harbor, bridge):
            await agrees(house.peer, code, agency)
            await refers(house.peer, code, agency)
        withdrawn = await agrees(house.peer, code, harbor)
        ok(await house.peer.post(f"/v1/participants/{code}/consents/{withdrawn['id']}/revoke"))
    posted = ok(await house.agency.post("/v1/intake-requests", intake()))
    (request,) = [
        one for one in await items(house.peer, "/v1/intake-requests") if one["reference"] == posted["reference"]
    ]
    ok(await house.peer.post(f"/v1/intake-requests/{request['id']}/connection", {}))
    ok(await house.admin.post("/v1/releases", {"period": "2026-10"}))


async def every_id(house: House) -> set[str]:
    """Every id and reference in the database, with dashes and without."""
    columns = [column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, Uuid)]
    found = await house.rows(*(select(column).where(column.is_not(None)) for column in columns))
    ids = {str(identity) for rows in found for (identity,) in rows}
    return ids | {identity.replace("-", "") for identity in ids}


async def own_names(house: House, caller: Caller) -> set[str]:
    """The ids that a caller knows by right: their own, their organization's, and the references given to it."""
    tables = [table_of(Referral), table_of(IntakeRequest)]
    given = await house.rows(
        *(select(table.c.reference).where(table.c.organization_id == caller.organization_id) for table in tables)
    )
    return {str(caller.id), str(caller.organization_id), *(str(reference) for rows in given for (reference,) in rows)}


async def codes_of_others(house: House, caller: Caller) -> set[str]:
    """The codes of every realm but the caller's, as kept and as shown, and the handles that peers use."""
    codes, caseload = table_of(RealmCode), table_of(Caseload)
    found, handles = await house.rows(
        select(codes.c.code).where(codes.c.realm_id != caller.organization_id), select(caseload.c.handle)
    )
    kept = {row.code for row in found}
    return {name.lower() for name in kept | {shown(code) for code in kept} | {row.handle for row in handles}}


async def test_nothing_an_outsider_is_told_leads_back_to_a_person_a_record_or_what_another_was_told(
    house: House,
) -> None:
    agency, worker, other = (overhears(house, name) for name in ("agency", "agency_worker", "other_agency"))
    integrator = overhears(house, "integrator")
    await a_program_at_work(house)
    for caller in (agency, other):
        await days_of_an_agency(house, caller)
    for caller in (worker, integrator):
        for path in ("/v1/releases", "/v1/releases/2026-10/participants-by-setting", "/v1/me"):
            ok(await caller.get(path))
    await every_item(worker, "/v1/referrals", 2)
    await tries_what_leads_to_people(house, integrator)

    ids = await every_id(house)
    for caller in (agency, worker, other, integrator):
        told, own = caller.told(), await own_names(house, caller)
        assert own & set(UUID_LIKE.findall(told)), "this test hears what is said"
        assert set(UUID_LIKE.findall(told)) <= own, caller.name
        assert not [identity for identity in ids - own if identity in told], caller.name
        assert not [code for code in await codes_of_others(house, caller) if code in told], caller.name
        assert not TIME_OF_DAY.findall(told), caller.name

    names = [set(re.findall(r"[0-9a-z_-]{10,}", caller.told())) for caller in (agency, other)]
    shared = {name for name in names[0] & names[1] if re.search(r"\d", name)}
    assert {name for name in shared if not re.fullmatch(r"2026-\d\d-\d\d", name)} == set()
