"""The elements of a consent: each that is missing is named, each form keeps to its own, and a preset fills the rest."""

from typing import Any
from uuid import uuid4

from tests.stories.steps import agrees, items, named
from tests.world import Caller, House, ok, refused
from true_api.privacy.consents import Category
from true_api.rooms.consents.elements import MISSING, RULES
from true_api.rooms.consents.presets import PRESETS

ELEMENTS: dict[str, Any] = {
    "kind": "named_recipient",
    "categories": ["referral"],
    "purpose": "treatment",
    "form_version": "2026-11",
    "days": 90,
    "evidence": "signed_paper",
    "where_kept": "program_office",
    "given_on": "2026-11-02",
}
PARAGRAPHS = {
    "organization_id": "(a)(4)",
    "categories": "(a)(3)",
    "purpose": "(a)(5)",
    "form_version": "(a)(6)",
    "days": "(a)(7)",
    "evidence": "(a)(8)",
    "where_kept": "(a)(8)",
    "given_on": "(a)(9)",
}


def whole(agency: object, **over: Any) -> dict[str, Any]:
    """A consent with every element, and no preset."""
    return {**ELEMENTS, "organization_id": str(agency), **over}


async def faults(caller: Caller, code: str, draft: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """What is wrong with a consent: the code and the sentence by the name of the field."""
    problem = refused(await caller.post(f"/v1/participants/{code}/consents", draft), 422, "invalid_shape")
    return {fault["pointer"].lstrip("/"): (fault["code"], fault["detail"]) for fault in problem["errors"]}


async def test_every_element_that_is_missing_is_named_with_the_paragraph_that_asks_for_it(house: House) -> None:
    code, draft = await house.peer.enrolls(), whole(house.organizations["harbor"])
    for name, paragraph in PARAGRAPHS.items():
        found = await faults(house.peer, code, {key: value for key, value in draft.items() if key != name})
        ((field, (kind, detail)),) = found.items()
        assert (field, kind) == (name, "consent_element_missing")
        assert f"42 CFR 2.31{paragraph})" in detail
    assert set(await faults(house.peer, code, {})) == set(PARAGRAPHS)
    network = whole(house.organizations["harbor"], kind="intermediary", purpose="treatment")
    ((field, (_, detail)),) = (await faults(house.peer, code, network)).items()
    assert (field, "42 CFR 2.31(a)(4)(ii)" in detail) == ("recipients", True)
    assert set(PARAGRAPHS) | {"recipients"} == set(MISSING)
    assert await items(house.peer, f"/v1/participants/{code}/consents") == []


async def test_what_was_signed_is_kept_and_shown_element_by_element(house: House) -> None:
    code, harbor = await house.peer.enrolls(), str(house.organizations["harbor"])
    signed = {"given_on": "2026-10-30", "valid_from": "2026-11-10", "reference": str(uuid4())}
    draft = whole(harbor, **signed, days=30)
    path = f"/v1/participants/{code}/consents"
    given = ok(await house.peer.post(path, draft))
    said = {name: value for name, value in {**ELEMENTS, **signed}.items() if name != "days"}
    assert given == {
        **said,
        "id": given["id"],
        "organization_id": harbor,
        "recipients": [harbor],
        "state": "upcoming",
        "decision": "permit",
        "valid_to": "2026-12-09",
        "notice_version": "2026-11",
        "supersedes": None,
        "revoked_on": None,
    }
    assert ok(await house.peer.get(f"{path}/{given['id']}")) == given
    refused(await house.stranger.get(f"{path}/{given['id']}"), 404, "not_found")
    refused(await house.peer.get(f"{path}/{uuid4()}"), 404, "not_found")
    refused(await house.peer.post(path, draft), 409, "reference_taken")
    about_time = await faults(house.peer, code, {**draft, "reference": given["id"]})
    assert about_time["reference"][0] == "invalid_value", "an id tells a time, and a reference is random"


async def test_a_preset_fills_in_what_is_not_sent_and_what_is_sent_counts(house: House) -> None:
    code, harbor = await house.peer.enrolls(), str(house.organizations["harbor"])
    bridge = str(house.organizations["bridge"])
    listed = ok(await house.peer.get("/v1/consent-presets"))
    assert {one["preset"] for one in listed["presets"]} == {preset.value for preset in PRESETS}
    for one in listed["presets"]:
        members = {"recipients": [bridge]} if one["kind"] == "intermediary" else {}
        said = {"preset": one["preset"], "organization_id": harbor, **members}
        given = ok(await house.peer.post(f"/v1/participants/{code}/consents", said))
        assert {name: given[name] for name in ("kind", "decision", "purpose")} == {
            name: one[name] for name in ("kind", "decision", "purpose")
        }
        assert sorted(given["categories"]) == sorted(one["categories"])
        assert given["recipients"] == sorted([harbor, *members.get("recipients", [])])
    over = await agrees(house.peer, code, harbor, purpose="treatment", days=3, evidence="signed_paper_with_guardian")
    assert (over["purpose"], over["valid_to"]) == ("treatment", "2026-11-04")
    assert (over["evidence"], over["categories"]) == ("signed_paper_with_guardian", ["referral"])


async def test_counseling_notes_and_legal_proceedings_are_agreed_to_alone(house: House) -> None:
    """42 CFR 2.31(b) and (d): no other form covers them, and theirs cover nothing else."""
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    for kind, rules in RULES.items():
        for category in Category:
            if category in rules.categories:
                continue
            draft = whole(harbor, kind=kind, categories=[*rules.categories, category], recipients=[str(harbor)])
            draft["purpose"] = min(rules.purposes)
            ((field, (why, detail)),) = (await faults(house.peer, code, draft)).items()
            assert (field, why) == ("categories", "not_of_this_kind")
            assert ("2.31(b)" in detail or "2.31(d)" in detail) or category in RULES["named_recipient"].categories


async def test_each_form_has_its_own_purposes_recipients_and_wording(house: House) -> None:
    code, harbor, bridge = await house.peer.enrolls(), house.organizations["harbor"], house.organizations["bridge"]
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "purpose": ("not_of_this_kind", whole(harbor, purpose="legal_proceeding")),
        "recipients": ("one_recipient", whole(harbor, recipients=[str(bridge)])),
        "form_version": ("unknown_version", whole(harbor, form_version="2019-01")),
        "notice_version": ("unknown_version", whole(harbor, notice_version="2019-01")),
        "evidence": ("not_in_writing", whole(harbor, evidence="witnessed_word")),
    }
    for field, (why, draft) in wrong.items():
        assert {name: code for name, (code, _) in (await faults(house.peer, code, draft)).items()} == {field: why}
    for over in ({"purpose": "treatment_payment_operations"}, {"kind": "treatment_payment_operations"}):
        assert set(await faults(house.peer, code, whole(harbor, **over))) == {"purpose"}
    shared = whole(harbor, kind="treatment_payment_operations", recipients=[str(bridge)])
    shared["purpose"] = "treatment_payment_operations"
    given = ok(await house.peer.post(f"/v1/participants/{code}/consents", shared))
    assert given["recipients"] == sorted([str(harbor), str(bridge)])


async def test_a_no_takes_no_paper_and_neither_purpose_nor_end(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    path = f"/v1/participants/{code}/consents"
    said = {"decision": "deny", "organization_id": str(harbor), "categories": ["intake_status"]}
    given = ok(await house.peer.post(path, said))
    assert (given["evidence"], given["where_kept"], given["state"]) == ("witnessed_word", "no_paper", "live")
    assert (given["purpose"], given["valid_to"]) == (None, None)
    for field, value in {"days": 3, "purpose": "treatment", "valid_from": "2026-11-03", "kind": "intermediary"}.items():
        assert (await faults(house.peer, code, {**said, field: value}))[field][0] == "not_of_a_no"
    assert set(await faults(house.peer, code, {"decision": "deny"})) == {"organization_id", "categories"}


async def test_days_that_contradict_each_other_are_refused(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    path = f"/v1/participants/{code}/consents"
    for days in (
        {"given_on": "2026-11-03"},
        {"given_on": "2026-11-02", "valid_from": "2026-11-01"},
        {"valid_from": "2027-02-01"},
        {"given_on": "2026-10-01", "days": 32},
    ):
        refused(await house.peer.post(path, whole(harbor, **days)), 409, "consent_days_contradict")
    ok(await house.peer.post(path, whole(harbor, given_on="2026-10-01", days=33)))


async def test_papers_are_kept_where_the_program_says(house: House) -> None:
    code, harbor = await house.peer.enrolls(), house.organizations["harbor"]
    place = {"vocabulary": "paper_place", "key": "blue-cabinet", "label": "Blue cabinet"}
    path = f"/v1/participants/{code}/consents"
    refused(await house.peer.post(path, named(harbor, where_kept="blue-cabinet")), 409, "no_such_paper_place")
    term = ok(await house.supervisor.post("/v1/vocabularies/terms", place))["id"]
    assert (await agrees(house.peer, code, harbor, where_kept="blue-cabinet"))["where_kept"] == "blue-cabinet"
    at = f"/v1/vocabularies/terms/{term}"
    ok(await house.supervisor.patch(at, {"active": False}, (await house.supervisor.get(at)).headers["etag"]))
    refused(await house.peer.post(path, named(harbor, where_kept="blue-cabinet")), 409, "no_such_paper_place")
