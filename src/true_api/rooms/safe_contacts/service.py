"""What this room decides: who sees a safe contact, and for how long it is kept."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.rows import table_of
from true_api.privacy.cases import Basis, Caseload
from true_api.privacy.safe_contact import NoSuchPlace, zone_by_key
from true_api.rooms.safe_contacts.schemas import SafeContactDraft
from true_api.rooms.safe_contacts.tables import KeptFor, SafeContact
from true_api.security.permits import CasePermit, HistoryClosed

USUALLY, AT_MOST = timedelta(days=30), timedelta(days=90)
"""How long a safe contact is kept (privacy.md 1); the person chooses, and may renew it."""


class NotWithinNinetyDays(Conflict):
    """A safe contact is kept until today or a day within the next 90; it can be renewed."""

    code = "not_within_ninety_days"


async def current(permit: CasePermit) -> Any:
    """The person's safe contact, while it is kept. Raises `HistoryClosed`, or `NotFound` where there is none."""
    await _need_assigned(permit)
    kept = [contact for contact in await _all(permit) if contact.kept_until >= permit.today]
    if not kept:
        raise NotFound
    return min(kept, key=lambda contact: contact.participant_id != permit.participant)


async def write(permit: CasePermit, draft: SafeContactDraft) -> SafeContact:
    """Keep a safe contact in the place of the one there is, if there is one, for the time the person chose."""
    await _need_assigned(permit)
    contact = draft.contact
    if contact and contact.usual_place and not (await permit.database.read(zone_by_key(contact.usual_place)))[0]:
        raise NoSuchPlace
    fresh = SafeContact(
        participant_id=permit.participant,
        member_id=permit.actor.id,
        team_id=permit.team,
        kept_for=draft.kept_for,
        kept_until=_last_day(draft, permit.today),
        okay_to_check_in=draft.okay_to_check_in,
    )
    present = [kept for kept in await _all(permit) if kept.participant_id == permit.participant]
    if present:
        fresh.id = present[0].id
        permit.change(SafeContact, present[0], **fresh.model_dump(exclude={"id", "version", "participant_id"}))
    else:
        permit.keep(fresh)
    sealed = contact.to_seal() if contact else None
    await permit.texts.replace(SafeContact, fresh.id, permit.participant, contact=sealed)
    return fresh


async def drop(permit: CasePermit) -> None:
    """Take the person's safe contact away. Raises `HistoryClosed`, or `NotFound` where there is none."""
    await current(permit)
    for contact in await _all(permit):
        await permit.texts.replace(SafeContact, contact.id, contact.participant_id, contact=None)
        permit.remove(SafeContact, contact.id)


def _last_day(draft: SafeContactDraft, today: date) -> date:
    if draft.kept_for is KeptFor.UNTIL_PROMISE_DONE:
        return today + AT_MOST
    last = draft.kept_until or today + USUALLY
    if not today <= last <= today + AT_MOST:
        raise NotWithinNinetyDays
    return last


async def _all(permit: CasePermit) -> Sequence[Any]:
    """What is kept of this person, past its time or not: of linked records each may have its own."""
    return await permit.rows(SafeContact, permit.own(SafeContact))


async def _need_assigned(permit: CasePermit) -> None:
    """Raises `HistoryClosed` but for the assigned peer and their supervisor (privacy.md 1).

    A shown code is not enough even with the person's word, which opens the history and not this.
    """
    permit.need_history()
    entries = table_of(Caseload)
    assigned = permit.own(Caseload).where(entries.c.history_open, entries.c.basis != Basis.SHOWN_CODE)
    if not await permit.rows(Caseload, assigned.limit(1)):
        raise HistoryClosed
