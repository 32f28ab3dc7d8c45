"""What this room decides about codes issued ahead: a team prints them, and each becomes a person at its first use."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from true_api.kernel.codes import new_code
from true_api.kernel.errors import Conflict
from true_api.kernel.paging import PageRequest
from true_api.kernel.rows import table_of
from true_api.rooms.participants.card_schemas import CodeBatchDraft
from true_api.rooms.participants.service import CodeTaken
from true_api.rooms.participants.tables import CodeBatch, RealmCode
from true_api.security.permits import ListPermit, RecordPermit, StaffPermit


class BatchUsedUp(Conflict):
    """Every code of this batch has been shown by somebody; there is nothing left to print."""

    code = "batch_used_up"


def issue(permit: StaffPermit, draft: CodeBatchDraft) -> CodeBatch:
    """Issue fresh codes that belong to nobody yet."""
    batch = permit.keep(
        CodeBatch(member_id=permit.actor.id, team_id=permit.team, size=draft.size, issued_on=permit.today)
    )
    fresh: set[str] = set()
    while len(fresh) < draft.size:
        fresh.add(new_code())
    taken = CodeTaken.meanwhile()
    for code in sorted(fresh):
        permit.keep(RealmCode(realm_id=permit.program_id, batch_id=batch.id, code=code), or_else=taken)
    return batch


async def listed(permit: ListPermit, page: PageRequest) -> tuple[list[Any], str | None]:
    """The batches within reach, newest first, with how many codes of each nobody has shown yet."""
    batches = table_of(CodeBatch)
    return await permit.page(CodeBatch, _with_unused(permit.own(CodeBatch)), [batches.c.issued_on, batches.c.id], page)


async def by_id(permit: StaffPermit, batch_id: UUID) -> Any:
    """One batch within reach, for an answer given again."""
    batches = table_of(CodeBatch)
    return (await permit.rows(CodeBatch, _with_unused(permit.own(CodeBatch)).where(batches.c.id == batch_id)))[0]


async def unused_codes(permit: RecordPermit) -> list[str]:
    """The codes of a batch that nobody has shown yet. Raises `BatchUsedUp` where there are none."""
    codes = table_of(RealmCode)
    unused = select(codes.c.code).where(codes.c.batch_id == permit.record.id, *_nobodys()).order_by(codes.c.code)
    found = [row.code for row in (await permit.database.read(unused))[0]]
    if not found:
        raise BatchUsedUp
    return found


def _with_unused(batches: Select[Any]) -> Select[Any]:
    codes = table_of(RealmCode)
    theirs = select(func.count()).where(codes.c.batch_id == table_of(CodeBatch).c.id, *_nobodys())
    return batches.add_columns(theirs.correlate(table_of(CodeBatch)).scalar_subquery().label("unused"))


def _nobodys() -> tuple[Any, ...]:
    codes = table_of(RealmCode)
    return codes.c.participant_id.is_(None), codes.c.retired_on.is_(None)
