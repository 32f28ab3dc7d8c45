"""Doors to endings: the way with a person ended, and can be taken up again; and to the debrief after a death."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import parting
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.rooms.endings import service
from true_api.rooms.endings.schemas import DebriefOfferView, DebriefReply, EndingDraft, EndingView
from true_api.rooms.endings.tables import DebriefOffer
from true_api.security.gates import CaseGate, ListGate, RecordGate
from true_api.security.permits import CasePermit, HistoryClosed, ListPermit, NoTeam, RecordPermit
from true_api.security.roles import Permission

of_participant = Doors("/participants/{code}/ending", tag="Endings")
debriefs = Doors("/debriefs", tag="Endings")

END = CaseGate(Permission.ENDING_WRITE)
READ = CaseGate(Permission.ENDING_READ)
OFFERED = ListGate(Permission.DEBRIEF_READ)
REPLY = RecordGate(Permission.DEBRIEF_REPLY, DebriefOffer)

Paged = Annotated[PageQuery, Query()]


def _view(ending: Any, **more: Any) -> EndingView:
    known = {**ending, **more}
    return EndingView.of({**known, "code": shown(known["code"])})


async def _again(permit: CasePermit, ending: UUID) -> EndingView:
    return _view((await service.by_id(permit, ending))._mapping)


@of_participant.open(
    "POST",
    "",
    END,
    status=201,
    again=_again,
    refuses=(service.AlreadyEnded, service.NotYetKnown, HistoryClosed, NoTeam),
)
async def record_ending(code: str, draft: EndingDraft, permit: Permitted[CasePermit]) -> EndingView:
    """Record that a person died, moved, or asked that it end.

    From now on nothing reminds of them and no clock runs: promises, check-ins, plans, unanswered referrals. What is on
    its way at agencies closes as it does when the program takes it back, and says nothing of why. After a death,
    whoever worked with the person within 90 days is offered a debrief. All of it can be undone.
    """
    ending = await parting.end(permit, draft)
    return _view(ending.model_dump(), code=permit.case.code)


@of_participant.open("GET", "", READ, refuses=(HistoryClosed,))
async def list_endings(code: str, page: Paged, permit: Permitted[CasePermit]) -> Page[EndingView]:
    """List the endings of a person, those that were undone too, the latest first."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[_view(ending._mapping) for ending in found], next_cursor=following)


@of_participant.open("POST", "/undo", END, again=_again, refuses=(service.NothingToUndo, HistoryClosed))
async def undo_ending(code: str, permit: Permitted[CasePermit]) -> EndingView:
    """Undo the ending that stands: every reminder and every clock is as it was before.

    Referrals that closed with it are taken up again where they stood, but for those that somebody moved since.
    """
    return _view((await parting.undo(permit))._mapping, undone_on=permit.today)


async def _replied_again(permit: RecordPermit, offer: UUID) -> DebriefOfferView:
    return DebriefOfferView.of(await service.debrief(permit, offer))


@debriefs.open("GET", "", OFFERED)
async def list_debriefs(page: Paged, permit: Permitted[ListPermit]) -> Page[DebriefOfferView]:
    """List the debriefs that were offered to you after a death, newest first. Nobody else sees them."""
    found, following = await service.debriefs_listed(permit, page.request())
    return Page(items=[DebriefOfferView.of(offer) for offer in found], next_cursor=following)


@debriefs.open("POST", "/{id}/answer", REPLY, again=_replied_again)
async def answer_debrief(id: str, draft: DebriefReply, permit: Permitted[RecordPermit]) -> DebriefOfferView:
    """Say yes to a debrief, or not now. Only you see what you said; either can be said after the other."""
    return DebriefOfferView.of(await service.reply(permit, draft.answer))
