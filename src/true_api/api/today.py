"""The door to the day: everything to look after, in one call."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BeforeValidator, Field

from true_api.api import alerts
from true_api.api.doors import Doors, Permitted
from true_api.api.queries import YesOrNo, digits
from true_api.journeys.today import ABSENT_AFTER, Section, Today, today
from true_api.journeys.today_views import AbsentPerson, DaySection, IntakeToCall, PlanDue, PromiseDue, TodayView
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Draft, View
from true_api.rooms.endings.schemas import DebriefOfferView
from true_api.rooms.intake import service as intake
from true_api.rooms.supervision.schemas import AgreedView
from true_api.rooms.training import service as training
from true_api.rooms.training.schemas import CertificateView
from true_api.rooms.wellness.schemas import SupportView
from true_api.security.gates import ListGate
from true_api.security.permits import ListPermit
from true_api.security.roles import Permission

doors = Doors("/today", tag="Today")

READ = ListGate(Permission.TODAY_READ)
V = TypeVar("V", bound=View)


class TodayQuery(Draft):
    """Whose day, and after how many days without a contact somebody counts as absent."""

    team: YesOrNo = Field("false", description="`true`: the team's, for its supervisor.")
    absent_days: Annotated[int, BeforeValidator(digits)] = Field(ABSENT_AFTER, ge=1, le=365)


def _section(section: Section, view: Callable[[Any], V]) -> DaySection[V]:
    return DaySection(items=[view(row) for row in section.rows], more=section.more)


def _to_call(permit: ListPermit, known: intake.Known) -> IntakeToCall:
    late = intake.overdue(known, permit.now)
    clock = None if late else known.due_at
    return IntakeToCall.of(known.request, attempts=known.attempts, first_contact_due=clock, overdue=late)


def _view(permit: ListPermit, found: Today, team: bool) -> TodayView:
    def person(row: Any) -> dict[str, Any]:
        return {"code": row.code and shown(row.code), "handle": found.handles.get(row.participant_id)}

    return TodayView(
        day=permit.today,
        team=team,
        promises=_section(
            found.promises, lambda row: PromiseDue.of(row, overdue=row.due_on < permit.today, **person(row))
        ),
        intakes=_section(found.intakes, lambda known: _to_call(permit, known)),
        plans=_section(found.plans, lambda row: PlanDue.of(row, **person(row))),
        absent=_section(found.absent, lambda row: AbsentPerson(last_met_on=row.last_met_on, **person(row))),
        alerts=_section(found.alerts, lambda row: alerts.view(permit, row)),
        stock=_section(found.stock, lambda warning: warning),
        debriefs=_section(found.debriefs, DebriefOfferView.of),
        agreed_actions=_section(found.agreed_actions, AgreedView.of),
        support_requests=_section(found.support_requests, lambda row: SupportView.of(row, to_member_id=row.with_id)),
        certificates=_section(
            found.certificates, lambda row: CertificateView(**training.told(row._mapping, permit.today))
        ),
    )


@doors.open("GET", "", READ)
async def read_today(query: Annotated[TodayQuery, Query()], permit: Permitted[ListPermit]) -> TodayView:
    """Read what there is to look after today: your own, or as a supervisor your team's.

    Promises for today and overdue ones, requests to call with their clocks, plans to look at again, who said yes to a
    check-in and was met by nobody for a while, alerts, stock, and what is offered to you or asked of you. Each section
    holds the most pressing fifty.
    """
    team = query.team == "true"
    return _view(permit, await today(permit, team, query.absent_days), team)
