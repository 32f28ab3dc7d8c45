"""What the program believes, and that the software holds to it: a test for each belief, named after it."""

from datetime import timedelta
from typing import Any

from tests.rooms.planning import own_plan, safety_plan
from tests.stories.steps import agrees, items, moves, refers
from tests.world import Caller, House, encounter, ok, refused
from true_api.journeys.vocabularies import KINDS

VERDICTS = {"relapse", "failed", "failure", "compliant", "noncompliant", "dropped", "dropout", "abuse", "addict"}
TODAY = "2026-11-02"


async def today(caller: Caller, section: str) -> list[dict[str, Any]]:
    """One part of somebody's day."""
    return list(ok(await caller.get("/v1/today"))[section]["items"])


async def test_peer_support_is_the_first_door_someone_opens(house: House) -> None:
    met = ok(await house.peer.post("/v1/encounters", encounter(acts=[{"act": "listening"}])))
    assert met["with_participant"] is False
    enrolled = ok(await house.peer.post("/v1/participants", {}))
    assert enrolled["code"]
    assert enrolled["age_band"] == enrolled["gender"] == "not_asked"


async def test_recovery_is_not_linear_and_readiness_fluctuates(house: House) -> None:
    person = f"/v1/participants/{await house.peer.enrolls()}"
    for day, importance in (("2026-10-01", 2), ("2026-10-08", 9), ("2026-10-15", 1), ("2026-10-22", 6)):
        ok(await house.peer.post(f"{person}/readiness-notes", {"occurred_on": day, "importance": importance}))
    wave = ok(await house.peer.get(f"{person}/readiness"))
    assert [point["importance"] for point in wave["points"]] == [2, 9, 1, 6]
    assert not {"trend", "average", "progress", "score"} & {*wave, *wave["points"][0]}
    terms = {term.value for kind in KINDS for term in kind}
    assert not [term for term in terms if VERDICTS & {*term.replace("-", "_").split("_")}]
    back = ok(await house.colleague.post("/v1/caseload", {"code": person.rsplit("/", 1)[1]}))
    assert back["basis"] == "shown_code", "who comes back after an absence is greeted, and asked for nothing"


async def test_people_are_met_where_they_are_without_an_ultimatum(house: House) -> None:
    code = await house.peer.enrolls()
    for outcome in ("declined", "not_today", "brief", "ended_by_participant"):
        assert (await house.peer.records(code, outcome=outcome))["outcome"] == outcome
    stage = {"occurred_on": "2026-11-01", "stage": "prefers_not_to_say"}
    ok(await house.peer.post(f"/v1/participants/{code}/readiness-notes", stage))
    kit = [{"act": "naloxone_given", "quantity": 2}]
    assert (await house.peer.records(code, acts=kit))["acts"][0]["quantity"] == 2, (
        "whatever the stage, the kit is given"
    )


async def test_peers_are_guides_rather_than_gatekeepers(house: House) -> None:
    code = await house.peer.enrolls()
    explained = [{"act": "treatment_options_explained", "topic": topic} for topic in ("methadone", "mutual_aid")]
    met = await house.peer.records(code, acts=explained, outcome="not_today")
    assert [act["topic"] for act in met["acts"]] == ["methadone", "mutual_aid"]
    referral = (await refers(house.peer, code, house.organizations["harbor"]))["id"]
    await moves(house.peer, referral, "on_hold", reason="not_now", decided_by="person")
    await moves(house.peer, referral, "cancelled", reason="not_now", decided_by="person")
    assert (await moves(house.peer, referral, "requested"))["state"] == "requested"


async def test_the_decision_is_supported_rather_than_overwhelmed(house: House) -> None:
    code, harbor = await house.peer.enrolls(), str(house.organizations["harbor"])
    asked = {
        "organization_id": harbor,
        "need": "recovery-housing",
        "consent": {"preset": "referral_loop"},
        "accompaniment": {"on": TODAY, "part_of_day": "evening"},
    }
    ok(await house.peer.post(f"/v1/participants/{code}/referrals", asked))
    assert len(await items(house.agency, "/v1/referrals")) == 1
    assert [promise["kind"] for promise in await today(house.peer, "promises")] == ["accompaniment"]


async def test_we_shape_the_treatment_to_serve_you(house: House) -> None:
    code = await house.peer.enrolls()
    wishes = ["keeps_methadone", "with_pet"]
    await agrees(house.peer, code, house.organizations["harbor"])
    await refers(house.peer, code, house.organizations["harbor"], wishes=wishes)
    (told,) = await items(house.agency, "/v1/referrals")
    assert sorted(told["wishes"]) == wishes


async def test_they_show_up_they_do_not_disappear(house: House) -> None:
    code = await house.peer.enrolls()
    promised = {"kind": "check_in", "on": TODAY}
    ok(await house.peer.post(f"/v1/participants/{code}/promises", promised))
    assert [one["code"] for one in await today(house.peer, "promises")] == [code]
    assert await today(house.colleague, "promises") == []
    away = {"away_id": str(house.peer.id), "covering_id": str(house.colleague.id), "since": TODAY, "until": TODAY}
    ok(await house.supervisor.post("/v1/covers", away))
    assert [one["code"] for one in await today(house.colleague, "promises")] == [code]
    house.clock.move(timedelta(days=1))
    assert await today(house.colleague, "promises") == [], "a cover ends by itself"


async def test_safety_today_matters_as_much_as_recovery_tomorrow(house: House) -> None:
    ok(await house.peer.post("/v1/overdose-events", {"kind": "reversal", "occurred_on": "2026-11-01"}))
    sample = {
        "collected_in": "2026-11",
        "expected": "heroin",
        "form": "powder",
        "results": [{"target": "fentanyl", "method": "strip", "result": "not_detected"}],
    }
    check = ok(await house.peer.post("/v1/drug-checks", sample))
    assert "safe" not in check
    assert check["limits"], "no answer without what its method cannot see"
    alert = ok(await house.peer.post("/v1/alerts", {"message": "long_sedation", "drug_check_id": check["id"]}))["id"]
    assert await today(house.stranger, "alerts") == []
    ok(await house.supervisor.post(f"/v1/alerts/{alert}/confirmation", {}))
    assert [one["id"] for one in await today(house.stranger, "alerts")] == [alert]


async def test_there_is_a_plan_in_own_words_for_a_crisis_and_for_an_overdose(house: House) -> None:
    code = await house.peer.enrolls()
    plans = f"/v1/participants/{code}/safety-plans"
    ok(await house.peer.post(plans, safety_plan("The long way along the river.")))
    copy = await house.peer.get(f"{plans}/current", headers={"Accept": "text/plain"})
    assert "The long way along the river." in copy.text
    assert "988" in copy.text
    assert code not in copy.text
    assert "Riverside" not in copy.text


async def test_mental_health_and_substance_use_are_one_record(house: House) -> None:
    code = await house.peer.enrolls()
    both = [{"act": "grounding"}, {"act": "naloxone_given", "quantity": 1}, {"act": "coping_skills"}]
    met = await house.peer.records(code, acts=both)
    (item,) = await items(house.peer, f"/v1/participants/{code}/timeline")
    assert item["encounter"]["acts"] == met["acts"]


async def test_language_tone_and_intention_matter(house: House) -> None:
    code = await house.peer.enrolls()
    met = await house.peer.records(code, note="Has been clean for a month, and is proud of it.")
    assert [hint["term"] for hint in met["guidance"]] == ["clean"], "advised, and kept as it was written"
    own = {**own_plan("I want to stay clean."), "strengths": [{"words": "I am clean and I cook."}]}
    kept = ok(await house.peer.post(f"/v1/participants/{code}/plans", own))
    assert not kept.get("guidance"), "nobody corrects a person's own words"


async def test_people_are_matched_by_what_they_asked_for(house: House) -> None:
    ok(await house.colleague.call("PUT", "/v1/me/matching", {"openly": {"languages": ["es"]}}))
    person = f"/v1/participants/{await house.peer.enrolls()}"
    ok(await house.peer.call("PUT", f"{person}/peer-wishes", {"languages": ["es"]}))
    first = ok(await house.supervisor.get(f"{person}/matches"))["matches"][0]
    assert first["member_id"] == str(house.colleague.id)
    assert first["reasons"]
    assert await items(house.colleague, "/v1/participants") == [], "nobody is assigned by a machine"


async def test_confidentiality_and_boundaries_hold_inside_too(house: House) -> None:
    code = await house.peer.enrolls()
    ok(await house.supervisor.post(f"/v1/participants/{code}/exclusions", {"member_id": str(house.colleague.id)}))
    refused(await house.colleague.post("/v1/caseload", {"code": code}), 404, "not_found")
    session = {"member_ids": [str(house.peer.id)], "held_on": "2026-11-01", "minutes": 50, "form": "individual"}
    held = ok(await house.supervisor.post("/v1/supervision-sessions", {**session, "topics": ["boundaries"]}))["id"]
    ok(await house.peer.post(f"/v1/supervision-sessions/{held}/reflections", {"words": "It was quiet afterwards."}))
    for outsider in (house.colleague, house.other_supervisor):
        refused(await outsider.get(f"/v1/supervision-sessions/{held}"), 404, "not_found")


async def test_who_carries_much_is_looked_after(house: House) -> None:
    pulse = {"energy": 1, "load": 4, "exposure": 4, "support_wanted": 4}
    felt = ok(await house.peer.post("/v1/wellness-pulses", pulse))["id"]
    refused(await house.supervisor.get(f"/v1/wellness-pulses/{felt}"), 404, "not_found")
    code = await house.peer.enrolls()
    await house.peer.records(code)
    died = {"kind": "died", "known_from": "2026-11-01", "confirmed": True}
    ok(await house.peer.post(f"/v1/participants/{code}/ending", died))
    assert len(await today(house.peer, "debriefs")) == 1


async def test_lived_experience_is_a_professional_discipline(house: House) -> None:
    done = {"competency": "support_in_crisis", "done_on": "2026-10-28", "kind": "course", "minutes": 180}
    ok(await house.peer.post("/v1/trainings", done))
    led = {**done, "competency": "leadership_and_advocacy", "kind": "advocacy", "minutes": 60}
    kinds = {one["kind"] for one in await items(house.peer, "/v1/trainings")}
    assert kinds == {"course"}
    ok(await house.peer.post("/v1/trainings", led))
    span, csv = "from=2026-10-01&to=2026-11-02", {"Accept": "text/csv"}
    report = await house.supervisor.get(f"/v1/training-report?{span}", headers=csv)
    assert report.status_code == 200
    assert "support_in_crisis" in report.text


async def test_treatment_housing_and_the_long_run_are_within_reach(house: House) -> None:
    code = await house.peer.enrolls()
    await agrees(house.peer, code, house.organizations["harbor"])
    await refers(house.peer, code, house.organizations["harbor"])
    (told,) = await items(house.agency, "/v1/referrals")
    await moves(house.agency, told["reference"], "accepted")
    (known,) = await items(house.peer, f"/v1/participants/{code}/referrals")
    assert known["state"] == "accepted", "the loop closes"
    ok(await house.peer.post(f"/v1/participants/{code}/plans", own_plan("A door that I can lock.")))
    assert ok(await house.peer.post("/v1/directory/search", {"need": "recovery-housing"}))["items"] == []


async def test_it_is_done_with_people_not_to_them(house: House) -> None:
    said = {"respected": "yes", "pressured": "no", "promise_kept": "partly"}
    voice = await house.http.post("/v1/voices", json=said)
    assert voice.status_code == 201, "no code, no token"
    refused(await house.peer.get("/v1/voices"), 403, "not_permitted")
    assert await items(house.supervisor, "/v1/voices") == [], "only the program lead reads them"
    code = await house.peer.enrolls()
    record = ok(await house.peer.get(f"/v1/participants/{code}/record"))
    assert [look["permission"] for look in record["looked"]] == ["participant:enroll"], (
        "one's own record, and who looked"
    )
