"""Sealed words: they open where they were sealed and nowhere else, and a process without keys says so."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.security.traces import entry_of, people
from tests.world import Caller, House, encounter, intake, ok, open_house, refused
from true_api.kernel.effects import Change, Keep, Remove
from true_api.kernel.ids import new_id
from true_api.kernel.rows import table_of
from true_api.privacy.keyring_tables import data_keys
from true_api.privacy.words import SealedText
from true_api.rooms.encounters.tables import Encounter
from true_api.rooms.readiness.tables import ReadinessNote
from true_api.security.texts import Texts

ONE, OTHER = "Slept by the river, and wants to talk again.", "Feet are sore; new socks helped."


async def sealed(house: House, *rows: str) -> list[Any]:
    """The sealed texts of records, in their order."""
    texts = table_of(SealedText)
    found = (await house.rows(select(texts).where(texts.c.row_id.in_([UUID(row) for row in rows]))))[0]
    return sorted(found, key=lambda text: (rows.index(str(text.row_id)), text.place))


async def change(house: House, text: Any, **new: Any) -> None:
    """What somebody with a database client may do to a sealed text; the version that was read may be an older one."""
    (present,) = (await house.rows(select(table_of(SealedText)).where(table_of(SealedText).c.id == text.id)))[0]
    await house.installation.database.commit([Change(table_of(SealedText), text.id, present.version, new)])


async def unreadable(caller: Caller, path: str) -> None:
    """Nothing is shown, and the trail says that somebody asked."""
    answer = await caller.get(path)
    problem = refused(answer, 500, "record_unreadable")
    assert set(problem) == {"type", "title", "status", "code", "request_id"}
    entry = await entry_of(caller.house, answer)
    assert (entry.outcome, entry.problem, entry.fields) == (500, "record_unreadable", [])


async def two_encounters(caller: Caller, *codes: str) -> list[str]:
    """An encounter with each of two people, or with the same, and a note to each."""
    one, other = codes or (await caller.enrolls(), await caller.enrolls())
    return [(await caller.records(code, note=note))["id"] for code, note in ((one, ONE), (other, OTHER))]


async def note_of(caller: Caller, encounter_id: str) -> Any:
    return ok(await caller.get(f"/v1/encounters/{encounter_id}"))["note"]


async def test_a_text_stands_sealed_under_the_key_of_whom_it_is_about(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    met = await peer.records(code, note=ONE)
    unknown = ok(await peer.post("/v1/encounters", encounter(note=ONE)))
    ok(await house.agency.post("/v1/intake-requests", intake(note=ONE)))
    (request,) = ok(await peer.get("/v1/intake-requests"))["items"]
    rows = await sealed(house, met["id"], unknown["id"], request["id"])
    (person,) = await people(house, code)
    assert [row.sealing_subject for row in rows] == [person, UUID(unknown["id"]), UUID(request["id"])]
    assert [row.place for row in rows] == ["encounters.note", "encounters.note", "intake_requests.note"]
    assert all(word.encode() not in row.sealed for row in rows for word in ONE.split())
    assert [await note_of(peer, one["id"]) for one in (met, unknown)] == [ONE, ONE]


async def test_a_text_moved_to_the_record_of_another_person_does_not_open(house: House) -> None:
    first, second = await two_encounters(house.peer)
    one, other = await sealed(house, first, second)
    await change(house, one, sealed=other.sealed)
    await unreadable(house.peer, f"/v1/encounters/{first}")
    await change(house, one, sealed=other.sealed, sealing_subject=other.sealing_subject)
    await unreadable(house.peer, f"/v1/encounters/{first}")
    assert await note_of(house.peer, second) == OTHER


async def test_a_record_that_was_given_to_another_person_keeps_its_words_to_itself(house: House) -> None:
    first, second = await two_encounters(house.peer)
    encounters = table_of(Encounter)
    rows = (await house.rows(select(encounters).where(encounters.c.id.in_([UUID(first), UUID(second)]))))[0]
    one, other = sorted(rows, key=lambda row: str(row.id) != first)
    given = {**one._mapping, "participant_id": other.participant_id}
    await house.installation.database.commit([Remove(encounters, "id", (one.id,)), Keep(encounters, given)])
    await unreadable(house.peer, f"/v1/encounters/{first}")


async def test_a_text_moved_to_another_row_column_or_table_of_the_same_person_does_not_open(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    first, second = await two_encounters(peer, code, code)
    one, other = await sealed(house, first, second)
    await change(house, one, sealed=other.sealed)
    await unreadable(peer, f"/v1/encounters/{first}")
    said = {"occurred_on": "2026-11-01", "what_helps": ONE, "what_gets_in_the_way": OTHER}
    note = ok(await peer.post(f"/v1/participants/{code}/readiness-notes", said))["id"]
    hinders, helps = await sealed(house, note)
    await change(house, helps, sealed=hinders.sealed)
    await unreadable(peer, f"/v1/readiness-notes/{note}")
    met = (await peer.records(code))["id"]
    await change(house, hinders, row_id=UUID(met), place="encounters.note")
    await unreadable(peer, f"/v1/encounters/{met}")


async def test_an_altered_text_does_not_open_and_hides_nothing_else(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    first, second = await two_encounters(peer, code, code)
    (text,) = await sealed(house, first)
    whole = text.sealed
    bits = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in (1, 20, len(whole) - 1)]
    for altered in (*bits, b"\x02" + whole[1:], whole[:-1], whole + b"\x00", whole[:28], b""):
        await change(house, text, sealed=altered)
        await unreadable(peer, f"/v1/encounters/{first}")
    assert await note_of(peer, second) == OTHER
    for path in (f"/v1/participants/{code}/encounters", f"/v1/participants/{code}/timeline", "/v1/encounters"):
        assert len(ok(await peer.get(path))["items"]) == 2
    ok(await peer.call("PUT", f"/v1/encounters/{first}/note", {"note": OTHER}))
    assert await note_of(peer, first) == OTHER


async def test_a_text_of_another_schema_or_whose_key_is_gone_does_not_open(house: House) -> None:
    first, second = await two_encounters(house.peer)
    one, other = await sealed(house, first, second)
    await change(house, one, schema_version=2)
    await unreadable(house.peer, f"/v1/encounters/{first}")
    keyring = house.installation.keyring
    await keyring.database.commit([Remove(data_keys, "id", (other.sealing_subject,))])
    keyring._cache.let_all_go()
    await unreadable(house.peer, f"/v1/encounters/{second}")


async def test_without_a_master_key_words_wait_and_facts_do_not(house: House) -> None:
    code = await house.peer.enrolls()
    met, plain = await house.peer.records(code, note=ONE), await house.peer.records(code)
    keyless = house.settings.model_copy(update={"master_key_file": str(house.settings.data_dir / "nowhere.keys")})
    async with open_house(keyless, house.clock) as other:
        peer = other.peer
        for answer in (
            await peer.get(f"/v1/encounters/{met['id']}"),
            await peer.post(f"/v1/participants/{code}/encounters", encounter(note=OTHER)),
            await peer.call("PUT", f"/v1/encounters/{plain['id']}/note", {"note": OTHER}),
        ):
            refused(answer, 503, "sealed_unavailable")
            assert answer.headers["retry-after"]
        assert (await peer.records(code))["words_kept"] == []
        assert ok(await peer.get(f"/v1/encounters/{plain['id']}"))["note"] is None
        listed = ok(await peer.get(f"/v1/participants/{code}/encounters"))["items"]
        assert len(listed) == 3, "a fact whose note could not be sealed is not kept by halves"
        ok(await peer.call("DELETE", f"/v1/encounters/{met['id']}/note"))
    assert await note_of(house.peer, met["id"]) is None


async def test_a_process_seals_under_the_key_that_another_made(house: House) -> None:
    code = await house.peer.enrolls()
    async with open_house(house.settings, house.clock) as other:
        first = await other.peer.records(code, note=ONE)
    second = await house.peer.records(code, note=OTHER)
    assert [await note_of(house.peer, met["id"]) for met in (first, second)] == [ONE, OTHER]
    (person,) = await people(house, code)
    assert {text.sealing_subject for text in await sealed(house, first["id"], second["id"])} == {person}


async def test_only_the_columns_that_are_asked_for_are_opened(house: House) -> None:
    code = await house.peer.enrolls()
    said = {"occurred_on": "2026-11-01", "what_helps": ONE, "next_step_words": OTHER}
    note = UUID(ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", said))["id"])
    (person,) = await people(house, code)
    texts = Texts(house.installation.database, house.installation.keyring, {person: 1})
    assert await texts.read(ReadinessNote, note) == {"what_helps": ONE, "next_step_words": OTHER}
    nobody = new_id()
    assert await texts.read_each(ReadinessNote, [note, nobody], "focus_words") == {note: {}, nobody: {}}
    assert await texts.present(ReadinessNote, note) == ["next_step_words", "what_helps"]
    assert await texts.present(Encounter, note) == []
    next_step, _ = await sealed(house, str(note))
    await change(house, next_step, sealed=b"")
    assert await texts.read(ReadinessNote, note, "what_helps") == {"what_helps": ONE}


async def test_texts_that_are_collected_are_told_before_they_are_sealed(house: House) -> None:
    texts = Texts(house.installation.database, house.installation.keyring, {})
    row, other = new_id(), new_id()
    texts.keep(Encounter, row, row, note=ONE)
    texts.keep(ReadinessNote, other, other, what_helps=ONE, focus_words=OTHER, next_step_words=None)
    assert (texts.kept(row), texts.kept(other), texts.kept(new_id())) == (["note"], ["focus_words", "what_helps"], [])
    assert [type(effect) for effect in await texts.effects()] == [Keep] * 3
