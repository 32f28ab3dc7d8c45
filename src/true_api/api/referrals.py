"""Doors to referrals: for the program, and for the agency that is asked."""

from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.rooms.referrals import service
from true_api.rooms.referrals.schemas import (
    AgencyReferralKept,
    AgencyReferralRecord,
    AgencyReferralView,
    OwnStepNote,
    ReferralDraft,
    ReferralKept,
    ReferralMove,
    ReferralRecord,
    ReferralView,
    StepNote,
)
from true_api.rooms.referrals.tables import Referral, ReferralStep
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, ListPermit, NoTeam, Permit, RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

of_participant = Doors("/participants/{code}/referrals", tag="Referrals")
doors = Doors("/referrals", tag="Referrals")

WRITE = CaseGate(Permission.REFERRAL_WRITE)
READ = CaseGate(Permission.PARTICIPANT_READ)
LIST = ListGate(Permission.REFERRAL_READ)
READ_ONE = RecordGate(Permission.REFERRAL_READ, Referral)
MOVE = RecordGate(Permission.REFERRAL_MOVE, Referral)

AnyView = ReferralView | AgencyReferralView
AnyKept = ReferralKept | AgencyReferralKept
AnyRecord = ReferralRecord | AgencyReferralRecord
AnyPage = Page[ReferralView] | Page[AgencyReferralView]


def _seen(permit: Permit, referral: Any, **more: Any) -> dict[str, Any]:
    """What this caller may see of a referral, by field."""
    known = {**getattr(referral, "_mapping", {}), **more}
    agency_code = known["agency_code"] and shown(known["agency_code"])
    known["moves"] = service.moves(permit, known.get("state", referral.state))
    if permit.viewer.sight.of_program:
        return {**known, "code": shown(known["program_code"]), "agency_code": agency_code}
    months = {"requested_in": known["requested_on"], "changed_in": known["changed_on"]}
    return {**known, **months, "code": agency_code}


def view(permit: Permit, referral: Any) -> AnyView:
    """A referral as this caller may see it, without its words."""
    kind = ReferralView if permit.viewer.sight.of_program else AgencyReferralView
    return kind.of(referral, **_seen(permit, referral))


def _kept(permit: Permit, referral: Any, words: list[str], **more: Any) -> AnyKept:
    kind = ReferralKept if permit.viewer.sight.of_program else AgencyReferralKept
    return kind.of(referral, **_seen(permit, referral, **more), words_kept=words)


async def _asked_again(permit: Permit, referral: UUID) -> AnyKept:
    words = await permit.texts.present(Referral, referral)
    return _kept(permit, await service.by_id(permit, referral), words)


async def _moved_again(permit: RecordPermit, step: UUID) -> AnyKept:
    words = await permit.texts.present(ReferralStep, step)
    return _kept(permit, await service.by_id(permit, permit.record.id), words)


@of_participant.open(
    "POST", "", WRITE, status=201, again=_asked_again, key_required=True, refuses=(service.NoSuchPartner, NoTeam)
)
async def refer_participant(code: str, draft: ReferralDraft, permit: Permitted[CasePermit]) -> ReferralKept:
    """Ask a partner agency for something the person wants.

    The agency sees it only while the person's consent names that agency.
    """
    referral, agency_code = await service.refer(permit, draft)
    codes = {"program_code": permit.case.code, "agency_code": agency_code}
    return _kept(permit, referral, permit.texts.kept(referral.id), **codes)  # type: ignore[return-value]


@of_participant.open("GET", "", READ)
async def list_referrals_of_participant(
    code: str, page: Annotated[PageQuery, Query()], permit: Permitted[CasePermit]
) -> Page[ReferralView]:
    """List a participant's referrals, newest first."""
    found, following = await service.listed(permit, page.request())
    items: list[Any] = [view(permit, referral) for referral in found]
    return Page(items=items, next_cursor=following)


@doors.open("GET", "", LIST)
async def list_referrals(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> AnyPage:
    """List referrals: the caller's or team's, or those addressed to the caller's agency with consent."""
    found, following = await service.listed(permit, page.request())
    items: list[Any] = [view(permit, referral) for referral in found]
    if permit.viewer.sight.of_program:
        return Page[ReferralView](items=items, next_cursor=following)
    return Page[AgencyReferralView](items=items, next_cursor=following)


@doors.open("GET", "/{id}", READ_ONE, refuses=READING)
async def read_referral(id: str, permit: Permitted[RecordPermit]) -> AnyRecord:
    """Read one referral with its words: the program by its id, the agency by its reference.

    The agency reads what it said itself; the program reads that too, and its own words.
    """
    referral = await service.by_id(permit, permit.record.id)
    note, steps = await service.words(permit)
    seen = _seen(permit, referral)
    if permit.viewer.sight.of_program:
        told = [StepNote.of(step, to=step.to_state, note=words) for step, words in steps]
        return ReferralRecord.of(referral, **seen, note=note, step_notes=told)
    own = [OwnStepNote.of(step, to=step.to_state, note=words) for step, words in steps]
    return AgencyReferralRecord.of(referral, **seen, step_notes=own)


@doors.open(
    "POST", "/{id}/transitions", MOVE, again=_moved_again, refuses=(service.MoveNotAllowed, service.MovedMeanwhile)
)
async def move_referral(id: str, draft: ReferralMove, permit: Permitted[RecordPermit]) -> AnyKept:
    """Move a referral on, to a pause, to an end, or open it again.

    The answer to a move that is not allowed lists those that are.
    """
    news = await service.move(permit, draft)
    return _kept(permit, permit.record, permit.texts.kept(cast(UUID, permit.unit.part)), **news)
