"""Aliases: a code per person and realm, one live at a time, the same mechanism for agencies and for data exports."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.world import House
from true_api.kernel.codes import read_code
from true_api.kernel.effects import Unit
from true_api.kernel.errors import WriteCollided
from true_api.kernel.ids import new_reference
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Participant, RealmCode
from true_api.privacy.realms import aliases, live_aliases, retire


async def _people(house: House, count: int) -> list[UUID]:
    """People, and the program's own codes for them."""
    for _ in range(count):
        await house.peer.enrolls()
    people = table_of(Participant)
    return [row.id for row in (await house.rows(select(people.c.id)))[0]]


async def _disclose(house: House, realm: UUID, people: list[UUID]) -> dict[UUID, str]:
    """A disclosure to a realm, as an export or a consent makes it."""
    unit, live = Unit(), (await house.rows(live_aliases(realm, people)))[0]
    codes = aliases(unit, realm, people, live)
    await house.installation.database.commit(unit)
    return codes


async def _end(house: House, realm: UUID, people: list[UUID]) -> None:
    unit = Unit()
    retire(unit, (await house.rows(live_aliases(realm, people)))[0], house.clock.now().date())
    await house.installation.database.commit(unit)


async def test_every_realm_knows_a_person_by_another_code_and_by_the_same_one_each_time(house: House) -> None:
    people = await _people(house, 3)
    realms = [house.organizations["harbor"], house.organizations["bridge"], new_reference(), new_reference()]
    first = {realm: await _disclose(house, realm, people) for realm in realms}
    again = {realm: await _disclose(house, realm, people) for realm in realms}
    assert first == again
    codes = [row.code for row in (await house.rows(table_of(RealmCode).select()))[0]]
    assert len(codes) == len(set(codes)) == len(people) * (1 + len(realms))
    assert [read_code(code) for code in codes] == codes


async def test_a_realm_that_was_told_of_some_is_told_of_the_others_later(house: House) -> None:
    people, export = await _people(house, 4), new_reference()
    some = await _disclose(house, export, people[:2])
    everybody = await _disclose(house, export, people)
    assert set(everybody) == set(people)
    assert {person: everybody[person] for person in some} == some


async def test_what_ended_never_begins_again_under_the_same_code(house: House) -> None:
    (person,), export = await _people(house, 1), new_reference()
    seen = set()
    for _ in range(3):
        code = (await _disclose(house, export, [person]))[person]
        assert code not in seen
        seen.add(code)
        await _end(house, export, [person])
        assert (await house.rows(live_aliases(export, [person])))[0] == []
    kept = (await house.rows(select(table_of(RealmCode)).where(table_of(RealmCode).c.realm_id == export)))[0]
    assert {row.code for row in kept} == seen, "a retired code stays known, so that it is never drawn again"
    assert all(row.retired_on == house.clock.now().date() for row in kept)


async def test_ending_a_disclosure_to_one_realm_leaves_the_others_as_they_are(house: House) -> None:
    (person,), one, other = await _people(house, 1), new_reference(), new_reference()
    kept = await _disclose(house, other, [person])
    await _disclose(house, one, [person])
    await _end(house, one, [person])
    assert await _disclose(house, other, [person]) == kept


async def test_two_disclosures_at_the_same_moment_make_one_code(house: House) -> None:
    people, export = await _people(house, 2), new_reference()
    tries = await asyncio.gather(*(_disclose(house, export, people) for _ in range(4)), return_exceptions=True)
    made = [codes for codes in tries if isinstance(codes, dict)]
    assert made
    assert all(codes == made[0] for codes in made)
    assert all(isinstance(codes, WriteCollided) for codes in tries if not isinstance(codes, dict))
    assert len((await house.rows(live_aliases(export, people)))[0]) == len(people)


async def test_a_code_is_retired_once(house: House) -> None:
    (person,), export = await _people(house, 1), new_reference()
    await _disclose(house, export, [person])
    live = (await house.rows(live_aliases(export, [person])))[0]
    for refused in (False, True):
        unit = Unit()
        retire(unit, live, house.clock.now().date())
        if refused:
            with pytest.raises(WriteCollided):
                await house.installation.database.commit(unit)
        else:
            await house.installation.database.commit(unit)
