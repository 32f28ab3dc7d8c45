"""Housekeeping: what may be dropped because its time is over."""

from true_api.kernel.effects import Remove, Unit
from true_api.kernel.rows import table_of
from true_api.security.idempotency import IdempotentRequest, outlived_rows
from true_api.security.installation import Installation


async def drop_outlived_keys(installation: Installation) -> int:
    """Drop idempotency keys older than a day, in small commits; the number dropped."""
    dropped = 0
    while rows := (await installation.database.read(outlived_rows(installation.clock.now())))[0]:
        ids = tuple(row.id for row in rows)
        await installation.database.commit(Unit([Remove(table_of(IdempotentRequest), "id", ids)]))
        dropped += len(ids)
    return dropped
