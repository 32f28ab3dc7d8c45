"""Doors to voices: open for whoever wants to say something, and shut to everybody but who leads the program."""

from ipaddress import ip_network
from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from true_api.api.doors import Doors, Permitted
from true_api.api.edge import address_of
from true_api.api.queries import PageQuery
from true_api.api.supervision import QuarterQuery
from true_api.kernel.errors import NotFound, WriteCollided
from true_api.kernel.quarters import Quarter
from true_api.kernel.schemas import Page
from true_api.outlets import voices as numbers
from true_api.privacy.zones import NoSuchZone
from true_api.rooms.voices import service
from true_api.rooms.voices.schemas import (
    LeadView,
    VoiceAnswerDraft,
    VoiceAnswered,
    VoiceCounts,
    VoiceDraft,
    VoiceReceived,
    VoiceRecord,
    VoiceStanding,
    VoiceView,
)
from true_api.rooms.voices.tables import Voice
from true_api.security.accounts import Member
from true_api.security.gates import ListGate, OpenGate, RecordGate
from true_api.security.installation import Installation
from true_api.security.permits import ListPermit, Permit, RecordPermit
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/voices", tag="Voices")
counted = Doors("/voice-counts", tag="Voices")
leads = Doors("/members/{id}/program-lead", tag="Voices")

SPEAK = OpenGate("anybody may say how it was, without a code, a name or a token", unlogged=True)
HEAR_BACK = OpenGate("the receipt alone leads to the answer, and says nothing of who holds it", unlogged=True)
LIST = ListGate(Permission.VOICE_READ)
READ = RecordGate(Permission.VOICE_READ, Voice)
ANSWER = RecordGate(Permission.VOICE_ANSWER, Voice)
COUNT = ListGate(Permission.VOICE_COUNT)
MARK = RecordGate(Permission.MEMBER_WRITE, Member)


def _installation(request: Request) -> Installation:
    return request.app.state.installation  # type: ignore[no-any-return]


async def _within_limit(request: Request) -> None:
    """Count for this address. It is held in memory for an hour, and stands nowhere else."""
    proxies = [
        ip_network(one.strip()) for one in _installation(request).settings.trusted_proxies.split(",") if one.strip()
    ]
    await request.app.state.voice_limiter.within(address_of(request.scope, proxies), request.state.windows)


@doors.open("POST", "", SPEAK, status=201, refuses=(NoSuchZone,))
async def say_how_it_was(draft: VoiceDraft, request: Request) -> VoiceReceived:
    """Say how it was, or complain: no token, no code, no name. Only who leads the program reads it.

    Nothing is kept of who said it, and of when only the month. A text that may find a person is refused with the
    places of what was found, and can be said in other words. The receipt leads to the answer, and is shown this once.
    """
    await _within_limit(request)
    return VoiceReceived(receipt=await service.receive(_installation(request), draft))


@doors.open("GET", "", LIST)
async def list_voices(page: Annotated[PageQuery, Query()], permit: Permitted[ListPermit]) -> Page[VoiceView]:
    """List what was said, the latest month first: for the supervisor whom an admin marked, and empty for others."""
    found, following = await service.listed(permit, page.request())
    return Page(items=[VoiceView.of(voice) for voice in found], next_cursor=following)


@doors.open("GET", "/{receipt}", HEAR_BACK, refuses=(NotFound, *READING))
async def read_answer_to_voice(receipt: str, request: Request) -> VoiceStanding:
    """Read what became of what you said, by the receipt."""
    return VoiceStanding(**await service.standing(_installation(request), receipt))


@doors.open("GET", "/{id}/words", READ, refuses=READING)
async def read_voice(id: str, permit: Permitted[RecordPermit]) -> VoiceRecord:
    """Read what somebody said, with the words."""
    return VoiceRecord.of(permit.record, **await service.words(permit))


async def _seen_again(permit: Permit, voice: UUID) -> VoiceView:
    return VoiceView.of(await service.by_id(permit, voice))


async def _answered_again(permit: Permit, voice: UUID) -> VoiceAnswered:
    return VoiceAnswered.of(await service.by_id(permit, voice))


@doors.open("POST", "/{id}/looked-at", ANSWER, again=_seen_again, refuses=(WriteCollided,))
async def look_at_voice(id: str, permit: Permitted[RecordPermit]) -> VoiceView:
    """Say that you looked at it, so that whoever holds the receipt knows."""
    return VoiceView.of(service.look_at(permit))


@doors.open("POST", "/{id}/answer", ANSWER, again=_answered_again)
async def answer_voice(id: str, draft: VoiceAnswerDraft, permit: Permitted[RecordPermit]) -> VoiceAnswered:
    """Answer what somebody said; whoever holds the receipt can read it. Another answer takes its place."""
    return VoiceAnswered.of(await service.answer(permit, draft))


@counted.open("GET", "", COUNT, refuses=(NotFound,))
async def read_voice_counts(query: Annotated[QuarterQuery, Query()], permit: Permitted[ListPermit]) -> VoiceCounts:
    """Read how many spoke in a closed quarter, and how many said yes to each question, from 11 on."""
    return VoiceCounts(**await numbers.counts(permit, Quarter.read(query.quarter)))


@leads.open("PUT", "", MARK, refuses=(service.LeadsNoProgram, WriteCollided))
async def mark_program_lead(id: str, permit: Permitted[RecordPermit]) -> LeadView:
    """Mark a supervisor as leading the program: they read what anonymous voices say, and answer complaints."""
    await service.mark_lead(permit)
    return LeadView(member_id=permit.record.id, leads_program=True)


@leads.open("DELETE", "", MARK)
async def unmark_program_lead(id: str, permit: Permitted[RecordPermit]) -> LeadView:
    """Take the mark away; from the next request on they read no voices."""
    await service.unmark_lead(permit)
    return LeadView(member_id=permit.record.id, leads_program=False)
