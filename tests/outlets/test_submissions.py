"""Submissions: exact totals, frozen, read by others only after a second supervisor has looked at them."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from tests.house.set_submissions import YES
from tests.world import Caller, House, ok, refused
from true_api.kernel.rows import table_of
from true_api.outlets.submissions.schemas import SubmissionReview
from true_api.outlets.submissions.tables import Submission, SubmissionTotal
from true_api.outlets.submissions.vocabulary import REASONS, SubmissionReason, SubmissionVerdict

OCTOBER = "/v1/submissions/2026-10"
NO = {"verdict": "decline", "reason": "records_still_coming"}
NOTHING = {"visits": 0, "kits": 0, "doses": 0, "reversals": 0}


async def prepares(caller: Caller, period: str = "2026-10") -> dict[str, Any]:
    return ok(await caller.post("/v1/submissions", {"period": period}))


async def reviews(caller: Caller, submission: dict[str, Any], verdict: dict[str, str]) -> Any:
    return await caller.post(f"/v1/submissions/{submission['id']}/review", verdict)


async def happens(house: House) -> None:
    """Three contacts, of which one reached nobody and one was voided; two kits; a reversal and another overdose."""
    code = await house.peer.enrolls()
    given = [{"act": "naloxone_given", "quantity": 2}]
    await house.peer.records(code, occurred_on="2026-10-05", acts=given)
    await house.peer.records(code, occurred_on="2026-10-06", outcome="unable_to_reach", acts=[])
    voided = await house.peer.records(code, occurred_on="2026-10-31", acts=given)
    ok(await house.peer.post(f"/v1/encounters/{voided['id']}/void", {"reason": "did_not_happen"}))
    await house.peer.records(code, occurred_on="2026-11-01", acts=given)
    for kind, day in (("reversal", "2026-10-31"), ("overdose", "2026-10-31"), ("reversal", "2026-11-01")):
        ok(await house.peer.post("/v1/overdose-events", {"kind": kind, "occurred_on": day}))


async def test_totals_are_exact_and_frozen_when_they_are_prepared(house: House) -> None:
    await happens(house)
    prepared = await prepares(house.supervisor)
    assert prepared["totals"] == {"visits": 1, "kits": 2, "doses": 4, "reversals": 1}
    assert (prepared["label"], prepared["state"], prepared["attempt"]) == ("submission", "prepared", 1)
    assert prepared["prepared_by"] == str(house.supervisor.id)
    await happens(house)
    assert ok(await house.supervisor.get(OCTOBER)) == prepared
    quarter = {"period": "2026-Q3"}
    assert ok(await house.supervisor.post("/v1/submissions", quarter))["totals"] == NOTHING


async def test_others_read_them_after_a_second_supervisor_approved_and_learn_no_name(house: House) -> None:
    await happens(house)
    prepared = await prepares(house.supervisor)
    readers = (house.integrator, house.agency, house.agency_worker)
    for caller in readers:
        refused(await caller.get(OCTOBER), 404, "not_found")
        assert ok(await caller.get("/v1/submissions")) == {"items": []}
    refused(await reviews(house.supervisor, prepared, YES), 409, "own_submission")
    approved = ok(await reviews(house.other_supervisor, prepared, YES))
    assert approved == {
        **prepared,
        "state": "approved",
        "reviewed_by": str(house.other_supervisor.id),
        "reviewed_on": "2026-11-02",
        "review_reason": "nobody_recognizable",
    }
    shown = {name: approved[name] for name in ("label", "period", "totals", "prepared_on", "reviewed_on")}
    for caller in readers:
        assert ok(await caller.get(OCTOBER)) == shown
        assert ok(await caller.get("/v1/submissions")) == {"items": [shown]}
    assert ok(await house.supervisor.get(OCTOBER)) == approved
    refused(await reviews(house.other_supervisor, prepared, NO), 409, "reviewed_before")
    refused(await house.supervisor.post("/v1/submissions", {"period": "2026-10"}), 409, "submitted_before")


async def test_what_was_declined_is_never_read_and_may_be_prepared_again(house: House) -> None:
    first = await prepares(house.supervisor)
    refused(await house.other_supervisor.post("/v1/submissions", {"period": "2026-10"}), 409, "submission_waits")
    assert ok(await reviews(house.other_supervisor, first, NO))["state"] == "declined"
    refused(await house.integrator.get(OCTOBER), 404, "not_found")
    second = await prepares(house.other_supervisor)
    assert second["attempt"] == 2
    ok(await reviews(house.supervisor, second, YES))
    items = ok(await house.supervisor.get("/v1/submissions"))["items"]
    assert [(item["attempt"], item["state"]) for item in items] == [(2, "approved"), (1, "declined")]
    assert len(ok(await house.integrator.get("/v1/submissions"))["items"]) == 1


async def test_of_two_at_once_one_is_kept(house: House) -> None:
    both = (house.supervisor, house.other_supervisor)
    answers = await asyncio.gather(*(one.post("/v1/submissions", {"period": "2026-10"}) for one in both))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    (kept,), totals = await house.rows(select(table_of(Submission)), select(table_of(SubmissionTotal)))
    assert {total.submission_id for total in totals} == {kept.id}
    assert len(totals) == 4


async def test_a_period_that_runs_or_is_none_is_refused_and_so_are_others_than_supervisors(house: House) -> None:
    for period in ("2026-11", "2026-Q4", "2027-01"):
        refused(await house.supervisor.post("/v1/submissions", {"period": period}), 409, "period_still_open")
    for period in ("FY2026", "2026", "2026-13", "october", None):
        refused(await house.supervisor.post("/v1/submissions", {"period": period}), 422, "invalid_shape")
    for caller in (house.peer, house.admin, house.agency, house.integrator):
        refused(await caller.post("/v1/submissions", {"period": "2026-10"}), 403, "not_permitted")
    prepared = await prepares(house.supervisor)
    for caller in (house.peer, house.admin, house.agency, house.integrator):
        refused(await reviews(caller, prepared, YES), 403, "not_permitted")
    for caller in (house.peer, house.admin):
        refused(await caller.get(OCTOBER), 403, "not_permitted")


@pytest.mark.parametrize("verdict", SubmissionVerdict)
@pytest.mark.parametrize("reason", SubmissionReason)
def test_a_reason_goes_with_its_verdict(verdict: SubmissionVerdict, reason: SubmissionReason) -> None:
    said = {"verdict": verdict.value, "reason": reason.value}
    if reason in REASONS[verdict]:
        assert SubmissionReview.model_validate(said).reason is reason
    else:
        with pytest.raises(ValidationError):
            SubmissionReview.model_validate(said)
