"""What the doors to safety plans and to people's own plans share: a version as JSON, and the person's copy of it."""

import asyncio
from typing import Any, TypeVar
from uuid import UUID

from pydantic import Field
from starlette.requests import Request

from true_api.api.printed import Printed, wanted
from true_api.kernel.schemas import Draft, examples
from true_api.outlets.plans.papers import PlanPaper
from true_api.outlets.plans.sheet import sheet
from true_api.outlets.plans.writers import PDF, TEXT, copy
from true_api.rooms.plans import service
from true_api.rooms.plans.schemas import PlanKept, PlanView
from true_api.rooms.plans.tables import Plan
from true_api.security.permits import Permit

JSON = "application/json"
FILES = {PDF: "plan.pdf", TEXT: "plan.txt"}
PRINTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}, TEXT: {"schema": {"type": "string"}}}}
}
"""What the document says of a plan that is printed."""
V = TypeVar("V", bound=PlanView)


class CopyQuery(Draft):
    """On what the person's copy is printed."""

    model_config = examples({"paper": "phone"})

    paper: PlanPaper = Field(PlanPaper.LETTER, description="Of a PDF: in the shape of a phone, or in large print.")


async def kept_again(permit: Permit, plan: UUID) -> PlanKept:
    """The answer to a version that was kept, once more."""
    return PlanKept.of(await service.by_id(permit, plan), words_kept=await permit.texts.present(Plan, plan))


async def reviewed_again(permit: Permit, plan: UUID) -> PlanView:
    """The answer to a review, once more."""
    return PlanView.of(await service.by_id(permit, plan))


async def told(kind: type[V], plan: Any, query: CopyQuery, request: Request, permit: Permit) -> V:
    """One version with its words as JSON; or, by Accept, as the person's copy: PDF, or plain text in any script."""
    media_type = wanted(request, (JSON, PDF, TEXT))
    parts = await service.words_of(permit, plan.id)
    if media_type == JSON:
        return kind.of(plan, **parts)
    drawn = await asyncio.to_thread(copy, sheet(plan, parts), media_type, query.paper)
    return Printed(drawn, media_type, [*parts, "written_on", "review_on"], FILES[media_type])  # type: ignore[return-value]
