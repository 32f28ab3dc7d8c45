"""The door to a participant's timeline."""

from datetime import date
from typing import Annotated

from fastapi import Query

from true_api.api import consents, encounters, overdoses, referral_views
from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys.timeline import Item, Kind, timeline
from true_api.kernel.schemas import Page, View, examples
from true_api.rooms.consents.schemas import ConsentView
from true_api.rooms.encounters.schemas import ENCOUNTER, EncounterView
from true_api.rooms.overdoses.schemas import OverdoseView
from true_api.rooms.plans.schemas import PlanView
from true_api.rooms.readiness.schemas import ReadinessNoteView
from true_api.rooms.referrals.schemas import ReferralView
from true_api.security.gates import CaseGate
from true_api.security.permits import CasePermit
from true_api.security.roles import Permission

doors = Doors("/participants/{code}/timeline", tag="Participants")

READ = CaseGate(Permission.TIMELINE_READ)


class TimelineItem(View):
    """One thing that happened; the field named by `kind` holds its record, the others are null."""

    model_config = examples(
        {
            "kind": "encounter",
            "on": "2026-11-02",
            "encounter": {
                "id": "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a",
                **ENCOUNTER,
                "with_participant": True,
                "revised": None,
                "amended_by": None,
            },
            "readiness_note": None,
            "referral": None,
            "consent": None,
            "overdose_event": None,
            "plan": None,
        }
    )

    kind: Kind
    on: date
    encounter: EncounterView | None = None
    readiness_note: ReadinessNoteView | None = None
    referral: ReferralView | None = None
    consent: ConsentView | None = None
    overdose_event: OverdoseView | None = None
    plan: PlanView | None = None


def view_of(permit: CasePermit, item: Item) -> TimelineItem:
    """An item with the view of its record."""
    record: View
    match item.kind:
        case Kind.ENCOUNTER:
            record = encounters.view(item.record)
        case Kind.READINESS_NOTE:
            record = ReadinessNoteView.of(item.record)
        case Kind.REFERRAL:
            record = referral_views.view(permit, item.record)
        case Kind.CONSENT:
            record = consents.view(item.record)
        case Kind.OVERDOSE_EVENT:
            record = overdoses.view(item.record)
        case Kind.PLAN:
            record = PlanView.of(item.record)
    return TimelineItem.of({"kind": item.kind, "on": item.on, item.kind.value: record})


@doors.open("GET", "", READ)
async def read_timeline(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[TimelineItem]:
    """Read a participant's timeline, newest first.

    After a shown code alone it holds only what the caller recorded.
    """
    items, following = await timeline(permit, page.request())
    return Page(items=[view_of(permit, item) for item in items], next_cursor=following)
