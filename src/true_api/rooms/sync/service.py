"""What this room decides: an item counts once for good, by who sent it and the phone's own id for it."""

import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.effects import Effect, Keep
from true_api.kernel.errors import Conflict, WriteCollided
from true_api.kernel.rows import table_of
from true_api.privacy.cases import live_code
from true_api.rooms.sync.schemas import SyncItem
from true_api.rooms.sync.tables import SyncedItem
from true_api.rooms.sync.vocabulary import SyncKind, SyncOutcome
from true_api.security.idempotency import mark
from true_api.security.permits import Permit, StaffPermit

OPENING = frozenset({SyncKind.ENROLLMENT, SyncKind.SHOWN_CODE})
"""What lets somebody be worked with, and is taken first."""


class ItemSentTwice(Conflict):
    """The same item is being sent at this very moment; what became of it follows."""

    code = "item_sent_twice"


class NoSuchEnrollment(Conflict):
    """The enrollment that this item names was not sent with it or before it, or was refused."""

    code = "no_such_enrollment"


@dataclass(frozen=True)
class Marked:
    """An item, with the keyed digests by which it is known again."""

    item: SyncItem
    client_mark: str
    fingerprint: str

    def is_same(self, row: Any) -> bool:
        """Whether a row with this client id was made of the same item."""
        return hmac.compare_digest(row.fingerprint, self.fingerprint)


def marked(secret: bytes, item: SyncItem) -> Marked:
    """An item with its marks; the order of members in it says nothing."""
    sent = [item.kind, item.code, item.enrollment and str(item.enrollment), item.body.holds]
    written = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return Marked(item, client_mark(secret, item.client_id), mark(secret, written.encode()))


def client_mark(secret: bytes, client_id: UUID) -> str:
    """The mark of a phone's own id."""
    return mark(secret, client_id.bytes)


async def known(permit: StaffPermit, marks: Iterable[str]) -> dict[str, Any]:
    """What the caller sent before, by the marks of its client ids."""
    items = table_of(SyncedItem)
    asked = permit.own(SyncedItem).where(items.c.client_mark.in_(sorted(set(marks))))
    return {row.client_mark: row for row in await permit.rows(SyncedItem, asked)}


def repeat(permit: StaffPermit, row: Any) -> None:
    """The same item again: that it came is counted, so that its answer waits until it is known to be kept."""
    permit.adjust(SyncedItem, row, WriteCollided.meanwhile(), repeats=1)


def noted(permit: Permit, sent: Marked) -> list[Effect]:
    """What is kept of an item for good, in the commit of what it became, which `permit` has collected."""
    resource = permit.unit.part or permit.unit.resource
    assert resource is not None, "an item becomes a record"
    row = SyncedItem(
        member_id=permit.actor.id,
        client_mark=sent.client_mark,
        fingerprint=sent.fingerprint,
        kind=sent.item.kind,
        outcome=SyncOutcome.CREATED_NOTE_RETURNED if permit.texts.returned else SyncOutcome.CREATED,
        participant_id=next(iter(permit.subjects), None),
        resource_id=resource,
    )
    return [Keep.row(row, ItemSentTwice)]


async def code_of(permit: StaffPermit, participant: UUID) -> str:
    """The live code of somebody who was enrolled by an item. Raises `NoSuchEnrollment` when there is none."""
    asked = select(live_code(permit.program_id, participant).label("code"))
    code: str | None = (await permit.database.read(asked))[0][0].code
    if code is None:
        raise NoSuchEnrollment
    return code
