"""The doors to a participant's safe contact."""

from true_api.api.doors import Doors, Permitted
from true_api.kernel.errors import WriteCollided
from true_api.privacy.safe_contact import ContactView, NoSuchPlace
from true_api.rooms.safe_contacts import service
from true_api.rooms.safe_contacts.schemas import (
    SafeContactDraft,
    SafeContactGone,
    SafeContactKept,
    SafeContactRecord,
)
from true_api.rooms.safe_contacts.tables import SafeContact
from true_api.security.gates import CaseGate
from true_api.security.permits import CasePermit, HistoryClosed, NoTeam
from true_api.security.roles import Permission
from true_api.security.texts import READING

doors = Doors("/participants/{code}/safe-contact", tag="Participants")

READ = CaseGate(Permission.SAFE_CONTACT_READ)
WRITE = CaseGate(Permission.SAFE_CONTACT_WRITE)


@doors.open("GET", "", READ, refuses=(HistoryClosed, *READING))
async def read_safe_contact(code: str, permit: Permitted[CasePermit]) -> SafeContactRecord:
    """Read how a participant wants to be reached, while it is kept.

    For the assigned peer and their supervisor; the trail keeps every read.
    """
    kept = await service.current(permit)
    words = await permit.texts.read(SafeContact, kept.id)
    return SafeContactRecord.of(kept, contact=ContactView.from_sealed(words.get("contact")))


@doors.open(
    "PUT",
    "",
    WRITE,
    refuses=(HistoryClosed, NoTeam, NoSuchPlace, service.NotWithinNinetyDays, WriteCollided),
)
async def write_safe_contact(code: str, draft: SafeContactDraft, permit: Permitted[CasePermit]) -> SafeContactKept:
    """Keep how a participant wants to be reached, in the place of what was kept before, or renew it."""
    kept = await service.write(permit, draft)
    return SafeContactKept.of(kept, words_kept=permit.texts.kept(kept.id))


@doors.open("DELETE", "", WRITE, refuses=(HistoryClosed, WriteCollided))
async def drop_safe_contact(code: str, permit: Permitted[CasePermit]) -> SafeContactGone:
    """Take a participant's safe contact away, and with it whether check-ins are welcome."""
    await service.drop(permit)
    return SafeContactGone()
