"""Sites: places where stock lies, which the program sees and a supervisor keeps."""

from typing import Any

from tests.world import Caller, ok, refused


async def site(supervisor: Caller, label: str = "Night van shelf") -> dict[str, Any]:
    return ok(await supervisor.post("/v1/sites", {"label": label}))


async def test_a_supervisor_keeps_sites_and_the_program_sees_them_and_nobody_else_does(
    supervisor: Caller, stranger: Caller, peer: Caller
) -> None:
    made = await site(supervisor)
    assert made["team_id"] == str(supervisor.house.teams["night van"])
    assert made["active"]
    assert ok(await stranger.get("/v1/sites"))["items"] == [made]
    read = await supervisor.get(f"/v1/sites/{made['id']}")
    changed = await supervisor.patch(f"/v1/sites/{made['id']}", {"label": "Blue van"}, read.headers["etag"])
    assert ok(changed) == {**made, "label": "Blue van"}
    refused(
        await supervisor.patch(f"/v1/sites/{made['id']}", {"active": False}, read.headers["etag"]),
        412,
        "precondition_failed",
    )
    refused(await peer.post("/v1/sites", {"label": "Mine"}), 403, "not_permitted")
    for outside in ("agency", "integrator", "admin"):
        for path in ("/v1/sites", "/v1/supplies/stock", "/v1/supplies/movements", "/v1/supplies/warnings"):
            refused(await peer.house.people[outside].get(path), 403, "not_permitted")


async def test_two_sites_are_never_called_the_same(supervisor: Caller) -> None:
    await site(supervisor, "Storage")
    other = await site(supervisor, "Shelf")
    refused(await supervisor.post("/v1/sites", {"label": "Storage"}), 409, "site_label_taken")
    etag = (await supervisor.get(f"/v1/sites/{other['id']}")).headers["etag"]
    refused(await supervisor.patch(f"/v1/sites/{other['id']}", {"label": "Storage"}, etag), 409, "site_label_taken")


async def test_nothing_new_is_brought_to_a_closed_site_and_what_lies_there_can_go(
    supervisor: Caller, peer: Caller
) -> None:
    old, new = await site(supervisor, "Old van"), await site(supervisor, "New van")
    moved = {"kind": "receive", "site_id": old["id"], "item": "food", "quantity": 30, "occurred_on": "2026-11-01"}
    ok(await peer.post("/v1/supplies/movements", moved))
    etag = (await supervisor.get(f"/v1/sites/{old['id']}")).headers["etag"]
    ok(await supervisor.patch(f"/v1/sites/{old['id']}", {"active": False}, etag))
    refused(await peer.post("/v1/supplies/movements", moved), 409, "site_closed")
    watch = {"site_id": old["id"], "item": "food", "at_least": 3}
    refused(await supervisor.call("PUT", "/v1/supplies/thresholds", watch), 409, "site_closed")
    ok(await peer.post("/v1/supplies/movements", {**moved, "kind": "give", "quantity": 4}))
    ok(
        await peer.post(
            "/v1/supplies/movements", {**moved, "kind": "transfer", "to_site_id": new["id"], "quantity": 26}
        )
    )
    lying = ok(await peer.get("/v1/supplies/stock"))["items"]
    assert [(one["site_id"], one["quantity"]) for one in lying] == [(new["id"], 26)]
