"""Doors to referrals: for the program, and for the agency that is asked."""

from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from true_api.api import fhir
from true_api.api.consents import GIVING
from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.api.referral_views import AnyKept, AnyRecord, AnyView, kept, record, view
from true_api.journeys import referring
from true_api.journeys.referring import Referring
from true_api.kernel.codes import read_code
from true_api.kernel.errors import CodeMistyped, Fault, InvalidShape, NotAcceptable
from true_api.kernel.schemas import Page
from true_api.rooms.promises.service import DayIsOver
from true_api.rooms.referrals import moving, service
from true_api.rooms.referrals.drafts import ArrangementKeeping, HandOffDraft, ReferralMove, Reroute
from true_api.rooms.referrals.schemas import AgencyReferralView, ReferralKept, ReferralView
from true_api.rooms.referrals.tables import Referral
from true_api.rooms.referrals.vocabulary import ReferralState
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}/referrals", tag="Referrals")
doors = Doors("/referrals", tag="Referrals")

WRITE = CaseGate(Permission.REFERRAL_WRITE)
READ = CaseGate(Permission.PARTICIPANT_READ)
LIST = ListGate(Permission.REFERRAL_READ, of=(Referral,))
READ_ONE = RecordGate(Permission.REFERRAL_READ, Referral)
MOVE = RecordGate(Permission.REFERRAL_MOVE, Referral)
REROUTE = RecordGate(Permission.REFERRAL_WRITE, Referral)

AnyPage = Page[ReferralView] | Page[AgencyReferralView]


class ReferralQuery(PageQuery):
    """All referrals within reach, or some of them."""

    state: ReferralState | None = Field(None, description="Only those in this state.")
    code: str | None = Field(
        None, max_length=64, description="Only those of the person with this code, in the caller's own realm."
    )
    answer: Literal["overdue"] | None = Field(
        None, description="Only those that the agency has not answered in time; refused from an agency."
    )

    def wanted(self, permit: ListPermit) -> service.Wanted:
        """As the room asks for it. Raises `CodeMistyped`, and `InvalidShape` for an agency that asks for `answer`."""
        if self.answer is not None and not permit.viewer.sight.of_program:
            raise InvalidShape(Fault("?answer", "unknown_parameter", "What is overdue is noted for the program."))
        code = None if self.code is None else read_code(self.code, pointer="?code")
        return service.Wanted(self.state, self.answer is not None, code)


async def _asked_again(permit: Any, referral: UUID) -> AnyKept:
    words = await permit.texts.present(Referral, referral)
    return kept(permit, await service.by_id(permit, referral), words_kept=words)


async def _moved_again(permit: RecordPermit, step: UUID) -> AnyKept:
    words = await moving.words_of_move(permit, step)
    return kept(permit, await service.by_id(permit, permit.record.id), words_kept=words)


async def _handed_off_again(permit: RecordPermit, _step: UUID) -> AnyView:
    return view(permit, await service.by_id(permit, permit.record.id))


@of_participant.open(
    "POST",
    "",
    WRITE,
    status=201,
    again=_asked_again,
    key_required=True,
    refuses=(service.NoSuchPartner, DayIsOver, *GIVING),
)
async def refer_participant(code: str, draft: Referring, permit: Permitted[CasePermit]) -> ReferralKept:
    """Ask a partner agency for something the person wants.

    The agency sees it only while the person's consent names that agency. That consent, and the promise to go along, may
    come in the same call: all of it is recorded, or none.
    """
    referral, agency_code = await referring.refer(permit, draft)
    codes = {"program_code": permit.case.code, "agency_code": agency_code}
    answer = kept(permit, referral, **codes, words_kept=permit.texts.kept(referral.id))
    return cast(ReferralKept, answer)


@of_participant.open("GET", "", READ)
async def list_referrals_of_participant(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ReferralView]:
    """List a participant's referrals, newest first."""
    found, following = await service.listed(permit, page.request())
    items: list[Any] = [view(permit, referral) for referral in found]
    return Page(items=items, next_cursor=following)


@doors.open("GET", "", LIST, refuses=(CodeMistyped, NotAcceptable), responses=fhir.also_fhir(many=True))
async def list_referrals(
    query: Annotated[ReferralQuery, Query()], request: Request, permit: Permitted[ListPermit]
) -> AnyPage:
    """List referrals: the caller's or team's, or those addressed to the caller's agency with consent.

    By `code` an agency finds what it was asked for the person whose slip it reads. In FHIR R4 by Accept.
    """
    in_fhir = fhir.wants_fhir(request)
    found, following = await service.listed(permit, query.request(), query.wanted(permit))
    items: list[Any] = [view(permit, referral) for referral in found]
    if in_fhir:
        return cast(AnyPage, await fhir.page(request, permit, found, items, following))
    if permit.viewer.sight.of_program:
        return Page[ReferralView](items=items, next_cursor=following)
    return Page[AgencyReferralView](items=items, next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=(NotAcceptable, *READING), responses=fhir.also_fhir(many=False))
async def read_referral(id: str, request: Request, permit: Permitted[RecordPermit]) -> AnyRecord:
    """Read one referral with its words: the program by its id, the agency by its reference.

    The agency reads what is arranged, and what it said itself; the program reads that too, and its own words. In FHIR
    R4 by Accept, as ServiceRequest, Task and Consent, without any words.
    """
    in_fhir = fhir.wants_fhir(request)
    referral = await service.by_id(permit, permit.record.id)
    if in_fhir:
        return cast(AnyRecord, await fhir.one(request, permit, referral, view(permit, referral)))
    return record(permit, referral, await service.words(permit))


@doors.open(
    "POST", "/{id}/transitions", MOVE, again=_moved_again, refuses=(moving.MoveNotAllowed, moving.MovedMeanwhile)
)
async def move_referral(id: str, draft: ReferralMove, permit: Permitted[RecordPermit]) -> AnyKept:
    """Move a referral on, to a pause, to an end, or open it again; an arrangement or a hand-off may come along.

    The answer to a move that is not allowed lists those that are.
    """
    return kept(permit, permit.record, **await moving.move(permit, draft))


@doors.open("PUT", "/{id}/arrangement", MOVE, refuses=(moving.NotOnItsWay, moving.MovedMeanwhile))
async def arrange_referral(id: str, draft: ArrangementKeeping, permit: Permitted[RecordPermit]) -> AnyKept:
    """Put another arrangement in the place of the one before: when, until when, where, with what.

    Either side may, the program and the agency within the consent; both see what stands now.
    """
    return kept(permit, permit.record, **await moving.keep_arrangement(permit, draft))


@doors.open("POST", "/{id}/hand-offs", MOVE, again=_handed_off_again, refuses=(moving.NotOnItsWay,))
async def hand_off_referral(id: str, draft: HandOffDraft, permit: Permitted[RecordPermit]) -> AnyView:
    """Record a warm hand-off: how, whether somebody went along, and whether the person came.

    The referral stays where it is. Each side reads its own.
    """
    return view(permit, await moving.hand_off(permit, draft))


@doors.open(
    "POST",
    "/{id}/reroute",
    REROUTE,
    status=201,
    again=_asked_again,
    key_required=True,
    refuses=(service.NoSuchPartner, moving.MoveNotAllowed, moving.MovedMeanwhile, NoTeam),
)
async def reroute_referral(id: str, draft: Reroute, permit: Permitted[RecordPermit]) -> ReferralKept:
    """Ask another agency in the place of this one, or the same one anew.

    This one ends as cancelled where it has not ended yet, and another one begins under a reference of its own; the two
    are linked for the program alone.
    """
    referral, codes = await moving.reroute(permit, draft)
    answer = kept(permit, referral, **codes, words_kept=permit.texts.kept(referral.id))
    return cast(ReferralKept, answer)
