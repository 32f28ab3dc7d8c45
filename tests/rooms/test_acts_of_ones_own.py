"""Acts in a program's own words: each is counted as the shared act that it is mapped to."""

from typing import Any

from tests.world import House, encounter, ok, refused

CIRCLE = {"vocabulary": "act", "key": "drumming-circle", "label": "Drumming circle", "shared_term": "grounding"}
TOLD = {"act": "grounding", "own_term": "drumming-circle"}


async def offered(house: House) -> str:
    """The program has a word for it; where it stands."""
    return f"/v1/vocabularies/terms/{ok(await house.supervisor.post('/v1/vocabularies/terms', CIRCLE))['id']}"


async def switched_off(house: House, term: str) -> None:
    """The word is not offered any more."""
    etag = (await house.supervisor.get(term)).headers["etag"]
    ok(await house.supervisor.patch(term, {"active": False}, etag))


def acts(record: dict[str, Any]) -> list[tuple[str, str | None]]:
    """What was done, and in which word."""
    return [(act["act"], act["own_term"]) for act in record["acts"]]


async def test_an_act_is_told_in_the_programs_own_word_beside_the_shared_one(house: House) -> None:
    await offered(house)
    code = await house.peer.enrolls()
    kept = await house.peer.records(code, acts=[TOLD, {"act": "grounding"}])
    assert acts(kept) == [("grounding", "drumming-circle"), ("grounding", None)]
    assert acts(ok(await house.peer.get(f"/v1/encounters/{kept['id']}"))) == acts(kept)
    anonymous = ok(await house.peer.post("/v1/encounters", encounter(acts=[TOLD])))
    assert acts(anonymous) == [("grounding", "drumming-circle")]


async def test_a_word_of_another_act_or_of_none_is_refused(house: House) -> None:
    term = await offered(house)
    contacts = f"/v1/participants/{await house.peer.enrolls()}/encounters"
    for wrong in ({**TOLD, "act": "listening"}, {**TOLD, "own_term": "nobody-said-so"}):
        refused(await house.peer.post(contacts, encounter(acts=[wrong])), 409, "no_such_act_term")
        refused(await house.peer.post("/v1/encounters", encounter(acts=[wrong])), 409, "no_such_act_term")
    unmapped = {**CIRCLE, "key": "unmapped", "shared_term": None}
    refused(await house.supervisor.post("/v1/vocabularies/terms", unmapped), 422, "invalid_shape")
    shared = {**CIRCLE, "key": "listening"}
    refused(await house.supervisor.post("/v1/vocabularies/terms", shared), 409, "term_taken")
    await switched_off(house, term)
    refused(await house.peer.post(contacts, encounter(acts=[TOLD])), 409, "no_such_act_term")


async def test_what_was_told_in_a_word_that_was_switched_off_can_be_amended_in_it(house: House) -> None:
    term = await offered(house)
    kept = await house.peer.records(await house.peer.enrolls(), acts=[TOLD])
    await switched_off(house, term)
    again = encounter(acts=[TOLD], part_of_day="evening")
    assert acts(ok(await house.peer.post(f"/v1/encounters/{kept['id']}/amendments", again))) == acts(kept)
