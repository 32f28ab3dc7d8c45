"""Sealing: every table of a period in one commit, small numbers kept back, revised seldom, and no true count kept."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.outlets.many_people import fill
from tests.world import House, ok, refused
from true_api.kernel.rows import table_of
from true_api.outlets.sealed.calendar import SealState, calendar_of, seal_what_is_due
from true_api.outlets.sealed.ledger import spent
from true_api.outlets.sealed.report import report_on, written
from true_api.outlets.sealed.sealing import tables_of
from true_api.outlets.sealed.tables import LedgerEntry, Release, ReleaseCell
from true_api.outlets.statistics.counting import count
from true_api.outlets.statistics.grid import GRID
from true_api.outlets.statistics.periods import Month, Quarter
from true_api.privacy.noise import FLOOR, MECHANISM, REACH, SCALE
from true_api.security.trail import TrailEntry

OCTOBER = {"period": "2026-10"}
REVISED = OCTOBER | {"revise": True}
QUARTER_OF_A_YEAR = timedelta(days=90)


async def seals(house: House, draft: dict[str, Any] = OCTOBER) -> dict[str, Any]:
    return ok(await house.admin.post("/v1/releases", draft))


async def kept(house: House, period: str = "2026-10") -> dict[tuple[str, int], dict[tuple[str, str], int | None]]:
    """What is kept of a period, by table and revision."""
    releases, cells = await house.rows(
        select(table_of(Release)).where(table_of(Release).c.period == period), select(table_of(ReleaseCell))
    )
    return {
        (release.table, release.revision): {
            (cell.one, cell.other): cell.value for cell in cells if cell.release_id == release.id
        }
        for release in releases
    }


async def test_every_table_of_the_grid_is_sealed_with_noise_and_what_is_small_is_kept_back(house: House) -> None:
    await fill(house, people=300, months=1)
    sealed = await seals(house)
    assert (sealed["period"], sealed["revision"], sealed["mechanism"]) == ("2026-10", 0, MECHANISM)
    numbers, moved = await kept(house), 0
    assert {name for name, _ in numbers} == set(GRID) == {table["table"] for table in sealed["tables"]}
    for told in sealed["tables"]:
        name, values = told["table"], numbers[told["table"], 0]
        reach = REACH * SCALE * (GRID[name].cap or 1) * (3 if GRID[name].adds_up_by > 1 else 1)
        counts = await count(house.installation.database, GRID[name], Month(2026, 10))
        assert len(counts) == told["numbers"] == len(values)
        assert told["kept_back"] == sum(value is None for value in values.values())
        for cell, counted in counts.items():
            value = values[(*cell, "", "")[:2]]  # type: ignore[index]
            if min(counted.value, counted.contributors) < FLOOR:
                assert value is None
            elif value is None:
                assert counted.value - reach < FLOOR
            else:
                assert value >= FLOOR
                assert abs(value - counted.value) <= reach
                moved += value != counted.value
    assert moved > len(GRID)


async def test_a_period_that_runs_is_not_sealed_and_neither_is_what_is_none(house: House) -> None:
    for period in ("2026-11", "2026-12", "2026-Q4", "FY2027"):
        refused(await house.admin.post("/v1/releases", {"period": period}), 409, "period_still_open")
    for period in ("2026-00", "2026-13", "202610", "october", "FY27", "2026-Q5", 202610, None):
        refused(await house.admin.post("/v1/releases", {"period": period}), 422, "invalid_shape")
    for caller in (house.peer, house.supervisor, house.agency, house.integrator):
        refused(await caller.post("/v1/releases", OCTOBER), 403, "not_permitted")


async def test_of_two_seals_at_once_one_wins_and_the_other_is_told(house: House) -> None:
    answers = await asyncio.gather(*(house.admin.post("/v1/releases", OCTOBER) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    refused(await house.admin.post("/v1/releases", OCTOBER), 409, "already_sealed")
    releases, ledger = await house.rows(select(table_of(Release)), select(table_of(LedgerEntry)))
    assert sorted(row.table for row in releases) == sorted(GRID)
    assert {entry.release_id for entry in ledger} == {row.id for row in releases}


async def test_a_trial_judges_and_keeps_nothing(house: House) -> None:
    tried = "/v1/releases?validate_only=true"
    assert ok(await house.admin.post(tried, OCTOBER))["kept"] is False
    refused(await house.admin.post(tried, {"period": "2026-11"}), 409, "period_still_open")
    assert await kept(house) == {}
    await seals(house)
    refused(await house.admin.post(tried, OCTOBER), 409, "already_sealed")


async def test_a_retry_with_its_key_is_answered_again(house: House) -> None:
    key = {"Idempotency-Key": "seal-of-october"}
    first = ok(await house.admin.post("/v1/releases", OCTOBER, headers=key))
    again = await house.admin.post("/v1/releases", OCTOBER, headers=key)
    assert (ok(again), again.headers["idempotent-replayed"]) == (first, "true")


async def test_what_comes_late_waits_for_a_revision_which_comes_seldom_and_keeps_the_old_one(house: House) -> None:
    refused(await house.admin.post("/v1/releases", REVISED), 409, "nothing_sealed")
    await fill(house, people=300, months=1)
    await seals(house)
    first = await kept(house)
    await fill_again(house)
    assert await kept(house) == first
    refused(await house.admin.post("/v1/releases", REVISED), 409, "revised_too_soon")
    house.clock.move(QUARTER_OF_A_YEAR - timedelta(days=1))
    refused(await house.admin.post("/v1/releases", REVISED), 409, "revised_too_soon")
    for revision in (1, 2):
        house.clock.move(QUARTER_OF_A_YEAR if revision == 2 else timedelta(days=1))
        answers = await asyncio.gather(*(house.admin.post("/v1/releases", REVISED) for _ in range(2)))
        assert sorted(answer.status_code for answer in answers) == [201, 409]
        assert next(ok(answer) for answer in answers if answer.status_code == 201)["revision"] == revision
    house.clock.move(QUARTER_OF_A_YEAR)
    refused(await house.admin.post("/v1/releases", REVISED), 409, "no_more_revisions")
    by_revision = await kept(house)
    assert {name: values for name, values in by_revision.items() if name[1] == 0} == first
    numbers = [{name: values for (name, number), values in by_revision.items() if number == one} for one in (1, 2)]
    assert numbers[0] != numbers[1]
    (releases,) = await house.rows(select(table_of(Release)))
    assert {row.revision for row in releases if row.is_latest} == {2}


async def fill_again(house: House) -> None:
    """Somebody is recorded late for October."""
    await house.peer.records(await house.peer.enrolls(), occurred_on="2026-10-31")


async def test_a_hidden_number_shows_in_nothing_that_is_told(house: House) -> None:
    """September with two people and October with nine: everything that is told of them is the same."""
    for month, people in (("09", 2), ("10", 9)):
        for _ in range(people):
            await house.peer.records(await house.peer.enrolls(), occurred_on=f"2026-{month}-15")
    told = [await seals(house, {"period": period}) for period in ("2026-09", "2026-10")]
    for sealed in told:
        assert all(table["kept_back"] == table["numbers"] for table in sealed["tables"])
    assert told[0] | OCTOBER == told[1]
    assert list((await kept(house, "2026-09")).values()) == list((await kept(house)).values())
    reports = [written(await report_on(house.installation.database, Month(2026, month))) for month in (9, 10)]
    assert reports[0].replace("2026-09", "2026-10") == reports[1]
    spendings = [[one.epsilon for one in await spent(house.installation.database, p)] for p in ("2026-09", "2026-10")]
    assert spendings[0] == spendings[1]
    entries = table_of(TrailEntry)
    (trail,) = await house.rows(select(entries).where(entries.c.door == "POST /v1/releases").order_by(entries.c.id))
    assert trail[0].fields == trail[1].fields == ["mechanism", "period", "revision", "sealed_on", "tables"]


async def test_the_report_says_how_much_why_and_where_to_look(house: House) -> None:
    await fill(house, people=300, months=1)
    await seals(house)
    report = await report_on(house.installation.database, Month(2026, 10))
    lines = {line.table: line for line in report.lines}
    text = written(report)
    assert "is below 11" in text
    assert 0 < lines["people-by-setting"].kept_back < lines["people-by-setting"].numbers
    two_way = lines["people-by-zone-and-age-band"].look_at
    assert "too few people came" in two_way
    assert "See people-by-age-band, people-by-zone." in two_way
    assert "See people." in lines["people-by-gender"].look_at
    assert "The quarter may show more." in lines["people-by-gender"].look_at
    assert lines["people"].look_at == "Every number is shown."
    assert report.epsilon == sum(line.epsilon for line in await spent(house.installation.database))
    assert report.epsilon > 10


async def test_the_calendar_says_what_is_open_due_and_sealed_and_whose_phones_are_behind(house: House) -> None:
    assert [(str(one.period), one.state) for one in await calendar_of(house.installation)] == [
        ("FY2027", SealState.OPEN),
        ("2026-Q4", SealState.OPEN),
        ("2026-11", SealState.OPEN),
    ]
    batch = {"items": [{"client_id": "5b0d7c52-9f0e-4d3b-8a6e-2f1c7a9e4d10", "kind": "enrollment", "body": {}}]}
    ok(await house.peer.post("/v1/sync", batch))
    house.clock.set(datetime(2026, 12, 9, 17, tzinfo=UTC))
    november = {str(one.period): one for one in await calendar_of(house.installation)}["2026-11"]
    assert (november.state, november.seals_on) == (SealState.OPEN, date(2026, 12, 10))
    assert november.phones_not_synced == 1
    house.clock.set(datetime(2026, 12, 10, 17, tzinfo=UTC))
    by_period = {str(one.period): one for one in await calendar_of(house.installation)}
    assert (by_period["2026-11"].state, by_period["2026-12"].state) == (SealState.DUE, SealState.OPEN)
    assert by_period["2026-12"].phones_not_synced is None
    ok(await house.peer.post("/v1/sync", batch))
    assert (await calendar_of(house.installation))[-1].phones_not_synced == 0
    assert await seal_what_is_due(house.installation) == 1
    november = (await calendar_of(house.installation))[-1]
    assert (november.state, november.revision, november.sealed_on) == (SealState.SEALED, 0, date(2026, 12, 10))


async def test_with_the_last_month_the_quarter_and_the_fiscal_year_fall_due(house: House) -> None:
    house.installation.settings = house.settings.model_copy(update={"fiscal_year_starts": 1})
    house.clock.set(datetime(2027, 1, 10, 17, tzinfo=UTC))
    assert sum(await asyncio.gather(*(seal_what_is_due(house.installation) for _ in range(2)))) == 4
    sealed = {str(one.period) for one in await calendar_of(house.installation) if one.state is SealState.SEALED}
    assert sealed == {"2026-11", "2026-12", "2026-Q4", "FY2026"}
    assert await seal_what_is_due(house.installation) == 0
    told = {table.name for table in tables_of(Quarter(2026, 4))}
    for period in ("2026-Q4", "FY2026"):
        assert {name for name, _ in await kept(house, period)} == told
    assert "people-by-act" in told
    assert "encounters-by-act" not in told


async def test_what_is_sealed_does_not_move_when_people_are_forgotten(house: House) -> None:
    code = await house.peer.enrolls()
    await house.peer.records(code, occurred_on="2026-10-05")
    await fill(house, people=60, months=1)
    await seals(house)
    before = await kept(house)
    ok(await house.supervisor.post(f"/v1/participants/{code}/forget", {"asked_by": "participant"}))
    assert await kept(house) == before
