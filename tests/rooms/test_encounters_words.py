"""The words of an encounter: what goes together, what does not, and which terms may have been meant."""

import json
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from tests.world import Caller, House, encounter, ok, refused
from true_api.api.problems import faults_of
from true_api.journeys.recording import RecordingDraft
from true_api.rooms.encounters.vocabulary import TAUGHT, TOPICS, Act, ActTopic

ABOUT = [(act, topic) for act in Act for topic in (None, *sorted(TOPICS.get(act, ())))]
"""Every act, alone and about every topic that it takes."""


def told(about: tuple[Act, ActTopic | None], material: Any = None, quantity: int | None = None) -> dict[str, Any]:
    """One act as a caller tells it, and sees it again."""
    return {"act": about[0], "topic": about[1], "material": material, "quantity": quantity, "own_term": None}


def wrong_in(*acts: dict[str, Any], **over: Any) -> tuple[str, str, tuple[str, ...]]:
    """The one thing that is wrong with an encounter, as a caller is told it: where, which code, and near terms."""
    with pytest.raises(ValidationError) as caught:
        RecordingDraft.model_validate(encounter(acts=list(acts), **over))
    (wrong,) = faults_of(caught.value.errors())
    return wrong.pointer, wrong.code, wrong.near


async def test_an_act_stands_again_about_another_topic_and_is_listed_once_for_each(peer: Caller) -> None:
    for act, topics in TOPICS.items():
        listed = [told((act, topic)) for topic in [None, *sorted(topics)]]
        met = ok(await peer.post("/v1/encounters", encounter(acts=listed)))
        assert met["acts"] == listed
        assert ok(await peer.get(f"/v1/encounters/{met['id']}"))["acts"] == listed
    twice = {"act": "navigation", "topic": "housing"}
    assert wrong_in(twice, twice) == ("", "act_listed_twice", ())
    assert wrong_in({"act": "naloxone_given", "quantity": 1}, {"act": "naloxone_given", "quantity": 2})[1] == (
        "act_listed_twice"
    )


def test_the_options_that_are_explained_and_the_ways_that_are_navigated_are_those_of_the_program() -> None:
    assert TOPICS[Act.TREATMENT_OPTIONS_EXPLAINED] == {
        *("withdrawal_management", "residential", "intensive_outpatient", "outpatient", "methadone", "buprenorphine"),
        *("naltrexone", "counseling", "mutual_aid", "psychiatric_care"),
    }
    assert TOPICS[Act.NAVIGATION] == {
        *("housing", "medical", "behavioral", "benefits", "legal", "id", "transport", "food", "work"),
    }
    assert set().union(*TOPICS.values()) == set(ActTopic)
    assert sum(map(len, TOPICS.values())) == len(ActTopic)


def test_guides_rather_than_gatekeepers_an_option_is_explained_without_any_outcome() -> None:
    for option in TOPICS[Act.TREATMENT_OPTIONS_EXPLAINED]:
        draft = RecordingDraft.model_validate(encounter(acts=[{"act": "treatment_options_explained", "topic": option}]))
        assert draft.acts[0].topic is option


def test_a_topic_and_a_material_go_with_the_acts_that_they_are_of() -> None:
    assert wrong_in({"act": "navigation", "topic": "methadone"}) == (
        "/acts/0",
        "topic_of_another_act",
        tuple(sorted(TOPICS[Act.NAVIGATION])),
    )
    assert wrong_in({"act": "listening", "topic": "housing"})[1:] == ("topic_of_another_act", ())
    assert wrong_in({"act": "listening", "material": "leaflet"})[1:] == (
        "material_without_education",
        tuple(sorted(TAUGHT)),
    )
    for act in TAUGHT:
        handed_out = {"act": act, "material": "leaflet", "quantity": 20}
        assert RecordingDraft.model_validate(encounter(acts=[handed_out])).acts[0].quantity == 20
        assert wrong_in({"act": act, "quantity": 20})[1] == "quantity_not_counted"


@pytest.mark.parametrize(
    ("sent", "near"),
    [
        ("stret", ("street", "text")),
        ("Street", ("street", "text")),
        ("home visit", ("home_visit",)),
        ("hospitall", ("hospital",)),
        ("jail", ("mail", "jail_or_court")),
        ("zzz", ()),
        ("", ()),
        ("x" * 1_000, ()),
        (7, ()),
        (["street"], ()),
    ],
)
def test_an_unknown_term_is_answered_with_the_names_of_near_ones(sent: object, near: tuple[str, ...]) -> None:
    assert wrong_in(setting=sent) == ("/setting", "enum", near)


async def test_near_terms_are_named_at_every_door_and_what_was_sent_is_not(peer: Caller) -> None:
    near = {"act": "naloxon_given"}
    problem = refused(await peer.post("/v1/encounters", encounter(acts=[near])), 422, "invalid_shape")
    assert problem["errors"][0]["near"][0] == "naloxone_given"
    assert "naloxon_given" not in json.dumps(problem)
    problem = refused(await peer.get("/v1/promises?state=opne"), 422, "invalid_shape")
    assert problem["errors"][0]["near"] == ["open"]
    plain = refused(await peer.post("/v1/encounters", {}), 422, "invalid_shape")
    assert all("near" not in wrong for wrong in plain["errors"])


async def test_heads_are_counted_in_a_group_or_a_drop_in_alone_and_always_there(house: House) -> None:
    peer = house.peer
    group = ok(await peer.post("/v1/encounters", encounter(kind="group_or_drop_in", heads=14, setting="drop_in")))
    assert (group["kind"], group["heads"], group["with_participant"]) == ("group_or_drop_in", 14, False)
    box = ok(await peer.post("/v1/encounters", encounter(kind="supply_only")))
    assert (box["kind"], box["heads"]) == ("supply_only", None)
    assert ok(await peer.post("/v1/encounters", encounter()))["kind"] == "anonymous"
    refused(await peer.post("/v1/encounters", encounter(heads=3)), 409, "heads_of_one")
    refused(await peer.post("/v1/encounters", encounter(kind="supply_only", heads=3)), 409, "heads_of_one")
    refused(await peer.post("/v1/encounters", encounter(kind="group_or_drop_in")), 409, "heads_missing")
    refused(await peer.post("/v1/encounters", encounter(kind="with_participant")), 409, "contact_kind_elsewhere")
    code = await peer.enrolls()
    at_person = f"/v1/participants/{code}/encounters"
    assert ok(await peer.post(at_person, encounter()))["kind"] == "with_participant"
    for kind in ("anonymous", "group_or_drop_in", "supply_only"):
        refused(await peer.post(at_person, encounter(kind=kind, heads=2)), 409, "contact_kind_elsewhere")
    refused(await peer.post(at_person, encounter(heads=2)), 409, "heads_of_one")
    amended = await peer.post(f"/v1/encounters/{group['id']}/amendments", encounter(kind="group_or_drop_in", heads=15))
    assert ok(amended)["heads"] == 15


async def test_it_is_said_for_how_many_others_somebody_collected_and_nothing_of_them(peer: Caller) -> None:
    for collecting in ({"for_self": True, "others": 0}, {"for_self": False, "others": 4}):
        met = ok(await peer.post("/v1/encounters", encounter(collecting=collecting)))
        assert met["collecting"] == collecting
    assert ok(await peer.post("/v1/encounters", encounter(collecting={})))["collecting"] == {
        "for_self": True,
        "others": 0,
    }
    assert wrong_in(collecting={"for_self": False})[:2] == ("/collecting", "collected_for_nobody")
    for others in (-1, 1_001):
        assert wrong_in(collecting={"others": others})[0] == "/collecting/others"


def test_an_encounter_with_five_acts_takes_a_kilobyte_at_most() -> None:
    longest = sorted(ABOUT, key=lambda about: len(about[0]) + len(about[1] or ""))[-5:]
    materials = dict.fromkeys(TAUGHT, "demonstration_kit")
    acts = [told(about, materials.get(about[0]), 10_000 if about[0] in materials else None) for about in longest]
    acts = [{name: said for name, said in act.items() if name != "own_term"} for act in acts]
    whole = encounter(
        acts=acts,
        outcome="ended_by_participant",
        setting="jail_or_court",
        part_of_day="afternoon",
        collecting={"for_self": True, "others": 1_000},
        given=[{"item": "naloxone_injectable_vial", "quantity": 10_000}] * 2,
        site_id=str(UUID(int=0)),
        promises=[{"kind": "accompaniment", "on": "2026-11-04", "part_of_day": "afternoon"}],
    )
    assert len(RecordingDraft.model_validate(whole).acts) == 5
    assert len(json.dumps(whole).encode()) <= 1_024
