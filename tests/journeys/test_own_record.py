"""The person's own record: what is kept of them, and who inside looked, on screen and on paper."""

import pypdfium2

from tests.stories.steps import agrees, every_item, refers
from tests.world import House, ok, refused

NOTE = "Slept outside, feet are sore."
PDF = {"Accept": "application/pdf"}


async def met(house: House) -> str:
    """Somebody who was met, has a note, and was referred with their consent."""
    code = await house.peer.enrolls()
    given = [{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}]
    await house.peer.records(code, note=NOTE, acts=given)
    await agrees(house.peer, code, house.organizations["harbor"])
    await refers(house.peer, code, house.organizations["harbor"])
    return code


async def test_it_holds_the_whole_timeline_and_names_who_looked_inside_and_how_often(house: House) -> None:
    code = await met(house)
    ok(await house.supervisor.get(f"/v1/participants/{code}/timeline"))
    ok(await house.supervisor.get(f"/v1/participants/{code}/timeline"))
    ok(await house.agency.get("/v1/referrals"))
    refused(await house.stranger.get(f"/v1/participants/{code}"), 404, "not_found")
    record = ok(await house.peer.get(f"/v1/participants/{code}/record"))
    assert record["items"] == await every_item(house.peer, f"/v1/participants/{code}/timeline", 200)
    looked = {(look["role"], look["permission"]): look["times"] for look in record["looked"]}
    assert looked[("supervisor", "timeline:read")] == 2
    assert looked[("peer", "encounter:write")] == 1
    assert {role for role, _ in looked} == {"peer", "supervisor"}, "an agency stands in the accounting instead"


async def test_the_paper_says_what_was_written_and_nothing_that_leads_back(house: House) -> None:
    code = await met(house)
    answer = await house.supervisor.get(f"/v1/participants/{code}/record", headers=PDF)
    assert answer.status_code == 200, answer.text
    said = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content))
    said = " ".join(said.split())
    for told in (NOTE, "Naloxone given (quantity 2)", "Recovery housing", "harbor", "Who looked"):
        assert told in said
    for hidden in (code, "Riverside", "01a2"):
        assert hidden not in said, said


async def test_after_a_shown_code_alone_it_stays_shut(house: House) -> None:
    code = await met(house)
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    refused(await house.stranger.get(f"/v1/participants/{code}/record"), 409, "history_closed")
    refused(await house.agency.get(f"/v1/participants/{code}/record"), 403, "not_permitted")
