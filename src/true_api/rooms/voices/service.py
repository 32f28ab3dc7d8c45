"""What this room decides: nobody is asked who they are, nothing tells when they spoke, and whoever leads answers."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.clock import local_day
from true_api.kernel.database import shielded
from true_api.kernel.effects import Keep
from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.retention import month_of
from true_api.privacy.zones import must_be_a_zone
from true_api.rooms.voices.receipts import KEY, mark_of, new_receipt, read_receipt, shown_receipt
from true_api.rooms.voices.schemas import VoiceAnswerDraft, VoiceDraft
from true_api.rooms.voices.tables import Voice
from true_api.rooms.voices.vocabulary import VoiceState
from true_api.security.colleagues import ProgramLead
from true_api.security.installation import Installation
from true_api.security.own_texts import OwnTexts
from true_api.security.permits import ListPermit, Permit, RecordPermit
from true_api.security.roles import Role

SECRET = "voices"
"""The program's own secret under which what was said is sealed."""


class LeadsNoProgram(Conflict):
    """Who leads the program is a supervisor who works here now."""

    code = "leads_no_program"


async def receive(installation: Installation, draft: VoiceDraft) -> str:
    """Keep what somebody said, in a commit of its own without a trail entry; the receipt. Raises `NoSuchZone`."""
    await must_be_a_zone(installation.database, draft.zone)
    standing, receipt = await installation.standing(), new_receipt()
    voice = Voice(
        kind=draft.kind,
        received_in=month_of(local_day(installation.clock.now(), standing.time_zone)),
        respected=draft.respected,
        pressured=draft.pressured,
        promise_kept=draft.promise_kept,
        zone=draft.zone,
        receipt_mark=mark_of(await installation.keyring.own_key(KEY), receipt),
    )
    sealed = await OwnTexts(installation.keyring, SECRET, Voice).seal(voice.id, words=draft.words, wanted=draft.wanted)
    await shielded(installation.database.commit([Keep.row(voice), *sealed]))
    return shown_receipt(receipt)


async def standing(installation: Installation, receipt: str) -> dict[str, Any]:
    """What became of it, and the answer. Raises `NotFound` for a receipt that leads nowhere."""
    voices, mark = table_of(Voice), mark_of(await installation.keyring.own_key(KEY), read_receipt(receipt))
    asked = select(voices.c.id, voices.c.state).where(voices.c.receipt_mark == mark)
    found = (await installation.database.read(asked))[0]
    if not found:
        raise NotFound
    texts = OwnTexts(installation.keyring, SECRET, Voice)
    words = await texts.read(installation.database, found[0].id, "answer")
    return {"state": found[0].state, "answer": words.get("answer")}


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Voice], str | None]:
    """What was said, the latest month first and within it in an order that says nothing."""
    return await permit.page(Voice, permit.own(Voice), [table_of(Voice).c.received_in, table_of(Voice).c.id], page)


async def words(permit: RecordPermit) -> dict[str, str | None]:
    """What was said in words, and what was answered."""
    texts = OwnTexts(permit.keyring, SECRET, Voice)
    known = await texts.read(permit.database, permit.record.id, "words", "wanted", "answer")
    return {name: known.get(name) for name in ("words", "wanted", "answer")}


def look_at(permit: RecordPermit) -> dict[str, Any]:
    """Say that somebody looked at it; what was answered stays answered."""
    if permit.record.state is not VoiceState.RECEIVED:
        return dict(permit.record._mapping)
    permit.change(Voice, permit.record, state=VoiceState.LOOKED_AT)
    return {**permit.record._mapping, "state": VoiceState.LOOKED_AT}


async def answer(permit: RecordPermit, draft: VoiceAnswerDraft) -> dict[str, Any]:
    """Answer whoever holds the receipt."""
    texts = OwnTexts(permit.keyring, SECRET, Voice)
    permit.change(Voice, permit.record, state=VoiceState.ANSWERED)
    permit.unit.effects += await texts.replace(permit.database, permit.record.id, answer=draft.answer)
    return {**permit.record._mapping, "state": VoiceState.ANSWERED}


async def by_id(permit: Permit, voice: UUID) -> Voice:
    """One voice within reach."""
    return await permit.one(Voice, table_of(Voice).c.id == voice)


async def mark_lead(permit: RecordPermit) -> None:
    """Mark a supervisor as leading the program; again is harmless. Raises `LeadsNoProgram` for anybody else."""
    if permit.record.role is not Role.SUPERVISOR or not permit.record.active:
        raise LeadsNoProgram
    if not await _marks(permit):
        permit.keep(ProgramLead(member_id=permit.record.id, marked_on=permit.today))


async def unmark_lead(permit: RecordPermit) -> None:
    """Take the mark away; harmless where there is none."""
    permit.remove(ProgramLead, *(mark.id for mark in await _marks(permit)))


async def _marks(permit: RecordPermit) -> list[Any]:
    marks = table_of(ProgramLead)
    return await permit.rows(ProgramLead, permit.own(ProgramLead).where(marks.c.member_id == permit.record.id))
