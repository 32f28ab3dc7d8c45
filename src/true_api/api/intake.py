"""Doors to intake: agencies post and read their own; peers and supervisors work the queue."""

from collections.abc import Sequence
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Query
from pydantic import Field

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery, TrialQuery, YesOrNo
from true_api.api.referral_views import kept as referral_kept
from true_api.journeys import connecting, first_contact, following
from true_api.journeys.connecting import Connection
from true_api.kernel.codes import shown
from true_api.kernel.errors import Fault, InvalidShape
from true_api.kernel.schemas import Page
from true_api.privacy.safe_contact import ContactView, NoSuchPlace
from true_api.rooms.consents import service as consents
from true_api.rooms.intake import service, withdrawing
from true_api.rooms.intake.schemas import (
    AgencyIntakeKept,
    AgencyIntakeRecord,
    AgencyIntakeView,
    AttemptDraft,
    IntakeDraft,
    IntakeKept,
    IntakeMove,
    IntakeRecord,
    IntakeView,
)
from true_api.rooms.intake.tables import IntakeRequest
from true_api.rooms.intake.vocabulary import IntakeState
from true_api.rooms.referrals import service as referrals
from true_api.rooms.referrals.drafts import ReferralDraft
from true_api.rooms.referrals.schemas import ReferralKept
from true_api.rooms.referrals.tables import Referral
from true_api.security.gates import ListGate, RecordGate, StaffGate
from true_api.security.permits import HistoryClosed, ListPermit, NoTeam, Permit, RecordPermit, StaffPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/intake-requests", tag="Intake")

POST = StaffGate(Permission.INTAKE_POST, of=(IntakeRequest,))
LIST = ListGate(Permission.INTAKE_READ, of=(IntakeRequest,))
READ_ONE = RecordGate(Permission.INTAKE_READ, IntakeRequest)
WORK = RecordGate(Permission.INTAKE_WORK, IntakeRequest)
CONNECT = RecordGate(Permission.INTAKE_WORK, IntakeRequest, presents_code=True)
ONWARD = RecordGate(Permission.REFERRAL_WRITE, IntakeRequest)
WITHDRAW = RecordGate(Permission.INTAKE_WITHDRAW, IntakeRequest)
OF_CONSENTS = (
    consents.NotAPartnerAgency,
    consents.StateRuleNotConfigured,
    consents.GuardianSigns,
    consents.NothingToSupersede,
    consents.ReferenceTaken,
    consents.NoSuchPaperPlace,
)
"""What recording a consent may refuse."""

AnyView = IntakeView | AgencyIntakeView
AnyKept = IntakeKept | AgencyIntakeKept
AnyRecord = IntakeRecord | AgencyIntakeRecord
AnyPage = Page[IntakeView] | Page[AgencyIntakeView]


class QueueQuery(PageQuery):
    """The queue, or the part of it in one state."""

    state: IntakeState | None = Field(None, description="Only requests in this state; refused from an agency.")
    escalated: YesOrNo | None = Field(
        None, description="Only those that nobody has tried in time, or only all others; refused from an agency."
    )

    def wanted(self, permit: ListPermit) -> service.Wanted:
        """As the room asks for it. Raises `InvalidShape` for an agency, for which the queue has no states."""
        if permit.viewer.sight.of_program:
            return service.Wanted(self.state, None if self.escalated is None else self.escalated == "true")
        if self.state is not None:
            raise InvalidShape(Fault("?state", "unknown_parameter", "The state of the queue is for the program."))
        if self.escalated is not None:
            raise InvalidShape(Fault("?escalated", "unknown_parameter", "The clocks of the queue are the program's."))
        return service.Wanted()


def _for_program(permit: Permit, known: service.Known) -> dict[str, Any]:
    values, clock = service.as_values(known), known.due_at
    late = service.overdue(known, permit.now)
    return {
        **values,
        "code": values["code"] and shown(values["code"]),
        "attempts": known.attempts,
        "first_contact_due": None if late else clock,
        "overdue": late,
        "moves": service.moves(values["state"]),
    }


def _of_program(permit: Permit, known: service.Known) -> IntakeView:
    return IntakeView(**_for_program(permit, known))


async def _views(permit: Permit, known: Sequence[service.Known]) -> list[Any]:
    if permit.viewer.sight.of_program:
        return [_of_program(permit, one) for one in known]
    requests = [one.request for one in known]
    told = await following.told(permit, requests)
    return [AgencyIntakeView.of(request, **more) for request, more in zip(requests, told, strict=True)]


async def _kept(permit: Permit, known: service.Known, receipt: dict[str, Any]) -> AnyKept:
    if permit.viewer.sight.of_program:
        return IntakeKept(**_for_program(permit, known), **receipt)
    (told,) = await following.told(permit, [known.request])
    return AgencyIntakeKept.of(known.request, **told, **receipt)


async def _posted_again(permit: Permit, request: UUID) -> AnyKept:
    known = await service.known(permit, request)
    receipt = await first_contact.receipt_again(permit, known.request)
    return await _kept(permit, known, {**receipt, "words_kept": await permit.texts.present(IntakeRequest, request)})


async def _again(permit: Permit, request: UUID) -> AnyView:
    (view,) = await _views(permit, [await service.known(permit, request)])
    return cast(AnyView, view)


@doors.open("POST", "", POST, status=201, again=_posted_again, key_required=True, refuses=(NoSuchPlace,))
async def post_intake_request(
    draft: IntakeDraft, trial: Annotated[TrialQuery, Query()], permit: Permitted[StaffPermit]
) -> AnyKept:
    """Ask that a peer meet somebody.

    Never send a name. A partner agency asks with its own credential; the program's own people say by whom it came. The
    status in an agency's answer moves with the calendar alone, unless the person agrees to more. The receipt says when
    somebody of the program is there next.
    """
    taken = await first_contact.take_in(permit, draft)
    return await _kept(permit, taken.known, {**taken.receipt, "words_kept": permit.texts.kept(taken.known.request.id)})


@doors.open("GET", "", LIST)
async def list_intake_requests(query: Annotated[QueueQuery, Query()], permit: Permitted[ListPermit]) -> AnyPage:
    """List the queue, or an agency's own requests, newest first."""
    found, following = await service.listed(permit, query.wanted(permit), query.request())
    items = await _views(permit, found)
    if permit.viewer.sight.of_program:
        return Page[IntakeView](items=items, next_cursor=following)
    return Page[AgencyIntakeView](items=items, next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=READING)
async def read_intake_request(id: str, permit: Permitted[RecordPermit]) -> AnyRecord:
    """Read one request with its words: the program by its id, the agency its own by the reference."""
    known = await service.known(permit, permit.record.id)
    words = await service.words(permit)
    contact = ContactView.from_sealed(words.get("safe_contact"))
    said: dict[str, Any] = {"note": words.get("note"), "safe_contact": contact}
    if permit.viewer.sight.of_program:
        return IntakeRecord(**_for_program(permit, known), **said)
    said["own_reference"] = words.get("own_reference")
    (told,) = await following.told(permit, [known.request])
    return AgencyIntakeRecord.of(known.request, **told, **said)


@doors.open(
    "POST",
    "/{id}/attempts",
    WORK,
    status=201,
    again=_again,
    refuses=(service.NotInThisState, service.WorkedMeanwhile, service.AttemptNotYetMade),
)
async def record_intake_attempt(id: str, draft: AttemptDraft, permit: Permitted[RecordPermit]) -> IntakeView:
    """Record an attempt to meet the person."""
    return _of_program(permit, await service.attempt(permit, draft))


@doors.open("POST", "/{id}/transitions", WORK, again=_again, refuses=(service.NotInThisState, service.WorkedMeanwhile))
async def move_intake_request(id: str, draft: IntakeMove, permit: Permitted[RecordPermit]) -> IntakeView:
    """Decline in the person's name, refer elsewhere, or take a request up again."""
    return _of_program(permit, await service.move(permit, draft))


@doors.open(
    "POST",
    "/{id}/connection",
    CONNECT,
    status=201,
    again=_again,
    refuses=(service.NotInThisState, service.WorkedMeanwhile, NoTeam, HistoryClosed, *OF_CONSENTS),
)
async def connect_intake_request(id: str, draft: Connection, permit: Permitted[RecordPermit]) -> IntakeView:
    """Connect a request to a participant: by the code they show, or enrolled anew; with their consent in one commit.

    A consent given here lets the agency that posted know more than the neutral status, as far as it says.
    """
    return _of_program(permit, await connecting.connect(permit, draft))


async def _referred_again(permit: Permit, referral: UUID) -> ReferralKept:
    words = await permit.texts.present(Referral, referral)
    return cast(ReferralKept, referral_kept(permit, await referrals.by_id(permit, referral), words_kept=words))


@doors.open(
    "POST",
    "/{id}/onward",
    ONWARD,
    status=201,
    again=_referred_again,
    key_required=True,
    refuses=(connecting.NotConnected, referrals.NoSuchPartner, NoTeam),
)
async def refer_onward(id: str, draft: ReferralDraft, permit: Permitted[RecordPermit]) -> ReferralKept:
    """Ask another agency for somebody to whom a request was connected.

    The agency that posted the request learns of it as far as the person agreed to `onward_status`: what was asked for
    and where that stands, never who was asked.
    """
    referral, codes = await connecting.refer_onward(permit, draft)
    words = permit.texts.kept(referral.id)
    return cast(ReferralKept, referral_kept(permit, referral, **codes, words_kept=words))


@doors.open(
    "POST",
    "/{id}/withdrawal",
    WITHDRAW,
    again=_again,
    refuses=(service.NotInThisState, service.WorkedMeanwhile),
)
async def withdraw_intake_request(id: str, permit: Permitted[RecordPermit]) -> AnyView:
    """Withdraw a request, by the word of the person it is about, at any time.

    The program says so by the id; the agency that posted by its reference, and is answered alike whatever has become of
    the request, as the program carries it out in its own time.
    """
    if permit.viewer.sight.of_program:
        return _of_program(permit, await withdrawing.withdraw(permit))
    withdrawing.pass_on(permit)
    return await _again(permit, permit.record.id)
