"""Access by a shown code lapses after 90 quiet days, and begins anew when the code is shown (privacy.md 2)."""

import asyncio
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.test_participants import shows_their_code
from tests.stories.steps import absent, items
from tests.world import Caller, House, encounter, ok, refused
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload, still_works_with

QUIET = timedelta(days=90)
A_DAY = timedelta(days=1)


async def entry(house: House, member: Caller) -> Any:
    """A member's one caseload entry, as it is kept."""
    found = (await house.rows(table_of(Caseload).select()))[0]
    (own,) = [row for row in found if row.member_id == member.id]
    return own


async def met_by_code(house: House) -> tuple[str, dict[str, Any]]:
    """Somebody of the night van who showed their code to a peer of the drop-in, and what that peer recorded."""
    code = await house.peer.enrolls()
    await shows_their_code(house.stranger, code)
    return code, await house.stranger.records(code)


async def works(caller: Caller, code: str) -> bool:
    """Whether the caller still gets to the person."""
    return (await caller.get(f"/v1/participants/{code}")).status_code == 200


async def test_after_90_quiet_days_it_is_as_if_no_code_had_been_shown(house: House) -> None:
    code, met = await met_by_code(house)
    house.clock.move(QUIET)
    assert await works(house.stranger, code)
    assert await works(house.other_supervisor, code)
    house.clock.move(A_DAY)
    for caller in (house.stranger, house.other_supervisor):
        for path in ("", "/card", "/timeline", "/encounters"):
            await absent(caller, f"/v1/participants/{code}{path}")
        await absent(caller, f"/v1/encounters/{met['id']}")
        assert await items(caller, "/v1/participants") == []
        assert await items(caller, "/v1/encounters") == []
    refused(await house.stranger.post(f"/v1/participants/{code}/encounters", encounter()), 404, "not_found")
    house.clock.move(timedelta(days=1000))
    for caller in (house.peer, house.supervisor):
        assert await works(caller, code), "who works with the person is not locked out"
        assert ok(await caller.get(f"/v1/encounters/{met['id']}"))["id"] == met["id"]


async def test_showing_the_code_again_begins_the_quiet_days_anew(house: House) -> None:
    code, met = await met_by_code(house)
    before = await entry(house, house.stranger)
    house.clock.move(QUIET)
    await shows_their_code(house.stranger, code)
    house.clock.move(QUIET)
    assert await works(house.stranger, code)
    house.clock.move(A_DAY)
    assert not await works(house.stranger, code)
    greeting = await shows_their_code(house.stranger, code)
    assert (greeting["basis"], greeting["history_open"], greeting["handle"]) == ("shown_code", False, before.handle)
    assert ok(await house.stranger.get(f"/v1/encounters/{met['id']}"))["id"] == met["id"]
    again = await entry(house, house.stranger)
    assert (again.id, again.since, again.active_on) == (before.id, date(2027, 5, 2), date(2027, 5, 2))


async def test_recording_something_with_the_person_keeps_access_alive_and_nothing_else_does(house: House) -> None:
    """Neither reading, nor a write that is refused, nor what others record."""
    code, _ = await met_by_code(house)
    path = f"/v1/participants/{code}/encounters"
    house.clock.move(timedelta(days=60))
    ok(await house.stranger.get(f"/v1/participants/{code}/timeline"))
    later = encounter(occurred_on="2027-06-01")
    refused(await house.stranger.post(path, later), 409, "encounter_not_yet_happened")
    ok(await house.peer.post(path, encounter()))
    ok(await house.other_supervisor.post(path, encounter()))
    assert (await entry(house, house.stranger)).active_on == date(2026, 11, 2)
    ok(await house.stranger.post(path, encounter()))
    assert (await entry(house, house.stranger)).active_on == date(2027, 1, 1)
    house.clock.move(QUIET)
    assert await works(house.stranger, code)
    house.clock.move(A_DAY)
    assert not await works(house.stranger, code)


async def test_it_is_written_once_a_day_and_never_where_history_is_open(house: House) -> None:
    code, _ = await met_by_code(house)
    versions = []
    for days in (0, 1, 0, 0, 1):
        house.clock.move(days * A_DAY)
        await house.stranger.records(code)
        await house.peer.records(code)
        await shows_their_code(house.stranger, code)
        await shows_their_code(house.peer, code)
        versions.append([(await entry(house, member)).version for member in (house.stranger, house.peer)])
    assert versions == [[1, 1], [2, 1], [2, 1], [2, 1], [3, 1]]


async def test_many_writes_at_once_on_a_new_day_are_all_kept(house: House) -> None:
    code, _ = await met_by_code(house)
    house.clock.move(A_DAY)
    path = f"/v1/participants/{code}/encounters"
    answers = await asyncio.gather(*(house.stranger.post(path, encounter()) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert (await entry(house, house.stranger)).version == 2


async def test_a_lapsed_peer_is_not_given_the_history_by_a_supervisor_who_was_only_shown_the_code(
    house: House,
) -> None:
    code, _ = await met_by_code(house)
    house.clock.move(QUIET + A_DAY)
    await shows_their_code(house.other_supervisor, code)
    given = {"member_id": str(house.stranger.id)}
    path = f"/v1/participants/{code}/assignments"
    refused(await house.other_supervisor.post(path, given), 409, "history_closed")
    await shows_their_code(house.stranger, code)
    ok(await house.other_supervisor.post(path, given))
    assert ok(await house.stranger.get(f"/v1/participants/{code}"))["history_open"] is True


async def test_who_works_with_the_person_may_assign_somebody_whose_access_lapsed(house: House, admin: Caller) -> None:
    code, _ = await met_by_code(house)
    place = f"/v1/members/{house.stranger.id}"
    etag = (await admin.get(place)).headers["etag"]
    ok(await admin.patch(place, {"team_id": str(house.teams["night van"])}, etag))
    house.clock.move(QUIET + A_DAY)
    path = f"/v1/participants/{code}/assignments"
    ok(await house.supervisor.post(path, {"member_id": str(house.stranger.id)}))
    assert ok(await house.stranger.get(f"/v1/participants/{code}"))["history_open"] is True


@given(
    quiet=st.integers(0, 400),
    history_open=st.booleans(),
    ended=st.booleans(),
)
def test_an_entry_is_live_unless_it_ended_or_was_quiet_too_long(quiet: int, history_open: bool, ended: bool) -> None:
    today = date(2026, 11, 2)
    row = Caseload(active_on=today - quiet * A_DAY, history_open=history_open, ended_on=today if ended else None)
    assert still_works_with(row, today) is (not ended and (history_open or quiet <= 90))
