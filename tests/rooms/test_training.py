"""Training: everybody writes down their own, supervisors see their team's, and a board sees no names."""

import csv
import io
from typing import Any

import pytest
from pydantic import ValidationError

from tests.world import House, ok, refused
from true_api.outlets.boards import HEADER, as_csv
from true_api.rooms.training.schemas import CertificateDraft
from true_api.rooms.training.vocabulary import Competency

TRAININGS, CERTIFICATES = "/v1/trainings", "/v1/certificates"
REPORT = "/v1/training-report?from=2026-10-01&to=2026-12-31"
COURSE = {"kind": "course", "competency": "support_in_crisis", "minutes": 90, "done_on": "2026-10-20"}
SPEECH = {**COURSE, "kind": "advocacy", "competency": "leadership_and_advocacy", "minutes": 45}

ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What no engine decides."""


async def _kinds(house: House, *keys: str) -> None:
    for key in keys:
        term = {"vocabulary": "certificate", "key": key, "label": f"The {key} certificate"}
        ok(await house.admin.post("/v1/vocabularies/terms", term))


async def test_lived_experience_is_a_professional_discipline(house: House) -> None:
    """Hours, competencies, certificates; leadership and advocacy as work (domain.md, "What the program believes")."""
    assert len(Competency) == 12
    await _kinds(house, "specialist")
    learned, spoke = ok(await house.peer.post(TRAININGS, COURSE)), ok(await house.peer.post(TRAININGS, SPEECH))
    held = {"kind": "specialist", "obtained_on": "2025-01-15", "expires_on": "2026-12-24"}
    certificate = ok(await house.peer.post(CERTIFICATES, held))
    for reader in (house.peer, house.supervisor):
        shown = {row["id"] for row in ok(await reader.get(TRAININGS))["items"]}
        assert shown == {learned["id"], spoke["id"]}
        assert ok(await reader.get(f"{CERTIFICATES}/{certificate['id']}")) == certificate
        day = "/v1/today?team=true" if reader is house.supervisor else "/v1/today"
        assert [one["id"] for one in ok(await reader.get(day))["certificates"]["items"]] == [certificate["id"]]
    for other in (house.colleague, house.stranger, house.other_supervisor):
        assert ok(await other.get(TRAININGS))["items"] == ok(await other.get(CERTIFICATES))["items"] == []
        refused(await other.get(f"{CERTIFICATES}/{certificate['id']}"), 404, "not_found")
        assert ok(await other.get("/v1/today"))["certificates"]["items"] == []
    refused(await house.supervisor.call("DELETE", f"{TRAININGS}/{learned['id']}"), 404, "not_found")
    ok(await house.peer.call("DELETE", f"{TRAININGS}/{learned['id']}"))
    assert [row["id"] for row in ok(await house.peer.get(TRAININGS))["items"]] == [spoke["id"]]


@ON_SQLITE
async def test_a_certificate_is_renewed_by_its_holder_and_then_reminds_of_nothing(house: House) -> None:
    await _kinds(house, "specialist")
    held = {"kind": "specialist", "obtained_on": "2025-01-15", "expires_on": "2026-11-01"}
    certificate = ok(await house.peer.post(CERTIFICATES, held))
    assert certificate["expired"] is True
    assert len(ok(await house.peer.get("/v1/today"))["certificates"]["items"]) == 1
    place = f"{CERTIFICATES}/{certificate['id']}"
    etag = (await house.peer.get(place)).headers["etag"]
    refused(await house.supervisor.patch(place, {"expires_on": "2028-11-01"}, etag), 404, "not_found")
    early = await house.peer.patch(place, {"expires_on": "2025-01-14"}, etag)
    refused(early, 409, "certificate_ends_before_it_began")
    renewed = ok(await house.peer.patch(place, {"expires_on": "2028-11-01"}, etag))
    assert (renewed["expired"], renewed["expires_on"]) == (False, "2028-11-01")
    assert ok(await house.peer.get("/v1/today"))["certificates"]["items"] == []


@ON_SQLITE
async def test_hours_and_certificates_are_written_down_afterwards_and_of_kinds_there_are(house: House) -> None:
    refused(await house.peer.post(TRAININGS, {**COURSE, "done_on": "2026-11-03"}), 409, "training_not_yet_done")
    await _kinds(house, "specialist")
    held = {"kind": "specialist", "obtained_on": "2026-11-03"}
    refused(await house.peer.post(CERTIFICATES, held), 409, "training_not_yet_done")
    unknown = {"kind": "something-else", "obtained_on": "2026-11-01"}
    refused(await house.peer.post(CERTIFICATES, unknown), 409, "no_such_certificate_kind")


@pytest.mark.parametrize("over", [{"expires_on": "2025-01-14"}, {"kind": "With Spaces"}, {"obtained_on": "2025-1-15"}])
def test_a_certificate_that_cannot_be_is_refused(over: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CertificateDraft.model_validate({"kind": "specialist", "obtained_on": "2025-01-15", **over})


async def test_a_board_is_given_hours_by_competency_and_nobodys_name(house: House) -> None:
    await _kinds(house, "specialist")
    for somebody in (house.peer, house.colleague, house.stranger):
        ok(await somebody.post(TRAININGS, COURSE))
        ok(await somebody.post(TRAININGS, {**COURSE, "done_on": "2026-09-30"}))
    ok(await house.peer.post(TRAININGS, SPEECH))
    ok(await house.peer.post(CERTIFICATES, {"kind": "specialist", "obtained_on": "2025-01-15"}))
    session = {"member_ids": [str(house.peer.id)], "held_on": "2026-11-02", "minutes": 50, "form": "individual"}
    ok(await house.supervisor.post("/v1/supervision-sessions", session))
    told = ok(await house.supervisor.get(REPORT))
    assert told["lines"] == [
        {"kind": "advocacy", "competency": "leadership_and_advocacy", "hours": 0.8, "people": 1},
        {"kind": "course", "competency": "support_in_crisis", "hours": 3.0, "people": 2},
    ]
    assert told["supervision"] == {"hours": 0.8, "people": 1}
    assert told["certificates"] == [{"kind": "specialist", "held": 1, "expired": 0, "expiring": 0}]
    own = ok(await house.colleague.get(REPORT))
    assert [(line["hours"], line["people"]) for line in own["lines"]] == [(1.5, 1)]
    sheet = await house.supervisor.get(REPORT, headers={"Accept": "text/csv"})
    assert sheet.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text)))
    assert [row["part"] for row in rows] == ["training", "training", "supervision", "certificates"]
    assert rows[1]["hours"] == "3.0"
    for name in ("peer", "colleague", str(house.peer.id)):
        assert f",{name}," not in sheet.text
    refused(await house.peer.get(REPORT, headers={"Accept": "image/png"}), 406, "not_acceptable")
    refused(await house.peer.get("/v1/training-report?from=2026-11-02&to=2026-11-01"), 422, "invalid_shape")


def test_an_empty_report_has_the_same_columns() -> None:
    nothing: dict[str, Any] = {"first_day": "2026-10-01", "last_day": "2026-12-31", "lines": [], "certificates": []}
    sheet = as_csv({**nothing, "supervision": {"hours": 0.0, "people": 0}}).decode()
    assert sheet.splitlines()[0] == ",".join(HEADER)
    assert len(sheet.splitlines()) == 2
