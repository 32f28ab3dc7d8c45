"""Readiness: any move in any direction, every ruler optional, and nothing is ever scored."""

import re
from typing import Any
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.security.traces import entry_of
from tests.stories.steps import absent, facts, items
from tests.world import Caller, House, ok, refused
from true_api.rooms.readiness.schemas import ReadinessNoteDraft
from true_api.rooms.readiness.vocabulary import IN_WORDS, Focus, NextStep, Stage, StageInWords, SupportOffered

LEFT_OUT = {
    **dict.fromkeys(("stage", "focus", "next_step"), "not_asked"),
    **dict.fromkeys(("importance", "confidence", "readiness")),
    "returned_to_use": False,
    "support_offered": [],
}
SVG = "image/svg+xml"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what no engine has a hand in."""
ruler = st.none() | st.integers(0, 10)
notes = st.fixed_dictionaries(
    {"occurred_on": st.sampled_from(["2026-10-31", "2026-11-01", "2026-11-02"])},
    optional={
        "stage": st.sampled_from(StageInWords),
        "focus": st.sampled_from(Focus),
        "next_step": st.sampled_from(NextStep),
        "importance": ruler,
        "confidence": ruler,
        "readiness": ruler,
    },
)


def note(**said: Any) -> dict[str, Any]:
    return {"occurred_on": "2026-11-02", **said}


@given(said=st.lists(notes, min_size=2, max_size=5))
@exploring
async def test_any_move_in_any_direction_is_kept_as_it_was_said(peer: Caller, said: list[dict[str, Any]]) -> None:
    path = f"/v1/participants/{await peer.enrolls()}/readiness-notes"
    kept = [ok(await peer.post(path, one)) for one in said]
    kept = [facts(answer) for answer in kept]
    assert kept == [{**LEFT_OUT, **one, "id": answer["id"]} for one, answer in zip(said, kept, strict=True)]
    newest_first = sorted(kept, key=lambda one: (one["occurred_on"], one["id"]), reverse=True)
    assert await items(peer, path) == newest_first


async def test_every_stage_may_follow_every_other(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}/readiness-notes"
    for stage in (*StageInWords, *reversed(StageInWords)):
        assert ok(await peer.post(path, note(stage=stage)))["stage"] == stage


@ON_SQLITE
async def test_a_stage_that_is_sent_by_its_name_is_shown_in_plain_words(peer: Caller) -> None:
    """What peers see says "not now", and never the name of a stage (domain.md, "Readiness notes")."""
    code = await peer.enrolls()
    path = f"/v1/participants/{code}/readiness-notes"
    for stage in Stage:
        kept = ok(await peer.post(path, note(stage=stage)))
        assert kept["stage"] == IN_WORDS[stage]
        assert ok(await peer.get(f"/v1/readiness-notes/{kept['id']}"))["stage"] == IN_WORDS[stage]
    seen = [path, f"/v1/participants/{code}/timeline", f"/v1/participants/{code}/readiness"]
    said = " ".join([(await peer.get(place)).text for place in seen])
    said += (await peer.get(seen[2], headers={"Accept": SVG})).text
    named = [stage for stage in Stage if stage.value not in {words.value for words in StageInWords}]
    assert [stage for stage in named if re.search(rf"\b{stage}\b", said)] == []
    assert "Not now" in said


async def test_every_focus_and_every_next_step_has_a_word(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}/readiness-notes"
    focuses = [*Focus, *[Focus.OTHER] * (len(NextStep) - len(Focus))]
    for focus, step in zip(focuses, NextStep, strict=True):
        kept = ok(await peer.post(path, note(focus=focus, next_step=step)))
        assert (kept["focus"], kept["next_step"]) == (focus, step)


async def test_rulers_go_from_0_to_10_and_each_may_be_left_out(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}/readiness-notes"
    for mark in range(11):
        said = {"importance": mark, "confidence": 10 - mark, "readiness": None}
        kept = ok(await peer.post(path, note(**said)))
        assert {name: kept[name] for name in said} == said
    for name in ("importance", "confidence", "readiness"):
        for wrong in (-1, 11, 5.0, "5", True):
            refused(await peer.post(path, note(**{name: wrong})), 422, "invalid_shape")


async def test_nothing_is_derived_from_a_note(house: House) -> None:
    peer = house.peer
    code = await peer.enrolls()
    person = ok(await peer.get(f"/v1/participants/{code}"))
    said = note(stage="doing_it", importance=9, confidence=8, readiness=9)
    kept = ok(await peer.post(f"/v1/participants/{code}/readiness-notes", said))
    ok(await peer.post(f"/v1/participants/{code}/readiness-notes", note(stage="not_now", importance=1)))
    assert facts(kept) == {**LEFT_OUT, **said, "id": kept["id"]}
    assert facts(ok(await peer.get(f"/v1/readiness-notes/{kept['id']}"))) == facts(kept)
    assert ok(await peer.get(f"/v1/participants/{code}")) == person
    month = ok(await house.supervisor.get("/v1/insights/months?from=2026-11&to=2026-12"))["months"][0]
    assert {name for name in month if "readiness" in name} == {"readiness_notes"}


async def test_a_note_is_recorded_after_it_was_said(peer: Caller) -> None:
    path = f"/v1/participants/{await peer.enrolls()}/readiness-notes"
    refused(await peer.post(path, note(occurred_on="2026-11-03")), 409, "readiness_not_yet_said")


async def test_a_note_stays_as_it_is_and_with_who_knows_the_person(house: House) -> None:
    code = await house.peer.enrolls()
    kept = ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", note()))
    for method in ("PUT", "PATCH", "DELETE"):
        changed = await house.peer.call(method, f"/v1/readiness-notes/{kept['id']}", note())
        refused(changed, 405, "method_not_allowed")
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    for caller in (house.colleague, house.stranger, house.other_supervisor):
        await absent(caller, f"/v1/readiness-notes/{kept['id']}")
    assert await items(house.stranger, f"/v1/participants/{code}/readiness-notes") == []


@ON_SQLITE
async def test_a_return_to_use_is_neither_good_nor_bad_and_is_met_with_support(peer: Caller) -> None:
    """Recovery is not linear: nothing derives success or failure."""
    code = await peer.enrolls()
    path = f"/v1/participants/{code}/readiness-notes"
    came_back = {"returned_to_use": True, "support_offered": ["naloxone", "tolerance_talk", "company"]}
    kept = ok(await peer.post(path, note(**came_back, stage="thinking_about_it", importance=8)))
    assert {name: kept[name] for name in came_back} == came_back
    assert facts(ok(await peer.get(f"/v1/readiness-notes/{kept['id']}"))) == facts(kept)
    assert ok(await peer.post(path, note(returned_to_use=True, support_offered=["not_today"])))
    refused(await peer.post(path, note(returned_to_use=True)), 422, "invalid_shape")
    refused(await peer.post(path, note(support_offered=["naloxone"])), 422, "invalid_shape")
    wave = await peer.get(f"/v1/participants/{code}/readiness")
    drawn = await peer.get(f"/v1/participants/{code}/readiness", headers={"Accept": SVG})
    assert [word for word in ("return", "use_", "support", "naloxone") if word in wave.text + drawn.text] == []


@given(
    stage=st.sampled_from([*Stage, *StageInWords]),
    offered=st.lists(st.sampled_from(SupportOffered), unique=True),
    returned=st.booleans(),
)
def test_whatever_is_said_of_a_return_goes_with_support_and_a_stage_is_one_of_seven(
    stage: Stage | StageInWords, offered: list[SupportOffered], returned: bool
) -> None:
    sent = {**note(stage=stage.value), "returned_to_use": returned, "support_offered": offered}
    if returned == bool(offered):
        draft = ReadinessNoteDraft.model_validate(sent)
        assert stage.value in (draft.stage.value, IN_WORDS[draft.stage].value)
    else:
        with pytest.raises(ValueError, match="support"):
            ReadinessNoteDraft.model_validate(sent)


async def test_the_wave_has_every_note_from_the_first_day_on_and_nothing_is_derived(house: House) -> None:
    peer, code = house.peer, await house.peer.enrolls()
    path = f"/v1/participants/{code}"
    said = [
        note(occurred_on="2026-11-01", importance=2, stage="not_now"),
        note(occurred_on="2026-10-20", importance=9, confidence=1, focus="safer_use", next_step="carry_naloxone"),
        note(occurred_on="2026-11-02", readiness=5, stage="prefers_not_to_say"),
    ]
    for one in said:
        ok(await peer.post(f"{path}/readiness-notes", {**one, "what_helps": "Mornings by the river."}))
    wave = ok(await peer.get(f"{path}/readiness"))
    assert set(wave) == {"points", "earlier"}
    assert wave["earlier"] is False
    fields = {"occurred_on", "importance", "confidence", "readiness", "stage", "focus", "next_step", "in_words"}
    assert {frozenset(point) for point in wave["points"]} == {frozenset(fields)}
    seen = [(point["occurred_on"][5:], point["importance"], point["readiness"]) for point in wave["points"]]
    assert seen == [("10-20", 9, None), ("11-01", 2, None), ("11-02", None, 5)]
    words = [point["in_words"] for point in wave["points"]]
    assert words == ["About safer use. Next: carry naloxone.", "Not now.", "Would rather not say."]
    last = ok(await peer.get(f"{path}/readiness?latest=1&language=es"))
    assert (last["earlier"], [point["in_words"] for point in last["points"]]) == (True, ["Prefiere no decirlo."])
    assert "river" not in str(wave)
    refused(await peer.get(f"{path}/readiness?latest=0"), 422, "invalid_shape")
    for caller, status in ((house.stranger, 404), (house.agency, 403), (house.integrator, 403), (house.admin, 403)):
        assert (await caller.get(f"{path}/readiness")).status_code == status
    ok(await house.stranger.post("/v1/caseload", {"code": code}))
    assert ok(await house.stranger.get(f"{path}/readiness"))["points"] == []


@ON_SQLITE
async def test_the_wave_is_drawn_by_accept_and_the_trail_says_what_was_shown(house: House) -> None:
    path = f"/v1/participants/{await house.peer.enrolls()}"
    ok(await house.peer.post(f"{path}/readiness-notes", note(importance=7, stage="not_now")))
    drawn = await house.peer.get(f"{path}/readiness?language=es", headers={"Accept": f"{SVG}, application/json;q=0.5"})
    assert drawn.headers["content-type"].startswith(SVG)
    root = Tree.fromstring(drawn.text)
    assert [child.text for child in root][:2] == [
        "Lo que dijo, día por día",
        "2 nov 2026: Cuánto le importa 7. Ahora no.",
    ]
    refused(await house.peer.get(f"{path}/readiness", headers={"Accept": "image/png"}), 406, "not_acceptable")
    entry = await entry_of(house, drawn)
    assert {"importance", "stage", "occurred_on"} <= set(entry.fields)
