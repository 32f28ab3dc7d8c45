"""Readiness: any move in any direction, every ruler optional, and nothing is ever scored."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.rooms.exploring import exploring
from tests.stories.steps import absent, facts, items
from tests.world import Caller, House, ok, refused
from true_api.rooms.readiness.vocabulary import Focus, NextStep, Stage

LEFT_OUT = {
    **dict.fromkeys(("stage", "focus", "next_step"), "not_asked"),
    **dict.fromkeys(("importance", "confidence", "readiness")),
}
ruler = st.none() | st.integers(0, 10)
notes = st.fixed_dictionaries(
    {"occurred_on": st.sampled_from(["2026-10-31", "2026-11-01", "2026-11-02"])},
    optional={
        "stage": st.sampled_from(Stage),
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
    for stage in (*Stage, *reversed(Stage)):
        assert ok(await peer.post(path, note(stage=stage)))["stage"] == stage


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
    said = note(stage="action", importance=9, confidence=8, readiness=9)
    kept = ok(await peer.post(f"/v1/participants/{code}/readiness-notes", said))
    ok(await peer.post(f"/v1/participants/{code}/readiness-notes", note(stage="precontemplation", importance=1)))
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
