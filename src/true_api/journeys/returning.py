"""Returning: what a code with a word, or nine answers with a word, opens on the caller's caseload."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from true_api.kernel.rows import table_of
from true_api.privacy.cases import Caseload
from true_api.privacy.realms import live_aliases
from true_api.rooms.participants import service as participants
from true_api.rooms.participants.schemas import ShownCode
from true_api.rooms.recall import service as recall
from true_api.rooms.recall import words
from true_api.rooms.recall.schemas import RecallAttempt
from true_api.security.permits import PresentedPermit, RecordPermit, StaffPermit


@dataclass(frozen=True)
class Returned:
    """A person who came back: their code in the program, and the caseload entry that it led to."""

    code: str
    entry: Any


async def greet(permit: PresentedPermit, shown: ShownCode) -> Any:
    """A person shows their code; their word, if they say it, opens their history too. The caseload entry."""
    if shown.word is None or permit.unused is not None:
        return await participants.greet(permit)
    fits = await words.fits(permit, permit.participant, shown.word.get_secret_value())
    return await participants.greet(permit, fits)


async def come_back(permit: StaffPermit, attempt: RecallAttempt) -> Returned | UUID:
    """All nine answers and the word put the person on the caller's caseload; else the reference of the try."""
    tried = await recall.attempt(permit, attempt)
    if tried.found is None:
        return tried.reference
    permit.about(tried.found.participant_id, tried.found.epoch)
    entry = await participants.welcome_back(permit, tried.found.participant_id, permit.actor.id, permit.team)
    permit.unit.resource = entry.id
    return Returned(tried.found.code, entry)


async def come_back_again(permit: StaffPermit, resource: UUID) -> Returned | UUID:
    """The answer of an earlier try, given again: of the try, or of the caseload entry that it led to."""
    if (reference := await recall.reference_of(permit, resource)) is not None:
        return reference
    entry = await participants.entry_by(permit, table_of(Caseload).c.id == resource)
    return Returned(entry.code, entry)


async def approve(permit: RecordPermit) -> Returned:
    """A supervisor approves a near hit with the right word: the person is on the caseload of the peer who tried."""
    tried = recall.approve(permit)
    member = await participants.teammate(permit, tried.member_id)
    entry = await participants.welcome_back(permit, tried.participant_id, member.id, member.team_id)
    known = live_aliases(permit.program_id, [tried.participant_id])
    return Returned((await permit.database.read(known))[0][0].code, entry)


async def approve_again(permit: RecordPermit) -> Returned:
    """The answer of an approval, given again."""
    entries, tried = table_of(Caseload), permit.record
    of_the_peer = entries.c.member_id == tried.member_id
    entry = await participants.entry_by(permit, of_the_peer, entries.c.participant_id == tried.participant_id)
    return Returned(entry.code, entry)
