"""Exports: two supervisors stand behind what is about people, and a file is what its manifest says it is."""

import asyncio
import hashlib
import json
from typing import Any

from sqlalchemy import select, update

from tests.house.histories import ask
from tests.outlets.exporting import MONTHS, approves, asks, deputy_of, exported, fetched, lines, made, sheet
from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.outlets.exports.jobs import do_exports
from true_api.outlets.exports.operational import OPERATIONAL
from true_api.outlets.exports.tables import ExportSubject


async def _met(house: House, times: int = 2) -> str:
    code = await house.peer.enrolls(age_band="25_34", race_ethnicity=["white", "asian_or_asian_american"])
    for _ in range(times):
        await house.peer.records(code, acts=[{"act": "naloxone_given", "quantity": 2}])
    return code


async def test_an_operational_export_is_read_only_after_another_supervisor_approved_it(house: House) -> None:
    code = await _met(house)
    path = await asks(house)
    waiting = ok(await house.supervisor.get(path))
    assert (waiting["state"], waiting["rows_done"], waiting["people"]) == ("awaiting_approval", 0, None)
    assert await do_exports(house.installation) == 0
    assert await house.rows(select(table_of(ExportSubject))) == [[]]
    refused(await fetched(house, path, "encounters.ndjson"), 409, "export_not_done")

    refused(await house.supervisor.post(f"{path}/approval", {"decision": "approve"}), 409, "export_by_two")
    assert (await approves(house, path))["state"] == "queued"
    refused(await (await deputy_of(house)).post(f"{path}/approval", {"decision": "decline"}), 409, "export_decided")

    done = await made(house, path)
    assert (done["state"], done["people"], done["expires_on"]) == ("done", 1, "2026-11-09")
    assert done["rows_done"] == sum(file["rows"] for file in done["files"]) == 5
    assert [file["table"] for file in done["files"]] == list(OPERATIONAL)
    assert {row["participant"] for row in await lines(house, path, "encounters")} == {code.replace("-", "")}
    acts = await lines(house, path, "encounter_acts")
    assert {(row["act"], row["quantity"]) for row in acts} == {("naloxone_given", 2)}
    person = (await lines(house, path, "participants"))[0]
    assert person["race_ethnicity"] == ["white", "asian_or_asian_american"]


async def test_a_file_is_what_its_manifest_says(house: House) -> None:
    await _met(house)
    for form in ("ndjson", "csv", "json", "parquet"):
        path = await exported(house, form=form, tables=["encounters", "readiness_notes"])
        for file in ok(await house.supervisor.get(path))["files"]:
            answer = await fetched(house, path, file["name"])
            assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
            assert (len(answer.content), file["format"]) == (file["bytes"], form)
            names = [column["name"] for column in file["columns"]]
            if form == "csv":
                assert answer.text.splitlines()[0] == ",".join(names)
                assert len(sheet(answer)) == file["rows"]
            if form == "ndjson":
                assert all(list(json.loads(line)) == names for line in answer.text.splitlines())


async def test_what_is_about_people_is_asked_for_by_supervisors_alone(house: House) -> None:
    for caller in (house.integrator, house.agency):
        for kind in ("operational", "dataset"):
            asked = await caller.post("/v1/exports", {"kind": kind, "format": "csv", **MONTHS})
            refused(asked, 403, "not_permitted")
    refused(await house.peer.post("/v1/exports", {"kind": "releases", "format": "csv"}), 403, "not_permitted")


async def test_who_asked_reads_the_files_and_nobody_else(house: House) -> None:
    await _met(house)
    path = await exported(house, tables=["encounters"])
    assert (await fetched(house, path, "encounters.ndjson")).status_code == 200
    refused(await (await deputy_of(house)).get(f"{path}/files/encounters.ndjson"), 404, "not_found")
    assert ok(await house.other_supervisor.get(path))["state"] == "done"
    for caller in (house.agency, house.integrator):
        refused(await caller.get(path), 404, "not_found")
        assert ok(await caller.get("/v1/exports"))["items"] == []
    refused(await fetched(house, path, "referrals.ndjson"), 404, "not_found")
    refused(await fetched(house, path, "..%2fencounters.ndjson"), 404, "not_found")


async def test_it_holds_what_the_reach_of_who_asked_holds_and_nothing_of_another_team(house: House) -> None:
    own, theirs = await _met(house), await house.stranger.enrolls()
    await house.stranger.records(theirs)
    shown = await house.stranger.enrolls()
    await house.stranger.records(shown)
    ok(await house.peer.post("/v1/caseload", {"code": shown}))
    await house.peer.records(shown, setting="shelter")
    anonymous = {"setting": "street", "occurred_on": "2026-11-01", "part_of_day": "night", "kind": "anonymous"}
    ok(await house.peer.post("/v1/encounters", anonymous))
    ok(await house.stranger.post("/v1/encounters", anonymous))
    path = await exported(house, tables=["participants", "encounters"])
    rows = [(row["participant"], row["setting"]) for row in await lines(house, path, "encounters")]
    own, shown = own.replace("-", ""), shown.replace("-", "")
    assert sorted(rows, key=str) == sorted(
        [(own, "street"), (own, "street"), (shown, "shelter"), (None, "street")], key=str
    )
    assert {row["participant"] for row in await lines(house, path, "participants")} == {own, shown}


async def test_what_is_declined_or_called_off_is_never_read(house: House) -> None:
    await _met(house)
    declined = await asks(house)
    assert (await approves(house, declined, "decline"))["state"] == "declined"
    called_off = await asks(house)
    await approves(house, called_off)
    assert ok(await house.supervisor.call("DELETE", called_off))["state"] in ("cancelled",)
    refused(await house.supervisor.call("DELETE", called_off), 409, "export_over")
    await do_exports(house.installation)
    for path, state in ((declined, "declined"), (called_off, "cancelled")):
        assert ok(await house.supervisor.get(path))["state"] == state
    refused(await fetched(house, called_off, "encounters.ndjson"), 410, "export_gone")


async def test_a_retry_is_answered_with_the_same_export(house: House) -> None:
    body = {"kind": "operational", "format": "csv", **MONTHS}
    key = {"Idempotency-Key": "the-same-export-again"}
    first, again = [await house.supervisor.post("/v1/exports", body, headers=key) for _ in range(2)]
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.headers["location"] == again.headers["location"]
    assert len(ok(await house.supervisor.get("/v1/exports"))["items"]) == 1


async def test_what_does_not_go_together_is_refused(house: House) -> None:
    wrong: list[dict[str, Any]] = [
        {"kind": "operational", "format": "csv"},
        {"kind": "operational", "format": "csv", "from": "2026-03", "to": "2026-03"},
        {"kind": "operational", "format": "csv", "from": "2016-01", "to": "2026-03"},
        {"kind": "operational", "format": "csv", "tables": ["plans"], **MONTHS},
        {"kind": "dataset", "format": "csv", "tables": ["encounters"], **MONTHS},
        {"kind": "releases", "format": "csv", **MONTHS},
        {"kind": "operational", "format": "xlsx", **MONTHS},
    ]
    for body in wrong:
        refused(await house.supervisor.post("/v1/exports", body), 422, "invalid_shape")


async def test_no_cell_of_a_sheet_is_a_formula(house: House) -> None:
    await _met(house, times=1)
    acts = OPERATIONAL["encounter_acts"]
    typed = update(table_of(acts.kind)).values(own_term="=HYPERLINK(1)")
    await asyncio.to_thread(ask, house.settings.effective_database_url, lambda connection: connection.execute(typed))
    path = await exported(house, form="csv", tables=["encounter_acts"])
    assert sheet(await fetched(house, path, "encounter_acts.csv"))[0]["own_term"] == "'=HYPERLINK(1)"
