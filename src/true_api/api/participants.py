"""Doors to participants and to the caseload."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query

from true_api.api.doors import Doors, Permitted
from true_api.api.queries import PageQuery
from true_api.journeys import returning
from true_api.kernel.codes import shown
from true_api.kernel.schemas import Page
from true_api.privacy.sealing import SealedUnavailable
from true_api.rooms.participants import profile, service
from true_api.rooms.participants.schemas import (
    Assignment,
    CaseloadItem,
    Enrollment,
    ParticipantKept,
    ParticipantRecord,
    ParticipantView,
    ProfileChange,
    ShownCode,
)
from true_api.rooms.participants.tables import Participant
from true_api.security.gates import CaseGate, ListGate, PresentedCodeGate, StaffGate
from true_api.security.permits import (
    CasePermit,
    HistoryClosed,
    ListPermit,
    NoTeam,
    Permit,
    PresentedPermit,
    StaffPermit,
)
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/participants", tag="Participants")
caseload = Doors("/caseload", tag="Participants")

ENROLL = StaffGate(Permission.PARTICIPANT_ENROLL)
READ = CaseGate(Permission.PARTICIPANT_READ)
CHANGE = CaseGate(Permission.PARTICIPANT_CHANGE)
LIST = ListGate(Permission.PARTICIPANT_READ)
ASSIGN = CaseGate(Permission.CASELOAD_ASSIGN)
OPEN_BY_CODE = PresentedCodeGate(Permission.CASELOAD_OPEN)


SAID = (profile.NoSuchTerm, profile.TermsContradict, SealedUnavailable)
V = TypeVar("V", bound=ParticipantView)


def _seen(kind: type[V], permit: Permit, known: Mapping[str, Any], **more: Any) -> V:
    """Greeting only until history is open; the handle only for the peer whose word it is."""
    handle = known["handle"] if service.sees_handle(permit, known["caseload_member_id"]) else None
    greeting = {"code": shown(known["code"]), "handle": handle}
    if not known["history_open"]:
        return kind.of(greeting, basis=known["basis"], history_open=False)
    return kind.of(known, **greeting, **more)


def _view(permit: Permit, case: Any) -> ParticipantView:
    return _seen(ParticipantView, permit, case._mapping)


async def _enrolled_again(permit: StaffPermit, participant: UUID) -> ParticipantKept:
    kept = await permit.texts.present(Participant, participant)
    found = await service.participant_by_id(permit, participant)
    return _seen(ParticipantKept, permit, found._mapping, words_kept=kept)


@doors.open("POST", "", ENROLL, status=201, again=_enrolled_again, refuses=(service.CodeTaken, NoTeam, *SAID))
async def enroll_participant(draft: Enrollment, permit: Permitted[StaffPermit]) -> ParticipantKept:
    """Enroll a person under a new random code.

    Asks nothing. The code is for the person to keep; the two-word handle is for this peer alone.
    """
    code, entry, participant = await service.enroll(permit, draft)
    handle = entry.handle if service.sees_handle(permit, entry.member_id) else None
    greeting = {"code": shown(code.code), "handle": handle, "basis": entry.basis, "history_open": True}
    return ParticipantKept.of(participant, **greeting, words_kept=permit.texts.kept(participant.id))


@doors.open("GET", "", LIST)
async def list_caseload(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[CaseloadItem]:
    """List the caller's caseload, or their team's, newest first."""
    entries, following = await service.caseload(permit, page.request())
    items = [
        CaseloadItem.of(
            entry,
            code=shown(entry.code),
            handle=entry.handle if service.sees_handle(permit, entry.member_id) else None,
        )
        for entry in entries
    ]
    return Page(items=items, next_cursor=following)


@doors.open("GET", "/{code}", READ, of_record=True, refuses=READING)
async def read_participant(code: str, permit: Permitted[CasePermit]) -> ParticipantRecord:
    """Read a participant on the caseload, with their own words where history is open."""
    words = await permit.texts.read(Participant, permit.participant) if permit.case.history_open else {}
    said = dict.fromkeys(profile.OWN_WORDS, profile.NOT_ASKED) | words
    return _seen(ParticipantRecord, permit, permit.case._mapping, **said)


@doors.open("PATCH", "/{code}", CHANGE, of_record=True, refuses=(HistoryClosed, *SAID))
async def change_participant(code: str, change: ProfileChange, permit: Permitted[CasePermit]) -> ParticipantKept:
    """Change the coarse profile; fields left out stay as they are."""
    return _seen(ParticipantKept, permit, await service.change_profile(permit, change))


async def _assigned_again(permit: CasePermit, _: UUID) -> ParticipantView:
    return _view(permit, permit.case)


@doors.open(
    "POST",
    "/{code}/assignments",
    ASSIGN,
    status=201,
    again=_assigned_again,
    refuses=(service.AlreadyOnCaseload, service.NotThisPeer, HistoryClosed),
)
async def assign_participant(code: str, draft: Assignment, permit: Permitted[CasePermit]) -> ParticipantView:
    """Let a member of the caller's team work with the person, history included."""
    await service.assign(permit, draft)
    return _view(permit, permit.case)


async def _greeted_again(permit: PresentedPermit, _: UUID) -> ParticipantView:
    entry = await service.greet(permit)
    return _greeting(permit, entry)


def _greeting(permit: PresentedPermit, entry: Any) -> ParticipantView:
    handle = entry.handle if service.sees_handle(permit, entry.member_id) else None
    return ParticipantView(
        code=shown(permit.person.code), handle=handle, basis=entry.basis, history_open=entry.history_open
    )


@caseload.open("POST", "", OPEN_BY_CODE, status=201, again=_greeted_again, refuses=(NoTeam, SealedUnavailable))
async def open_by_shown_code(draft: ShownCode, permit: Permitted[PresentedPermit]) -> ParticipantView:
    """Begin to work with a person who shows their code.

    Opens new records and this greeting. History opens when the person says their confirmation word too, or when a
    supervisor assigns the person. A wrong word, and one where none was set, are answered as if none had been said.
    """
    return _greeting(permit, await returning.greet(permit, draft))
