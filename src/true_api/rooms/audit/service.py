"""What this room tells of the trail: to a supervisor the program's entries, to an admin the same about nobody."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from true_api.kernel.codes import shown
from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.kernel.sequencer import Position
from true_api.privacy.cases import Participant, live_code
from true_api.privacy.reach import within_reach
from true_api.rooms.audit.schemas import EntryView, HeadView, ProofView
from true_api.security.permits import ListPermit, RecordPermit
from true_api.security.trail import TrailEntry, TrailHead, TrailSubject
from true_api.security.trail_heads import Head, head_of
from true_api.security.trail_proofs import prove


class NotSealedYet(Conflict):
    """This entry waits to be sealed, which takes a second or two."""

    code = "not_sealed_yet"


async def entries(permit: ListPermit, page: PageRequest) -> tuple[list[EntryView], str | None]:
    """Entries that have their place, newest first; who read them stands in the trail too, with whom they saw."""
    positions, trail = table_of(Position), table_of(TrailEntry)
    asked = permit.own(TrailEntry).add_columns(positions.c.position)
    asked = asked.join(positions, positions.c.entry_id == trail.c.id)
    rows: list[Any]
    rows, following = await permit.page(TrailEntry, asked, [positions.c.position], page)
    codes = await _codes(permit, [row.id for row in rows])
    return [_view(row, codes.get(row.id, [])) for row in rows], following


async def heads(permit: ListPermit, page: PageRequest) -> tuple[list[HeadView], str | None]:
    """Signed heads, newest first."""
    table = table_of(TrailHead)
    rows: list[Any]
    rows, following = await permit.page(None, select(table), [table.c.size], page)
    return [head_view(head_of(permit.program_id, row)) for row in rows], following


async def proof(permit: RecordPermit) -> ProofView:
    """The proof of an entry. It names nobody: subjects and record stand in it as hashes under the leaf's own salt."""
    entry = cast(UUID, permit.record.id)
    found = await prove(permit.database, permit.program_id, entry)
    if found is None:
        raise NotSealedYet
    return ProofView(
        entry_id=entry,
        position=found.position,
        number=found.number,
        statement=found.statement,
        salt=found.salt.hex(),
        leaf=found.leaf.hex(),
        path=[beside.hex() for beside in found.path],
        head=head_view(found.head),
    )


def head_view(head: Head) -> HeadView:
    """A head as it is told outside."""
    return HeadView(**head.told())


def _view(row: Any, codes: Sequence[str]) -> EntryView:
    return EntryView.of(row, subjects=[shown(code) for code in codes], record_id=row.record_id if codes else None)


async def _codes(permit: ListPermit, entry_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The codes of those subjects whom the caller's team works with, by entry; an admin works with nobody."""
    people, subjects = table_of(Participant), table_of(TrailSubject)
    code = live_code(permit.program_id, people.c.id).label("code")
    asked = (
        select(subjects.c.entry_id, people.c.id, people.c.epoch, code)
        .select_from(subjects.join(people, people.c.trail_id == subjects.c.trail_id))
        .where(subjects.c.entry_id.in_(entry_ids), within_reach(Participant, permit.viewer))
        .order_by(people.c.id)
    )
    found: dict[UUID, list[str]] = {}
    for row in (await permit.database.read(asked))[0] if entry_ids else ():
        permit.about(row.id, row.epoch)
        if row.code is not None:
            found.setdefault(row.entry_id, []).append(row.code)
    return found
