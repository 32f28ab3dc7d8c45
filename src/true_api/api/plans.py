"""Doors to "my plan": what somebody wants for themselves, in their own words."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.plan_copies import PRINTED, CopyQuery, kept_again, reviewed_again, told
from true_api.api.queries import PageQuery
from true_api.kernel.errors import NotAcceptable
from true_api.kernel.schemas import Page
from true_api.rooms.plans import service
from true_api.rooms.plans.schemas import OwnPlanDraft, OwnPlanRecord, PlanKept, PlanReviewed, PlanView
from true_api.rooms.plans.tables import Plan
from true_api.rooms.plans.vocabulary import PlanKind
from true_api.security.gates import CaseGate, RecordGate
from true_api.security.permits import CasePermit, NoTeam, RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}/plans", tag="Plans")
doors = Doors("/plans", tag="Plans")

WRITE = CaseGate(Permission.PLAN_WRITE)
READ = CaseGate(Permission.PLAN_READ)
READ_ONE = RecordGate(Permission.PLAN_READ, Plan)
REVIEW = RecordGate(Permission.PLAN_WRITE, Plan)

REFUSED = (service.PlanNotYetWritten, service.ReviewNotAfterwards, service.PlanEmpty, service.PlanNotCurrent, NoTeam)


@of_participant.open("POST", "", WRITE, status=201, again=kept_again, refuses=REFUSED)
async def write_own_plan(code: str, draft: OwnPlanDraft, permit: Permitted[CasePermit]) -> PlanKept:
    """Write down a version of somebody's own plan with them: hopes, one next step, what and who helps, strengths.

    It supersedes the version before it, which stays readable. Words are the person's own; names and numbers of others
    are refused here and have blank lines on paper.
    """
    plan = await service.write(permit, PlanKind.OWN, draft)
    return PlanKept.of(plan, words_kept=permit.texts.kept(plan.id))


@of_participant.open("GET", "", READ)
async def list_own_plans(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[PlanView]:
    """List every version of a person's own plan, the latest first, without its words."""
    found, following = await service.listed(permit, PlanKind.OWN, page.request())
    return Page(items=[PlanView.of(plan) for plan in found], next_cursor=following)


@of_participant.open("GET", "/current", READ, refuses=(NotAcceptable, *READING), responses=PRINTED)
async def read_current_own_plan(
    code: str, query: Annotated[CopyQuery, Query()], request: Request, permit: Permitted[CasePermit]
) -> OwnPlanRecord:
    """Read the person's own plan that is in force, with its words.

    By Accept as PDF or plain text: the person's copy, without name, code or program.
    """
    return await told(OwnPlanRecord, await service.in_force(permit, PlanKind.OWN), query, request, permit)


@doors.open("GET", "/{id}", READ_ONE, refuses=(NotAcceptable, *READING), responses=PRINTED)
async def read_own_plan(
    id: str, query: Annotated[CopyQuery, Query()], request: Request, permit: Permitted[RecordPermit]
) -> OwnPlanRecord:
    """Read one version of a person's own plan with its words.

    By Accept as PDF or plain text: the person's copy, without name, code or program.
    """
    return await told(OwnPlanRecord, service.of_kind(permit, PlanKind.OWN), query, request, permit)


@doors.open(
    "POST", "/{id}/review", REVIEW, again=reviewed_again, refuses=(service.PlanNotCurrent, service.ReviewNotAfterwards)
)
async def review_own_plan(id: str, draft: PlanReviewed, permit: Permitted[RecordPermit]) -> PlanView:
    """Say that the two looked at somebody's own plan today and it still holds, and when they look at it again."""
    return PlanView.of(await service.reviewed(permit, PlanKind.OWN, draft))
