"""What this room decides of a medical emergency: it is documented at once, by whoever told (42 CFR 2.51(c))."""

from typing import Any
from uuid import UUID

from true_api.kernel.errors import Conflict, NotFound
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.privacy.disclosures import DisclosurePurpose, LegalBasis, Recipient, Told
from true_api.rooms.disclosures.schemas import EmergencyDraft
from true_api.rooms.disclosures.tables import EmergencyDisclosure
from true_api.security.permits import CasePermit, ListPermit, Permit, RecordPermit


class NotYetDisclosed(Conflict):
    """A disclosure in an emergency is recorded on or after its day."""

    code = "emergency_not_yet_disclosed"


def record(permit: CasePermit, draft: EmergencyDraft) -> dict[str, Any]:
    """Document what medical personnel were told; it needs no consent, and stands in the accounting from now on.

    Whoever works with the person may, also who was only shown their code: an emergency asks for no history.
    """
    if draft.disclosed_on > permit.today:
        raise NotYetDisclosed
    emergency = permit.keep(
        EmergencyDisclosure(
            participant_id=permit.participant,
            member_id=permit.actor.id,
            team_id=permit.team,
            recipient=draft.recipient,
            nature=draft.nature,
            information=[told.value for told in draft.information],
            disclosed_on=draft.disclosed_on,
            part_of_day=draft.part_of_day,
            recorded_on=permit.today,
        )
    )
    permit.texts.keep(EmergencyDisclosure, emergency.id, permit.participant, facility=draft.facility)
    told = Told(
        id=emergency.id,
        recipient=Recipient(draft.recipient.value),
        basis=LegalBasis.MEDICAL_EMERGENCY,
        purpose=DisclosurePurpose.MEDICAL_EMERGENCY,
        categories=tuple(sorted(emergency.information)),
        record="emergency_disclosures",
        disclosed_on=draft.disclosed_on,
    )
    permit.account_for(permit.participant, told)
    return {**emergency.model_dump(), "code": permit.case.code}


async def by_id(permit: Permit, emergency: UUID) -> dict[str, Any]:
    """One disclosure in an emergency within reach, with the person's code. Raises `NotFound`."""
    statement = _with_code(permit).where(table_of(EmergencyDisclosure).c.id == emergency)
    found: list[Any] = list(await permit.rows(EmergencyDisclosure, statement))
    if not found:
        raise NotFound
    return dict(found[0]._mapping)


async def facility(permit: RecordPermit) -> str | None:
    """The facility that was told, by its name."""
    return (await permit.texts.read(EmergencyDisclosure, permit.record.id)).get("facility")


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[dict[str, Any]], str | None]:
    """Those within reach, newest first."""
    table = table_of(EmergencyDisclosure)
    rows: list[Any]
    rows, following = await permit.page(
        EmergencyDisclosure, _with_code(permit), [table.c.disclosed_on, table.c.id], page
    )
    return [dict(row._mapping) for row in rows], following


def _with_code(permit: Permit) -> Any:
    code = live_code(permit.program_id, table_of(EmergencyDisclosure).c.participant_id).label("code")
    return permit.own(EmergencyDisclosure).add_columns(code)
