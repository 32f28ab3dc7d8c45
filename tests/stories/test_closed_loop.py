"""The closed loop: what an agency that asked is told, as far as the person agrees and as long as they do."""

import re
from pathlib import Path
from typing import Any

from tests.stories.steps import absent, items, moves
from tests.world import House, intake, ok
from true_api.cli.story.closed_loop import told_of

TOLD = Path(__file__).resolve().parents[2] / "docs" / "closed-loop.md"


def told_in_the_document() -> list[str]:
    """What the asking agency reads at each moment, as the document tells it."""
    rows = re.findall(r"^\| \d+ \|[^|]+\|[^|]+\| ([^|]+) \|$", TOLD.read_text(), re.MULTILINE)
    return [row.strip() for row in rows]


async def test_status_flows_back_only_as_far_as_agreed_and_ends_with_the_consent(house: House) -> None:
    harbor, bridge, peer = house.agency, house.other_agency, house.peer
    told: list[str] = []

    async def harbor_reads() -> dict[str, Any]:
        read = ok(await harbor.get(f"/v1/intake-requests/{asked['reference']}"))
        assert await items(harbor, "/v1/intake-requests") == [
            {name: value for name, value in read.items() if name not in ("note", "own_reference", "safe_contact")}
        ]
        told.append(told_of(read))
        return read

    asked = ok(await harbor.post("/v1/intake-requests", intake()))
    await harbor_reads()

    (waiting,) = await items(peer, "/v1/intake-requests")
    path = f"/v1/intake-requests/{waiting['id']}"
    ok(await peer.post(f"{path}/attempts", {"attempted_on": "2026-11-02", "result": "met"}))
    connected = ok(await peer.post(f"{path}/connection", {"consent": {"preset": "referral_loop"}}))
    first = await harbor_reads()
    assert first["progress"]["disclosure"]["notice"].startswith("42 CFR part 2")

    person = f"/v1/participants/{connected['code']}"
    named = {"preset": "referral_loop", "organization_id": str(house.organizations["bridge"])}
    ok(await peer.post(f"{person}/consents", named))
    wanted = {"organization_id": named["organization_id"], "need": "wound-care"}
    referral = ok(await peer.post(f"{path}/onward", wanted))
    await harbor_reads()
    await absent(harbor, f"/v1/referrals/{referral['reference']}")

    (seen,) = await items(bridge, "/v1/referrals")
    assert seen["code"] not in (connected["code"], None)
    await moves(bridge, seen["reference"], "accepted")
    await harbor_reads()
    await moves(bridge, seen["reference"], "completed", outcomes=["service_received"])
    last = await harbor_reads()
    assert [name for name in ("bridge", str(house.organizations["bridge"])) if name in str(last)] == []

    (consent,) = [
        one for one in await items(peer, f"{person}/consents") if one["organization_id"] != wanted["organization_id"]
    ]
    ok(await peer.post(f"{person}/consents/{consent['id']}/revoke"))
    fell_back = await harbor_reads()
    assert (fell_back["progress"], fell_back["onward"]) == (None, None)
    assert (await items(bridge, "/v1/referrals"))[0]["state"] == "completed"

    assert told == told_in_the_document()
    accounted = await items(house.supervisor, f"{person}/accounting")
    assert {one["organization"] for one in accounted} == {"harbor", "bridge"}
