"""Tidying: what ran out or went stale loses its files, and so does whatever nobody waits for any more."""

import asyncio
from contextlib import suppress
from typing import Any

from sqlalchemy import or_, select

from true_api.journeys.forgetting import today_of
from true_api.kernel.database import shielded
from true_api.kernel.effects import Change, Keep, Remove
from true_api.kernel.errors import WriteCollided
from true_api.kernel.rows import table_of
from true_api.outlets.exports.people import let_go, still_there
from true_api.outlets.exports.running import files_of
from true_api.outlets.exports.shelf import Shelf
from true_api.outlets.exports.tables import Export, ExportFile
from true_api.outlets.exports.vocabulary import PERSON_LEVEL, UNDER_WAY, ExportState
from true_api.security.installation import Installation

ENDS = UNDER_WAY | {ExportState.DONE}
HOLDS_FILES = frozenset({ExportState.RUNNING, ExportState.DONE})
AT_A_TIME = 200


async def tidy_exports(installation: Installation) -> int:
    """End what is over, and clear away its files; how many exports ended."""
    today = await today_of(installation)
    exports = table_of(Export)
    over = exports.c.state.in_(sorted(ENDS)) & (exports.c.expires_on < today)
    about = exports.c.state.in_([ExportState.DONE]) & exports.c.kind.in_(sorted(PERSON_LEVEL))
    ended = 0
    for export in (await installation.database.read(select(exports).where(or_(over, about)).limit(AT_A_TIME)))[0]:
        state = ExportState.EXPIRED if export.expires_on < today else ExportState.STALE
        if state is ExportState.STALE:
            asked = still_there(export.id, export.kind, today)
            if (await installation.database.read(asked))[0][0].people == export.people:
                continue
        with suppress(WriteCollided):
            await shielded(installation.database.commit([Change(exports, export.id, export.version, {"state": state})]))
            ended += 1
    await _clear(installation)
    return ended


async def _clear(installation: Installation) -> None:
    """Files go by what lies on the shelf, so that none is left of an export that is gone itself."""
    shelf, exports = Shelf.of(installation), table_of(Export)
    for identity in await asyncio.to_thread(shelf.kept):
        found = (await installation.database.read(select(exports).where(exports.c.id == identity)))[0]
        if found and found[0].state in HOLDS_FILES:
            continue
        await asyncio.to_thread(shelf.clear, identity)
        await shielded(installation.database.commit(await _without_salts(installation, identity)))


async def _without_salts(installation: Installation, export: Any) -> list[Any]:
    """Whom it was about is not kept, nor that without which no copy of a file can be opened."""
    files = table_of(ExportFile)
    rows = (await installation.database.read(files_of(export)))[0]
    kept = [Keep(files, {**row._mapping, "salt": None}) for row in rows]
    return [*let_go(export), Remove(files, "export_id", (export,)), *kept]
