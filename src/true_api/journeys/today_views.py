"""What callers see of their day."""

from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import Field

from true_api.kernel.schemas import View, examples
from true_api.privacy.profile import Language
from true_api.privacy.terms import PartOfDay
from true_api.rooms.alerts.schemas import AlertView
from true_api.rooms.endings.schemas import DebriefOfferView
from true_api.rooms.intake.vocabulary import IntakeNeed, IntakeState, IntakeUrgency, MeetsAt
from true_api.rooms.plans.vocabulary import PlanKind
from true_api.rooms.promises.vocabulary import PromiseKind
from true_api.rooms.supervision.schemas import AgreedView
from true_api.rooms.supplies.schemas import StockWarningView
from true_api.rooms.training.schemas import CertificateView
from true_api.rooms.wellness.schemas import SupportView

MEMBER = "01936f1e-2f5a-7c3e-8a51-0a6f4d1c2b3a"
PERSON = {"code": "K7QP-2M9X-4TRD", "handle": "amber-heron"}
PROMISE = {
    "id": "01936f21-0b1c-7d2e-9f3a-4b5c6d7e8f90",
    **PERSON,
    "member_id": MEMBER,
    "kind": "check_in",
    "due_on": "2026-11-01",
    "part_of_day": "evening",
    "overdue": True,
}
REQUEST = {
    "id": "01936f21-1b2c-7d2e-9f3a-4b5c6d7e8f90",
    "state": "new",
    "urgency": "urgent",
    "needs": ["peer-support"],
    "meets_at": "at_the_agency",
    "language": "en",
    "contacting_prohibited": False,
    "posted_on": "2026-11-02",
    "first_contact_due": "2026-11-02T19:00:00Z",
    "overdue": False,
    "escalation": 0,
    "attempts": 0,
}
V = TypeVar("V", bound=View)


class OfDay(View):
    """Somebody whom the caller, or their team, works with."""

    code: str | None = Field(description="The participant's code in the program; null where it was just replaced.")
    handle: str | None = Field(description="Two words by which only this peer knows the person; null for others.")


class PromiseDue(OfDay):
    """A promise for today, or for a day that is over."""

    model_config = examples(PROMISE)

    id: UUID
    member_id: UUID = Field(description="Who promised.")
    kind: PromiseKind
    due_on: date
    part_of_day: PartOfDay | None
    overdue: bool


class IntakeToCall(View):
    """A request whose person nobody has met yet, with its clock."""

    model_config = examples(REQUEST)

    id: UUID
    state: IntakeState
    urgency: IntakeUrgency
    needs: list[IntakeNeed]
    meets_at: MeetsAt
    language: Language
    contacting_prohibited: bool = Field(description="True: nobody may call or write; the person is only met.")
    posted_on: date
    first_contact_due: datetime | None = Field(
        description="Until when somebody should have tried; null once somebody has, or once that time ran out."
    )
    overdue: bool
    escalation: int
    attempts: int


class PlanDue(OfDay):
    """A plan that the two wanted to look at again by now."""

    model_config = examples(
        {"id": "01936f21-2c3d-7d2e-9f3a-4b5c6d7e8f90", **PERSON, "kind": "safety", "review_on": "2026-11-02"}
    )

    id: UUID
    kind: PlanKind
    review_on: date


class AbsentPerson(OfDay):
    """Somebody who said that a check-in is welcome, and whom nobody has met for a while."""

    model_config = examples({**PERSON, "last_met_on": "2026-10-12"})

    last_met_on: date | None = Field(description="Null where nobody has met them since they were enrolled.")


class DaySection(View, Generic[V]):
    """The first of what there is, the most pressing first."""

    items: list[V]
    more: bool = Field(description="True where there is more: the section's own list has all of it.")


NOTHING = {"items": [], "more": False}
SECTIONS = ("plans", "absent", "alerts", "stock", "debriefs", "agreed_actions", "support_requests", "certificates")


class TodayView(View):
    """What there is to look after today; of people with whom the way has ended, nothing."""

    model_config = examples(
        {
            "day": "2026-11-02",
            "team": False,
            "promises": {"items": [PROMISE], "more": False},
            "intakes": {"items": [REQUEST], "more": False},
            **dict.fromkeys(SECTIONS, NOTHING),
        }
    )

    day: date
    team: bool = Field(description="Whether it is the day of the team, or the caller's own.")
    promises: DaySection[PromiseDue]
    intakes: DaySection[IntakeToCall]
    plans: DaySection[PlanDue]
    absent: DaySection[AbsentPerson]
    alerts: DaySection[AlertView]
    stock: DaySection[StockWarningView]
    debriefs: DaySection[DebriefOfferView] = Field(description="Offered to you alone.")
    agreed_actions: DaySection[AgreedView] = Field(description="What you said you would do, in supervision.")
    support_requests: DaySection[SupportView] = Field(description="Who asks you for support.")
    certificates: DaySection[CertificateView] = Field(description="Certificates that end soon, or ended lately.")
